//! Rings in a file, for the processes of one machine. The clock is the machine's.

mod one_name;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ErrorCode, OpenFlags, ToSql, TransactionBehavior, params_from_iter};
use trtc_call_core::ring_ledger::schema;
use trtc_call_core::ring_ledger::{Limiter, Policy, Ring};
use trtc_call_core::{SdkAppId, UnixMillis};

use super::attempts;
use super::codec::{command, limiter_values, read_campaign, read_limiter};
use super::columns::{self, CHANGING, FIXED};
use super::select::Dialect;
use super::{Changes, Done, Loaded, LoadedCampaign, Moment, Row, Select, Task, Value};
use crate::error::{DatabaseError, DatabaseErrorKind, LedgerError};

/// How long a transaction waits for another's.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long until what does not wait by itself is tried again.
const PAUSE: Duration = Duration::from_millis(10);

#[derive(Clone)]
pub(crate) struct SqliteStore {
    writer: Arc<Mutex<Connection>>,
    reader: Arc<Mutex<Connection>>,
}

pub(crate) fn now() -> UnixMillis {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    UnixMillis(0).after(since_1970.unwrap_or_default())
}

fn is_any(parameter: usize) -> String {
    format!("IN (SELECT value FROM json_each(${parameter}))")
}

fn dialect(now: UnixMillis) -> Dialect {
    Dialect {
        is_any,
        now: Some(now),
        // A transaction that writes is alone.
        lock: "",
        lock_free: "",
    }
}

impl SqliteStore {
    pub(crate) async fn open(path: &str) -> Result<SqliteStore, LedgerError> {
        let path = PathBuf::from(path);
        let opened = blocking(move || {
            one_name::check(&path).map_err(LedgerError::from)?;
            let mut writer = connect(&path)?;
            migrate(&mut writer)?;
            let reader = connect(&path)?;
            Ok((writer, reader))
        });
        let (writer, reader) = opened.await?;
        Ok(SqliteStore {
            writer: Arc::new(Mutex::new(writer)),
            reader: Arc::new(Mutex::new(reader)),
        })
    }

    pub(crate) async fn transact<T: Send + 'static>(
        &self,
        task: Task,
        decide: impl FnOnce(Loaded) -> (Changes, T) + Send + 'static,
    ) -> Result<Done<T>, LedgerError> {
        self.write(move |connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let moment = Moment {
                now: now(),
                at: Instant::now(),
            };
            let app = task.app;
            let loaded = Loaded {
                moment,
                rings: select(&transaction, &task.select, app, moment.now)?,
                limiter: match task.limiter {
                    true => limiter(&transaction, app)?,
                    false => Limiter::default(),
                },
                campaign: match &task.campaign {
                    Some(name) => campaign(&transaction, app, name, moment.now)?,
                    None => None,
                },
            };
            let (mut changes, value) = decide(loaded);
            let campaigns = attempts::campaigns(&changes);
            if !campaigns.is_empty() {
                let policies = policies(&transaction, app, campaigns)?;
                attempts::put_in(&mut changes, policies, moment.now);
            }
            let inserted = insert(&transaction, &changes.insert)?;
            update(&transaction, &changes.update)?;
            if let Some(limiter) = changes.limiter {
                set_limiter(&transaction, app, &limiter)?;
            }
            transaction.commit()?;
            Ok(Done {
                value,
                inserted,
                moment,
            })
        })
        .await
    }

    pub(crate) async fn rings(
        &self,
        what: Select,
        app: SdkAppId,
    ) -> Result<Vec<Ring>, LedgerError> {
        self.read(move |connection| select(connection, &what, app, now()))
            .await
    }

    pub(crate) async fn query<T: Send + 'static>(
        &self,
        sql: &'static str,
        values: Vec<Value>,
        read: impl Fn(&dyn Row) -> Result<T, LedgerError> + Send + 'static,
    ) -> Result<Vec<T>, LedgerError> {
        self.read(move |connection| rows(connection, sql, &values, |row| read(row)))
            .await
    }

    pub(crate) async fn execute(
        &self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, LedgerError> {
        self.write(move |connection| {
            let transaction =
                connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let changed = transaction
                .prepare_cached(sql)?
                .execute(params_from_iter(&values))?;
            transaction.commit()?;
            Ok(u64::try_from(changed).unwrap_or(u64::MAX))
        })
        .await
    }

    async fn write<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Connection) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let connection = Arc::clone(&self.writer);
        blocking(move || act(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))).await
    }

    async fn read<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Connection) -> Result<T, Failed> + Send + 'static,
    ) -> Result<T, LedgerError> {
        let connection = Arc::clone(&self.reader);
        blocking(move || act(&connection.lock().unwrap_or_else(PoisonError::into_inner))).await
    }
}

