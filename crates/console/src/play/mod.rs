//! Calls that a stream is played into: each a session, which goes on by itself whatever becomes of the page.

mod follow;
mod sessions;

use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::call_session::{Media, Plan};
use trtc_call::{Problem, ProblemCode, RoomId};

pub(crate) use self::follow::start;
pub(crate) use self::sessions::Sessions;

use crate::api_error::ApiError;

/// The plan of a call with a stream, its problems under the page's names.
pub(crate) fn plan(request: Request, media: Media) -> Result<Plan, ApiError> {
    Plan::builder(request, media).build().map_err(|invalid| {
        let problems = invalid.into_problems().into_iter();
        let renamed = problems.map(Problem::in_javascript);
        let renamed = renamed.map(|problem| match problem.field.strip_prefix("media.") {
            Some(field) => {
                let field = format!("play.{field}");
                problem.at(field)
            }
            None => problem,
        });
        ApiError::Invalid(renamed.collect())
    })
}

/// A room for a call that names none: a stream has to know where to go.
pub(crate) fn make_up_room() -> Result<RoomId, ApiError> {
    let random = crate::random_hex().map_err(|error| {
        let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
        ApiError::refused(status, "internal", error.to_string())
    })?;
    Ok(RoomId::text(format!("console-{random}"))?)
}

/// Why nothing can be played.
pub(crate) fn not_configured() -> Problem {
    Problem::new(
        "play",
        "needs an access key of the cloud account, which this console was started without",
        CLOUD_FIX,
    )
    .coded(ProblemCode::NotSetUp)
    .with("what", "cloud")
}

pub(crate) const CLOUD_FIX: &str = "start the console with TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY set (or \
     --cloud-secret-id and --cloud-secret-key-file)";
