//! Where rings stand. A store runs transactions: it locks and reads rows, has somebody decide what becomes of them, and
//! writes that. It decides nothing.

mod attempts;
mod codec;
mod columns;
mod file_name;
#[cfg(feature = "postgres")]
mod postgres;
mod select;
mod sqlite;

use std::time::{Duration, Instant};

use trtc_call_core::ring_ledger::{CampaignState, Limiter, Policy, Ring};
use trtc_call_core::{SdkAppId, UnixMillis};

pub(crate) use self::columns::{Row, Value};
use self::file_name::file_name;
pub(crate) use self::select::Select;
use self::sqlite::SqliteStore;
pub(crate) use self::sqlite::classify as database_error;
use crate::LedgerError;
use crate::quiet_hours::Quiet;

#[cfg(feature = "postgres")]
use self::postgres::PostgresStore;

#[derive(Clone)]
pub(crate) enum Store {
    Sqlite(SqliteStore),
    #[cfg(feature = "postgres")]
    Postgres(PostgresStore),
}

/// What a transaction reads and locks.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) app: SdkAppId,
    pub(crate) select: Select,
    /// Whether the limiter is needed.
    pub(crate) limiter: bool,
    /// The campaign whose state and policy are needed.
    pub(crate) campaign: Option<String>,
}

impl Task {
    pub(crate) fn on(app: SdkAppId, select: Select) -> Task {
        Task {
            app,
            select,
            limiter: false,
            campaign: None,
        }
    }

    pub(crate) fn with_limiter(mut self) -> Task {
        self.limiter = true;
        self
    }

    pub(crate) fn with_campaign(mut self, name: &str) -> Task {
        self.campaign = (!name.is_empty()).then(|| name.to_owned());
        self
    }
}

/// The ledger's clock, and what this process' own clock said at that time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: UnixMillis,
    pub(crate) at: Instant,
}

impl Moment {
    /// When this process' own clock shows that time of the ledger.
    pub(crate) fn instant_of(&self, time: UnixMillis) -> Instant {
        let ahead = Duration::from_millis(time.0.saturating_sub(self.now.0));
        let behind = Duration::from_millis(self.now.0.saturating_sub(time.0));
        let at = self.at + ahead;
        at.checked_sub(behind).unwrap_or(at)
    }
}

/// What a transaction has read.
pub(crate) struct Loaded {
    pub(crate) moment: Moment,
    pub(crate) rings: Vec<Ring>,
    pub(crate) limiter: Limiter,
    pub(crate) campaign: Option<LoadedCampaign>,
}

pub(crate) struct LoadedCampaign {
    pub(crate) state: CampaignState,
    pub(crate) policy: Policy,
    pub(crate) quiet: Option<Quiet>,
    /// How many of its calls are up, if the policy has a limit.
    pub(crate) up: u32,
}

/// What it writes.
#[derive(Default)]
pub(crate) struct Changes {
    /// Put in unless the key is there.
    pub(crate) insert: Vec<Ring>,
    pub(crate) update: Vec<Ring>,
    pub(crate) limiter: Option<Limiter>,
}

impl Changes {
    /// Rings that are there become these, and nothing else is written.
    pub(crate) fn to(update: Vec<Ring>) -> Changes {
        Changes {
            update,
            ..Changes::default()
        }
    }
}

/// What came of it, once it is committed.
pub(crate) struct Done<T> {
    pub(crate) value: T,
    /// The keys of those that were put in.
    pub(crate) inserted: Vec<String>,
    pub(crate) moment: Moment,
}

impl Store {
    pub(crate) async fn open(url: &str) -> Result<Store, LedgerError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            #[cfg(feature = "postgres")]
            return PostgresStore::open(url).await.map(Store::Postgres);
            #[cfg(not(feature = "postgres"))]
            return Err(trtc_call_core::Problem::new(
                "store",
                "is PostgreSQL, and this program was built without it",
                "build it with the feature `postgres`, or name a file",
            )
            .into());
        }
        SqliteStore::open(file_name(url)?).await.map(Store::Sqlite)
    }

    /// Runs one transaction.
    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        task: Task,
        decide: impl FnOnce(Loaded) -> (Changes, T) + Send + 'static,
    ) -> Result<Done<T>, LedgerError> {
        match self {
            Store::Sqlite(store) => store.transact(task, decide).await,
            #[cfg(feature = "postgres")]
            Store::Postgres(store) => store.transact(task, decide).await,
        }
    }

    /// The rings that are selected, without locking them.
    pub(crate) async fn rings(
        &self,
        select: Select,
        app: SdkAppId,
    ) -> Result<Vec<Ring>, LedgerError> {
        match self {
            Store::Sqlite(store) => store.rings(select, app).await,
            #[cfg(feature = "postgres")]
            Store::Postgres(store) => store.rings(select, app).await,
        }
    }

    /// Reads rows. Parameters are `$1`, `$2`, …, in their order.
    pub(crate) async fn query<T: Send + 'static>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
        read: impl Fn(&dyn Row) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<Vec<T>, LedgerError> {
        match self {
            Store::Sqlite(store) => store.query(sql, values, read).await,
            #[cfg(feature = "postgres")]
            Store::Postgres(store) => store.query(sql, values, read).await,
        }
    }

    /// Changes rows, and gives how many.
    pub(crate) async fn execute(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, LedgerError> {
        match self {
            Store::Sqlite(store) => store.execute(sql, values).await,
            #[cfg(feature = "postgres")]
            Store::Postgres(store) => store.execute(sql, values).await,
        }
    }

    /// The ledger's clock.
    pub(crate) async fn now(&self) -> Result<UnixMillis, LedgerError> {
        match self {
            Store::Sqlite(_) => Ok(sqlite::now()),
            #[cfg(feature = "postgres")]
            Store::Postgres(store) => store.now().await,
        }
    }
}
