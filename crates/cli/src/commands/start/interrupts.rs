use tokio::sync::watch;

/// Counts Ctrl-C, which from now on no longer ends the process by itself.
#[derive(Debug, Clone)]
pub(super) struct Interrupts(watch::Receiver<u32>);

impl Interrupts {
    pub(super) fn listen() -> Interrupts {
        let (count, receiver) = watch::channel(0);
        tokio::spawn(async move {
            // It fails where there is no Ctrl-C; nothing is counted then.
            while tokio::signal::ctrl_c().await.is_ok() {
                count.send_modify(|count| *count += 1);
            }
            std::future::pending::<()>().await;
        });
        Interrupts(receiver)
    }

    /// Waits for Ctrl-C number `count`, from 1.
    pub(super) async fn reach(&mut self, count: u32) {
        // The sender lives as long as the runtime.
        if self.0.wait_for(|so_far| *so_far >= count).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
