//! Being asked to stop: Ctrl-C, and whatever else asks a process politely.

use std::future::{Future, pending};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;
use trtc_call::{Error, TransportError, TransportErrorKind};

use crate::command_error::CommandError;

/// Counts requests to stop, which from now on no longer end the process by themselves: Ctrl-C, SIGTERM (service
/// managers, containers, `timeout`), SIGHUP (a closed terminal), SIGQUIT (Ctrl-\\, and images of containers that set it
/// as their stop signal), and their like on Windows.
#[derive(Debug, Clone)]
pub(crate) struct Interrupts(watch::Receiver<Heard>);

#[derive(Debug, Clone, Copy, Default)]
struct Heard {
    count: u32,
    last: &'static str,
}

/// One way of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    name: &'static str,
    /// For so long after one, another of the same kind is its echo, and no second request.
    echo: Duration,
}

/// Who forwards signals (`timeout`, npm) sends to the process and to its group.
const FORWARDED: Duration = Duration::from_millis(5);

/// A closed terminal tells once by the shell and again by the kernel when the shell is gone.
const TERMINAL_CLOSED: Duration = Duration::from_secs(1);

const CTRL_C: Kind = Kind {
    name: "Ctrl-C",
    echo: FORWARDED,
};

impl Interrupts {
    /// Listens from this very moment, within a runtime.
    pub(crate) fn listen() -> Result<Interrupts, CommandError> {
        let mut signals = system::Signals::listen().map_err(|error| {
            CommandError::Setup(format!("Ctrl-C cannot be listened for: {error}"))
        })?;
        let (heard, receiver) = watch::channel(Heard::default());
        tokio::spawn(async move {
            let mut latest: Option<(Kind, Instant)> = None;
            loop {
                let kind = signals.next().await;
                let now = Instant::now();
                let is_echo = latest
                    .is_some_and(|(last, at)| last == kind && now.duration_since(at) < kind.echo);
                latest = Some((kind, now));
                if !is_echo {
                    heard.send_modify(|heard| {
                        heard.count += 1;
                        heard.last = kind.name;
                    });
                }
            }
        });
        Ok(Interrupts(receiver))
    }

    /// How many requests there were.
    pub(crate) fn count(&self) -> u32 {
        self.0.borrow().count
    }

    /// Waits for request number `count`, from 1, and says how it came.
    pub(crate) async fn reach(&mut self, count: u32) -> &'static str {
        // What is lent is given back at once, so that this can be awaited in any task.
        let heard = self.0.wait_for(|heard| heard.count >= count).await;
        let last = heard.map(|heard| heard.last);
        match last {
            Ok(last) => last,
            // The sender lives as long as the runtime.
            Err(_) => pending().await,
        }
    }
}

/// Waits for the reply to a request that must not be lost without a word: asked to stop, it gives up waiting, and
/// the outcome is unknown.
pub(crate) async fn or_interrupted<T>(
    reply: impl Future<Output = Result<T, Error>>,
    interrupts: &mut Interrupts,
) -> Result<T, Error> {
    tokio::select! {
        reply = reply => reply,
        by = interrupts.reach(1) => Err(cancelled(by).into()),
    }
}

/// The failure of a request whose reply is no longer awaited.
pub(crate) fn cancelled(by: &str) -> TransportError {
    TransportError::new(TransportErrorKind::Cancelled, by)
}

#[cfg(unix)]
mod system {
    use std::io;

    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::{CTRL_C, FORWARDED, Kind, TERMINAL_CLOSED};

    const TERMINATE: Kind = Kind {
        name: "SIGTERM",
        echo: FORWARDED,
    };
    const QUIT: Kind = Kind {
        name: "SIGQUIT",
        echo: FORWARDED,
    };
    const HANG_UP: Kind = Kind {
        name: "SIGHUP",
        echo: TERMINAL_CLOSED,
    };

    pub(super) struct Signals {
        interrupt: Signal,
        terminate: Signal,
        quit: Signal,
        /// Not where `nohup` has it ignored.
        hang_up: Option<Signal>,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Signals> {
            Ok(Signals {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                quit: signal(SignalKind::quit())?,
                hang_up: if hang_up_is_ignored() {
                    None
                } else {
                    Some(signal(SignalKind::hangup())?)
                },
            })
        }

        pub(super) async fn next(&mut self) -> Kind {
            let hang_up = async {
                match &mut self.hang_up {
                    Some(signal) => signal.recv().await,
                    None => None,
                }
            };
            tokio::select! {
                Some(()) = self.interrupt.recv() => CTRL_C,
                Some(()) = self.terminate.recv() => TERMINATE,
                Some(()) = self.quit.recv() => QUIT,
                Some(()) = hang_up => HANG_UP,
                else => super::pending().await,
            }
        }
    }

    /// Linux tells without unsafe code which signals the process was started to ignore; elsewhere `nohup` is not
    /// seen.
    fn hang_up_is_ignored() -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        // SIGHUP is signal 1, the lowest bit.
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
            .is_some_and(|mask| mask & 1 == 1)
    }
}

#[cfg(windows)]
mod system {
    use std::io;

    use tokio::signal::windows::{
        CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close,
        ctrl_logoff, ctrl_shutdown,
    };

    use super::{CTRL_C, FORWARDED, Kind};

    const fn kind(name: &'static str) -> Kind {
        Kind {
            name,
            echo: FORWARDED,
        }
    }

    pub(super) struct Signals {
        c: CtrlC,
        r#break: CtrlBreak,
        /// After this one and the next two the system ends the process within seconds.
        close: CtrlClose,
        logoff: CtrlLogoff,
        shutdown: CtrlShutdown,
    }

    impl Signals {
        pub(super) fn listen() -> io::Result<Signals> {
            Ok(Signals {
                c: ctrl_c()?,
                r#break: ctrl_break()?,
                close: ctrl_close()?,
                logoff: ctrl_logoff()?,
                shutdown: ctrl_shutdown()?,
            })
        }

        pub(super) async fn next(&mut self) -> Kind {
            tokio::select! {
                Some(()) = self.c.recv() => CTRL_C,
                Some(()) = self.r#break.recv() => kind("Ctrl-Break"),
                Some(()) = self.close.recv() => kind("the closed window"),
                Some(()) = self.logoff.recv() => kind("the end of the session"),
                Some(()) = self.shutdown.recv() => kind("the system's shutdown"),
                else => super::pending().await,
            }
        }
    }
}
