use trtc_call::room;

use crate::cloud_command::{CloudCommandArgs, Words};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::room::{RoomArgs, ShownRoom};
use crate::screen::Screen;

/// Remove everybody from a room, which ends with it
///
/// Succeeds where there is no such room, too.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    room: RoomArgs,
    #[command(flatten)]
    cloud: CloudCommandArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let room = self.room.required();
        let shown = room.as_ref().ok().map(|room| ShownRoom(room).to_string());
        let shown = shown.unwrap_or_default();
        let words = Words {
            field: "dismissed",
            ended: format!("Room {shown} is dismissed"),
            was_gone: format!("There is no room {shown}"),
        };
        let request = room.map(|room| room::dismiss(&room));
        self.cloud
            .end(screen, request.map_err(|problem| vec![problem]), words)
    }
}
