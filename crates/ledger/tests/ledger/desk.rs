//! An emulator, a client of it, and a ledger in a database of its own.

use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use trtc_call::call_engine::start_call_by_robot::Request;
use trtc_call::{BaseUrl, Client, MediaType, Region, SdkAppId, SecretKey, UserId};
use trtc_call_emulator::server::Server;
use trtc_call_emulator::{Config, Fault, FaultKind};
use trtc_call_ledger::{Ledger, NewRing, RingKey};

/// Runs tests on each store.
macro_rules! on_each_store {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {
        mod on_sqlite {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::desk::Desk::on_sqlite().await).await;
            })+
        }

        #[cfg(feature = "postgres")]
        mod on_postgres {
            $($(#[$meta])* #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(crate::desk::Desk::on_postgres().await).await;
            })+
        }
    };
}
pub(crate) use on_each_store;

pub(crate) struct Desk {
    pub(crate) server: Arc<Server>,
    pub(crate) client: Client,
    pub(crate) ledger: Ledger,
    pub(crate) url: String,
    _folder: Option<TempDir>,
}

pub(crate) fn app() -> SdkAppId {
    SdkAppId::new(1_400_000_001).unwrap()
}

pub(crate) fn client(app: SdkAppId, base_url: &str) -> Client {
    let region = Region::Custom(BaseUrl::new(base_url).unwrap());
    let key = SecretKey::new("any key").unwrap();
    let admin = UserId::new("administrator").unwrap();
    let builder = Client::builder(app, key, admin, region);
    builder
        .short_timeout(Duration::from_secs(2))
        .build()
        .unwrap()
}

pub(crate) fn call(callee: &str) -> Request {
    let builder = Request::builder("robot", [callee], MediaType::Audio);
    builder
        .ring_timeout(Duration::from_secs(10))
        .build()
        .unwrap()
}

pub(crate) fn key(key: &str) -> RingKey {
    RingKey::new(key).unwrap()
}

/// A ring for workers: its key is its callee.
pub(crate) fn queued(callee: &str) -> NewRing {
    NewRing::queued(key(callee), call(callee))
}

impl Desk {
    pub(crate) async fn on_sqlite() -> Desk {
        let folder = TempDir::new().unwrap();
        let url = folder.path().join("rings.db");
        Desk::at(url.to_str().unwrap().to_owned(), Some(folder)).await
    }

    #[cfg(feature = "postgres")]
    pub(crate) async fn on_postgres() -> Desk {
        Desk::on(crate::cluster::Cluster::shared()).await
    }

    #[cfg(feature = "postgres")]
    pub(crate) async fn on(cluster: &crate::cluster::Cluster) -> Desk {
        Desk::at(cluster.database().await, None).await
    }

    /// Changes the database behind the ledger's back.
    pub(crate) async fn execute(&self, sql: &str) {
        #[cfg(feature = "postgres")]
        if self.url.starts_with("postgres:") {
            let (client, connection) = tokio_postgres::connect(&self.url, tokio_postgres::NoTls)
                .await
                .unwrap();
            tokio::spawn(connection);
            client.batch_execute(sql).await.unwrap();
            return;
        }
        let connection = rusqlite::Connection::open(&self.url).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    async fn at(url: String, folder: Option<TempDir>) -> Desk {
        let secret_key = SecretKey::new("any key").unwrap();
        let server = Server::start(Config::new(app(), secret_key)).await.unwrap();
        Desk {
            client: client(app(), &server.base_url()),
            server: Arc::new(server),
            ledger: Ledger::open(&url).await.unwrap(),
            url,
            _folder: folder,
        }
    }

    /// The ledger as another process opens it.
    pub(crate) async fn another(&self) -> Ledger {
        Ledger::open(&self.url).await.unwrap()
    }

    pub(crate) fn rings(&self, user: &str) -> u64 {
        self.server.with(|emulator| emulator.rings(user))
    }

    pub(crate) fn inject(&self, kind: FaultKind, times: u32) {
        let fault = Fault::new(kind).only("start_call_by_robot").times(times);
        self.server.with(|emulator| emulator.inject(fault));
    }
}