async fn blocking<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, Failed> + Send + 'static,
) -> Result<T, LedgerError> {
    match tokio::task::spawn_blocking(act).await {
        Ok(done) => done.map_err(LedgerError::from),
        Err(error) => {
            let kind = DatabaseErrorKind::Other;
            Err(DatabaseError::new(kind, error.to_string()).into())
        }
    }
}

/// What fails within a transaction, which is rolled back then.
enum Failed {
    Sqlite(rusqlite::Error),
    Ledger(LedgerError),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Failed {
        Failed::Sqlite(error)
    }
}

impl From<LedgerError> for Failed {
    fn from(error: LedgerError) -> Failed {
        Failed::Ledger(error)
    }
}

impl From<Failed> for LedgerError {
    fn from(failed: Failed) -> LedgerError {
        match failed {
            Failed::Sqlite(error) => classify(&error).into(),
            Failed::Ledger(error) => error,
        }
    }
}

pub(crate) fn classify(error: &rusqlite::Error) -> DatabaseError {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => DatabaseErrorKind::Busy,
        Some(ErrorCode::DiskFull) => DatabaseErrorKind::Full,
        Some(ErrorCode::ReadOnly) => DatabaseErrorKind::ReadOnly,
        Some(ErrorCode::CannotOpen | ErrorCode::NotADatabase | ErrorCode::PermissionDenied) => {
            DatabaseErrorKind::Refused
        }
        _ => DatabaseErrorKind::Other,
    };
    DatabaseError::new(kind, error.to_string())
}

fn connect(path: &std::path::Path) -> Result<Connection, Failed> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A ring is on the disk before it is sent: FULL also syncs each commit to the write-ahead log. Of those who turn to
    // that log at once, for the file is new, SQLite refuses all but one without the timeout.
    let deadline = Instant::now() + BUSY_TIMEOUT;
    while let Err(error) =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))
    {
        if classify(&error).kind != DatabaseErrorKind::Busy || Instant::now() > deadline {
            return Err(error.into());
        }
        std::thread::sleep(PAUSE);
    }
    connection.pragma_update(None, "synchronous", "full")?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), Failed> {
    // Who may only read, reads what is there.
    let table = "SELECT count(*) FROM sqlite_master WHERE name = 'trtc_ring_schema'";
    let version = "SELECT coalesce(max(version), 0) FROM trtc_ring_schema";
    let number = |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0));
    if number(table)? != 0 && number(version)? == schema::VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(schema::VERSION_TABLE)?;
    let found: i64 = transaction.query_row(version, [], |row| row.get(0))?;
    if found > schema::VERSION {
        return Err(LedgerError::NewerSchema {
            found,
            known: schema::VERSION,
        }
        .into());
    }
    let seq = "INTEGER PRIMARY KEY AUTOINCREMENT";
    for statements in schema::migrations_from(found, seq) {
        transaction.execute_batch(&statements)?;
    }
    if found < schema::VERSION {
        transaction.execute(
            "INSERT INTO trtc_ring_schema VALUES ($1)",
            [schema::VERSION],
        )?;
    }
    transaction.commit()?;
    Ok(())
}

fn select(
    connection: &Connection,
    select: &Select,
    app: SdkAppId,
    now: UnixMillis,
) -> Result<Vec<Ring>, Failed> {
    if matches!(select, Select::Nothing) {
        return Ok(Vec::new());
    }
    let (sql, values) = select.sql(app, &dialect(now));
    rows(connection, &sql, &values, |row| columns::ring(row))
}

