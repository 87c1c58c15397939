//! The station folder: `inbox/ work/ done/ failed/ outbox/ station.toml station.db`.
//!
//! All of it lies on one file system, so that moving a file is a rename and never a copy.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

/// The folder of one station.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

const PARTS: [&str; 6] = ["inbox", "work", "done", "failed", "outbox", "tmp"];

impl Folder {
    /// Makes the folder's parts; the folder itself may exist.
    pub fn create(root: &Path) -> Result<Self> {
        for part in PARTS {
            let path = root.join(part);
            fs::create_dir_all(&path)
                .with_context(|| format!("cannot make the folder `{}`", path.display()))?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Opens the folder of a station that exists, and refuses one whose parts lie on several file systems.
    pub fn open(root: &Path) -> Result<Self> {
        let settings = root.join("station.toml");
        if !settings.is_file() {
            bail!(
                "`{}` is no station folder: it has no station.toml\nhint: make one with `caravan init`",
                root.display()
            );
        }
        let folder = Self::create(root)?;
        let device = |path: &Path| fs::metadata(path).map(|found| found.dev());
        let own = device(root)?;
        for part in PARTS {
            if device(&root.join(part))? != own {
                bail!(
                    "`{part}` of `{}` lies on another file system; a move there would be a copy",
                    root.display()
                );
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

    /// Returns the database's default place.
    pub fn database(&self) -> PathBuf {
        self.root.join("station.db")
    }

    /// Returns the folder of a day below `done` or `failed`, which it makes.
    pub fn day(&self, part: &str, day: NaiveDate) -> Result<PathBuf> {
        let path = self.root.join(part).join(day.format("%Y/%m/%d").to_string());
        fs::create_dir_all(&path).with_context(|| format!("cannot make the folder `{}`", path.display()))?;
        Ok(path)
    }

    /// Writes a file whole or not at all: beside it first, then renamed into place.
    pub fn write(&self, path: &Path, bytes: &[u8], durability: Durability) -> Result<()> {
        let write = || -> io::Result<()> {
            let parent = path.parent().unwrap_or(&self.root);
            fs::create_dir_all(parent)?;
            let name: PathBuf = path.strip_prefix(&self.root).unwrap_or(path).components().collect();
            let part = self.root.join("tmp").join(name.to_string_lossy().replace('/', "+"));
            let mut file = File::create(&part)?;
            file.write_all(bytes)?;
            if durability == Durability::Synced {
                file.sync_data()?;
            }
            fs::rename(&part, path)?;
            if durability == Durability::Synced {
                sync_folder(parent)?;
            }
            Ok(())
        };
        write().with_context(|| format!("cannot write `{}`", path.display()))
    }
}

/// Whether a file is on the disk before the program goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It is.
    Synced,
    /// It may still be in the machine's memory: for what can be made again.
    Cached,
}

/// Locks a station folder for this process; the lock goes with the process, however that ends.
pub fn lock(folder: &Folder) -> Result<File> {
    let path = folder.root().join("station.lock");
    let file = File::create(&path).with_context(|| format!("cannot make `{}`", path.display()))?;
    if rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_err() {
        bail!(
            "another process works on `{}`\nhint: only one daemon may run on a station folder",
            folder.root.display()
        );
    }
    Ok(file)
}

/// Makes a rename in a folder durable.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Returns the name under which a file may lie in a folder: its own, or, where that is taken by other bytes, its own
/// with part of the hash before it.
pub fn free_name(folder: &Path, name: &str, hash: &[u8; 32]) -> Result<String> {
    let target = folder.join(name);
    let is_free = !target.exists() || hash_of(&target)? == *hash;
    Ok(if is_free { name.to_owned() } else { format!("{}~{name}", hex(&hash[..4])) })
}

/// Moves a file into a folder, durably.
pub fn move_into(file: &Path, folder: &Path, name: &str) -> Result<()> {
    let target = folder.join(name);
    let moved = || -> io::Result<()> {
        fs::rename(file, &target)?;
        sync_folder(folder)
    };
    moved().with_context(|| format!("cannot move `{}` to `{}`", file.display(), target.display()))
}

/// Returns the SHA-256 of a file's bytes, read in pieces.
pub fn hash_of(path: &Path) -> Result<[u8; 32]> {
    let hash = || -> io::Result<[u8; 32]> {
        let mut file = File::open(path)?;
        let mut hasher = Sha256::new();
        let mut piece = vec![0; 1 << 16];
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(hasher.finalize().into()),
                read => hasher.update(&piece[..read]),
            }
        }
    };
    hash().with_context(|| format!("cannot read `{}`", path.display()))
}

/// Returns bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("writing to a text does not fail");
    }
    text
}
