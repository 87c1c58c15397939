//! The station folder: `inbox/ work/ done/ failed/ outbox/ station.toml station.db`.
//!
//! All of it lies on one file system, so that moving a file is a rename and never a copy.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

/// The folder of one station.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    durability: Durability,
}

const PARTS: [&str; 6] = ["inbox", "work", "done", "failed", "outbox", "tmp"];

/// What the name of a file's report has behind the name of the file.
pub const REPORT: &str = ".report.json";
/// The folder below a day's for content that was known already.
pub const DUPLICATES: &str = "duplicates";
/// How long a file's name may be (NAME_MAX of Linux).
const NAME_BYTES: usize = 255;

/// Why a folder is not worked in.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It holds no station.
    #[error("`{0}` is no station folder: it has no station.toml\nhint: make one with `caravan init`")]
    NoStation(PathBuf),
    /// It holds a station already.
    #[error("`{0}` is a station folder already\nhint: name a folder that does not exist yet")]
    IsStation(PathBuf),
    /// Its parts lie on several file systems, where a move would be a copy.
    #[error("`{part}` of `{root}` lies on another file system; a move there would be a copy")]
    Divided {
        /// The folder.
        root: PathBuf,
        /// The part of it that lies elsewhere.
        part: &'static str,
    },
    /// Another process works in it.
    #[error("another process works on `{0}`\nhint: only one daemon may run on a station folder")]
    Locked(PathBuf),
}

impl Folder {
    /// Makes the folder's parts; the folder itself may exist.
    pub fn create(root: &Path, durability: Durability) -> Result<Self> {
        for part in PARTS {
            let path = root.join(part);
            fs::create_dir_all(&path)
                .with_context(|| format!("cannot make the folder `{}`", path.display()))?;
        }
        Ok(Self { root: root.to_owned(), durability })
    }

    /// Opens the folder of a station that exists, and refuses one whose parts lie on several file systems.
    pub fn open(root: &Path) -> Result<Self> {
        let settings = root.join("station.toml");
        if !settings.is_file() {
            bail!(FolderError::NoStation(root.to_owned()));
        }
        let folder = Self::create(root, Durability::Synced)?;
        let device = |path: &Path| fs::metadata(path).map(|found| found.dev());
        let own = device(root)?;
        for part in PARTS {
            if device(&root.join(part))? != own {
                bail!(FolderError::Divided { root: root.to_owned(), part });
            }
        }
        Ok(folder)
    }

    /// Returns the folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the inbox.
    pub fn inbox(&self) -> PathBuf {
        self.root.join("inbox")
    }

    /// Returns where files lie while they are worked on.
    pub fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// Returns the outbox.
    pub fn outbox(&self) -> PathBuf {
        self.root.join("outbox")
    }

    /// Returns the settings.
    pub fn settings(&self) -> PathBuf {
        self.root.join("station.toml")
    }

    /// Returns the address of the database: the one that is named, or its place in this folder.
    pub fn database(&self, named: Option<&str>) -> String {
        named.map_or_else(|| self.root.join("station.db").to_string_lossy().into_owned(), str::to_owned)
    }

    /// Returns the folder of a day below `done` or `failed`, which it makes.
    pub fn day(&self, part: &str, day: NaiveDate) -> Result<PathBuf> {
        let mut path = self.root.join(part);
        for step in day.format("%Y/%m/%d").to_string().split('/') {
            self.make_folder(&path, step)?;
            path.push(step);
        }
        Ok(path)
    }

