//! `call_config`: where the service sends its webhooks, and which.
//!
//! An application has at most one callback configuration. Where there is none, `get_callback` and
//! `delete_callback` answer with error 100301; [`if_configured`] makes an `Option` of that.

mod callback_url;
pub mod delete_callback;
pub mod get_callback;
pub mod set_callback;

pub use callback_url::CallbackUrl;

use crate::{Error, ErrorCode, Reply};

const SERVICE: &str = "call_config";

/// "There is no callback configuration".
const NOT_CONFIGURED: ErrorCode = ErrorCode(100_301);

/// Takes error 100301, "there is no callback configuration", for the answer that it is.
///
/// ```
/// # use trtc_call_core::{Endpoint as _, Error};
/// use trtc_call_core::call_config::{get_callback, if_configured};
///
/// # let (status, body) = (200, br#"{"ErrorCode":100301,"ErrorInfo":"none","ActionStatus":"FAIL"}"#);
/// match if_configured(get_callback::Request::parse(status, body))? {
///     Some(reply) => println!("webhooks go to {}", reply.response.url),
///     None => println!("no webhooks are sent"),
/// }
/// # Ok::<(), Error>(())
/// ```
///
/// With `delete_callback`, `None` means that there was nothing to delete: nothing was ever set, or an
/// earlier attempt whose reply was lost has deleted it.
///
/// # Errors
/// Every other error, as it was.
pub fn if_configured<T>(result: Result<Reply<T>, Error>) -> Result<Option<Reply<T>>, Error> {
    match result {
        Ok(reply) => Ok(Some(reply)),
        Err(Error::Server(error)) if error.code == NOT_CONFIGURED => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Endpoint as _;

    #[test]
    fn no_configuration_is_an_answer_and_every_other_refusal_an_error() {
        let refuse = |code: u32| {
            let body = format!(r#"{{"ErrorCode":{code},"ErrorInfo":"no","ActionStatus":"FAIL"}}"#);
            if_configured(get_callback::Request::parse(200, body.as_bytes()))
        };
        assert_eq!(refuse(100_301).unwrap(), None);
        for code in [100_001, 100_002, 101_004, 70_001] {
            assert!(matches!(refuse(code), Err(Error::Server(_))), "{code}");
        }
    }
}
