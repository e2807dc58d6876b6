use std::process::ExitCode;

/// What the process ends with. Scripts rely on these numbers: they never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// It worked.
    Ok = 0,
    /// The service refused, or a token or a webhook is not valid.
    Refused = 1,
    /// The command line, a setting or a file is wrong. (clap's own number.)
    Usage = 2,
    /// The service could not be reached, or its reply could not be read.
    Network = 3,
    /// A call was sent that may have rung.
    OutcomeUnknown = 4,
    /// Nobody was rung, or nobody answered.
    NobodyAnswered = 5,
    /// Asked a second time to stop, before it was done: 128 + SIGINT, as shells count it, for every way of asking.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
