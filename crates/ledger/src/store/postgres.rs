//! Rings in PostgreSQL, for any number of machines. The clock is the database's.

mod failed;
mod parameters;

use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Transaction,
};
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres::types::FromSql;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use trtc_call_core::ring_ledger::schema;
use trtc_call_core::ring_ledger::{Limiter, Policy, Ring};
use trtc_call_core::{Problem, SdkAppId, UnixMillis};

use self::failed::{Failed, classify};
use self::parameters::{arrays, borrowed, parameters};
use super::attempts;
use super::codec::{command, limiter_values, read_campaign, read_limiter};
use super::columns::{self, CHANGING, FIXED};
use super::select::Dialect;
use super::{Changes, Done, Loaded, LoadedCampaign, Moment, Row, Select, Task, Value};
use crate::error::{DatabaseError, DatabaseErrorKind, LedgerError};

/// Connections of a ledger.
const POOL: usize = 8;

/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// For each connection: nobody who is stopped in the middle of a transaction keeps the others waiting for long, and a
/// commit is on the disk even where the server's default is that it need not be.
const SESSION: &str = "SET idle_in_transaction_session_timeout = '5s'; SET lock_timeout = '10s'; \
     SET statement_timeout = '60s'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

const CLOCK: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

const VERSION: &str = "SELECT coalesce(max(version), 0) FROM trtc_ring_schema";

const LIMITER: &str = "SELECT next_free, slowdown, slowed_at FROM trtc_ring_limits \
     WHERE sdk_app_id = $1 AND command = $2 FOR UPDATE";

const DIALECT: Dialect = Dialect {
    is_any: |parameter| format!("= ANY(${parameter})"),
    now: None,
    lock: " FOR UPDATE",
    lock_free: " FOR UPDATE SKIP LOCKED",
};

#[derive(Clone)]
pub(crate) struct PostgresStore {
    pool: Pool,
}

impl PostgresStore {
    pub(crate) async fn open(url: &str) -> Result<PostgresStore, LedgerError> {
        let config = read_config(url)?;
        let store = PostgresStore {
            pool: pool(config)?,
        };
        store.migrate().await?;
        Ok(store)
    }

    async fn connection(&self) -> Result<Object, Failed> {
        Ok(self.pool.get().await?)
    }

    async fn migrate(&self) -> Result<(), LedgerError> {
        let mut connection = self.connection().await?;
        // Who may make no tables, or only read, works with those that are there.
        if is_newest(&connection).await? {
            return Ok(());
        }
        let transaction = connection.transaction().await.map_err(Failed::from)?;
        let migrated = migrate(&transaction).await;
        migrated?;
        Ok(transaction.commit().await.map_err(Failed::from)?)
    }

    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        task: Task,
        decide: impl FnOnce(Loaded) -> (Changes, T) + Send + 'static,
    ) -> Result<Done<T>, LedgerError> {
        Ok(self.try_transact(task, decide).await?)
    }

    /// Rings are locked before the limiter, everywhere, so that nobody waits in a circle; the clock is read when both
    /// are.
    async fn try_transact<T: Send + 'static>(
        &self,
        task: Task,
        decide: impl FnOnce(Loaded) -> (Changes, T) + Send + 'static,
    ) -> Result<Done<T>, Failed> {
        let app = task.app;
        let mut connection = self.connection().await?;
        let transaction = connection.transaction().await?;
        let campaign = match &task.campaign {
            Some(name) => campaign(&transaction, app, name).await?,
            None => None,
        };
        let (rings, limiter, now) = lock(&transaction, &task).await?;
        let moment = Moment {
            now,
            at: Instant::now(),
        };
        let (mut changes, value) = decide(Loaded {
            moment,
            rings,
            limiter,
            campaign,
        });
        let campaigns = attempts::campaigns(&changes);
        if !campaigns.is_empty() {
            let policies = policies(&transaction, app, campaigns).await?;
            attempts::put_in(&mut changes, policies, now);
        }
        let (inserted, (), ()) = tokio::try_join!(
            insert(&transaction, &changes.insert),
            update(&transaction, &changes.update),
            set_limiter(&transaction, app, changes.limiter.as_ref()),
        )?;
        transaction.commit().await?;
        Ok(Done {
            value,
            inserted,
            moment,
        })
    }

    pub(crate) async fn rings(
        &self,
        what: Select,
        app: SdkAppId,
    ) -> Result<Vec<Ring>, LedgerError> {
        let connection = self.connection().await?;
        let (sql, values) = what.sql(app, &DIALECT);
        Ok(rows(&connection, &sql, &values, |row| columns::ring(row)).await?)
    }

    pub(crate) async fn query<T: Send + 'static>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
        read: impl Fn(&dyn Row) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<Vec<T>, LedgerError> {
        let connection = self.connection().await?;
        Ok(rows(&connection, sql, &values, |row| read(row)).await?)
    }

    pub(crate) async fn execute(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, LedgerError> {
        let connection = self.connection().await?;
        let statement = connection.prepare_cached(sql).await.map_err(Failed::from)?;
        let changed = connection.execute(&statement, &parameters(&values)).await;
        Ok(changed.map_err(Failed::from)?)
    }

    pub(crate) async fn now(&self) -> Result<UnixMillis, LedgerError> {
        let connection = self.connection().await?;
        Ok(clock(&connection).await?)
    }
}

