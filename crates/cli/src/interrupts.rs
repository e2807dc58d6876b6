use std::io;

use tokio::sync::watch;

use crate::failure::Failure;

/// Counts Ctrl-C, which from now on no longer ends the process by itself.
#[derive(Debug, Clone)]
pub(crate) struct Interrupts(watch::Receiver<u32>);

impl Interrupts {
    /// Listens from this very moment, within a runtime.
    pub(crate) fn listen() -> Result<Interrupts, Failure> {
        let mut signals = signals()
            .map_err(|error| Failure::Setup(format!("Ctrl-C cannot be listened for: {error}")))?;
        let (count, receiver) = watch::channel(0);
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                count.send_modify(|count| *count += 1);
            }
            // There will be no more of them, which is not the same as one more.
            std::future::pending::<()>().await;
        });
        Ok(Interrupts(receiver))
    }

    /// Waits for Ctrl-C number `count`, from 1.
    pub(crate) async fn reach(&mut self, count: u32) {
        // The sender lives as long as the runtime.
        if self.0.wait_for(|so_far| *so_far >= count).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn signals() -> io::Result<tokio::signal::unix::Signal> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
}

#[cfg(windows)]
fn signals() -> io::Result<tokio::signal::windows::CtrlC> {
    tokio::signal::windows::ctrl_c()
}
