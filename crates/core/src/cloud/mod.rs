//! The cloud API (`trtc`, version 2019-07-22): stream ingest and rooms.
//!
//! Another API than the one that rings phones ([`Endpoint`](crate::Endpoint)): other hosts, other
//! credentials, other error codes. Its requests are [signed](crate::tc3), each one anew, so that building
//! one takes the time.
//!
//! ```
//! use trtc_call_core::stream_ingest::stop_stream_ingest;
//! use trtc_call_core::tc3::{Credential, Tc3Signer};
//! use trtc_call_core::{
//!     CloudAccess, CloudEndpoint as _, CloudHost, CloudRegion, IngestRoomIdCoding, SdkAppId, TaskId, UnixSeconds,
//! };
//!
//! let access = CloudAccess {
//!     host: &CloudHost::Mainland,
//!     region: &CloudRegion::new("ap-guangzhou")?,
//!     sdk_app_id: SdkAppId::new(1_400_000_000)?,
//!     signer: &Tc3Signer::new(Credential::new("AKIDEXAMPLE", "a secret key")?),
//!     ingest_room_id_coding: IngestRoomIdCoding::default(),
//! };
//! let request = stop_stream_ingest::Request::new(TaskId::new("task-1")?);
//! let http = request.http_request(&access, UnixSeconds(1_700_000_000));
//! // Send http.method, http.url, http.headers and http.body with any client, then:
//! let reply = stop_stream_ingest::Request::parse(200, br#"{"Response":{"RequestId":"eac6b301"}}"#).unwrap();
//! assert_eq!(reply.request_id, "eac6b301");
//! # Ok::<(), trtc_call_core::Problem>(())
//! ```

mod endpoint;
mod envelope;
mod error;
mod error_code;
mod host;
mod region;

pub use endpoint::{Action, CloudAccess, CloudEndpoint};
pub use error::CloudError;
pub use error_code::{CloudErrorCode, CloudErrorCodeEntry};
pub use host::CloudHost;
pub use region::CloudRegion;
