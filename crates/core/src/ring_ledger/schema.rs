//! The tables, in the words of both databases. A change is a further migration, never another text of one that stands
//! here.

/// From which version to the next, one after the other. `{seq}` is the database's own counting column.
pub const MIGRATIONS: &[&str] = &["
CREATE TABLE trtc_rings (
    seq {seq},
    sdk_app_id BIGINT NOT NULL,
    ring_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    call TEXT NOT NULL,
    room TEXT NOT NULL,
    own_room BOOLEAN NOT NULL,
    campaign TEXT NOT NULL,
    line BIGINT,
    data TEXT,
    time_zone TEXT,
    attempt BIGINT NOT NULL,
    first_key TEXT,
    watched BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    not_after BIGINT,
    not_before BIGINT,
    state TEXT NOT NULL,
    owner TEXT,
    epoch BIGINT NOT NULL,
    lease_until BIGINT,
    slot BIGINT,
    tries BIGINT NOT NULL,
    sent_at BIGINT,
    settled_at BIGINT,
    call_id TEXT,
    callees TEXT,
    request_id TEXT,
    failure_code TEXT,
    failure TEXT,
    evidence TEXT,
    look_at BIGINT,
    up_until BIGINT,
    call_result TEXT,
    answered_at BIGINT,
    history TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (sdk_app_id, ring_key)
);
CREATE INDEX trtc_rings_by_state ON trtc_rings (sdk_app_id, campaign, state, not_before, seq);
CREATE INDEX trtc_rings_by_change ON trtc_rings (sdk_app_id, updated_at);
CREATE INDEX trtc_rings_by_room ON trtc_rings (sdk_app_id, room);
CREATE INDEX trtc_rings_in_hand ON trtc_rings (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX trtc_rings_looked_for ON trtc_rings (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX trtc_rings_up ON trtc_rings (sdk_app_id, campaign, up_until) WHERE up_until IS NOT NULL;
CREATE TABLE trtc_ring_limits (
    sdk_app_id BIGINT NOT NULL,
    command TEXT NOT NULL,
    next_free BIGINT NOT NULL,
    slowdown BIGINT NOT NULL,
    slowed_at BIGINT NOT NULL,
    PRIMARY KEY (sdk_app_id, command)
);
CREATE TABLE trtc_ring_campaigns (
    sdk_app_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    policy TEXT NOT NULL,
    source TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (sdk_app_id, name)
);
"];

/// PostgreSQL's counting column.
pub const POSTGRES_SEQ: &str = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";

/// Who migrates in PostgreSQL holds this advisory lock: any number, the same for all.
pub const MIGRATION_LOCK: i64 = 7_283_115_004;

/// The newest version this release knows.
pub const VERSION: i64 = 1;

/// Where the version stands.
pub const VERSION_TABLE: &str =
    "CREATE TABLE IF NOT EXISTS trtc_ring_schema (version BIGINT NOT NULL)";

/// The statements that lead from a version to the newest.
pub fn migrations_from(version: i64, seq: &str) -> impl Iterator<Item = String> {
    let done = usize::try_from(version).unwrap_or(0);
    let seq = seq.to_owned();
    let left = MIGRATIONS.iter().skip(done);
    left.map(move |statements| statements.replace("{seq}", &seq))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_number_of_migrations() {
        assert_eq!(usize::try_from(VERSION), Ok(MIGRATIONS.len()));
    }
}