fn rows<T>(
    connection: &Connection,
    sql: &str,
    values: &[Value],
    read: impl Fn(&SqliteRow<'_>) -> Result<T, LedgerError>,
) -> Result<Vec<T>, Failed> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(&SqliteRow(row))?);
    }
    Ok(found)
}

fn limiter(connection: &Connection, app: SdkAppId) -> Result<Limiter, Failed> {
    let sql = "SELECT next_free, slowdown, slowed_at FROM trtc_ring_limits WHERE sdk_app_id = $1 AND command = $2";
    let values = [Value::app(app), command()];
    let found = rows(connection, sql, &values, |row| read_limiter(row))?;
    Ok(found.into_iter().next().unwrap_or_default())
}

fn set_limiter(connection: &Connection, app: SdkAppId, limiter: &Limiter) -> Result<(), Failed> {
    let sql = "INSERT INTO trtc_ring_limits (sdk_app_id, command, next_free, slowdown, slowed_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sdk_app_id, command) DO UPDATE SET \
               next_free = excluded.next_free, slowdown = excluded.slowdown, slowed_at = excluded.slowed_at";
    let values = limiter_values(app, limiter);
    connection
        .prepare_cached(sql)?
        .execute(params_from_iter(&values))?;
    Ok(())
}

fn campaign(
    connection: &Connection,
    app: SdkAppId,
    name: &str,
    now: UnixMillis,
) -> Result<Option<LoadedCampaign>, Failed> {
    let sql = "SELECT state, policy FROM trtc_ring_campaigns WHERE sdk_app_id = $1 AND name = $2";
    let values = [Value::app(app), Value::text(name)];
    let found = rows(connection, sql, &values, |row| read_campaign(row))?;
    let Some(mut campaign) = found.into_iter().next() else {
        return Ok(None);
    };
    if campaign.policy.max_up.is_some() {
        let sql = "SELECT (SELECT count(*) FROM trtc_rings WHERE sdk_app_id = $1 AND campaign = $2 AND up_until > $3) \
                   + (SELECT count(*) FROM trtc_rings WHERE sdk_app_id = $1 AND campaign = $2 AND lease_until IS NOT NULL)";
        let values = [Value::app(app), Value::text(name), Value::time(now)];
        let up = rows(connection, sql, &values, |row| row.integer(0))?;
        let up = up.into_iter().flatten().next().unwrap_or_default();
        campaign.up = u32::try_from(up).unwrap_or(u32::MAX);
    }
    Ok(Some(campaign))
}

fn policies(
    connection: &Connection,
    app: SdkAppId,
    campaigns: Vec<String>,
) -> Result<Vec<(String, Policy)>, Failed> {
    let sql = attempts::policies_sql(is_any, "");
    let values = [Value::app(app), Value::Texts(campaigns)];
    rows(connection, &sql, &values, |row| attempts::read_policy(row))
}

fn insert(connection: &Connection, rings: &[Ring]) -> Result<Vec<String>, Failed> {
    let mut inserted = Vec::new();
    if rings.is_empty() {
        return Ok(inserted);
    }
    let names: Vec<&str> = FIXED.into_iter().chain(CHANGING).collect();
    let places: Vec<String> = (1..=names.len())
        .map(|number| format!("${number}"))
        .collect();
    let sql = format!(
        "INSERT INTO trtc_rings ({}) VALUES ({}) ON CONFLICT (sdk_app_id, ring_key) DO NOTHING",
        names.join(", "),
        places.join(", ")
    );
    let mut statement = connection.prepare_cached(&sql)?;
    for ring in rings {
        let values = columns::fixed(ring)
            .into_iter()
            .chain(columns::changing(ring));
        if statement.execute(params_from_iter(values))? > 0 {
            inserted.push(ring.key.to_string());
        }
    }
    Ok(inserted)
}

fn update(connection: &Connection, rings: &[Ring]) -> Result<(), Failed> {
    if rings.is_empty() {
        return Ok(());
    }
    let sets: Vec<String> = (1..)
        .zip(CHANGING)
        .map(|(number, name)| format!("{name} = ${number}"))
        .collect();
    let sql = format!(
        "UPDATE trtc_rings SET {} WHERE seq = ${}",
        sets.join(", "),
        CHANGING.len() + 1
    );
    let mut statement = connection.prepare_cached(&sql)?;
    for ring in rings {
        let mut values = columns::changing(ring);
        values.push(Value::integer(ring.seq));
        statement.execute(params_from_iter(values))?;
    }
    Ok(())
}

