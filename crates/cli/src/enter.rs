//! Enter, pressed in the terminal in whose foreground the program runs.

use std::io::{self, IsTerminal as _};
use std::thread;

use tokio::sync::mpsc;

/// Tells of each Enter from now on; of none where stdin is no terminal.
pub(crate) fn presses() -> mpsc::UnboundedReceiver<()> {
    let (press, presses) = mpsc::unbounded_channel();
    if is_possible() {
        // Not tokio's stdin, for which the end of the program would wait. This thread ends with the process.
        thread::spawn(move || {
            let mut line = String::new();
            while system::wait_for_line()
                && io::stdin().read_line(&mut line).is_ok_and(|read| read > 0)
            {
                if press.send(()).is_err() {
                    return;
                }
            }
        });
    }
    presses
}

/// Whether there is a terminal to press it in.
pub(crate) fn is_possible() -> bool {
    io::stdin().is_terminal()
}

#[cfg(unix)]
mod system {
    use std::io;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    /// How soon a line is noticed after the program has come to the foreground.
    const GLANCE: Duration = Duration::from_millis(500);

    /// Waits until a line can be read; false if none will ever be. Who reads a terminal from the background is stopped
    /// by the system, so that this only looks there.
    pub(super) fn wait_for_line() -> bool {
        let stdin = io::stdin();
        let (Ok(glance), own) = (Timespec::try_from(GLANCE), rustix::process::getpgrp()) else {
            return false;
        };
        loop {
            let mut events = [PollFd::new(&stdin, PollFlags::IN)];
            match poll(&mut events, Some(&glance)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) if rustix::termios::tcgetpgrp(&stdin) == Ok(own) => return true,
                // Somebody types to the program in the foreground.
                Ok(_) => std::thread::sleep(GLANCE),
                Err(_) => return false,
            }
        }
    }
}

#[cfg(not(unix))]
mod system {
    /// There is no background to be stopped in.
    pub(super) fn wait_for_line() -> bool {
        true
    }
}
