use std::future::pending;
use std::time::{Duration, Instant};

use trtc_call::UnixMillis;
use trtc_call_emulator::FaultKind;
use trtc_call_ledger::{
    CampaignState, Enqueued, NewRing, Policy, QuietHours, RingState, WorkerEvent, WorkerOptions,
};

use crate::desk::{Desk, app, call, key, on_each_store, queued};

on_each_store!(
    several_workers_ring_everybody_once,
    what_is_put_in_twice_is_there_once,
    no_second_has_more_rings_than_the_limit,
    a_worker_that_is_stopped_gives_back_what_it_has_not_sent,
    a_paused_campaign_waits_and_a_cancelled_one_is_over,
    what_is_due_later_is_waited_for_by_name,
    what_is_refused_for_frequency_is_rung_later,
    in_quiet_hours_nobody_is_rung,
    no_more_calls_are_up_than_the_policy_allows,
    changes_are_told_once_each,
    rows_are_listed_by_pages_and_states,
    what_was_settled_long_ago_is_purged,
);

fn users(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("user-{number}")).collect()
}

async fn several_workers_ring_everybody_once(desk: Desk) {
    let users = users(300);
    desk.ledger
        .enqueue(app(), users.iter().map(|user| queued(user)).collect())
        .await
        .unwrap();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let (ledger, client) = (desk.another().await, desk.client.clone());
        workers.spawn(async move { ledger.run(&client, WorkerOptions::new(""), pending()).await });
    }
    let mut rung = 0;
    while let Some(report) = workers.join_next().await {
        rung += report.unwrap().unwrap().rung;
    }
    assert_eq!(rung, 300);
    for user in &users {
        assert_eq!(desk.rings(user), 1, "{user}");
    }
    let stats = desk.ledger.stats(app(), "").await.unwrap();
    assert_eq!((stats.total, stats.rung), (300, 300));
}

async fn what_is_put_in_twice_is_there_once(desk: Desk) {
    let new = || vec![queued("jack"), queued("jill"), queued("jack")];
    let told = desk.ledger.enqueue(app(), new()).await.unwrap();
    assert_eq!(told[0], Enqueued::New);
    assert_eq!(told[1], Enqueued::New);
    assert!(
        matches!(&told[2], Enqueued::Known(ring) if ring.key == key("jack")),
        "{told:?}"
    );
    let mut other = new();
    other[0].call = call("jim");
    let told = desk.another().await.enqueue(app(), other).await.unwrap();
    assert!(matches!(&told[0], Enqueued::KeyReused(_)), "{told:?}");
    assert!(matches!(&told[1], Enqueued::Known(_)), "{told:?}");
    assert_eq!(desk.ledger.stats(app(), "").await.unwrap().queued, 2);
}

/// The slots are what a worker answers for: what a busy machine sends late, the service may refuse, and is rung later.
async fn no_second_has_more_rings_than_the_limit(desk: Desk) {
    let users = users(500);
    desk.ledger
        .enqueue(app(), users.iter().map(|user| queued(user)).collect())
        .await
        .unwrap();
    let began = Instant::now();
    let (one, two) = (desk.another().await, desk.another().await);
    let options = || WorkerOptions::new("");
    let runs = tokio::join!(
        one.run(&desk.client, options(), pending()),
        two.run(&desk.client, options(), pending())
    );
    let (one, two) = (runs.0.unwrap(), runs.1.unwrap());
    assert_eq!(one.rung + two.rung, 500);
    assert!(began.elapsed() >= Duration::from_secs(500 / 190));
    let rings = desk.ledger.rows(app(), "", None, 0, 1000).await.unwrap();
    let is_refused = |ring: &&trtc_call_ledger::Ring| ring.tries > 0;
    assert!(rings.iter().filter(is_refused).count() <= 500 / 20);
    let mut slots: Vec<u64> = rings.iter().map(|ring| ring.slot.unwrap().0).collect();
    slots.sort_unstable();
    assert!(
        slots
            .windows(191)
            .all(|window| window[190] - window[0] >= 999)
    );
}

