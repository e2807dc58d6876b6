//! `POST /v4/call_config/set_callback`
//!
//! Sets where webhooks go and which are sent. **It replaces the whole configuration**: what is not named
//! is no longer sent.
//! <https://trtc.io/document/68938>
//!
//! ```
//! use trtc_call_core::call_config::set_callback::Request;
//! use trtc_call_core::webhook::CallbackCommand;
//!
//! let request = Request::builder(
//!     "https://example.com/calls",
//!     [CallbackCommand::AfterStartCall, CallbackCommand::AfterEndCall],
//! )
//! .build()?;
//! # Ok::<(), trtc_call_core::InvalidRequest>(())
//! ```

use serde::Serialize;
use serde_json::value::RawValue;

use super::{CallbackUrl, SERVICE};
use crate::endpoint::{Command, Endpoint, PayloadError, Repeat, nothing_in_payload};
use crate::input::{FromInput, Given, Properties};
use crate::problem::Problems;
use crate::quoted::quoted;
use crate::webhook::CallbackCommand;
use crate::{InvalidRequest, Problem, ProblemCode};

/// A callback configuration that follows every rule. Made by [`Request::builder`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(
    feature = "openapi",
    derive(schemars::JsonSchema),
    schemars(
        description = "Sets where webhooks go and which are sent. It replaces the whole configuration."
    )
)]
#[serde(rename_all = "PascalCase")]
pub struct Request {
    url: CallbackUrl,
    #[serde(rename = "CallbackCommandList")]
    #[cfg_attr(
        feature = "openapi",
        schemars(length(min = 1), extend("uniqueItems" = true))
    )]
    commands: Vec<CallbackCommand>,
}

impl Request {
    /// Sends the webhooks named by `commands` to `url`.
    ///
    /// The URL is a string, which is held to the rules of [`CallbackUrl`], or a `CallbackUrl`; each
    /// command is a [`CallbackCommand`] or its name, such as `Call.CallbackAfterStartCall`.
    pub fn builder<U, C>(url: U, commands: C) -> Builder
    where
        U: TryInto<CallbackUrl, Error: Into<Problem>>,
        C: IntoIterator<Item: Into<CallbackCommand>>,
    {
        let mut problems = Problems::default();
        Builder {
            url: problems.check("url", url),
            commands: commands.into_iter().map(Into::into).collect(),
            allow_unknown_commands: false,
            problems,
        }
    }

    /// Where the webhooks go.
    #[must_use]
    pub fn url(&self) -> &CallbackUrl {
        &self.url
    }

    /// Which are sent: at least one, none twice.
    #[must_use]
    pub fn commands(&self) -> &[CallbackCommand] {
        &self.commands
    }
}

/// Gathers a configuration's fields; [`build`](Self::build) reports all problems at once.
#[derive(Debug, Clone)]
#[must_use]
pub struct Builder {
    url: Option<CallbackUrl>,
    commands: Vec<CallbackCommand>,
    allow_unknown_commands: bool,
    problems: Problems,
}

impl Builder {
    /// Takes commands that this library does not know, for those that the vendor adds later. Without
    /// it, a misspelt one is a problem instead of a webhook that never comes.
    pub fn allow_unknown_commands(mut self) -> Builder {
        self.allow_unknown_commands = true;
        self
    }

