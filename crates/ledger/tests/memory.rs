//! What checking a file, putting it in and ringing it keep in memory does not grow with the number of rows: each is done
//! by a process of its own for few rows and for many, and tells the most that it had.
//!
//! `TRTC_CALL_MEMORY_ROWS` says for how many: `10000 100000`.
#![expect(clippy::print_stdout, reason = "the figures")]
#![allow(
    unused_crate_dependencies,
    reason = "the tests use some of what the library uses"
)]

#[path = "ledger/cluster.rs"]
mod cluster;

use std::fmt::Write as _;
use std::future::pending;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;
use trtc_call::{BaseUrl, Client, MediaType, Region, SdkAppId, SecretKey, UserId};
use trtc_call_emulator::Config;
use trtc_call_emulator::server::Server;
use trtc_call_ledger::campaign::{CampaignCalls, FileFormat};
use trtc_call_ledger::{Ledger, Policy, WorkerOptions};

const CAMPAIGN: &str = "memory";

/// Enough that all buffers are full with the smaller, in a few seconds with the larger.
const ROWS: &str = "1000 4000";

/// Each further row may keep so little: a row in memory takes some hundred times as much. (The keys that a file has
/// twice are sought in a file of their own, of which up to 32 MiB stay in memory.)
const BYTES_A_ROW: u64 = 64;

/// What the same work takes more or less.
const NOISE: u64 = 8 << 20;

#[tokio::main]
async fn main() {
    match std::env::var("TRTC_CALL_MEMORY_ROLE") {
        Ok(role) => play(&role).await,
        Err(_) => measure().await,
    }
}

fn app() -> SdkAppId {
    SdkAppId::new(1_400_000_001).unwrap()
}

fn key() -> SecretKey {
    SecretKey::new("any key").unwrap()
}

async fn measure() {
    let rows = std::env::var("TRTC_CALL_MEMORY_ROWS").unwrap_or_else(|_| ROWS.to_owned());
    let rows: Vec<u64> = rows
        .split_whitespace()
        .map(|number| number.parse().expect("a number"))
        .collect();
    let folder = TempDir::new().unwrap();
    let cluster = cluster::Cluster::shared();
    let mut peaks = Vec::new();
    for count in rows {
        let (_service, base_url) = start("service");
        let file = folder.path().join(format!("{count}.db"));
        let urls = [
            ("SQLite", file.to_str().unwrap().to_owned()),
            ("PostgreSQL", cluster.database().await),
        ];
        for (store, url) in urls {
            for work in ["check", "create", "run"] {
                let (mut child, peak) = start(&format!("{work} {count} {url} {base_url}"));
                assert!(child.0.wait().unwrap().success(), "{work} {count} {store}");
                let peak: u64 = peak.parse().expect("kilobytes");
                println!("{store}: {work} {count} rows: {} MB", peak / 1024);
                peaks.push((format!("{store} {work}"), count, peak * 1024));
            }
        }
    }
    let (first, last) = peaks.split_at(6);
    for (work, count, peak) in last {
        let (_, fewer, smaller) = first.iter().find(|(known, ..)| known == work).unwrap();
        let more = peak.saturating_sub(*smaller);
        let most = NOISE + (count - fewer) * BYTES_A_ROW;
        assert!(
            more <= most,
            "{work}: {count} rows take {more} bytes more than {fewer} rows, and {most} are allowed"
        );
    }
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// This program in another role, and the line that it says.
fn start(role: &str) -> (Process, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env("TRTC_CALL_MEMORY_ROLE", role);
    // What glibc keeps for each thread on its own would be most of the noise.
    command.env("MALLOC_ARENA_MAX", "1");
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let stdout = child.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    (Process(child), line.trim().to_owned())
}

async fn play(role: &str) {
    let words: Vec<&str> = role.split(' ').collect();
    let [work, rows, url, base_url] = words[..] else {
        return serve().await;
    };
    let ledger = Ledger::open(url).await.unwrap();
    let robot = UserId::new("robot").unwrap();
    let calls = CampaignCalls::new(CAMPAIGN, robot, MediaType::Audio);
    let file = (FileFormat::Csv, Rows::new(rows.parse().unwrap()));
    match work {
        "check" => {
            let checked = ledger.check_file(app(), file, &calls, |_| {}).await;
            assert_eq!(checked.unwrap().wrong, 0);
        }
        "create" => {
            let policy = Policy::default();
            let made = ledger.create_campaign(app(), CAMPAIGN, &policy, None);
            made.await.unwrap();
            let loaded = ledger.load_file(app(), file, &calls, |_| {}).await;
            assert_eq!(loaded.unwrap().new.to_string(), rows);
        }
        _ => {
            let admin = UserId::new("administrator").unwrap();
            let region = Region::Custom(BaseUrl::new(base_url).unwrap());
            let client = Client::builder(app(), key(), admin, region);
            let client = client.requests_per_second(None).build().unwrap();
            let mut options = WorkerOptions::new(CAMPAIGN);
            options.in_flight = 200;
            let ledger = ledger.rate(None);
            let report = ledger.run(&client, options, pending()).await.unwrap();
            assert_eq!(report.rung.to_string(), rows);
        }
    }
    println!("{}", peak_kilobytes());
}

/// Remembers all its calls: in a process of its own.
async fn serve() {
    let mut config = Config::new(app(), key());
    config.requests_per_second = u32::MAX;
    let server = Server::start(config).await.unwrap();
    println!("{}", server.base_url());
    pending::<()>().await;
}

/// The most memory that this process ever had: Linux counts it.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.split_whitespace().next());
    peak.and_then(|peak| peak.parse().ok()).expect("VmHWM")
}

/// A campaign's file that is made while it is read.
struct Rows {
    left: u64,
    line: Vec<u8>,
}

impl Rows {
    fn new(rows: u64) -> Rows {
        let line = b"user,note\n".to_vec();
        Rows { left: rows, line }
    }
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.line.is_empty() && self.left > 0 {
            let mut line = String::new();
            let note = "something to be said to whoever answers ".repeat(10);
            writeln!(line, "user-{},{note}", self.left).expect("a string takes all");
            self.line = line.into_bytes();
            self.left -= 1;
        }
        let read = self.line.as_slice().read(buffer)?;
        self.line.drain(..read);
        Ok(read)
    }
}
