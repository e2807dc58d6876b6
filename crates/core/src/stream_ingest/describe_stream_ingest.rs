//! `POST /` with `X-TC-Action: DescribeStreamIngest`
//!
//! Tells whether a task goes on.
//! <https://trtc.io/document/57836>

use serde::Serialize;
use serde_json::value::RawValue;

use super::{TaskId, TaskStatus};
use crate::cloud::{Action, CloudAccess, CloudEndpoint};
use crate::endpoint::{PayloadError, Repeat};
use crate::input::{FromInput, Given, Properties};

/// Asks about one task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    task_id: TaskId,
}

impl Request {
    /// Which action this is.
    pub const ACTION: Action = Action::new(
        "DescribeStreamIngest",
        Repeat::Harmless,
        57836,
        &["SdkAppId", "TaskId"],
    );

    /// Asks about that task.
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

/// What the service answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Response {
    /// How the task is getting on.
    pub status: TaskStatus,
}

impl CloudEndpoint for Request {
    type Response = Response;

    fn action(&self) -> Action {
        Request::ACTION
    }

    fn body(&self, access: &CloudAccess<'_>) -> String {
        access.body(self)
    }

    fn read_response(response: &RawValue) -> Result<Response, PayloadError> {
        super::status(response).map(|status| Response { status })
    }
}

/// `{ taskId }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        input.required("taskId", Given::task_id).map(Request::new)
    }
}