async fn a_worker_that_is_stopped_gives_back_what_it_has_not_sent(desk: Desk) {
    let users = users(300);
    desk.ledger
        .enqueue(app(), users.iter().map(|user| queued(user)).collect())
        .await
        .unwrap();
    let stop = async {
        while desk.server.with(|it| it.requests("start_call_by_robot")) < 20 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let first = desk
        .ledger
        .run(&desk.client, WorkerOptions::new(""), stop)
        .await
        .unwrap();
    let stats = desk.ledger.stats(app(), "").await.unwrap();
    assert!((1..300).contains(&first.rung), "{first:?}");
    assert_eq!((stats.rung, stats.queued), (first.rung, 300 - first.rung));
    let second = desk
        .ledger
        .run(&desk.client, WorkerOptions::new(""), pending())
        .await
        .unwrap();
    assert_eq!(first.rung + second.rung, 300);
    for user in &users {
        assert_eq!(desk.rings(user), 1, "{user}");
    }
}

async fn a_paused_campaign_waits_and_a_cancelled_one_is_over(desk: Desk) {
    let ledger = &desk.ledger;
    let create = async || {
        ledger
            .create_campaign(app(), "spring", &Policy::default(), Some("users.csv"))
            .await
    };
    assert!(create().await.unwrap());
    assert!(!create().await.unwrap());
    let row = |user: &str| queued(user).of_campaign("spring");
    ledger
        .enqueue(app(), users(20).iter().map(|user| row(user)).collect())
        .await
        .unwrap();
    ledger.pause(app(), "spring").await.unwrap();
    let stop = tokio::time::sleep(Duration::from_millis(500));
    let report = ledger
        .run(&desk.client, WorkerOptions::new("spring"), stop)
        .await
        .unwrap();
    assert_eq!(report.rung, 0);
    // A worker without a campaign takes what belongs to none.
    let report = ledger
        .run(&desk.client, WorkerOptions::new(""), pending())
        .await
        .unwrap();
    assert_eq!(report.rung, 0);
    ledger.resume(app(), "spring").await.unwrap();
    let report = ledger
        .run(&desk.client, WorkerOptions::new("spring"), pending())
        .await
        .unwrap();
    assert_eq!(report.rung, 20);
    ledger.enqueue(app(), vec![row("late")]).await.unwrap();
    assert_eq!(ledger.cancel_campaign(app(), "spring").await.unwrap(), 1);
    assert!(ledger.resume(app(), "spring").await.is_err());
    let report = ledger
        .run(&desk.client, WorkerOptions::new("spring"), pending())
        .await
        .unwrap();
    assert_eq!(report.rung, 0);
    let campaign = ledger.campaign(app(), "spring").await.unwrap().unwrap();
    assert_eq!(campaign.state, CampaignState::Cancelled);
    assert_eq!(ledger.campaigns(app()).await.unwrap(), [campaign]);
    assert!(ledger.pause(app(), "autumn").await.is_err());
}

async fn what_is_due_later_is_waited_for_by_name(desk: Desk) {
    let now = desk.ledger.now().await.unwrap();
    let mut soon = queued("soon");
    soon.not_before = Some(now.after(Duration::from_millis(700)));
    let mut later = queued("later");
    later.not_before = Some(now.after(Duration::from_secs(3600)));
    let mut too_late = queued("too-late");
    too_late.not_after = Some(UnixMillis(now.0 - 1));
    let direct = NewRing::new(key("direct"), call("direct"));
    desk.ledger
        .enqueue(app(), vec![soon, later, too_late, direct])
        .await
        .unwrap();
    let report = desk
        .ledger
        .run(&desk.client, WorkerOptions::new(""), pending())
        .await
        .unwrap();
    assert_eq!(report.rung, 1);
    assert_eq!(desk.rings("soon"), 1);
    let stats = desk.ledger.stats(app(), "").await.unwrap();
    assert_eq!((stats.queued, stats.cancelled), (2, 1));
    assert_eq!(stats.next_due, Some(now.after(Duration::from_secs(3600))));
    let too_late = desk
        .ledger
        .outcome(app(), &key("too-late"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(too_late.failure.unwrap().code, "too_late");
}

async fn what_is_refused_for_frequency_is_rung_later(desk: Desk) {
    desk.inject(FaultKind::RateLimit, 5);
    let users = users(40);
    desk.ledger
        .enqueue(app(), users.iter().map(|user| queued(user)).collect())
        .await
        .unwrap();
    let report = desk
        .ledger
        .run(&desk.client, WorkerOptions::new(""), pending())
        .await
        .unwrap();
    assert_eq!(report.rung, 40);
    assert!(report.again >= 5, "{report:?}");
    for user in &users {
        assert_eq!(desk.rings(user), 1, "{user}");
    }
}

async fn in_quiet_hours_nobody_is_rung(desk: Desk) {
    let mut policy = Policy::default();
    policy.quiet_hours = Some(QuietHours {
        from: "00:00".to_owned(),
        until: "23:59:59.999".to_owned(),
        time_zone: "UTC".to_owned(),
    });
    let create = async |name, policy| {
        desk.ledger
            .create_campaign(app(), name, &policy, None)
            .await
    };
    create("spring", policy.clone()).await.unwrap();
    let row = queued("jack").of_campaign("spring");
    desk.ledger.enqueue(app(), vec![row]).await.unwrap();
    let options = WorkerOptions::new("spring");
    let stop = tokio::time::sleep(Duration::from_secs(3));
    let report = desk.ledger.run(&desk.client, options, stop).await.unwrap();
    // Unless this runs in the last minute or two of a day.
    assert_eq!((report.rung, desk.rings("jack")), (0, 0));
    let jack = desk
        .ledger
        .outcome(app(), &key("jack"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(jack.not_before.unwrap().0 % 86_400_000, 86_399_999);
    policy.quiet_hours.as_mut().unwrap().from = "noon".to_owned();
    assert!(create("autumn", policy).await.is_err());
}

async fn no_more_calls_are_up_than_the_policy_allows(desk: Desk) {
    let mut policy = Policy::default();
    policy.max_up = Some(3);
    desk.ledger
        .create_campaign(app(), "spring", &policy, None)
        .await
        .unwrap();
    let row = |user: &String| queued(user).of_campaign("spring");
    desk.ledger
        .enqueue(app(), users(10).iter().map(row).collect())
        .await
        .unwrap();
    let options = WorkerOptions::new("spring");
    let stop = tokio::time::sleep(Duration::from_secs(2));
    let report = desk.ledger.run(&desk.client, options, stop).await.unwrap();
    assert_eq!(report.rung, 3);
    let up = desk.server.with(|emulator| emulator.calls().len());
    assert_eq!(up, 3);
}

async fn changes_are_told_once_each(desk: Desk) {
    let mut changes = desk.another().await.changes(app(), UnixMillis(0));
    desk.ledger
        .enqueue(app(), users(50).iter().map(|user| queued(user)).collect())
        .await
        .unwrap();
    let seen = changes.next().await.unwrap();
    assert_eq!(seen.len(), 50);
    assert_eq!(changes.look().await.unwrap(), []);
    let (told, telling) = std::sync::mpsc::channel();
    let options = WorkerOptions::new("").notify(move |event| {
        if let WorkerEvent::Told { ring } = event
            && ring.state == RingState::Rung
        {
            told.send(ring.key.clone()).unwrap();
        }
    });
    desk.ledger
        .run(&desk.client, options, pending())
        .await
        .unwrap();
    assert_eq!(telling.try_iter().count(), 50);
    let seen = changes.next().await.unwrap();
    assert_eq!(seen.len(), 50);
    assert!(
        seen.iter().all(|ring| ring.state == RingState::Rung),
        "{seen:?}"
    );
    assert_eq!(changes.look().await.unwrap(), []);
}

async fn rows_are_listed_by_pages_and_states(desk: Desk) {
    desk.inject(FaultKind::CutBeforeReply, 1);
    let users = users(25);
    desk.ledger
        .enqueue(app(), users.iter().map(|user| queued(user)).collect())
        .await
        .unwrap();
    desk.ledger
        .run(&desk.client, WorkerOptions::new(""), pending())
        .await
        .unwrap();
    let (mut listed, mut behind) = (Vec::new(), 0);
    loop {
        let page = desk.ledger.rows(app(), "", None, behind, 10).await.unwrap();
        let Some(last) = page.last() else { break };
        behind = last.seq;
        listed.extend(page.iter().map(|ring| ring.key.to_string()));
    }
    assert_eq!(listed, users);
    let unknown = desk
        .ledger
        .rows(app(), "", Some(RingState::Unknown), 0, 10)
        .await
        .unwrap();
    assert_eq!(unknown.len(), 1);
    assert!(unknown[0].look_at.is_some(), "it says what it waits for");
}

async fn what_was_settled_long_ago_is_purged(desk: Desk) {
    desk.ledger
        .enqueue(app(), vec![queued("jack")])
        .await
        .unwrap();
    desk.ledger
        .run(&desk.client, WorkerOptions::new(""), pending())
        .await
        .unwrap();
    desk.ledger
        .enqueue(app(), vec![queued("jill")])
        .await
        .unwrap();
    assert_eq!(
        desk.ledger
            .purge(app(), Duration::from_secs(3600))
            .await
            .unwrap(),
        0
    );
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(desk.ledger.purge(app(), Duration::ZERO).await.unwrap(), 1);
    assert_eq!(
        desk.ledger.outcome(app(), &key("jack")).await.unwrap(),
        None
    );
    assert!(
        desk.ledger
            .outcome(app(), &key("jill"))
            .await
            .unwrap()
            .is_some()
    );
}
