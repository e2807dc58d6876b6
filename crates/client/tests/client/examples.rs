//! Each example as a process of its own, against an emulator over real sockets.

use std::io::{BufRead as _, BufReader, Lines};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use trtc_call::webhook::WebhookToken;
use trtc_call::{SdkAppId, SecretKey};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{
    CallbackConfiguration, Config, Emulator, Fault, FaultKind, WebhookSettings,
};

/// An emulator with a runtime of its own.
struct Service {
    server: Server,
    _runtime: Runtime,
}

impl Service {
    fn start() -> Service {
        let runtime = Runtime::new().unwrap();
        let config = Config::new(
            SdkAppId::new(1_400_000_001).unwrap(),
            SecretKey::new("the key").unwrap(),
        );
        let server = runtime.block_on(Server::start(config)).unwrap();
        Service {
            server,
            _runtime: runtime,
        }
    }

    fn with<T>(&self, look: impl FnOnce(&mut Emulator) -> T) -> T {
        self.server.with(look)
    }

    fn example(&self, name: &str) -> Command {
        let mut command = Command::new(binary(name));
        command
            .env("TRTC_SDKAPPID", "1400000001")
            .env("TRTC_SECRET_KEY", "the key")
            .env("TRTC_ADMIN", "administrator")
            .env("TRTC_BASE_URL", self.server.base_url())
            .env("TRTC_CLOUD_SECRET_ID", Config::TEST_SECRET_ID)
            .env("TRTC_CLOUD_SECRET_KEY", Config::TEST_SECRET_KEY)
            .env("TRTC_WEBHOOK_TOKEN", "the token")
            .env("LISTEN", "127.0.0.1:0");
        command
    }
}

/// Cargo builds the examples with the tests, unless it was asked for this one alone.
fn binary(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap();
    let binary = folder.join("examples").join(name);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = manifest.join(format!("examples/{name}/main.rs"));
    let changed = |path: &Path| path.metadata().and_then(|file| file.modified());
    let built = changed(&binary).ok();
    assert!(
        built.is_some_and(|built| built >= changed(&source).unwrap()),
        "the example is not built: cargo build -p trtc-call --all-features --examples"
    );
    binary
}

/// A process that is killed with its test.
struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(command: &mut Command) -> Running {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        Running {
            child,
            lines: BufReader::new(stdout).lines(),
        }
    }

    /// What stands behind `start` in the next line that begins so.
    fn line(&mut self, start: &str) -> String {
        loop {
            let line = self.lines.next().expect("one more line").unwrap();
            if let Some(rest) = line.strip_prefix(start) {
                return rest.to_owned();
            }
        }
    }

    fn signal(&self, name: &str) {
        let process = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &process]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn succeeds(output: Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn wait_until(service: &Service, what: &str, holds: impl Fn(&mut Emulator) -> bool) {
    let since = Instant::now();
    while !service.with(&holds) {
        assert!(since.elapsed() < Duration::from_secs(20), "in vain: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_axum_service_rings_files_what_webhooks_tell_and_shuts_down_in_order() {
    let service = Service::start();
    let mut running = Running::start(&mut service.example("axum_service"));
    let address = running.line("listening on ");
    let mut webhooks = WebhookSettings::default();
    webhooks.token = Some(WebhookToken::new("the token").unwrap());
    service.with(|emulator| {
        let url = format!("http://{address}/webhook");
        emulator.set_callback_configuration(Some(CallbackConfiguration::everything(url)));
        emulator.set_webhook_settings(webhooks);
    });

    // A caller who hangs up before the phone rings: the call goes on.
    let ring = |callee: &str, patience| {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(patience))
            .http_status_as_error(false)
            .build()
            .into();
        let reply = agent
            .post(format!("http://{address}/ring/{callee}"))
            .send_empty();
        reply.map(|mut reply| reply.body_mut().read_to_string().unwrap())
    };
    let slow = Fault::new(FaultKind::Delay(Duration::from_secs(1)));
    service.with(|emulator| emulator.inject(slow.only("start_call_by_robot")));
    assert!(ring("jack", Duration::from_millis(300)).is_err());
    wait_until(&service, "jack is rung", |emulator| {
        emulator.rings("jack") == 1
    });

    let busy = ring("busy", Duration::from_secs(10)).unwrap();
    assert_eq!(busy, "busy or offline");
    let rings = ring("reject-100", Duration::from_secs(10)).unwrap();
    let call_id = rings.strip_prefix("rings: ").unwrap().to_owned();
    let ended = running.line(&format!("{call_id} ended: "));
    assert_eq!(ended, "Reject");

    // It is asked to stop while the handler has not filed the record yet.
    running.signal("-TERM");
    running.line(&format!("{call_id} is filed"));
    running.line("all is done");
    assert!(running.child.wait().unwrap().success());
}

#[test]
fn the_blocking_tool_tells_who_missed_a_call() {
    let service = Service::start();
    let mut ring = service.example("own_transport");
    succeeds(ring.arg("reject-100").output().unwrap());
    service.with(|emulator| emulator.advance_by(Duration::from_secs(30)));
    let told = succeeds(service.example("blocking_tool").output().unwrap());
    assert_eq!(told, "reject-100 missed robot: Reject\n1 missed\n");
}

#[test]
fn a_process_that_is_killed_is_gone_on_with_and_nobody_is_rung_twice() {
    let service = Service::start();
    let folder = std::env::temp_dir().join(format!("trtc-call-resume-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("session.json");
    let callee = "answer-100-hangup-4000";
    let run = || {
        let mut command = service.example("resume_after_crash");
        Running::start(command.arg(&file).arg(callee))
    };
    let mut first = run();
    first.line("plays: ");
    first.signal("-KILL");
    drop(first);
    assert!(file.exists());
    let mut second = run();
    second.line("going on");
    assert_eq!(second.line("ended: "), "hung_up");
    assert!(second.child.wait().unwrap().success());
    assert!(!file.exists());
    let (rings, streams) =
        service.with(|emulator| (emulator.rings(callee), emulator.ingests().len()));
    assert_eq!((rings, streams), (1, 1));
    assert!(service.with(|emulator| emulator.ingests().iter().all(|ingest| ingest.end.is_some())));
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn ones_own_transport_rings_once_whatever_gets_lost() {
    for kind in [FaultKind::CutBeforeReply, FaultKind::CutMidReply] {
        let service = Service::start();
        let fault = Fault::new(kind)
            .only("start_call_by_robot")
            .takes_effect(true);
        service.with(|emulator| emulator.inject(fault));
        let mut ring = service.example("own_transport");
        let told = succeeds(ring.arg("jack").output().unwrap());
        assert!(
            told.starts_with("look for it: the call from robot to jack"),
            "{told}"
        );
        assert_eq!(service.with(|emulator| emulator.rings("jack")), 1);
    }
    let service = Service::start();
    let mut ring = service.example("own_transport");
    let told = succeeds(ring.arg("jack").output().unwrap());
    assert!(told.starts_with("call Some("), "{told}");
}
