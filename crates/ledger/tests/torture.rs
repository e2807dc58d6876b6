//! Workers that are killed and stopped at random moments, a service that answers as it likes, a database that crashes:
//! nobody is rung twice, nobody is lost, and the limit is kept.
//!
//! `TRTC_CALL_TORTURE_SECONDS` says how long on each store, `TRTC_CALL_TORTURE_SEED` which moments.
#![expect(
    clippy::print_stdout,
    reason = "what was done, and with which seed it is repeated"
)]
#![allow(
    unused_crate_dependencies,
    reason = "the tests use some of what the library uses"
)]

#[path = "ledger/cluster.rs"]
mod cluster;

use std::collections::BTreeMap;
use std::future::pending;
use std::ops::Range;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::{BaseUrl, Client, ErrorCode, MediaType, Region, SdkAppId, SecretKey, UserId};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Config, Emulator, EventKind, Fault, FaultKind, Script};
use trtc_call_ledger::{Ledger, NewRing, Ring, RingKey, RingState, WorkerOptions};

const CAMPAIGN: &str = "torture";
const WORKERS: usize = 4;
const LEASE: Duration = Duration::from_secs(3);

/// There is always something to do, and never much more: a torture of an hour ends in peace soon.
const BACKLOG: u64 = 400;

fn main() {
    let worker = std::env::var("TRTC_CALL_TORTURE_WORKER");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    match worker {
        Ok(places) => runtime.block_on(work(&places)),
        Err(_) => runtime.block_on(torture()),
    }
}

fn setting(name: &str) -> Option<u64> {
    let setting = std::env::var(name).ok()?;
    Some(setting.parse().expect("a number"))
}

fn app() -> SdkAppId {
    SdkAppId::new(1_400_000_001).unwrap()
}

fn client(base_url: &str) -> Client {
    let region = Region::Custom(BaseUrl::new(base_url).unwrap());
    let admin = UserId::new("administrator").unwrap();
    let builder = Client::builder(app(), SecretKey::new("any key").unwrap(), admin, region);
    builder
        .short_timeout(Duration::from_secs(2))
        .build()
        .unwrap()
}

fn call(callee: &str) -> Request {
    let builder = Request::builder("robot", [callee], MediaType::Audio);
    builder
        .ring_timeout(Duration::from_secs(10))
        .build()
        .unwrap()
}

fn options() -> WorkerOptions {
    let mut options = WorkerOptions::new(CAMPAIGN);
    options.lease = LEASE;
    options.reply_lease = LEASE;
    options
}