/// The URL's settings. What is wrong with it is told without the URL, which holds a password.
fn read_config(url: &str) -> Result<Config, Problem> {
    // What it is told to ask for is asked for whenever TLS is spoken.
    let known = url
        .replace("sslmode=verify-full", "sslmode=require")
        .replace("sslmode=verify-ca", "sslmode=require");
    known.parse().map_err(|error: tokio_postgres::Error| {
        // It names the parameter, which where an `@` follows may be a piece of the password.
        let is_named = !url.split_once('?').is_some_and(|(_, rest)| rest.contains('@'));
        let named = error.source().filter(|_| is_named).map(ToString::to_string);
        let why = named.unwrap_or_else(|| error.to_string());
        let rule = format!("must be a PostgreSQL URL: {why}");
        let fix = "write postgres://user:password@host/database, and behind it ?sslmode=require, prefer or disable";
        Problem::new("store", rule, fix)
    })
}

fn pool(mut config: Config) -> Result<Pool, LedgerError> {
    config.application_name("trtc-call-ledger");
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    let manager_config = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    // A server on this machine needs no certificates, of which there may be none here.
    let manager = match config.get_ssl_mode() {
        tokio_postgres::config::SslMode::Disable => {
            Manager::from_config(config, NoTls, manager_config)
        }
        _ => Manager::from_config(config, MakeRustlsConnect::new(tls()?), manager_config),
    };
    let prepare = Hook::async_fn(|connection, _| {
        Box::pin(async move {
            let prepared = connection.batch_execute(SESSION).await;
            prepared.map_err(HookError::Backend)
        })
    });
    let pool = Pool::builder(manager)
        .max_size(POOL)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(PATIENCE))
        .create_timeout(Some(PATIENCE))
        .recycle_timeout(Some(PATIENCE))
        .post_create(prepare)
        .build();
    pool.map_err(|error| DatabaseError::new(DatabaseErrorKind::Other, error.to_string()).into())
}

/// The cryptography of ring, and the certificates that the system trusts, as the client has them.
fn tls() -> Result<ClientConfig, LedgerError> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(rustls::ConfigBuilder::with_platform_verifier);
    match config {
        Ok(config) => Ok(config.with_no_client_auth()),
        Err(error) => {
            let message = format!("TLS cannot be set up: {error}");
            Err(DatabaseError::new(DatabaseErrorKind::Refused, message).into())
        }
    }
}

async fn is_newest(client: &impl deadpool_postgres::GenericClient) -> Result<bool, Failed> {
    let there = "SELECT to_regclass('trtc_ring_schema') IS NOT NULL";
    let there: bool = get(&client.query_one(there, &[]).await?, 0)?;
    if !there {
        return Ok(false);
    }
    let version = client.query_one(VERSION, &[]).await?;
    Ok(get::<i64>(&version, 0)? == schema::VERSION)
}

