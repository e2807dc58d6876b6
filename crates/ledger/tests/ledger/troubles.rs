//! What goes wrong with databases, and what then.

use std::future::pending;
use std::time::Duration;

use tempfile::TempDir;
use trtc_call_ledger::{Ledger, LedgerError, RingState, Verdict, WorkerEvent, WorkerOptions};

use crate::desk::{Desk, app, call, key, on_each_store, queued};

on_each_store!(
    a_ledger_of_a_newer_release_is_refused,
    a_ledger_is_opened_again_and_by_many_at_once,
);

async fn a_ledger_of_a_newer_release_is_refused(desk: Desk) {
    desk.execute("INSERT INTO trtc_ring_schema VALUES (99)")
        .await;
    let error = Ledger::open(&desk.url).await.unwrap_err();
    assert!(
        matches!(error, LedgerError::NewerSchema { found: 99, .. }),
        "{error}"
    );
    assert_eq!((error.code(), error.may_pass()), ("newer_schema", false));
    assert!(error.to_string().contains("newer release"), "{error}");
}

async fn a_ledger_is_opened_again_and_by_many_at_once(desk: Desk) {
    let mut opening = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let url = desk.url.clone();
        opening.spawn(async move { Ledger::open(&url).await });
    }
    for ledger in opening.join_all().await {
        assert_eq!(ledger.unwrap().stats(app(), "").await.unwrap().total, 0);
    }
}

#[tokio::test]
async fn a_store_that_is_none_is_named() {
    for url in ["", "sqlite:", ":memory:", "mysql://root:MARKED@h/d"] {
        let error = Ledger::open(url).await.unwrap_err();
        assert!(
            matches!(&error, LedgerError::Invalid(problem) if problem.field == "store"),
            "{error}"
        );
        assert!(!error.to_string().contains("MARKED"), "{error}");
    }
    let error = Ledger::open("/no/such/folder/rings.db").await.unwrap_err();
    assert_eq!(error.code(), "database_refused", "{error}");
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_database_that_is_not_there_is_named_without_its_password() {
    let error = Ledger::open("postgres://me:MARKED@127.0.0.1:9/rings?sslmode=disable")
        .await
        .unwrap_err();
    assert_eq!(
        (error.code(), error.may_pass()),
        ("database_gone", true),
        "{error}"
    );
    assert!(!error.to_string().contains("MARKED") && !format!("{error:?}").contains("MARKED"));
    let error = Ledger::open("postgres://me:MARKED@127.0.0.1:none/rings")
        .await
        .unwrap_err();
    assert!(
        matches!(&error, LedgerError::Invalid(problem) if problem.field == "store"),
        "{error}"
    );
    assert!(!error.to_string().contains("MARKED") && !format!("{error:?}").contains("MARKED"));
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_wrong_parameter_of_a_url_is_named_and_no_piece_of_a_password() {
    let told = async |url: &str| Ledger::open(url).await.unwrap_err().to_string();
    let error = told("postgres://me@127.0.0.1:9/rings?sslrootcert=ca.pem").await;
    assert!(error.contains("unknown option `sslrootcert`"), "{error}");
    let error = told("postgres://me:a@b?MARKED=c@127.0.0.1:9/rings").await;
    assert!(!error.contains("MARKED"), "{error}");
    let verifying = Ledger::open("postgres://me@127.0.0.1:9/rings?sslmode=verify-full").await;
    assert_eq!(verifying.unwrap_err().code(), "database_gone");
}

/// Since PostgreSQL 15 not everybody may make tables.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn who_may_make_no_tables_uses_those_that_are_there() {
    let desk = Desk::on_postgres().await;
    desk.execute(
        "CREATE ROLE caller LOGIN; CREATE ROLE reader LOGIN; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO caller; \
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO caller; \
         GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
    )
    .await;
    let open = async |role: &str| {
        let url = desk.url.replace("//postgres@", &format!("//{role}@"));
        Ledger::open(&url).await.unwrap()
    };
    let rung = open("caller").await;
    let rung = rung.ring_once(&desk.client, "a", &call("jack")).await;
    assert_eq!(rung.unwrap().verdict, Verdict::Rung);
    let reader = open("reader").await;
    assert_eq!(reader.stats(app(), "").await.unwrap().rung, 1);
    let refused = reader.ring_once(&desk.client, "b", &call("jack")).await;
    assert_eq!(refused.unwrap_err().code(), "database_read_only");
    assert_eq!(desk.rings("jack"), 1);
}

/// Nothing is sent that was not marked; what was claimed goes back; the worker says that it waits.
#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_away_and_comes_back_is_waited_for() {
    let cluster = crate::cluster::Cluster::start(crate::cluster::Durability::UntilPowerFails);
    let desk = Desk::on(&cluster).await;
    let users: Vec<String> = (0..600).map(|number| format!("user-{number}")).collect();
    desk.ledger
        .enqueue(app(), users.iter().map(|user| queued(user)).collect())
        .await
        .unwrap();
    let (says, said) = std::sync::mpsc::channel();
    let mut options = WorkerOptions::new("").notify(move |event| {
        if let WorkerEvent::Waiting { error } = event {
            let _ = says.send(error.code());
        }
    });
    options.lease = Duration::from_secs(2);
    options.reply_lease = Duration::from_secs(3);
    let crash = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        cluster.crash();
    };
    let (report, ()) = tokio::join!(desk.ledger.run(&desk.client, options, pending()), crash);
    let report = report.unwrap();
    assert!(
        said.try_iter().any(|code| code == "database_gone"),
        "{report:?}"
    );
    for user in &users {
        assert!(desk.rings(user) <= 1, "{user}");
    }
    let stats = desk.ledger.stats(app(), "").await.unwrap();
    assert_eq!(stats.rung + stats.unknown, 600, "{stats:?}");
    assert!(stats.unknown <= 30, "{stats:?}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rings.db");
    std::fs::write(
        &path,
        "this is no database, and long enough to be seen as none".repeat(50),
    )
    .unwrap();
    let error = Ledger::open(path.to_str().unwrap()).await.unwrap_err();
    assert_eq!(error.code(), "database_refused", "{error}");
}

/// A worker's own clock decides nothing but how long it waits: the ledger's decides.
#[tokio::test]
async fn what_is_in_hand_of_a_dead_process_goes_on_by_the_ledgers_clock() {
    let desk = Desk::on_sqlite().await;
    desk.ledger
        .enqueue(app(), vec![queued("jack"), queued("jill")])
        .await
        .unwrap();
    desk.execute("UPDATE trtc_rings SET state = 'claimed', owner = 'dead', epoch = 1, lease_until = 1 WHERE ring_key = 'jack'").await;
    desk.execute("UPDATE trtc_rings SET state = 'sending', owner = 'dead', epoch = 1, sent_at = 1, lease_until = 1 WHERE ring_key = 'jill'").await;
    let report = desk
        .ledger
        .run(&desk.client, WorkerOptions::new(""), pending())
        .await
        .unwrap();
    assert_eq!(report.rung, 1);
    assert_eq!((desk.rings("jack"), desk.rings("jill")), (1, 0));
    let jill = desk
        .ledger
        .outcome(app(), &key("jill"))
        .await
        .unwrap()
        .unwrap();
    // It was sent in 1970, for all that is known: nothing was found since.
    let ends = [RingState::Unknown, RingState::PresumedNotRung];
    assert!(ends.contains(&jill.state), "{jill:?}");
}
