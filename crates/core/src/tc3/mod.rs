//! TC3-HMAC-SHA256, the signature of the cloud API: made, and checked.
//!
//! | goes in | comes out |
//! | --- | --- |
//! | [`Credential`], [`Parts`] of a request, the time | [`Signed`]: the headers to add; or all [`Stages`], for debugging |
//! | the headers and the body of a request that arrived, the time | the [secret id](Tc3Verifier::verify) it was signed with, or [why it is refused](Tc3Rejection) |
//!
//! ```
//! use trtc_call_core::UnixSeconds;
//! use trtc_call_core::tc3::{Credential, Parts, Tc3Signer};
//!
//! let signer = Tc3Signer::new(Credential::new("AKIDEXAMPLE", "a secret key")?);
//! let body = r#"{"SdkAppId":1400000000,"TaskId":"task-1"}"#;
//! let parts = Parts::new("trtc.tencentcloudapi.com", "StopStreamIngest", body.as_bytes())?;
//! let signed = signer.sign(&parts, UnixSeconds(1_700_000_000));
//! assert!(signed.headers.iter().any(|(name, _)| *name == "authorization"));
//! # Ok::<(), trtc_call_core::Problem>(())
//! ```
//!
//! Vendor: <https://www.tencentcloud.com/document/api/647/34264>.

mod canonical;
mod credential;
mod date;
mod key;
mod parts;
mod signer;
mod verifier;

pub use credential::Credential;
pub(crate) use date::http_date;
pub(crate) use date::iso_date;
pub use parts::Parts;
pub use signer::{Signed, Stages, Tc3Signer};
pub use verifier::{Tc3Rejection, Tc3RejectionReason, Tc3Verifier};

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const TERMINATOR: &str = "tc3_request";
const CONTENT_TYPE: &str = "application/json";