async fn migrate(transaction: &Transaction<'_>) -> Result<(), LedgerError> {
    let lock = format!("SELECT pg_advisory_xact_lock({})", schema::MIGRATION_LOCK);
    let prepare = format!("{lock}; {}", schema::VERSION_TABLE);
    transaction
        .batch_execute(&prepare)
        .await
        .map_err(Failed::from)?;
    let row = transaction
        .query_one(VERSION, &[])
        .await
        .map_err(Failed::from)?;
    let found = get(&row, 0)?;
    if found > schema::VERSION {
        return Err(LedgerError::NewerSchema {
            found,
            known: schema::VERSION,
        });
    }
    let seq = schema::POSTGRES_SEQ;
    for statements in schema::migrations_from(found, seq) {
        transaction
            .batch_execute(&statements)
            .await
            .map_err(Failed::from)?;
    }
    if found < schema::VERSION {
        let sql = "INSERT INTO trtc_ring_schema VALUES ($1)";
        transaction
            .execute(sql, &[&schema::VERSION])
            .await
            .map_err(Failed::from)?;
    }
    Ok(())
}

async fn clock(client: &impl deadpool_postgres::GenericClient) -> Result<UnixMillis, Failed> {
    let statement = client.prepare_cached(CLOCK).await?;
    let row = client.query_one(&statement, &[]).await?;
    let now: i64 = get(&row, 0)?;
    Ok(UnixMillis(u64::try_from(now).unwrap_or(0)))
}

/// What a transaction works on, and the time since it has locked that. All is sent at once: the database is asked in this
/// order and answers in it.
async fn lock(
    transaction: &Transaction<'_>,
    task: &Task,
) -> Result<(Vec<Ring>, Limiter, UnixMillis), Failed> {
    let (sql, values) = locking(&task.select, task.app);
    // Whatever has to be prepared first would change the order.
    for sql in [&sql, LIMITER, CLOCK] {
        transaction.prepare_cached(sql).await?;
    }
    let rings = async {
        match task.select {
            Select::Nothing => Ok(Vec::new()),
            _ => rows(transaction, &sql, &values, |row| columns::ring(row)).await,
        }
    };
    let known = async {
        match task.limiter {
            true => limiter(transaction, task.app).await,
            false => Ok(Some(Limiter::default())),
        }
    };
    let (rings, known, now) = tokio::try_join!(biased; rings, known, clock(transaction))?;
    if let Some(limiter) = known {
        return Ok((rings, limiter, now));
    }
    // It can be locked once it is there.
    make_limiter(transaction, task.app).await?;
    let limiter = limiter(transaction, task.app).await?.unwrap_or_default();
    Ok((rings, limiter, clock(transaction).await?))
}

fn locking(select: &Select, app: SdkAppId) -> (String, Vec<Value>) {
    let (mut sql, values) = select.sql(app, &DIALECT);
    sql.push_str(select.lock(&DIALECT));
    (sql, values)
}

async fn rows<T>(
    client: &impl deadpool_postgres::GenericClient,
    sql: &str,
    values: &[Value],
    read: impl Fn(&PostgresRow<'_>) -> Result<T, LedgerError>,
) -> Result<Vec<T>, Failed> {
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &parameters(values)).await?;
    let read = rows.iter().map(|row| read(&PostgresRow(row)));
    Ok(read.collect::<Result<_, _>>()?)
}

async fn limiter(transaction: &Transaction<'_>, app: SdkAppId) -> Result<Option<Limiter>, Failed> {
    let values = [Value::app(app), command()];
    let found = rows(transaction, LIMITER, &values, |row| read_limiter(row)).await?;
    Ok(found.into_iter().next())
}

async fn make_limiter(transaction: &Transaction<'_>, app: SdkAppId) -> Result<(), Failed> {
    let sql = "INSERT INTO trtc_ring_limits (sdk_app_id, command, next_free, slowdown, slowed_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sdk_app_id, command) DO NOTHING";
    let statement = transaction.prepare_cached(sql).await?;
    let none = limiter_values(app, &Limiter::default());
    transaction.execute(&statement, &parameters(&none)).await?;
    Ok(())
}

async fn set_limiter(
    transaction: &Transaction<'_>,
    app: SdkAppId,
    limiter: Option<&Limiter>,
) -> Result<(), Failed> {
    let Some(limiter) = limiter else {
        return Ok(());
    };
    let sql = "UPDATE trtc_ring_limits SET next_free = $3, slowdown = $4, slowed_at = $5 \
               WHERE sdk_app_id = $1 AND command = $2";
    let statement = transaction.prepare_cached(sql).await?;
    let values = limiter_values(app, limiter);
    transaction
        .execute(&statement, &parameters(&values))
        .await?;
    Ok(())
}