    /// Writes a file. One that must last is whole or not there at all: it is written beside its place first, and then
    /// renamed into it.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        if self.durability == Durability::Cached {
            return write_in_place(path, bytes).with_context(|| format!("cannot write `{}`", path.display()));
        }
        let write = || -> io::Result<()> {
            let parent = path.parent().unwrap_or(&self.root);
            fs::create_dir_all(parent)?;
            // Of a length that every name allows, and the same again after a crash, so that nothing stays behind.
            let name = Sha256::digest(path.strip_prefix(&self.root).unwrap_or(path).as_os_str().as_bytes());
            let part = self.root.join("tmp").join(hex(&name[..16]));
            let mut file = File::create(&part)?;
            file.write_all(bytes)?;
            file.sync_data()?;
            fs::rename(&part, path)?;
            self.sync(parent)
        };
        write().with_context(|| format!("cannot write `{}`", path.display()))
    }

    /// Makes a folder in another one of this station, unless it is there.
    pub fn make_folder(&self, parent: &Path, name: &str) -> Result<()> {
        let path = parent.join(name);
        let made = || -> io::Result<()> {
            if path.is_dir() {
                return Ok(());
            }
            fs::create_dir(&path)?;
            self.sync(parent)
        };
        made().with_context(|| format!("cannot make the folder `{}`", path.display()))
    }

    /// Moves a file into a folder of this station.
    pub fn move_into(&self, file: &Path, folder: &Path, name: &str) -> Result<()> {
        let target = folder.join(name);
        let moved = || -> io::Result<()> {
            fs::rename(file, &target)?;
            self.sync(folder)
        };
        moved().with_context(|| format!("cannot move `{}` to `{}`", file.display(), target.display()))
    }

    /// Makes what was made or renamed in a folder durable.
    pub fn sync(&self, folder: &Path) -> io::Result<()> {
        match self.durability {
            Durability::Synced => File::open(folder)?.sync_all(),
            Durability::Cached => Ok(()),
        }
    }
}

/// Whether files and moves are on the disk before the program goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// They are.
    Synced,
    /// They may still be in the machine's memory, and half of them: for what a replay makes again.
    Cached,
}

fn write_in_place(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::write(path, bytes) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(path))?;
            fs::write(path, bytes)
        }
        done => done,
    }
}

/// Locks a station folder for this process; the lock goes with the process, however that ends.
pub fn lock(folder: &Folder) -> Result<File> {
    let path = folder.root().join("station.lock");
    let file = File::create(&path).with_context(|| format!("cannot make `{}`", path.display()))?;
    if rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_err() {
        bail!(FolderError::Locked(folder.root.clone()));
    }
    Ok(file)
}

/// Returns the name under which a file may lie in a folder with its report beside it: its own, or one with part of the
/// hash before it, where its own is taken by other bytes, is too long for that, or is what something else is called.
pub fn free_name(folder: &Path, name: &str, hash: &[u8; 32]) -> Result<String> {
    let is_long = name.len() + REPORT.len() > NAME_BYTES;
    let is_reserved = name.ends_with(REPORT) || name == DUPLICATES;
    let target = folder.join(name);
    let is_same = || hash_of(&target).with_context(|| format!("cannot read `{}`", target.display()));
    let is_free = !target.exists() || (target.is_file() && is_same()? == *hash);
    if is_free && !is_long && !is_reserved {
        return Ok(name.to_owned());
    }
    // The end of a name says more than its beginning: it has the ending. A report's own ending is cut off, so that
    // no report can come to lie over the file.
    let name = name.strip_suffix(".json").filter(|_| is_reserved).unwrap_or(name);
    let mut from = name.len().saturating_sub(NAME_BYTES - REPORT.len() - "01234567~".len());
    while !name.is_char_boundary(from) {
        from += 1;
    }
    Ok(format!("{}~{}", hex(&hash[..4]), &name[from..]))
}

/// Returns the SHA-256 of a file's bytes, read in pieces.
pub fn hash_of(path: &Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.finalize().into()),
            read => hasher.update(&piece[..read]),
        }
    }
}

/// Returns bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a text does not fail");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{NAME_BYTES, REPORT, free_name};

    #[test]
    fn a_name_leaves_room_for_its_report() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("taken.xml"), "other bytes").unwrap();
        std::fs::create_dir(folder.path().join("folder.xml")).unwrap();
        let longest = "a".repeat(NAME_BYTES - REPORT.len());
        let too_long = format!("{longest}b");
        let wide = format!("{}.xml", "\u{8d27}".repeat(83));
        let cases = [
            ("a.xml", "a.xml".to_owned()),
            ("taken.xml", "07070707~taken.xml".to_owned()),
            ("folder.xml", "07070707~folder.xml".to_owned()),
            ("duplicates", "07070707~duplicates".to_owned()),
            ("a.xml.report.json", "07070707~a.xml.report".to_owned()),
            (&longest, longest.clone()),
            (&too_long, format!("07070707~{}b", &longest[10..])),
            (&wide, format!("07070707~{}.xml", "\u{8d27}".repeat(76))),
        ];
        for (name, expected) in cases {
            let free = free_name(folder.path(), name, &[7; 32]).unwrap();
            assert_eq!(free, expected, "{name}");
            assert!(free.len() + REPORT.len() <= NAME_BYTES, "{name}");
        }
    }
}
