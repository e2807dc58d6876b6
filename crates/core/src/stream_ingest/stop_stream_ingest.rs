//! `POST /` with `X-TC-Action: StopStreamIngest`
//!
//! Ends a task: the stream falls silent, and its user leaves the room.
//! <https://trtc.io/document/57834>

use serde::Serialize;
use serde_json::value::RawValue;

use super::TaskId;
use crate::cloud::{Action, CloudAccess, CloudEndpoint};
use crate::endpoint::{PayloadError, Repeat};
use crate::input::{FromInput, Given, Properties};

/// Ends one task. For one that has ended already, see [`if_there`](super::if_there).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    task_id: TaskId,
}

impl Request {
    /// Which action this is.
    pub const ACTION: Action = Action::new(
        "StopStreamIngest",
        Repeat::Harmless,
        57834,
        &["SdkAppId", "TaskId"],
    );

    /// Ends that task.
    #[must_use]
    pub fn new(task_id: impl Into<TaskId>) -> Request {
        let task_id = task_id.into();
        Request { task_id }
    }

    /// The task.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.task_id
    }
}

/// The service has nothing more to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Response {}

impl CloudEndpoint for Request {
    type Response = Response;

    fn action(&self) -> Action {
        Request::ACTION
    }

    fn body(&self, access: &CloudAccess<'_>) -> String {
        access.body(self)
    }

    fn read_response(_: &RawValue) -> Result<Response, PayloadError> {
        Ok(Response {})
    }
}

/// `{ taskId }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        input.required("taskId", Given::task_id).map(Request::new)
    }
}