struct SqliteRow<'a>(&'a rusqlite::Row<'a>);

impl Row for SqliteRow<'_> {
    fn integer(&self, index: usize) -> Result<Option<i64>, LedgerError> {
        self.get(index)
    }

    fn text(&self, index: usize) -> Result<Option<String>, LedgerError> {
        self.get(index)
    }

    fn flag(&self, index: usize) -> Result<bool, LedgerError> {
        self.get(index)
    }
}

impl SqliteRow<'_> {
    fn get<T: rusqlite::types::FromSql>(&self, index: usize) -> Result<T, LedgerError> {
        self.0.get(index).map_err(|error| classify(&error).into())
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let json = |list: serde_json::Result<String>| {
            list.map(ToSqlOutput::from)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
        };
        match self {
            Value::Integer(number) => number.to_sql(),
            Value::Text(text) => text.to_sql(),
            Value::Flag(flag) => flag.to_sql(),
            Value::Texts(list) => json(serde_json::to_string(list)),
        }
    }
}

#[cfg(test)]
mod tests {
    use trtc_call_core::MediaType;
    use trtc_call_core::call_engine::start_call_by_robot::Request;
    use trtc_call_core::ring_ledger::{NewRing, RingKey};

    use super::*;
    use crate::{Ledger, store::Store};

    const APP: u32 = 1_400_000_001;

    #[test]
    fn many_who_open_a_ledger_that_is_not_there_yet_all_get_it() {
        for _ in 0..60 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("rings.db");
            let together = std::sync::Barrier::new(8);
            std::thread::scope(|scope| {
                let open = || {
                    together.wait();
                    let mut connection = connect(&path).map_err(LedgerError::from)?;
                    migrate(&mut connection).map_err(LedgerError::from)
                };
                let all: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
                for one in all {
                    one.join().unwrap().unwrap();
                }
            });
        }
    }

    /// A ledger whose writing connection is set so.
    async fn ledger(folder: &tempfile::TempDir, pragma: &str, value: i64) -> Ledger {
        let path = folder.path().join("rings.db");
        let ledger = Ledger::open(path.to_str().unwrap()).await.unwrap();
        let Store::Sqlite(store) = &ledger.store else {
            unreachable!("it is a file")
        };
        let writer = store.writer.lock().unwrap();
        writer
            .pragma_update_and_check(None, pragma, value, |_| Ok(()))
            .unwrap_or(());
        drop(writer);
        ledger
    }

    async fn enqueue(ledger: &Ledger, count: usize) -> LedgerError {
        let ring = |number| {
            let call = Request::builder("robot", ["jack"], MediaType::Audio)
                .build()
                .unwrap();
            NewRing::queued(RingKey::new(format!("key-{number}")).unwrap(), call)
        };
        let app = SdkAppId::new(APP).unwrap();
        let rings = (0..count).map(ring).collect();
        let error = ledger.enqueue(app, rings).await.unwrap_err();
        let stats = ledger.stats(app, "").await.unwrap();
        assert!(
            stats.total.is_multiple_of(500),
            "a batch is put in whole or not at all: {stats:?}"
        );
        error
    }

    #[tokio::test]
    async fn a_full_disk_is_told_and_may_pass() {
        let folder = tempfile::TempDir::new().unwrap();
        // SQLite's own limit of a file fails as a full disk does.
        let ledger = ledger(&folder, "max_page_count", 300).await;
        let error = enqueue(&ledger, 5_000).await;
        assert_eq!(
            (error.code(), error.may_pass()),
            ("database_full", true),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_database_that_may_not_be_written_is_told_and_does_not_pass() {
        let folder = tempfile::TempDir::new().unwrap();
        let ledger = ledger(&folder, "query_only", 1).await;
        let error = enqueue(&ledger, 1).await;
        assert_eq!(
            (error.code(), error.may_pass()),
            ("database_read_only", false),
            "{error}"
        );
    }
}
