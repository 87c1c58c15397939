//! `cargo xtask test`: everything that must pass, in the order in which it fails fastest.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A program that the tests need, and the Debian package that has it.
struct Tool {
    program: &'static str,
    package: &'static str,
    /// Where Debian puts programs that are not on the path; `*` stands for one folder.
    beside: Option<&'static str>,
}

const TOOLS: [Tool; 8] = [
    Tool { program: "xmllint", package: "libxml2-utils", beside: None },
    Tool { program: "xmlsec1", package: "xmlsec1", beside: None },
    Tool { program: "openssl", package: "openssl", beside: None },
    Tool { program: "sqlite3", package: "sqlite3", beside: None },
    Tool { program: "pdftoppm", package: "poppler-utils", beside: None },
    Tool { program: "pdftotext", package: "poppler-utils", beside: None },
    Tool { program: "zbarimg", package: "zbar-tools", beside: None },
    Tool { program: "initdb", package: "postgresql", beside: Some("/usr/lib/postgresql") },
];

/// A check: a command of cargo, and how rustdoc is to judge meanwhile.
struct Step {
    arguments: &'static [&'static str],
    rustdoc_flags: &'static str,
}

const STEPS: [Step; 4] = [
    Step { arguments: &["fmt", "--all", "--check"], rustdoc_flags: "" },
    Step {
        arguments: &["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"],
        rustdoc_flags: "",
    },
    Step { arguments: &["test", "--workspace"], rustdoc_flags: "" },
    Step { arguments: &["doc", "--workspace", "--no-deps"], rustdoc_flags: "--deny warnings" },
];

/// Installs or names what the tests need, then runs every check and stops at the first that fails.
pub(crate) fn run(root: &Path) -> Result<()> {
    provide_tools()?;
    for Step { arguments, rustdoc_flags } in STEPS {
        eprintln!("cargo {}", arguments.join(" "));
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(root);
        if !rustdoc_flags.is_empty() {
            command.env("RUSTDOCFLAGS", rustdoc_flags);
        }
        let status = command.status().context("cannot run cargo")?;
        if !status.success() {
            bail!("`cargo {}` did not pass", arguments.join(" "));
        }
    }
    eprintln!("everything passes");
    Ok(())
}

fn provide_tools() -> Result<()> {
    let mut missing: Vec<&str> =
        TOOLS.iter().filter(|tool| !tool.is_there()).map(|tool| tool.package).collect();
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    let install = format!("apt-get install --yes --no-install-recommends {}", missing.join(" "));
    if !rustix::process::getuid().is_root() || !is_on_path("apt-get") {
        bail!("the tests need more programs\nhint: as root on Debian: apt-get update && {install}");
    }
    for line in ["apt-get update".to_owned(), install] {
        eprintln!("{line}");
        let mut words = line.split(' ');
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        let status = command.status().with_context(|| format!("cannot run `{line}`"))?;
        if !status.success() {
            bail!("`{line}` did not work");
        }
    }
    Ok(())
}

impl Tool {
    fn is_there(&self) -> bool {
        is_on_path(self.program) || self.beside.is_some_and(|folder| self.is_below(Path::new(folder)))
    }

    /// Looks for `folder/*/bin/program`.
    fn is_below(&self, folder: &Path) -> bool {
        let versions = std::fs::read_dir(folder).into_iter().flatten().flatten();
        versions.map(|version| version.path().join("bin").join(self.program)).any(|path| path.is_file())
    }
}

fn is_on_path(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}
