//! Which rings a transaction is about, as SQL.

use trtc_call_core::ring_ledger::RingState;
use trtc_call_core::{SdkAppId, UnixMillis};

use super::Value;
use super::columns::COLUMNS;

/// Which rings a transaction is about.
#[derive(Debug, Clone)]
pub(crate) enum Select {
    /// None that is there.
    Nothing,
    /// Those with these keys.
    Keys(Vec<String>),
    /// Those of a campaign that wait and may be taken now, those first that wait longest.
    Due { campaign: String, limit: usize },
    /// Those whose lease is over.
    LeaseOver { limit: usize },
    /// Those that are looked for among the records: now, or also later.
    LookedFor { later_too: bool, limit: usize },
    /// Those in these rooms, as they are stored.
    Rooms(Vec<String>),
    /// Those of a campaign behind a number, in their order.
    Listed {
        campaign: String,
        state: Option<RingState>,
        behind: i64,
        limit: usize,
    },
    /// Those that were changed at a time or later, in the order of their changes.
    ChangedSince { since: UnixMillis, limit: usize },
}

/// What both databases say differently.
pub(crate) struct Dialect {
    /// That a column is one of a list, which is the parameter of that number.
    pub(crate) is_any: fn(usize) -> String,
    /// The time now, where the store and not the database has the clock.
    pub(crate) now: Option<UnixMillis>,
    /// Behind a query: the rows are locked; those that somebody else has are waited for, or passed over.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "SQLite has no locks of rows")
    )]
    pub(crate) lock: &'static str,
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "SQLite has no locks of rows")
    )]
    pub(crate) lock_free: &'static str,
}

impl Select {
    /// The query for an application's rings, without locks, and its parameters.
    pub(crate) fn sql(&self, app: SdkAppId, dialect: &Dialect) -> (String, Vec<Value>) {
        let mut values = vec![Value::app(app)];
        let any = (dialect.is_any)(2);
        // Behind the other parameters of a query, which come first in its text.
        let now = |values: &mut Vec<Value>| match dialect.now {
            Some(now) => {
                values.push(Value::time(now));
                format!("${}", values.len())
            }
            None => "(extract(epoch FROM statement_timestamp()) * 1000)::bigint".to_owned(),
        };
        let rest = match self {
            Select::Nothing => "AND FALSE".to_owned(),
            Select::Keys(keys) => {
                values.push(Value::Texts(keys.clone()));
                format!("AND ring_key {any} ORDER BY seq")
            }
            Select::Due { campaign, limit } => {
                values.push(Value::text(campaign));
                let now = now(&mut values);
                format!(
                    "AND campaign = $2 AND state = 'queued' AND not_before <= {now} ORDER BY not_before, seq LIMIT {limit}"
                )
            }
            Select::LeaseOver { limit } => {
                let now = now(&mut values);
                format!(
                    "AND lease_until IS NOT NULL AND (lease_until <= {now} OR lease_until > {now} + 3600000) ORDER BY \
                     lease_until LIMIT {limit}"
                )
            }
            Select::LookedFor { later_too, limit } => {
                let due = match later_too {
                    true => String::new(),
                    false => format!("AND look_at <= {} ", now(&mut values)),
                };
                format!("AND look_at IS NOT NULL {due}ORDER BY look_at LIMIT {limit}")
            }
            Select::Rooms(rooms) => {
                values.push(Value::Texts(rooms.clone()));
                format!("AND room {any} ORDER BY seq")
            }
            Select::Listed {
                campaign,
                state,
                behind,
                limit,
            } => {
                values.push(Value::text(campaign));
                values.push(Value::integer(*behind));
                let in_state = state.map(|state| format!("AND state = '{state}' "));
                let in_state = in_state.unwrap_or_default();
                format!("AND campaign = $2 AND seq > $3 {in_state}ORDER BY seq LIMIT {limit}")
            }
            Select::ChangedSince { since, limit } => {
                values.push(Value::time(*since));
                format!("AND updated_at >= $2 ORDER BY updated_at, seq LIMIT {limit}")
            }
        };
        let sql = format!("SELECT {COLUMNS} FROM trtc_rings WHERE sdk_app_id = $1 {rest}");
        (sql, values)
    }

    #[cfg(feature = "postgres")]
    /// What locks the rows: whoever looks for work passes over what others have.
    pub(crate) fn lock(&self, dialect: &Dialect) -> &'static str {
        match self {
            Select::Due { .. } | Select::LeaseOver { .. } | Select::LookedFor { .. } => {
                dialect.lock_free
            }
            _ => dialect.lock,
        }
    }
}
