//! Further attempts at who was busy, offline or did not answer.

use std::future::pending;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::StatusCode;
use tokio::net::TcpListener;
use trtc_call::webhook::parse_unsigned;
use trtc_call_emulator::{CallbackConfiguration, EventKind, FaultKind, Script, WebhookSettings};
use trtc_call_ledger::{Again, Evidence, Policy, Ring, RingState, WorkerOptions};

use crate::desk::{Desk, app, key, on_each_store, queued};

on_each_store!(
    who_was_not_reached_is_rung_again_by_the_campaigns_policy,
    whoever_is_busy_or_offline_gets_a_second_attempt_whatever_tells_of_it_first,
    a_campaign_that_is_cancelled_makes_no_further_attempts,
);

async fn campaign(desk: &Desk, users: impl IntoIterator<Item = String>) {
    let mut policy = Policy::default();
    policy.again = Some(Again::new(2, Duration::from_millis(100)));
    let made = desk.ledger.create_campaign(app(), "spring", &policy, None);
    made.await.unwrap();
    let rows = users.into_iter().map(|user| {
        let mut row = queued(&user).of_campaign("spring");
        row.watched = true;
        row
    });
    let rows = rows.collect();
    desk.ledger.enqueue(app(), rows).await.unwrap();
}

async fn work(desk: &Desk) {
    let mut options = WorkerOptions::new("spring");
    options.reply_lease = Duration::from_secs(3);
    let run = desk.ledger.run(&desk.client, options, pending());
    run.await.unwrap();
}

async fn outcome(desk: &Desk, of: &str) -> Option<Ring> {
    desk.ledger.outcome(app(), &key(of)).await.unwrap()
}

async fn who_was_not_reached_is_rung_again_by_the_campaigns_policy(desk: Desk) {
    campaign(&desk, ["jack", "jill"].map(str::to_owned)).await;
    let script = Script::Reject {
        after: Duration::ZERO,
    };
    desk.server.with(|emulator| {
        emulator.set_script("jack", Script::NoAnswer);
        emulator.set_script("jill", script);
    });
    for attempt in 1..=3 {
        work(&desk).await;
        desk.server
            .with(|emulator| emulator.advance_by(Duration::from_secs(20)));
        desk.ledger.sweep_all(&desk.client).await.unwrap();
        tokio::time::sleep(Duration::from_millis(150)).await;
        assert_eq!(desk.rings("jack"), attempt.min(2));
    }
    assert_eq!(desk.rings("jill"), 1, "who refused is not rung again");
    let second = outcome(&desk, "jack#2").await.unwrap();
    assert_eq!((second.attempt, second.first_key), (2, Some(key("jack"))));
    assert_eq!(second.call_result, Some(trtc_call::CallResult::NotAnswer));
    assert_eq!(outcome(&desk, "jack#3").await, None);
}

/// Replies come at once, late, or never; webhooks overtake each other and the replies.
async fn whoever_is_busy_or_offline_gets_a_second_attempt_whatever_tells_of_it_first(desk: Desk) {
    let users: Vec<String> = (0..90).map(|number| format!("user-{number}")).collect();
    let script = |number: usize| match number % 3 {
        0 => Script::Busy,
        1 => Script::Offline,
        _ => Script::Reject {
            after: Duration::from_millis(100),
        },
    };
    receive_webhooks(&desk).await;
    desk.server.with(|emulator| {
        for (number, user) in users.iter().enumerate() {
            emulator.set_script(user, script(number));
        }
    });
    campaign(&desk, users.iter().cloned()).await;
    desk.inject(FaultKind::Delay(Duration::from_millis(150)), 60);
    desk.inject(FaultKind::CutBeforeReply, 30);
    for _ in 0..20 {
        work(&desk).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let stats = desk.ledger.stats(app(), "spring").await.unwrap();
        if stats.total == 150 && stats.rung + stats.refused == 150 {
            break;
        }
    }
    for (number, user) in users.iter().enumerate() {
        let first = outcome(&desk, user).await.unwrap();
        let second = outcome(&desk, &format!("{user}#2")).await;
        let is_reached = number % 3 == 2;
        let state = if is_reached {
            RingState::Rung
        } else {
            RingState::Refused
        };
        // Where no reply came, that the call was started counts as a ring.
        let is_true = |ring: &Ring| ring.state == state || ring.evidence == Some(Evidence::Webhook);
        assert!(is_true(&first), "{first:#?}");
        assert_eq!(second.is_some(), !is_reached, "{first:#?} {second:#?}");
        if let Some(second) = second {
            assert!(is_true(&second), "{second:#?}");
            assert_eq!(asked_for(&desk, user), 2);
            assert_eq!(outcome(&desk, &format!("{user}#3")).await, None);
        }
        assert_eq!(desk.rings(user), u64::from(is_reached), "{user}");
    }
}

/// How often the service was asked to ring someone who was busy or offline.
fn asked_for(desk: &Desk, name: &str) -> usize {
    desk.server.with(|emulator| {
        let events = emulator.events_since(0);
        let asked = events.filter(|event| match &event.kind {
            EventKind::Busy { user } | EventKind::Offline { user } => user == name,
            _ => false,
        });
        asked.count()
    })
}

/// As a service does that is told many at a time: it takes what has come while it wrote the last.
async fn receive_webhooks(desk: &Desk) {
    let (deliveries, mut come) = tokio::sync::mpsc::unbounded_channel();
    let receive = move |RawQuery(query): RawQuery, body: Bytes| {
        let delivery = parse_unsigned(app(), &query.unwrap_or_default(), &body);
        deliveries.send(delivery.unwrap()).unwrap();
        async { StatusCode::OK }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().fallback(receive);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let ledger = desk.another().await;
    tokio::spawn(async move {
        let mut batch = Vec::new();
        while come.recv_many(&mut batch, 100).await > 0 {
            ledger.webhooks(app(), &batch).await.unwrap();
            batch.clear();
        }
    });
    desk.server.with(|emulator| {
        let everything = CallbackConfiguration::everything(url);
        emulator.set_callback_configuration(Some(everything));
        let mut settings = WebhookSettings::default();
        settings.shuffle = Duration::from_millis(100);
        emulator.set_webhook_settings(settings);
    });
}

async fn a_campaign_that_is_cancelled_makes_no_further_attempts(desk: Desk) {
    campaign(&desk, ["jack".to_owned()]).await;
    desk.server
        .with(|emulator| emulator.set_script("jack", Script::NoAnswer));
    work(&desk).await;
    desk.ledger.cancel_campaign(app(), "spring").await.unwrap();
    desk.server
        .with(|emulator| emulator.advance_by(Duration::from_secs(20)));
    assert_eq!(desk.ledger.sweep_all(&desk.client).await.unwrap(), 1);
    assert!(outcome(&desk, "jack").await.unwrap().call_result.is_some());
    assert_eq!(outcome(&desk, "jack#2").await, None);
}
