//! HTTP clients as this crate uses them. Their TLS is rustls with the cryptography of ring, which compiles in a small
//! part of the time that rustls' default (aws-lc) takes, and is theirs alone: what the process installs as its
//! default is neither used nor changed.
//!
//! [`reqwest`] is the one that this crate is built on: `trtc_call::http_client::reqwest::Proxy`.

use std::sync::Arc;

use reqwest::{redirect, retry};
use rustls::client::WantsClientCert;
use rustls::crypto::ring;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt;

pub use reqwest;

use crate::ConfigError;

/// The start of an HTTP client for `https` URLs: it trusts the certificates that the system trusts, follows no
/// redirect and repeats nothing, as [`ClientBuilder::http_client`](crate::ClientBuilder::http_client) asks for.
/// Timeouts, proxies and the like are for you to add.
///
/// TLS settings that are added to it have no effect. For others, start with `reqwest::Client::builder()` and with
/// reqwest's feature `rustls`.
///
/// # Errors
/// If the system has no certificates.
pub fn http_client_builder() -> Result<reqwest::ClientBuilder, ConfigError> {
    builder(BuilderVerifierExt::with_platform_verifier)
}

/// The start of an HTTP client for `http` URLs alone. Those lead to local servers, which need no certificates (this
/// machine may have none), nor a proxy. Else it is as [`http_client_builder`] says.
///
/// # Errors
/// None that is known: rustls could refuse its own cryptography.
pub fn plain_http_client_builder() -> Result<reqwest::ClientBuilder, ConfigError> {
    let builder = builder(|tls| Ok(tls.with_root_certificates(RootCertStore::empty())))?;
    Ok(builder.no_proxy())
}

fn builder(
    trust: impl FnOnce(
        ConfigBuilder<ClientConfig, WantsVerifier>,
    ) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, rustls::Error>,
) -> Result<reqwest::ClientBuilder, ConfigError> {
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(trust)
        .map_err(|error| ConfigError::Http(error.to_string()))?;
    let mut tls = tls.with_no_client_auth();
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .retry(retry::never()))
}
