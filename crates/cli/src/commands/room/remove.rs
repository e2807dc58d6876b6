use trtc_call::Problem;
use trtc_call::room::{self, Remove};

use crate::account::UserIdRule;
use crate::cloud_command::{CloudCommandArgs, Words};
use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::room::{RoomArgs, ShownRoom};
use crate::screen::Screen;

/// Remove users from a room; a stream that is played as one of them ends
///
/// Succeeds where they are not in the room, too.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Users to remove, 1 to 10
    #[arg(value_name = "USER", required = true)]
    users: Vec<String>,
    #[command(flatten)]
    room: RoomArgs,
    #[command(flatten)]
    user_ids: UserIdRule,
    #[command(flatten)]
    cloud: CloudCommandArgs,
}

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let room = self.room.get().and_then(Result::ok);
        let room = room.as_ref().map(|room| ShownRoom(room).to_string());
        let (users, room) = (self.users.join(", "), room.unwrap_or_default());
        let words = Words {
            field: "removed",
            ended: format!("{users} removed from room {room}"),
            was_gone: format!("{users} not in room {room}"),
        };
        self.cloud.end(screen, self.request(), words)
    }

    fn request(&self) -> Result<Remove, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut users = Vec::new();
        for name in &self.users {
            match self.user_ids.check(name) {
                Ok(user) => users.push(user),
                Err(problem) => problems.push(problem.at(format!("USER {name}"))),
            }
        }
        match self.room.required() {
            Ok(room) if problems.is_empty() => room::remove(&room, users).map_err(|invalid| {
                let problems = invalid.problems().iter().cloned();
                problems.map(|problem| problem.at("USER")).collect()
            }),
            Ok(_) => Err(problems),
            Err(problem) => {
                problems.insert(0, problem);
                Err(problems)
            }
        }
    }
}
