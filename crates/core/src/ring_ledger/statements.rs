//! What who has one connection and no transactions says to PostgreSQL, a statement at a time: each commits all of what it
//! writes or, where somebody else was faster, nothing of it.
//!
//! They stand beside workers that lock rows: a row is written only in the [version](super::Ring::version) that was read.

use super::schema;
use super::table::{CHANGING, FIXED};

/// The clock, the schema's version, a key's ring and the limiter, as one JSON text. `$1` is the SDKAppID, `$2` the key,
/// `$3` the command.
pub const LOAD: &str = "SELECT json_build_object(\
'now', (extract(epoch FROM clock_timestamp()) * 1000)::bigint, \
'schema', (SELECT max(version) FROM trtc_ring_schema), \
'ring', (SELECT to_json(r) FROM trtc_rings r WHERE r.sdk_app_id = $1::bigint AND r.ring_key = $2::text), \
'limiter', (SELECT to_json(l) FROM trtc_ring_limits l WHERE l.sdk_app_id = $1::bigint AND l.command = $3::text)\
)::text AS loaded";

/// Writes a ring, and with it the limiter. `$1` is the ring as an object of its columns, `$2` the version that it was read
/// in, or null for one that is put in; `$3` and `$4` are the limiter's object after and before, or null. Gives one row if
/// it was written, and none if somebody else was faster.
///
/// The objects are handed over as texts: some clients would make JSON of what they think is JSON, a second time.
#[must_use]
pub fn write() -> String {
    let columns: Vec<&str> = FIXED.into_iter().chain(CHANGING).collect();
    let columns = columns.join(", ");
    let changes: Vec<String> = CHANGING
        .iter()
        .map(|name| format!("{name} = n.{name}"))
        .collect();
    let changes = changes.join(", ");
    format!(
        "WITH n AS (SELECT * FROM json_populate_record(NULL::trtc_rings, $1::text::json)), \
         slot AS (INSERT INTO trtc_ring_limits (sdk_app_id, command, next_free, slowdown, slowed_at) \
         SELECT sdk_app_id, command, next_free, slowdown, slowed_at \
         FROM json_populate_record(NULL::trtc_ring_limits, $3::text::json) WHERE $3::text::json IS NOT NULL \
         ON CONFLICT (sdk_app_id, command) DO UPDATE SET next_free = excluded.next_free, slowdown = excluded.slowdown, \
         slowed_at = excluded.slowed_at WHERE (trtc_ring_limits.next_free, trtc_ring_limits.slowdown, \
         trtc_ring_limits.slowed_at) = (($4::text::json->>'next_free')::bigint, ($4::text::json->>'slowdown')::bigint, \
         ($4::text::json->>'slowed_at')::bigint) RETURNING 1), \
         may AS (SELECT 1 WHERE $3::text::json IS NULL OR EXISTS (SELECT 1 FROM slot)), \
         put AS (INSERT INTO trtc_rings ({columns}) SELECT {columns} FROM n WHERE $2::bigint IS NULL AND EXISTS \
         (SELECT 1 FROM may) ON CONFLICT (sdk_app_id, ring_key) DO NOTHING RETURNING 1), \
         changed AS (UPDATE trtc_rings r SET {changes} FROM n WHERE r.sdk_app_id = n.sdk_app_id AND r.ring_key = n.ring_key \
         AND r.version = $2::bigint AND EXISTS (SELECT 1 FROM may) RETURNING 1) \
         SELECT 1 AS written FROM put UNION ALL SELECT 1 FROM changed"
    )
}

/// Makes the tables, or brings them to the newest version; nothing where they are newer.
#[must_use]
pub fn migrate() -> String {
    let mut steps = String::new();
    for (version, statements) in (0..).zip(schema::MIGRATIONS) {
        let statements = statements.replace("{seq}", schema::POSTGRES_SEQ);
        steps.push_str(&format!("IF found <= {version} THEN {statements} END IF; "));
    }
    let (lock, version_table, version) = (
        schema::MIGRATION_LOCK,
        schema::VERSION_TABLE,
        schema::VERSION,
    );
    format!(
        "DO $migrate$ DECLARE found bigint; BEGIN PERFORM pg_advisory_xact_lock({lock}); {version_table}; \
         SELECT coalesce(max(version), 0) INTO found FROM trtc_ring_schema; {steps}\
         IF found < {version} THEN INSERT INTO trtc_ring_schema VALUES ({version}); END IF; END $migrate$"
    )
}
