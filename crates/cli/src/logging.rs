use std::io;

use tracing_subscriber::filter::{FilterExt as _, Targets, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::screen::Screen;

/// Writes what `RUST_LOG` asks for to stderr, such as `RUST_LOG=debug`.
///
/// Only the logs of this project's own crates: those of the libraries below may hold URLs, and a URL
/// holds a UserSig.
pub(crate) fn start(screen: &Screen) {
    let Some(wanted) = std::env::var("RUST_LOG")
        .ok()
        .filter(|wanted| !wanted.is_empty())
    else {
        return;
    };
    match wanted.parse::<Targets>() {
        Ok(targets) => {
            let own = filter_fn(|metadata| metadata.target().starts_with("trtc_call"));
            let layer = tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(io::stderr)
                .with_filter(targets.and(own));
            tracing_subscriber::registry().with(layer).init();
        }
        Err(error) => screen.warn(format_args!("RUST_LOG is ignored: {error}")),
    }
}