async fn campaign(
    transaction: &Transaction<'_>,
    app: SdkAppId,
    name: &str,
) -> Result<Option<LoadedCampaign>, Failed> {
    let sql = "SELECT state, policy FROM trtc_ring_campaigns WHERE sdk_app_id = $1 AND name = $2";
    let values = [Value::app(app), Value::text(name)];
    let found = rows(transaction, sql, &values, |row| read_campaign(row)).await?;
    let Some(mut campaign) = found.into_iter().next() else {
        return Ok(None);
    };
    if campaign.policy.max_up.is_some() {
        let sql = "SELECT (SELECT count(*) FROM trtc_rings WHERE sdk_app_id = $1 AND campaign = $2 AND up_until > \
                   (extract(epoch FROM statement_timestamp()) * 1000)::bigint) \
                   + (SELECT count(*) FROM trtc_rings WHERE sdk_app_id = $1 AND campaign = $2 AND lease_until IS NOT NULL)";
        let up = rows(transaction, sql, &values, |row| row.integer(0)).await?;
        let up = up.into_iter().flatten().next().unwrap_or_default();
        campaign.up = u32::try_from(up).unwrap_or(u32::MAX);
    }
    Ok(Some(campaign))
}

async fn policies(
    transaction: &Transaction<'_>,
    app: SdkAppId,
    campaigns: Vec<String>,
) -> Result<Vec<(String, Policy)>, Failed> {
    let sql = attempts::policies_sql(DIALECT.is_any, " FOR SHARE");
    let values = [Value::app(app), Value::Texts(campaigns)];
    rows(transaction, &sql, &values, |row| attempts::read_policy(row)).await
}

async fn insert(transaction: &Transaction<'_>, rings: &[Ring]) -> Result<Vec<String>, Failed> {
    if rings.is_empty() {
        return Ok(Vec::new());
    }
    let rows = rings.iter().map(|ring| {
        let mut values = columns::fixed(ring);
        values.append(&mut columns::changing(ring));
        values
    });
    let (types, arrays) = arrays(rows.collect());
    let names: Vec<&str> = FIXED.into_iter().chain(CHANGING).collect();
    let sql = format!(
        "INSERT INTO trtc_rings ({}) SELECT * FROM unnest({types}) \
         ON CONFLICT (sdk_app_id, ring_key) DO NOTHING RETURNING ring_key",
        names.join(", ")
    );
    let statement = transaction.prepare_cached(&sql).await?;
    let inserted = transaction.query(&statement, &borrowed(&arrays)).await?;
    let keys = inserted.iter().map(|row| get(row, 0));
    Ok(keys.collect::<Result<_, _>>()?)
}

async fn update(transaction: &Transaction<'_>, rings: &[Ring]) -> Result<(), Failed> {
    if rings.is_empty() {
        return Ok(());
    }
    let rows = rings.iter().map(|ring| {
        let mut values = columns::changing(ring);
        values.push(Value::integer(ring.seq));
        values
    });
    let (types, arrays) = arrays(rows.collect());
    let sets: Vec<String> = CHANGING
        .iter()
        .map(|name| format!("{name} = new.{name}"))
        .collect();
    let sql = format!(
        "UPDATE trtc_rings AS ring SET {} FROM unnest({types}) AS new ({}, seq) WHERE ring.seq = new.seq",
        sets.join(", "),
        CHANGING.join(", ")
    );
    let statement = transaction.prepare_cached(&sql).await?;
    transaction.execute(&statement, &borrowed(&arrays)).await?;
    Ok(())
}

struct PostgresRow<'a>(&'a tokio_postgres::Row);

impl Row for PostgresRow<'_> {
    fn integer(&self, index: usize) -> Result<Option<i64>, LedgerError> {
        get(self.0, index)
    }

    fn text(&self, index: usize) -> Result<Option<String>, LedgerError> {
        get(self.0, index)
    }

    fn flag(&self, index: usize) -> Result<bool, LedgerError> {
        get(self.0, index)
    }
}

fn get<'a, T: FromSql<'a>>(row: &'a tokio_postgres::Row, index: usize) -> Result<T, LedgerError> {
    row.try_get(index).map_err(|error| classify(&error).into())
}
