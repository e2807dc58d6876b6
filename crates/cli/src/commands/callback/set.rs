use trtc_call::call_config::CallbackUrl;
use trtc_call::call_config::set_callback::Request;
use trtc_call::webhook::CallbackCommand;
use trtc_call::{InvalidRequest, Problem};

use crate::command_error::CommandError;
use crate::exit::Exit;
use crate::screen::{Done, Screen};
use crate::service::{Answer, CommandArgs};
use crate::sheet::Sheet;
use crate::style::GOOD;

/// Have webhooks sent to a URL
///
/// This replaces the whole configuration: events that are not named are no longer sent.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to: an https URL, or an http one
    #[arg(value_name = "URL")]
    url: String,
    /// Event to send: start, member, end, or the service's name for it; repeat for more [default: all
    /// three]
    #[arg(long, value_name = "EVENT")]
    event: Vec<String>,
    /// Accept events that this program does not know
    #[arg(long)]
    allow_unknown_events: bool,
    #[command(flatten)]
    command: CommandArgs,
}

const ALL: [&str; 3] = ["start", "member", "end"];

impl Args {
    pub(crate) fn run(&self, screen: &Screen) -> Result<Exit, CommandError> {
        let request = self.request();
        if let Ok(request) = &request {
            warn_of_clear_text(screen, request.url());
        }
        let shown = request.as_ref().map(|request| {
            let title = format!("Webhooks go to {}", request.url());
            (title, request.commands().to_vec())
        });
        let (title, events) = shown.unwrap_or_default();
        let request = request.map_err(|invalid| self.in_arguments(&invalid));
        let reply = self.command.send(screen, request)?;
        let sheet = Sheet::new(&title).styled(GOOD);
        let sheet = events
            .iter()
            .fold(sheet, |sheet, event| sheet.row("event", event));
        Ok(screen.show_done(sheet, &Answer::from(&reply), Done::harmless(title)))
    }

    fn request(&self) -> Result<Request, InvalidRequest> {
        let given = self.event.iter().map(String::as_str);
        let commands: Vec<CallbackCommand> = if self.event.is_empty() {
            ALL.into_iter().map(command).collect()
        } else {
            given.map(command).collect()
        };
        let builder = Request::builder(&self.url, commands);
        if self.allow_unknown_events {
            builder.allow_unknown_commands().build()
        } else {
            builder.build()
        }
    }

    /// The problems in the words of the command line.
    fn in_arguments(&self, invalid: &InvalidRequest) -> Vec<Problem> {
        let problems = invalid.problems().iter().cloned();
        problems
            .map(|mut problem| {
                if problem.field == "url" {
                    return problem.at("URL");
                }
                for (index, event) in self.event.iter().enumerate() {
                    let (path, option) = (format!("commands[{index}]"), format!("--event {event}"));
                    problem.field = problem.field.replace(&path, &option);
                    problem.rule = problem.rule.replace(&path, &option);
                }
                if problem.fix.contains("unknown commands") {
                    problem.fix = format!(
                        "use {}, one of {}, or add --allow-unknown-events",
                        ALL.join(", "),
                        CallbackCommand::WORDS.join(", ")
                    );
                }
                problem
            })
            .collect()
    }
}

fn command(event: &str) -> CallbackCommand {
    match event {
        "start" => CallbackCommand::AfterStartCall,
        "member" => CallbackCommand::AfterMemberChanged,
        "end" => CallbackCommand::AfterEndCall,
        name => name.into(),
    }
}

fn warn_of_clear_text(screen: &Screen, url: &CallbackUrl) {
    if url.sends_clear_text() {
        screen.warn(
            "plain http: everyone on the way can read and change these webhooks; their signature does \
             not cover the body",
        );
    }
}
