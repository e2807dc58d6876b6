//! A company's own certificate authority, which a proxy in the company's network signs with: `SSL_CERT_FILE`.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;

use crate::program::{file, trtc_call};

const REPLY: &str = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#;

/// The certificate of an authority, in a file.
fn authority(name: &str) -> (CertifiedIssuer<'static, KeyPair>, PathBuf) {
    let mut parameters = CertificateParams::new([]).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
    let pem = issuer.pem();
    (issuer, file(&format!("cli-authority-{name}.pem"), pem))
}

/// A server on this machine, signed for by the authority, and its URL.
fn server(authority: &CertifiedIssuer<'static, KeyPair>) -> (Runtime, String) {
    let key = KeyPair::generate().unwrap();
    let parameters = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = parameters.signed_by(&key, authority).unwrap();
    let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().unwrap().port();
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that refuses the certificate ends the handshake.
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            let _ = stream.read(&mut [0; 4096]).await;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", REPLY.len());
            let _ = stream.write_all((head + REPLY).as_bytes()).await;
        }
    });
    (runtime, format!("https://localhost:{port}"))
}

#[test]
fn the_authority_that_ssl_cert_file_names_is_trusted_and_another_is_not() {
    let (company, its_file) = authority("company");
    let (_, another) = authority("another");
    let (_runtime, url) = server(&company);
    let end = |trusted: &PathBuf| {
        trtc_call(["end", "call-1", "--base-url", &url])
            .envs(&[
                ("TRTC_SDKAPPID", "1400000001"),
                ("TRTC_SECRET_KEY", "k"),
                ("TRTC_ADMIN", "a"),
            ])
            .env("SSL_CERT_FILE", trusted)
            .run()
    };
    end(&its_file).exits_with(0);
    let refused = end(&another).exits_with(3);
    assert!(
        refused.stderr.contains("invalid peer certificate"),
        "{refused:?}"
    );
}
