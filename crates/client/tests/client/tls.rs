//! Real TLS handshakes, with a local server and certificate authorities that are made for each test.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use trtc_call::call_engine::end_call;
use trtc_call::{BaseUrl, CallId, Client, Error, Region, SdkAppId, SecretKey, UserId};

const REPLY: &str = r#"{"ErrorCode":0,"ErrorInfo":"","ActionStatus":"OK","RequestId":"Id-1"}"#;

/// The variable that names the server, for a process of its own.
const URL: &str = "TRTC_CALL_TEST_URL";

#[test]
fn a_server_whose_authority_the_system_trusts_is_asked() {
    let authority = Authority::new("asked");
    let server = authority.server("localhost");
    assert_eq!(ask(&server, &authority.file), "request Id-1");
}

#[test]
fn a_server_of_another_authority_is_refused_and_is_sent_nothing() {
    let server = Authority::new("unknown").server("localhost");
    let trusted = Authority::new("trusted");
    assert_eq!(
        ask(&server, &trusted.file),
        format!(
            "connect_failed: {}: invalid peer certificate: UnknownIssuer",
            server.address()
        )
    );
    assert!(!server.was_asked());
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new("name");
    let server = authority.server("elsewhere.example");
    let outcome = ask(&server, &authority.file);
    let told = format!("connect_failed: {}: ", server.address());
    let told = outcome
        .strip_prefix(&told)
        .unwrap_or_else(|| panic!("{outcome}"));
    assert!(told.starts_with("invalid peer certificate"), "{outcome}");
    assert!(told.contains("elsewhere.example"), "{outcome}");
    assert!(!server.was_asked());
}

#[test]
fn a_system_without_certificates_is_told_before_anything_is_asked() {
    let server = Authority::new("none").server("localhost");
    let nothing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-certificates.pem");
    std::fs::write(&nothing, "").unwrap();
    let outcome = ask(&server, &nothing);
    assert!(outcome.contains("ca-certificates"), "{outcome}");
    assert!(!server.was_asked());
}

/// The other tests run this one in a process of its own, for the environment tells it which certificates to trust.
/// By itself, it asks where nobody listens.
#[test]
#[expect(clippy::print_stdout, reason = "the process that asks reads it")]
fn a_port_where_nobody_listens_is_told_as_such() {
    let url = std::env::var(URL);
    let outcome = outcome(url.as_deref().unwrap_or("https://localhost:1"));
    println!("outcome: {outcome}");
    if url.is_err() {
        assert!(
            outcome.starts_with("connect_failed: localhost:1: Connection refused"),
            "{outcome}"
        );
    }
}

fn outcome(url: &str) -> String {
    let client = Client::builder(
        SdkAppId::new(1_400_000_000).unwrap(),
        SecretKey::new("key").unwrap(),
        UserId::new("administrator").unwrap(),
        Region::Custom(BaseUrl::new(url).unwrap()),
    )
    .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => return error.to_string(),
    };
    let request = end_call::Request::new(CallId::new("call-1").unwrap());
    match Runtime::new().unwrap().block_on(client.send(&request)) {
        Ok(reply) => format!("request {}", reply.request_id),
        Err(Error::Transport(error)) => format!("{}: {}", error.kind.code(), error.message),
        Err(error) => panic!("{error:?}"),
    }
}

/// What becomes of a request to the server, on a system that trusts what the file holds and nothing else.
fn ask(server: &Server, trusted: &Path) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "tls::a_port_where_nobody_listens_is_told_as_such",
            "--nocapture",
        ])
        .env(URL, &server.url)
        .env("SSL_CERT_FILE", trusted)
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let outcome = output.split_once("outcome: ").map(|(_, rest)| rest);
    let outcome = outcome.and_then(|rest| rest.lines().next());
    outcome.unwrap_or_else(|| panic!("{output}")).to_owned()
}

/// A certificate authority, and the file to trust it by.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(name: &str) -> Authority {
        let mut parameters = CertificateParams::new([]).unwrap();
        parameters
            .distinguished_name
            .push(DnType::OrganizationName, name);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer =
            CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("authority-{name}.pem"));
        std::fs::write(&file, issuer.pem()).unwrap();
        Authority { issuer, file }
    }

    /// A server with a certificate for `name`, which answers one request.
    fn server(&self, name: &str) -> Server {
        let key = KeyPair::generate().unwrap();
        let parameters = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = parameters.signed_by(&key, &self.issuer).unwrap();
        let tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key.into())
            .unwrap();
        Server::start(TlsAcceptor::from(Arc::new(tls)))
    }
}

struct Server {
    url: String,
    requests: Arc<AtomicUsize>,
    _runtime: Runtime,
}

impl Server {
    fn start(acceptor: TlsAcceptor) -> Server {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&requests);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(acceptor.clone(), stream, Arc::clone(&seen)));
            }
        });
        Server {
            url: format!("https://localhost:{port}"),
            requests,
            _runtime: runtime,
        }
    }

    /// As messages name it.
    fn address(&self) -> &str {
        self.url.trim_start_matches("https://")
    }

    fn was_asked(&self) -> bool {
        self.requests.load(Ordering::SeqCst) > 0
    }
}

async fn answer(acceptor: TlsAcceptor, stream: TcpStream, requests: Arc<AtomicUsize>) {
    // A client that refuses the certificate ends the handshake.
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    if stream.read(&mut [0; 4096]).await.is_ok_and(|read| read > 0) {
        requests.fetch_add(1, Ordering::SeqCst);
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", REPLY.len());
        let reply = head + REPLY;
        stream.write_all(reply.as_bytes()).await.unwrap();
    }
}
