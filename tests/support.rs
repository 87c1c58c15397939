//! What the tests share: running the binary, a station folder of one's own, a daemon that dies with its test, and
//! looking into the database with the program of SQLite.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use caravan_store::Stopwatch;
use serde_json::Value;
use tempfile::TempDir;

/// How long anything may take before its test fails.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often a test looks whether what it waits for has come.
const LOOK: Duration = Duration::from_millis(10);

/// Returns the project's folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Returns a folder of the fixtures.
pub(crate) fn fixture(name: &str) -> PathBuf {
    project().join("fixtures").join(name)
}

/// Returns the binary under test, to be given arguments.
pub(crate) fn caravan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caravan"));
    command.env_remove("CARAVAN_LOG").env_remove("RUST_BACKTRACE").current_dir(project());
    command
}

/// Runs the binary to its end and shows exit code, output and error output together.
pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Ran {
    let output = caravan().args(arguments).output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Compares exit code, output and error output with what was expected; `folder` is written `DIR` there.
    #[track_caller]
    pub(crate) fn check(&self, folder: &Path, expected: &str) {
        let code = self.code.map_or("a signal".to_owned(), |code| code.to_string());
        let shown = format!("exit {code}\n--- stdout\n{}--- stderr\n{}", self.stdout, self.stderr);
        let shown = shown.replace(&*folder.to_string_lossy(), "DIR");
        assert_eq!(shown.trim_end(), expected.trim_end(), "\n{shown}");
    }

    /// Returns the output of a command that must end well.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self.stdout
    }
}

/// Waits until something is there.
#[track_caller]
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let watch = Stopwatch::start();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(watch.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(LOOK);
    }
}

/// A station folder that goes away with its test.
#[derive(Debug)]
pub(crate) struct Station {
    folder: TempDir,
}

impl Station {
    /// Makes a station as `caravan init` does, speaking English.
    pub(crate) fn new() -> Self {
        Self::with(|settings| settings.replace("language = \"zh\"", "language = \"en\""))
    }

    /// Makes a station with settings changed from those of `caravan init`.
    pub(crate) fn with(change: impl Fn(&str) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        run(["init", folder.path().join("station").to_str().unwrap()]).ok();
        let station = Self { folder };
        let settings = fs::read_to_string(station.path("station.toml")).unwrap();
        let changed = change(&settings);
        assert_ne!(settings, changed, "the change has to meet something");
        fs::write(station.path("station.toml"), changed).unwrap();
        station
    }

    /// Takes over the station that a replay has left in a folder.
    pub(crate) fn replayed(folder: TempDir) -> Self {
        let station = Self { folder };
        assert!(station.path("station.db").is_file(), "it was replayed there");
        station
    }

    /// Returns the station's folder.
    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("station")
    }

    /// Returns a path in the station's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// Puts a file into the inbox as a good writer does: written beside it, then renamed into place.
    pub(crate) fn drop_file(&self, name: impl AsRef<OsStr>, bytes: impl AsRef<[u8]>) {
        let beside = self.folder.path().join("beside");
        fs::write(&beside, bytes).unwrap();
        fs::rename(beside, self.path("inbox").join(name.as_ref())).unwrap();
    }

    /// Starts a daemon that takes renamed files at once.
    pub(crate) fn start(&self) -> Daemon {
        self.start_with(&["--renamed", "--sweep", "200"])
    }

    /// Starts a daemon that takes renamed files at once, and waits until it is at work.
    #[track_caller]
    pub(crate) fn open(&self) -> Daemon {
        let opened = || self.log().matches("the station is open").count();
        let before = opened();
        let daemon = self.start();
        wait_for("the daemon", || (opened() > before).then_some(()));
        daemon
    }

    /// Starts a daemon.
    pub(crate) fn start_with(&self, arguments: &[&str]) -> Daemon {
        let mut command = caravan();
        command.args(["run", "--station"]).arg(self.root()).args(arguments);
        self.spawn(command)
    }

    /// Starts a command as the daemon of this station.
    pub(crate) fn spawn(&self, mut command: Command) -> Daemon {
        let path = self.folder.path().join("log");
        let log = File::options().create(true).append(true).open(&path).unwrap();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        Daemon { child: Some(child), log: path }
    }

    /// Returns the files that lie below a part of the station, by path without the day, reports among them.
    pub(crate) fn files(&self, part: &str) -> Vec<String> {
        let mut names = Vec::new();
        collect(&self.path(part), &self.path(part), &mut names);
        let mut names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
        names.sort();
        names
    }

    /// Returns the one file below a part whose path without the day is `name`.
    pub(crate) fn file(&self, part: &str, name: &str) -> Option<PathBuf> {
        let mut names = Vec::new();
        collect(&self.path(part), &self.path(part), &mut names);
        let mut found = names.into_iter().filter(|(found, _)| found == name).map(|(_, path)| path);
        let first = found.next();
        assert_eq!(found.next(), None, "{name} is there once");
        first
    }

    /// Waits until a file lies in its last folder, and returns its report.
    #[track_caller]
    pub(crate) fn report(&self, part: &str, name: &str) -> Value {
        wait_for(&format!("{part}/{name}\n{}", self.log()), || self.file(part, name));
        let report =
            self.file(part, &format!("{name}.report.json")).expect("the report comes before the file");
        serde_json::from_slice(&fs::read(report).unwrap()).unwrap()
    }

    /// Returns what the daemons have said.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Asks the database. Nothing is changed by that, not even the state of its log.
    pub(crate) fn ask(&self, sql: &str) -> String {
        ask(&self.path("station.db"), sql)
    }

    /// Changes the database by hand.
    pub(crate) fn change(&self, sql: &str) {
        change(&self.path("station.db"), sql);
    }

    /// Asserts that the data keep their invariants.
    #[track_caller]
    pub(crate) fn assert_sound(&self) {
        let output = run(["db", "check", "--station", self.root().to_str().unwrap()]).ok();
        assert!(output.ends_with(" 0 violations\n"), "{output}");
    }
}

