//! Stream ingest: the media service pulls a URL and publishes it into a room as a user, such as the robot
//! of a call.
//!
//! One task for each stream: [`start_stream_ingest`] gives its [`TaskId`], which the other actions take.
//! A task ends by [`stop_stream_ingest`], when its media ends, when its room does, or when its user is
//! [removed](crate::room::remove).
//!
//! **The room's kind** travels as a number that the vendor's pages explain in two ways:
//! [`IngestRoomIdCoding`](crate::IngestRoomIdCoding), which also tells how to find out.

pub mod describe_stream_ingest;
mod encode_params;
pub(crate) mod playback;
pub mod start_stream_ingest;
pub mod stop_stream_ingest;
mod stream_url;
mod task_id;
mod tempo;
pub mod update_stream_ingest;
mod volume;

pub use encode_params::{AudioEncodeParams, VideoEncodeParams};
pub use stream_url::StreamUrl;
pub use task_id::TaskId;
pub use tempo::Tempo;
pub use volume::Volume;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::endpoint::PayloadError;
use crate::wire::open_enum;
use crate::wire::{self, Text};
use crate::{Error, Reply};

open_enum! {
    /// How a task is getting on.
    TaskStatus {
        /// It goes on.
        InProgress = "InProgress",
        /// It has ended, or was never started.
        NotExist = "NotExist",
    }
}

/// Takes the refusal "the task, the room or the user is not there" for the answer that it is: success,
/// for who stops a task, dismisses a room or removes a user.
///
/// ```
/// # use trtc_call_core::{CloudEndpoint as _, Error};
/// use trtc_call_core::stream_ingest::{if_there, stop_stream_ingest};
///
/// # let (status, body) = (200, br#"{"Response":{"Error":{"Code":"FailedOperation.TaskNotExist","Message":""},"RequestId":"r"}}"#);
/// match if_there(stop_stream_ingest::Request::parse(status, body))? {
///     Some(_) => println!("stopped"),
///     None => println!("it had ended"),
/// }
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// Every other error, as it was.
pub fn if_there<T>(result: Result<Reply<T>, Error>) -> Result<Option<Reply<T>>, Error> {
    match result {
        Ok(reply) => Ok(Some(reply)),
        Err(Error::Cloud(error)) if error.is_gone() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Of a reply.
fn status(response: &RawValue) -> Result<TaskStatus, PayloadError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct WireResponse {
        status: Text,
    }

    let WireResponse { status } = wire::read("", response)?;
    Ok(status.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CloudEndpoint as _;

    #[test]
    fn what_is_gone_is_stopped() {
        let stop = |response: &str| {
            let body = format!(r#"{{"Response":{{{response},"RequestId":"r"}}}}"#);
            if_there(stop_stream_ingest::Request::parse(200, body.as_bytes()))
        };
        let refused = |code: &str| stop(&format!(r#""Error":{{"Code":"{code}"}}"#));
        assert!(stop(r#""Later":1"#).unwrap().is_some());
        for code in ["FailedOperation.TaskNotExist", "ResourceNotFound.Task"] {
            assert_eq!(refused(code), Ok(None), "{code}");
        }
        for code in [
            "FailedOperation",
            "InternalError",
            "FailedOperation.SdkAppIdNotExist",
        ] {
            assert!(refused(code).is_err(), "{code}");
        }
    }
}
