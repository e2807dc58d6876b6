//! Rooms: dismissed, and users removed from them.

use trtc_call_core::room::{Dismiss, Remove, dismiss, remove};

use crate::error::Failure;
use crate::given::{Given, GivenUserId};
use crate::problems::Problems;

/// Reads `{ room }`.
pub(super) fn read_dismiss(json: &str) -> Result<Dismiss, Failure> {
    let mut object = super::request(json)?;
    let mut problems = Problems::default();
    let room = problems.note(object.required("room").and_then(Given::room));
    problems.extend(object.leftovers());
    let room = problems.unless_any(room)?;
    Ok(dismiss(&room))
}

/// Reads `{ room, users }`.
pub(super) fn read_remove(json: &str, allow_any: bool) -> Result<Remove, Failure> {
    let mut object = super::request(json)?;
    let mut problems = Problems::default();
    let room = problems.note(object.required("room").and_then(Given::room));
    let users = object.required("users");
    let users = problems.note(users.and_then(|users| users.list("users")));
    problems.extend(object.leftovers());
    let request = room.zip(users).and_then(|(room, users)| {
        let user = |name| GivenUserId::Given { name, allow_any };
        problems.note_all(remove(&room, users.into_iter().map(user)))
    });
    problems.unless_any(request)
}
