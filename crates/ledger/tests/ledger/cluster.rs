//! A PostgreSQL of these tests' own: Debian's, in a folder and on a port of its own. It ends with this process, however
//! that ends: it is stopped when a pipe is closed.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

pub(crate) struct Cluster {
    pub(crate) port: u16,
    alive: Mutex<ChildStdin>,
    _shell: Child,
}

/// Whether a commit waits for the disk.
#[allow(dead_code, reason = "benchmarks want the one, and tests the other")]
#[derive(Clone, Copy)]
pub(crate) enum Durability {
    Full,
    UntilPowerFails,
}

/// `initdb` refuses root, who becomes `postgres`. `$1` is where the programs are, `$2` the port, `$3` whether
/// commits wait for the disk. A line restarts it, as
/// if it had crashed.
const SCRIPT: &str = r#"
set -e
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1/initdb" -D "$folder/data" -A trust -U postgres --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
start() {
    "$1/postgres" -D "$folder/data" -p "$2" -k "$folder" -h 127.0.0.1 -c fsync="$3" -c max_connections=300 \
        >>"$folder/log" 2>&1 &
}
start "$@"
echo started
while read -r _; do
    kill -QUIT $! || true
    wait $! || true
    start "$@"
done
kill -INT $! || true
wait $! || true
"#;

/// Where Debian has the newest version's programs.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql");
    let versions = versions.expect("PostgreSQL is missing: apt-get install postgresql");
    let version = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        let number: u32 = path.file_name()?.to_str()?.parse().ok()?;
        Some((number, path.join("bin")))
    };
    let newest = versions.filter_map(version).max();
    newest
        .expect("PostgreSQL is missing: apt-get install postgresql")
        .1
}

impl Cluster {
    pub(crate) fn start(durability: Durability) -> Cluster {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let is_root = user_number() == "0";
        let mut command = match is_root {
            true => {
                let mut command = Command::new("runuser");
                command.args(["-u", "postgres", "--", "sh"]);
                command
            }
            false => Command::new("sh"),
        };
        command
            .args(["-c", SCRIPT, "sh"])
            .arg(programs())
            .arg(port.to_string())
            .arg(match durability {
                Durability::Full => "on",
                Durability::UntilPowerFails => "off",
            });
        command
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("sh, and runuser for root");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line, "started\n", "PostgreSQL does not start");
        let alive = child.stdin.take().unwrap();
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "PostgreSQL does not start"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Cluster {
            port,
            alive: Mutex::new(alive),
            _shell: child,
        }
    }

    /// The one of this process.
    #[allow(dead_code, reason = "tests share one")]
    pub(crate) fn shared() -> &'static Cluster {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Cluster::start(Durability::UntilPowerFails))
    }

    /// Restarts it as if it had crashed.
    #[allow(dead_code, reason = "one of the tests that share this does")]
    pub(crate) fn crash(&self) {
        self.alive.lock().unwrap().write_all(b"crash\n").unwrap();
    }

    /// The URL of a new database.
    pub(crate) async fn database(&self) -> String {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("ledger_{number}");
        let url = |database: &str| {
            let port = self.port;
            format!("postgres://postgres@127.0.0.1:{port}/{database}?sslmode=disable")
        };
        let began = Instant::now();
        let (client, connection) = loop {
            match tokio_postgres::connect(&url("postgres"), tokio_postgres::NoTls).await {
                Ok(connected) => break connected,
                Err(error) => assert!(began.elapsed() < Duration::from_secs(30), "{error}"),
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        tokio::spawn(connection);
        client
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .await
            .unwrap();
        url(&name)
    }
}

fn user_number() -> String {
    let id = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8(id.stdout).unwrap().trim().to_owned()
}
