//! `--room` and `--room-number`, and how a room is shown.

use std::fmt;

use clap::Args;
use trtc_call::{Problem, ReportedRoom, RoomId};

/// A room on the command line. Number 123 and string "123" are two different rooms, so that each kind
/// has an option of its own.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct RoomArgs {
    /// String room, whatever it looks like: 1 to 64 bytes of letters, digits, space and
    /// !#$%&()+-:;<=.>?@[]^_{}|~,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    room: Option<String>,
    /// Numeric room: 1 to 4294967294
    #[arg(long, value_name = "NUMBER")]
    room_number: Option<u32>,
}

impl RoomArgs {
    /// The room that was given, checked.
    pub(crate) fn get(&self) -> Option<Result<RoomId, Problem>> {
        let room = match (&self.room, self.room_number) {
            (Some(text), _) => RoomId::text(text),
            (None, Some(number)) => RoomId::number(number),
            (None, None) => return None,
        };
        let option = if self.room.is_some() {
            "--room"
        } else {
            "--room-number"
        };
        Some(room.map_err(|problem| problem.at(option)))
    }

    /// The room, for a command that needs one.
    pub(crate) fn required(&self) -> Result<RoomId, Problem> {
        self.get().unwrap_or_else(|| {
            let fix = "give --room or --room-number";
            Err(Problem::new("room", "is missing", fix))
        })
    }
}

/// A room with its kind, which its name alone does not tell.
pub(crate) struct ShownRoom<'a>(pub(crate) &'a RoomId);

/// A room as the service reports it.
pub(crate) struct ShownReport<'a>(pub(crate) &'a ReportedRoom);

impl fmt::Display for ShownReport<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.known() {
            Some(room) => ShownRoom(room).fmt(f),
            None => self.0.fmt(f),
        }
    }
}

impl fmt::Display for ShownRoom<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            RoomId::Number(number) => write!(f, "{number} (numeric room)"),
            RoomId::Text(text) => write!(f, "{} (string room)", text.as_str()),
        }
    }
}
