//! A throw-away PostgreSQL: one cluster for each test process, on a socket in a folder of its own, without TCP.
//!
//! A guard process holds it. The guard waits until its standard input ends, which it does however the test process
//! ends, and then stops the server and removes the folder; should the guard itself be killed, the server goes with it.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// What the guard does; its arguments are the folder and the command of the server.
const GUARD: &str = r#"
trap '' INT TERM HUP
folder=$1
shift
"$@" &
server=$!
read -r _
kill -QUIT "$server"
wait "$server"
rm -rf "$folder"
"#;

const SETTINGS: [&str; 7] = [
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "max_connections=200",
    "autovacuum=off",
];

static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// A running cluster.
#[derive(Debug)]
struct Cluster {
    folder: PathBuf,
    /// Kept, because the guard stops the server when its standard input is closed.
    _guard: Child,
}

/// A user of the system.
#[derive(Debug, Clone, Copy)]
struct User {
    id: u32,
    group: u32,
}

/// Makes a database that no test has had yet, and returns its address.
pub(crate) fn fresh() -> String {
    let name = format!("station_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut create = Command::new(programs().join("createdb"));
    let made =
        create.arg("--host").arg(&CLUSTER.folder).args(["--username=caravan", &name]).output().unwrap();
    assert!(made.status.success(), "createdb: {}", String::from_utf8_lossy(&made.stderr));
    CLUSTER.address(&name)
}

impl Cluster {
    fn start() -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("caravan-pg-").tempdir().unwrap().keep();
        let user = user();
        if let Some(user) = user {
            chown(&folder, Some(user.id), Some(user.group)).unwrap();
        }
        // A language's order of texts, which passes over punctuation and does not put capitals first.
        let order = ["--locale=C", "--locale-provider=icu", "--icu-locale=en"];
        let made = as_user(user, &programs.join("initdb"))
            .arg("--pgdata")
            .arg(folder.join("data"))
            .args(["--username=caravan", "--auth=trust", "--encoding=UTF8", "--no-sync"])
            .args(order)
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut server = as_user(user, &programs.join("postgres"));
        server.arg("-D").arg(folder.join("data")).arg("-k").arg(&folder);
        for setting in SETTINGS {
            server.args(["-c", setting]);
        }
        let mut guard = Command::new("sh")
            .args(["-c", GUARD, "guard"])
            .arg(&folder)
            .arg(server.get_program())
            .args(server.get_args())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        wait_until_ready(&mut guard);
        Self { folder, _guard: guard }
    }

    fn address(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user=caravan", self.folder.display())
    }
}

/// Reads what the server reports until it takes connections, and goes on reading so that it is never held up.
fn wait_until_ready(guard: &mut Child) {
    let mut lines = BufReader::new(guard.stderr.take().unwrap()).lines();
    let mut report = Vec::new();
    loop {
        let line = lines.next().unwrap_or_else(|| panic!("PostgreSQL does not start: {report:#?}")).unwrap();
        if line.contains("ready to accept connections") {
            break;
        }
        report.push(line);
    }
    std::thread::spawn(move || lines.for_each(drop));
}

/// Returns a command of the cluster's user that does not outlive the process that starts it.
fn as_user(user: Option<User>, program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some(User { id, group }) = user {
        command.arg(format!("--reuid={id}")).arg(format!("--regid={group}")).arg("--clear-groups");
    }
    command.args(["--pdeathsig", "QUIT", "--"]).arg(program).current_dir("/");
    command
}

/// Returns the folder of the server's programs: Debian's newest, else one of the path.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut versions: Vec<PathBuf> = versions.map(|entry| entry.path()).collect();
    versions.sort_by_key(|path| std::cmp::Reverse(number(path)));
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = versions.into_iter().map(|version| version.join("bin")).chain(env::split_paths(&path));
    let mut complete =
        folders.filter(|folder| folder.join("initdb").exists() && folder.join("postgres").exists());
    complete
        .next()
        .expect("PostgreSQL is needed: apt-get install postgresql (the Debian package `postgresql`)")
}

/// Returns the user to whom root leaves the server, which refuses to run as root; `None` when this is not root.
fn user() -> Option<User> {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let effective = status.lines().find_map(|line| line.strip_prefix("Uid:")?.split_whitespace().nth(1));
    if effective != Some("0") {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let named = |name: &str| {
        let mut fields = users
            .lines()
            .map(|line| line.split(':'))
            .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
        fields.next();
        Some(User { id: fields.next()?.parse().ok()?, group: fields.next()?.parse().ok()? })
    };
    let user = named("nobody").or_else(|| named("postgres"));
    assert!(
        user.is_some(),
        "PostgreSQL does not run as root, and there is neither a user nobody nor postgres"
    );
    user
}