/// A process that rings what is there, and whatever comes to its mind, until it is killed.
async fn work(places: &str) {
    let (url, base_url) = places.split_once(' ').unwrap();
    let client = client(base_url);
    let ledger = loop {
        match Ledger::open(url).await {
            Ok(ledger) => break ledger,
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    };
    let mut options = options();
    options.until_done = false;
    let asking = async {
        loop {
            let user = format!("asked-{}", fastrand::u32(..400));
            // The database may be gone.
            let _ = ledger.ring_once(&client, user.as_str(), &call(&user)).await;
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    };
    tokio::select! {
        ended = ledger.run(&client, options, pending()) => panic!("{ended:?}"),
        () = asking => {}
    }
}

async fn torture() {
    let seconds = setting("TRTC_CALL_TORTURE_SECONDS").unwrap_or(5);
    let seed = setting("TRTC_CALL_TORTURE_SEED").unwrap_or_else(|| fastrand::u64(..1_000_000));
    println!("seed {seed}, {seconds} s on each store");
    fastrand::seed(seed);
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("rings.db").to_str().unwrap().to_owned();
    on_store("SQLite", &file, seconds, None).await;
    let cluster = cluster::Cluster::shared();
    let url = cluster.database().await;
    on_store("PostgreSQL", &url, seconds, Some(cluster)).await;
}

async fn put_in(ledger: &Ledger, server: &Server, users: Range<usize>) {
    let new = users.map(|number| {
        let user = format!("user-{number}");
        let script = Script::Reject {
            after: Duration::from_secs(1),
        };
        server.with(|emulator| emulator.set_script(&user, script));
        let key = RingKey::new(user.as_str()).unwrap();
        NewRing::queued(key, call(&user)).of_campaign(CAMPAIGN)
    });
    // Whoever puts in repeats it until he is told that it is there.
    while ledger.enqueue(app(), new.clone().collect()).await.is_err() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

struct Process(Child);

fn start(url: &str, base_url: &str) -> Process {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env("TRTC_CALL_TORTURE_WORKER", format!("{url} {base_url}"));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    Process(command.spawn().unwrap())
}

impl Process {
    /// Stops it for a while: perhaps in the middle of a transaction, which keeps all others waiting.
    fn stop(&self, pause: Duration) {
        let id = self.0.id();
        signal(id, "-STOP");
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            signal(id, "-CONT");
        });
    }

    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// It may be gone meanwhile.
fn signal(id: u32, signal: &str) {
    let mut kill = Command::new("kill");
    kill.args([signal, &id.to_string()]).stderr(Stdio::null());
    kill.status().unwrap();
}

fn fault() -> Fault {
    let kind = match fastrand::u32(..8) {
        0 => FaultKind::CutBeforeReply,
        1 => FaultKind::CutMidReply,
        2 => FaultKind::HttpStatus(502),
        3 => FaultKind::ErrorCode(ErrorCode(60008)),
        4 => FaultKind::ErrorCode(ErrorCode(60014)),
        5 => FaultKind::ErrorCode(ErrorCode(101_002)),
        6 => FaultKind::Delay(Duration::from_millis(fastrand::u64(..3500))),
        _ => FaultKind::MalformedJson,
    };
    let fault = Fault::new(kind).only("start_call_by_robot");
    fault.times(fastrand::u32(1..6))
}

async fn on_store(name: &str, url: &str, seconds: u64, cluster: Option<&cluster::Cluster>) {
    let config = Config::new(app(), SecretKey::new("any key").unwrap());
    let server = Server::start(config).await.unwrap();
    let ledger = Ledger::open(url).await.unwrap();
    let mut processes: Vec<Process> = (0..WORKERS)
        .map(|_| start(url, &server.base_url()))
        .collect();
    let (mut kills, mut stops, mut faults, mut crashes, mut users) = (0, 0, 0, 0, 0);
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut crash_at = cluster.map(|_| Instant::now() + Duration::from_secs(seconds) / 2);
    while Instant::now() < until {
        // The database may be gone.
        let stats = ledger.stats(app(), CAMPAIGN).await;
        if stats.is_ok_and(|stats| stats.queued < BACKLOG) {
            put_in(&ledger, &server, users..users + 40).await;
            users += 40;
        }
        let process = &mut processes[fastrand::usize(..WORKERS)];
        match fastrand::u32(..4) {
            0 => {
                process.kill();
                *process = start(url, &server.base_url());
                kills += 1;
            }
            1 => {
                process.stop(Duration::from_millis(fastrand::u64(100..6000)));
                stops += 1;
            }
            2 => {
                server.with(|emulator| emulator.inject(fault()));
                faults += 1;
            }
            _ => {}
        }
        if let (Some(cluster), Some(at)) = (cluster, crash_at)
            && at < Instant::now()
        {
            cluster.crash();
            crashes += 1;
            crash_at = Some(at + Duration::from_secs(20));
        }
        tokio::time::sleep(Duration::from_millis(fastrand::u64(100..300))).await;
    }
    for process in &mut processes {
        process.kill();
    }
    server.with(Emulator::clear_faults);

    // In peace, everything ends.
    tokio::time::sleep(LEASE + Duration::from_millis(500)).await;
    let client = client(&server.base_url());
    let mut again = options();
    again.sweep = false;
    let report = ledger.run(&client, again, pending()).await.unwrap();
    server.with(|emulator| emulator.advance_by(Duration::from_secs(30)));
    ledger.sweep_all(&client).await.unwrap();
    let states = check(&ledger, &server).await;
    println!(
        "{name}: {kills} kills, {stops} stops, {faults} faults, {crashes} crashes of the database; {states:?}; in \
         peace {report:?}"
    );
}

async fn all(ledger: &Ledger) -> Vec<Ring> {
    let mut all = Vec::new();
    for campaign in ["", CAMPAIGN] {
        let mut behind = 0;
        loop {
            let page = ledger
                .rows(app(), campaign, None, behind, 1000)
                .await
                .unwrap();
            let Some(last) = page.last() else { break };
            behind = last.seq;
            all.extend(page);
        }
    }
    all
}

/// Everybody is in a state that is true.
async fn check(ledger: &Ledger, server: &Server) -> BTreeMap<&'static str, u64> {
    let (mut states, mut slots) = (BTreeMap::new(), Vec::new());
    for ring in all(ledger).await {
        let user = ring.call.callees()[0].clone();
        let rings = server.with(|emulator| emulator.rings(user.as_str()));
        let is_asked_for = ring.campaign.is_empty();
        let is_true = match ring.state {
            RingState::Rung => rings == 1,
            RingState::Refused => rings == 0,
            // What never rang has no record, and is waited for: 7 days.
            RingState::Unknown => rings == 0 && ring.look_at.is_some(),
            // Whoever asked for it was killed before it was sent: the next who asks rings it.
            RingState::Queued => is_asked_for && rings == 0 && ring.not_before.is_none(),
            RingState::Claimed => is_asked_for && rings == 0 && ring.lease_until.is_some(),
            RingState::Sending => is_asked_for && ring.lease_until.is_some(),
            _ => false,
        };
        assert!(is_true, "{rings} rings: {ring:#?}");
        *states.entry(ring.state.as_str()).or_default() += 1;
        slots.extend(ring.slot.filter(|_| ring.sent_at.is_some()));
    }
    let rings = server.with(|emulator| emulator.all_rings().clone());
    assert!(rings.values().all(|rings| *rings <= 1), "{rings:?}");
    slots.sort_unstable();
    let is_kept = |times: &[u64], most: usize| {
        times
            .windows(most + 1)
            .all(|window| window[most] - window[0] >= 1000)
    };
    let slots: Vec<u64> = slots.iter().map(|slot| slot.0).collect();
    assert!(is_kept(&slots, 191), "more slots than 190 in a second");
    let started = server.with(|emulator| {
        let events = emulator.events_since(0);
        let started = events.filter(|event| matches!(event.kind, EventKind::Started { .. }));
        started.map(|event| event.at.0).collect::<Vec<u64>>()
    });
    assert!(is_kept(&started, 200), "more rings than 200 in a second");
    states
}
