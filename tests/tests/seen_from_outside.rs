//! What somebody else's service can do with the crates, and must not stumble over.

use std::fmt::Debug;

use trtc_call::call_engine::end_call;
use trtc_call::{CloudError, Endpoint, Error, ErrorCode, Reply, ServerError};

/// Somebody's own trait over the client, and a mock of it.
trait Sends: Sync {
    fn send<E: Endpoint + Sync>(
        &self,
        request: &E,
    ) -> impl Future<Output = Result<Reply<E::Response>, Error>> + Send;
}

/// Answers each request with the same body.
struct Mock(&'static str);

impl Sends for Mock {
    async fn send<E: Endpoint + Sync>(&self, _: &E) -> Result<Reply<E::Response>, Error> {
        E::parse(200, self.0.as_bytes())
    }
}

#[tokio::test]
async fn a_mock_answers_any_request_and_its_replies_go_to_other_threads() {
    const OK: &str = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"r-1"}"#;
    const NO: &str = r#"{"ErrorCode":101004,"ErrorInfo":"no call","ActionStatus":"FAIL"}"#;
    let end = end_call::Request::new(trtc_call::CallId::new("c-1").unwrap());
    let other = end.clone();
    let spawned = tokio::spawn(async move { Mock(OK).send(&other).await });
    assert_eq!(spawned.await.unwrap().unwrap().request_id, "r-1");
    assert!(Mock(NO).send(&end).await.unwrap_err().is_gone());
}

#[test]
fn replies_and_refusals_are_made_by_hand() {
    let reply = Reply::new("r-1", 7);
    assert_eq!((&*reply.request_id, reply.response), ("r-1", 7));
    let refused = Error::from(ServerError::new(ErrorCode::CALL_NOT_FOUND, "no call"));
    assert!(refused.is_gone());
    let code = "AuthFailure.SignatureExpire".into();
    let refused = Error::from(Box::new(CloudError::new(code, "late")));
    assert_eq!(refused.kind(), "server");
}

/// Both globs at once, as a test file has them. That it compiles is the test.
mod globs {
    #[allow(
        unused_imports,
        reason = "what they bring and do not bring is looked at"
    )]
    use trtc_call::*;
    #[allow(
        unused_imports,
        reason = "what they bring and do not bring is looked at"
    )]
    use trtc_call_emulator::*;

    pub(super) type Same = (CallResult, MediaType, UnixMillis, CallId, UserId);

    /// The crates of this name, and no module.
    pub(super) type Crates = (serde_json::Value, reqwest::Proxy, axum::Router, http::Uri);
}

#[test]
fn what_the_globs_bring_shadows_no_crate_and_stands_there_once() {
    fn named<T>() -> &'static str {
        std::any::type_name::<T>()
    }
    let same = named::<globs::Same>();
    assert_eq!(same.matches("trtc_call_core::").count(), 5, "{same}");
    let crates = named::<globs::Crates>();
    assert!(crates.contains("axum::routing::Router"), "{crates}");
    let reqwest = named::<trtc_call::http_client::reqwest::Proxy>();
    assert!(crates.contains(reqwest), "{crates}");
}

#[test]
fn a_builder_is_cloned_and_shown_without_its_key() {
    fn is_clone<T: Clone + Debug>(value: &T) -> String {
        format!("{:?}", value.clone())
    }
    let builder = trtc_call::Client::builder(
        trtc_call::SdkAppId::new(1_400_000_001).unwrap(),
        trtc_call::SecretKey::new("MARKED-KEY").unwrap(),
        trtc_call::UserId::new("administrator").unwrap(),
        trtc_call::Region::Singapore,
    );
    let shown = is_clone(&builder);
    assert!(
        shown.contains("administrator") && !shown.contains("MARKED"),
        "{shown}"
    );
}