fn collect(root: &Path, folder: &Path, names: &mut Vec<(String, PathBuf)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, names);
            continue;
        }
        let parts = path.strip_prefix(root).unwrap().iter().map(|part| part.to_string_lossy());
        let is_day = |part: &str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        let kept: Vec<_> = parts.skip_while(|part| is_day(part)).collect();
        names.push((kept.join("/"), path));
    }
}

/// Asks a database.
pub(crate) fn ask(database: &Path, sql: &str) -> String {
    sqlite(&["-readonly"], database, sql)
}

/// Changes a database by hand.
pub(crate) fn change(database: &Path, sql: &str) {
    sqlite(&[], database, sql);
}

fn sqlite(options: &[&str], database: &Path, sql: &str) -> String {
    let mut command = Command::new("sqlite3");
    command.args(options).arg(database).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("`sqlite3` is there (Debian package: sqlite3)");
    let input = format!(".timeout 10000\n.bail on\n{sql};\n");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{sql}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

/// A daemon at work; it is killed when its test ends, however that ends.
#[derive(Debug)]
pub(crate) struct Daemon {
    child: Option<Child>,
    log: PathBuf,
}

impl Daemon {
    /// Waits until the daemon has ended by itself.
    #[track_caller]
    pub(crate) fn wait(mut self) -> ExitStatus {
        let mut child = self.child.take().expect("it was not waited for before");
        let ended = wait_for("the daemon's end", || child.try_wait().unwrap());
        if !ended.success() {
            println!("{}", fs::read_to_string(&self.log).unwrap_or_default());
        }
        ended
    }

    /// Returns whether the daemon is still there.
    pub(crate) fn is_alive(&mut self) -> bool {
        self.child.as_mut().is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    /// Kills it without a word, as `kill -9` and a power cut do.
    pub(crate) fn kill(mut self) {
        let mut child = self.child.take().expect("it was not waited for before");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Asks it to end, and returns how it did.
    #[track_caller]
    pub(crate) fn terminate(self) -> ExitStatus {
        let child = self.child.as_ref().expect("it was not waited for before");
        let process = rustix::process::Pid::from_child(child);
        rustix::process::kill_process(process, rustix::process::Signal::TERM).unwrap();
        self.wait()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A draft law, as a station lays it over the tables: of a private item the first of so many euros go free, in place of 200.
pub(crate) fn draft(free_euros: u32) -> String {
    format!(
        r#"
[sources]
draft = {{ act = "Draft of a decision" }}

[[charge]]
id = "eaeu-personal-2024-duty"
valid_from = 2024-04-01
status = "in_force"
source = "draft"
regimes = ["eaeu-personal-2024"]
kind = "duty"
formula = "excess"
rate = "15%"
free_value = "{free_euros} EUR"
free_kg = "31"
per_kg = "2 EUR"
per_kg_on = "excess"
when = {{ reading = "eaeu-minimum-per-kg:excess" }}
"#
    )
}
