//! What is meant by a store that is no PostgreSQL URL. A file by that name is made where there is none: what was meant
//! otherwise would give each machine a ledger of its own, and each would ring.

use trtc_call_core::Problem;

/// The path of a SQLite file. What is wrong is told without the text, which may hold a password.
pub(super) fn file_name(store: &str) -> Result<&str, Problem> {
    let path = store.strip_prefix("sqlite:").unwrap_or(store);
    let path = path.strip_prefix("//").unwrap_or(path);
    let refused = |rule: &str, fix: &str| Err(Problem::new("store", rule, fix));
    if path.is_empty() || path == ":memory:" {
        let rule = "must name a file: what is kept in memory is gone with the process";
        return refused(rule, "name a file, such as rings.db");
    }
    if path.starts_with(['\'', '"']) {
        let fix = "leave the quotes out: outside of a shell nothing takes them away";
        return refused("must not be quoted", fix);
    }
    if path.starts_with('$') || path.contains("${") {
        let rule = "is a place for a value, such as $NAME, that nothing has filled in";
        return refused(
            rule,
            "give the value itself: outside of a shell nothing replaces it",
        );
    }
    let first = path.split(['/', '\\']).next().unwrap_or_default();
    if first.contains('=') {
        let rule = "must be a path, sqlite: or postgres://, not NAME=value";
        let fix =
            "write postgres://user:password@host/database, or ./ before a file of such a name";
        return refused(rule, fix);
    }
    // One letter is a drive of Windows.
    let is_scheme = |(scheme, _): (&str, &str)| scheme.len() > 1;
    let is_postgres = path.starts_with("postgres") && path.contains('@');
    if first.split_once(':').is_some_and(is_scheme) || is_postgres {
        let rule = "must be a path, sqlite: or postgres://, not another kind of URL";
        let fix =
            "write postgres://user:password@host/database, or ./ before a file of such a name";
        return refused(rule, fix);
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_otherwise_makes_no_file() {
        for store in [
            "",
            "sqlite:",
            ":memory:",
            "host=db user=u password=MARKED dbname=calls",
            "dbname=calls",
            "postgres:/u:MARKED@h/db",
            "postgres//u:MARKED@h/db",
            "postgresql:u:MARKED@h/db",
            "mysql://u:MARKED@h/db",
            "jdbc:postgresql://h/db?password=MARKED",
            "file:rings.db?mode=memory",
            "$TRTC_STORE",
            "${MARKED}/rings.db",
            "'rings.db'",
            "\"rings.db\"",
        ] {
            let problem = file_name(store).expect_err(store);
            assert!(!problem.to_string().contains("MARKED"), "{problem}");
        }
        for (store, path) in [
            ("rings.db", "rings.db"),
            ("sqlite:rings.db", "rings.db"),
            ("sqlite:///data/rings.db", "/data/rings.db"),
            ("./a=b.db", "./a=b.db"),
            ("/data/a:b=c@d.db", "/data/a:b=c@d.db"),
            ("C:\\rings.db", "C:\\rings.db"),
        ] {
            assert_eq!(file_name(store).unwrap(), path);
        }
    }
}
