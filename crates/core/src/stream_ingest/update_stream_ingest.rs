//! `POST /` with `X-TC-Action: UpdateStreamIngest`
//!
//! Changes what a task plays, and how.
//! <https://trtc.io/document/63238>

use serde::Serialize;
use serde_json::value::RawValue;

use super::{StreamUrl, TaskId, TaskStatus, Tempo, Volume};
use crate::cloud::{Action, CloudAccess, CloudEndpoint};
use crate::endpoint::{PayloadError, Repeat};
use crate::input::{FromInput, Given, Properties};

/// Changes one task: what is set, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Request {
    task_id: TaskId,
    stream_url: Option<StreamUrl>,
    volume: Option<Volume>,
    is_pause: Option<bool>,
    enable_progress: Option<bool>,
    tempo: Option<Tempo>,
}

impl Request {
    /// Which action this is.
    pub const ACTION: Action = Action::new(
        "UpdateStreamIngest",
        Repeat::Harmless,
        63238,
        &[
            "SdkAppId",
            "TaskId",
            "StreamUrl",
            "Volume",
            "IsPause",
            "EnableProgress",
            "Tempo",
        ],
    );

    /// Changes nothing of that task yet.
    pub fn new(task_id: impl Into<TaskId>) -> Request {
        Request {
            task_id: task_id.into(),
            stream_url: None,
            volume: None,
            is_pause: None,
            enable_progress: None,
            tempo: None,
        }
    }

    /// `StreamUrl`: plays another stream from now on.
    pub fn stream_url(mut self, stream_url: StreamUrl) -> Request {
        self.stream_url = Some(stream_url);
        self
    }

    /// `Volume`.
    pub fn volume(mut self, volume: Volume) -> Request {
        self.volume = Some(volume);
        self
    }

    /// `IsPause`: pauses, or goes on. What is paused is billed, and ends after 12 hours.
    pub fn pause(mut self, pause: bool) -> Request {
        self.is_pause = Some(pause);
        self
    }

    /// `EnableProgress`: tells the users in the room how far the stream is, or stops to.
    pub fn enable_progress(mut self, enable_progress: bool) -> Request {
        self.enable_progress = Some(enable_progress);
        self
    }

    /// `Tempo`.
    pub fn tempo(mut self, tempo: Tempo) -> Request {
        self.tempo = Some(tempo);
        self
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
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct Body<'a> {
            task_id: &'a TaskId,
            #[serde(skip_serializing_if = "Option::is_none")]
            stream_url: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            volume: Option<Volume>,
            #[serde(skip_serializing_if = "Option::is_none")]
            is_pause: Option<bool>,
            #[serde(skip_serializing_if = "Option::is_none")]
            enable_progress: Option<bool>,
            #[serde(skip_serializing_if = "Option::is_none")]
            tempo: Option<Tempo>,
        }

        access.body(&Body {
            task_id: &self.task_id,
            stream_url: self.stream_url.as_ref().map(StreamUrl::as_str),
            volume: self.volume,
            is_pause: self.is_pause,
            enable_progress: self.enable_progress,
            tempo: self.tempo,
        })
    }

    fn read_response(response: &RawValue) -> Result<Response, PayloadError> {
        super::status(response).map(|status| Response { status })
    }
}

/// `{ taskId, streamUrl?, volume?, pause?, enableProgress?, tempo? }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        let task_id = input.required("taskId", Given::task_id);
        let request = Request {
            stream_url: input.optional("streamUrl", StreamUrl::given),
            volume: input.optional("volume", Volume::given),
            is_pause: input.optional("pause", Given::flag),
            enable_progress: input.optional("enableProgress", Given::flag),
            tempo: input.optional("tempo", Tempo::given),
            ..Request::new(task_id?)
        };
        Some(request)
    }
}
