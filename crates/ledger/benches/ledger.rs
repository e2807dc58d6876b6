//! What a ledger costs: claims and rings in a second for each store and 1, 2 and 4 workers, with and without the limit;
//! the rate that is kept at the limit; what `ring_once` adds to sending. `cargo xtask bench ledger` runs it.
//!
//! Prints `name = value` lines. PostgreSQL runs with `fsync` on.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![allow(
    unused_crate_dependencies,
    reason = "it uses some of what the library uses"
)]

#[path = "../tests/ledger/cluster.rs"]
mod cluster;

use std::future::pending;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use cluster::{Cluster, Durability};
use tempfile::TempDir;
use tokio::task::JoinSet;
use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::{BaseUrl, Client, MediaType, Region, SdkAppId, SecretKey, UserId};
use trtc_call_emulator::Config;
use trtc_call_emulator::server::Server;
use trtc_call_ledger::{DEFAULT_RATE, Ledger, NewRing, RingKey, WorkerOptions};

const WORKERS: [usize; 3] = [1, 2, 4];
/// So high that it stops nobody, while the limiter's row is read and written.
const NO_LIMIT: NonZeroU32 = NonZeroU32::new(1_000_000).unwrap();

fn app() -> SdkAppId {
    SdkAppId::new(1_400_000_001).unwrap()
}

fn client(base_url: &str) -> Client {
    let region = Region::Custom(BaseUrl::new(base_url).unwrap());
    let admin = UserId::new("administrator").unwrap();
    let builder = Client::builder(app(), SecretKey::new("any key").unwrap(), admin, region);
    builder.requests_per_second(None).build().unwrap()
}

fn call(callee: &str) -> Request {
    let builder = Request::builder("robot", [callee], MediaType::Audio);
    builder.build().unwrap()
}

async fn enqueue(ledger: &Ledger, campaign: &str, count: usize) {
    let ring = |number| {
        let key = format!("{campaign}-{number}");
        let call = call(&format!("user-{number}"));
        NewRing::queued(RingKey::new(key).unwrap(), call).of_campaign(campaign)
    };
    ledger
        .enqueue(app(), (0..count).map(ring).collect())
        .await
        .unwrap();
}

#[tokio::main]
async fn main() {
    let mut config = Config::new(app(), SecretKey::new("any key").unwrap());
    config.requests_per_second = u32::MAX;
    let server = Server::start(config).await.unwrap();
    let client = client(&server.base_url());
    let folder = TempDir::new_in(".").unwrap();
    let file = |name| folder.path().join(name).to_str().unwrap().to_owned();
    measure_claims("sqlite", &file("claims.db")).await;
    measure_rings("sqlite", &file("rings.db"), &client).await;
    let cluster = Cluster::start(Durability::Full);
    measure_claims("postgres", &cluster.database().await).await;
    measure_rings("postgres", &cluster.database().await, &client).await;
}

async fn measure_claims(store: &str, url: &str) {
    let ledger = Ledger::open(url).await.unwrap();
    for workers in WORKERS {
        for (limit, rate) in [("off", None), ("on", Some(NO_LIMIT))] {
            let campaign = format!("claims-{workers}-{limit}");
            enqueue(&ledger, &campaign, 10_000).await;
            let claimed = claims(url, &campaign, workers, rate).await;
            println!(
                "ledger.{store}.claims.workers_{workers}.limiter_{limit}.per_second = {claimed:.0}"
            );
        }
    }
}

async fn measure_rings(store: &str, url: &str, client: &Client) {
    let ledger = Ledger::open(url).await.unwrap();
    for workers in WORKERS {
        let campaign = format!("rings-{workers}");
        enqueue(&ledger, &campaign, 3_000).await;
        let rung = rings(url, &campaign, workers, None, client).await;
        println!("ledger.{store}.rings.workers_{workers}.limiter_off.per_second = {rung:.0}");
    }
    for workers in WORKERS {
        let campaign = format!("limited-{workers}");
        enqueue(&ledger, &campaign, 190 * 8).await;
        let rung = rings(url, &campaign, workers, Some(DEFAULT_RATE), client).await;
        println!("ledger.{store}.rings.workers_{workers}.at_190.per_second = {rung:.1}");
    }
    let (send, once) = overhead(&ledger, client).await;
    println!("ledger.{store}.send.median_ms = {send:.2}");
    println!("ledger.{store}.ring_once.median_ms = {once:.2}");
    println!("ledger.{store}.ring_once.adds_ms = {:.2}", once - send);
}

/// Each worker with connections of its own.
async fn claims(url: &str, campaign: &str, workers: usize, rate: Option<NonZeroU32>) -> f64 {
    let mut claiming = JoinSet::new();
    let mut ledgers = Vec::new();
    for _ in 0..workers {
        ledgers.push(Ledger::open(url).await.unwrap().rate(rate));
    }
    let began = Instant::now();
    for ledger in ledgers {
        let campaign = campaign.to_owned();
        claiming.spawn(async move {
            let mut claimed = 0;
            loop {
                let more = ledger.claim_only(app(), &campaign, 50).await.unwrap();
                claimed += more;
                if more == 0 {
                    return claimed;
                }
            }
        });
    }
    let claimed: usize = claiming.join_all().await.into_iter().sum();
    claimed as f64 / began.elapsed().as_secs_f64()
}

async fn rings(
    url: &str,
    campaign: &str,
    workers: usize,
    rate: Option<NonZeroU32>,
    client: &Client,
) -> f64 {
    let mut ringing = JoinSet::new();
    for _ in 0..workers {
        let ledger = Ledger::open(url).await.unwrap().rate(rate);
        let (client, options) = (client.clone(), WorkerOptions::new(campaign));
        ringing.spawn(async move { ledger.run(&client, options, pending()).await.unwrap() });
    }
    ringing.join_all().await;
    let ledger = Ledger::open(url).await.unwrap();
    let (mut sent, mut behind) = (Vec::new(), 0);
    loop {
        let page = ledger
            .rows(app(), campaign, None, behind, 1000)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        behind = last.seq;
        sent.extend(page.iter().filter_map(|ring| ring.settled_at));
    }
    let span = sent.iter().max().unwrap().0 - sent.iter().min().unwrap().0;
    sent.len() as f64 / (span as f64 / 1000.0)
}

/// Medians in milliseconds of sending, and of ringing once, in turns.
async fn overhead(ledger: &Ledger, client: &Client) -> (f64, f64) {
    let (mut sends, mut onces) = (Vec::new(), Vec::new());
    for number in 0..200 {
        let call = call(&format!("once-{number}"));
        let began = Instant::now();
        client.send(&call).await.unwrap();
        sends.push(began.elapsed());
        let began = Instant::now();
        ledger
            .ring_once(client, format!("once-{number}"), &call)
            .await
            .unwrap();
        onces.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    (median(sends), median(onces))
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}