    /// The request, if it follows every rule.
    ///
    /// # Errors
    /// All problems: a URL that breaks its rules, no command, a command twice, an unknown command
    /// unless that was allowed.
    pub fn build(self) -> Result<Request, InvalidRequest> {
        let Builder {
            url,
            commands,
            allow_unknown_commands,
            mut problems,
        } = self;
        if commands.is_empty() {
            problems.push(
                Problem::new(
                    "commands",
                    "must name at least one",
                    "name what is to be sent, or delete the configuration to have nothing sent",
                )
                .coded(ProblemCode::Missing),
            );
        }
        for (index, command) in commands.iter().enumerate() {
            let field = format!("commands[{index}]");
            if let CallbackCommand::Unknown(word) = command
                && (!allow_unknown_commands || word.is_empty())
            {
                problems.push(
                    Problem::new(
                        field.clone(),
                        format!("must be a command that is known, not {}", quoted(word)),
                        format!(
                            "use {}, or have unknown ones taken: `allow_unknown_commands`",
                            CallbackCommand::WORDS.join(", ")
                        ),
                    )
                    .coded(ProblemCode::NotAChoice)
                    .with("choices", CallbackCommand::WORDS.join(", ")),
                );
            }
            if let Some(first) = commands.iter().take(index).position(|c| c == command) {
                problems.push(
                    Problem::new(
                        field,
                        format!("{command} is commands[{first}] already"),
                        "name each command once",
                    )
                    .coded(ProblemCode::GivenTwice)
                    .with("first", first),
                );
            }
        }
        problems.into_result()?;
        // Without a problem, the URL was converted.
        let Some(url) = url else {
            return Err(
                Problem::new("url", "must be given", "say where webhooks go")
                    .coded(ProblemCode::Missing)
                    .into(),
            );
        };
        Ok(Request { url, commands })
    }
}

/// The service has nothing more to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Response {}

impl Endpoint for Request {
    type Response = Response;

    const COMMAND: Command = Command {
        service: SERVICE,
        name: "set_callback",
        repeat: Repeat::Harmless,
        vendor_page: 68938,
        fields: &["Url", "CallbackCommandList"],
    };

    fn read_payload(payload: Option<&RawValue>) -> Result<Response, PayloadError> {
        nothing_in_payload(payload)?;
        Ok(Response {})
    }
}

/// `{ url, commands, allowUnknownCommands? }`
impl FromInput for Request {
    fn from_input(input: &mut Properties<'_>) -> Option<Request> {
        let url = input.required("url", |url| CallbackUrl::new(url.text()?));
        let commands = input.list("commands", Given::text).unwrap_or_default();
        let builder = Builder {
            url,
            commands: commands.iter().map(|name| name.as_str().into()).collect(),
            allow_unknown_commands: input.flag("allowUnknownCommands"),
            problems: Problems::default(),
        };
        input.note_all(builder.build())
    }
}

#[cfg(feature = "openapi")]
impl crate::openapi::OnTheWire for Request {
    fn payload() -> crate::openapi::Payload {
        crate::openapi::Payload::absent()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(error: &InvalidRequest) -> Vec<&str> {
        error.problems().iter().map(|p| p.field.as_str()).collect()
    }

    #[test]
    fn the_body_has_the_documented_fields() {
        let request = Request::builder(
            "https://example.com/calls?tenant=5",
            [
                CallbackCommand::AfterStartCall,
                CallbackCommand::AfterEndCall,
            ],
        )
        .build()
        .unwrap();
        assert_eq!(
            request.body(),
            r#"{"Url":"https://example.com/calls?tenant=5","CallbackCommandList":["Call.CallbackAfterStartCall","Call.CallbackAfterEndCall"]}"#
        );
    }

    #[test]
    fn all_problems_are_reported_at_once() {
        let error = Request::builder(
            "ftp://example.com",
            [
                "Call.CallbackAfterStartCall",
                "call.callbackafterstartcall",
                "Call.CallbackAfterLunch",
            ],
        )
        .build()
        .unwrap_err();
        assert_eq!(fields(&error), ["url", "commands[1]", "commands[2]"]);
        let none: [CallbackCommand; 0] = [];
        let error = Request::builder("https://a", none).build().unwrap_err();
        assert_eq!(fields(&error), ["commands"]);
    }

    #[test]
    fn unknown_commands_need_the_opt_out_and_an_empty_one_is_never_taken() {
        let with = |word: &str| Request::builder("https://a", [word]);
        assert!(with("Call.CallbackAfterLunch").build().is_err());
        let request = with("Call.CallbackAfterLunch")
            .allow_unknown_commands()
            .build()
            .unwrap();
        assert_eq!(request.commands()[0].as_str(), "Call.CallbackAfterLunch");
        assert!(with("").allow_unknown_commands().build().is_err());
    }
}
