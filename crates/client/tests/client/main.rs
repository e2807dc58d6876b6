//! The client over real sockets.

mod abandoned;
#[cfg(feature = "axum")]
mod axum;
#[cfg(all(feature = "axum", feature = "blocking", unix))]
mod examples;
mod multi_tenant;
mod own_transport;
mod secrets;
mod support;
mod telemetry;
mod tls;
mod transport;
