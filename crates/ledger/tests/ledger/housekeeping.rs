//! What a worker does beside ringing.

use std::future::pending;
use std::time::Duration;

use trtc_call_emulator::{Fault, FaultKind};
use trtc_call_ledger::{NewRing, RingState, WorkerOptions};

use crate::desk::{Desk, app, call, key, on_each_store, queued};

on_each_store!(searches_and_settling_do_not_hold_up_the_rings);

/// How long a search of the records takes: nearly as long as the client waits.
const SEARCH: Duration = Duration::from_millis(1900);

/// Rings that others left behind: marked, and their workers are gone.
const LEFT_BEHIND: usize = 600;

async fn searches_and_settling_do_not_hold_up_the_rings(desk: Desk) {
    let left = |number: usize| {
        let key = key(&format!("left-{number}"));
        NewRing::queued(key, call("jill")).of_campaign("left")
    };
    let left = (0..LEFT_BEHIND).map(left).collect();
    desk.ledger.enqueue(app(), left).await.unwrap();
    desk.execute(
        "UPDATE trtc_rings SET state = 'sending', owner = 'gone', epoch = 1, sent_at = created_at - 60000, \
         lease_until = created_at - 1000",
    )
    .await;
    let search = Fault::new(FaultKind::Delay(SEARCH)).only("get_record_by_filter");
    desk.server
        .with(|emulator| emulator.inject(search.times(100)));
    let users = (0..400).map(|number| format!("user-{number}"));
    let rings = users.map(|user| queued(&user)).collect();
    desk.ledger.enqueue(app(), rings).await.unwrap();

    let run = desk
        .ledger
        .run(&desk.client, WorkerOptions::new(""), pending());
    assert_eq!(run.await.unwrap().rung, 400);

    let rung = desk.ledger.rows(app(), "", None, 0, 1000).await.unwrap();
    let mut sent: Vec<u64> = rung.iter().map(|ring| ring.sent_at.unwrap().0).collect();
    sent.sort_unstable();
    let longest = sent.windows(2).map(|pair| pair[1] - pair[0]).max();
    assert!(
        longest < Some(1500),
        "for {longest:?} ms nothing was sent, while a search took {SEARCH:?}"
    );
    let searches = desk
        .server
        .with(|emulator| emulator.requests("get_record_by_filter"));
    let left = desk.ledger.stats(app(), "left").await.unwrap();
    assert!(searches > 0, "nothing was searched");
    assert!(left.unknown > 0, "nothing was settled: {left:?}");
    let unknown = desk
        .ledger
        .rows(app(), "left", Some(RingState::Unknown), 0, 1);
    let unknown = unknown.await.unwrap();
    assert!(unknown[0].look_at.is_some(), "it is looked for");
}
