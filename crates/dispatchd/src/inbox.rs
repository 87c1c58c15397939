//! The inbox: which files are whole, in which order they are taken, and how they come to lie in `work/`.
//!
//! Events of the file system are hints; a full look at the folder is the truth. A file is at rest when two looks at
//! least `settle` apart show the same size, time and inode; no file is ever given up.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::correspondent::Correspondents;
use crate::folder::Folder;

/// How many files one look takes at the most.
const FILES: usize = 512;

/// Endings of files that someone is still writing.
const UNFINISHED: [&str; 4] = [".part", ".tmp", ".filepart", ".crdownload"];
/// Files that systems leave behind.
const LITTER: [&str; 3] = ["Thumbs.db", "desktop.ini", ".DS_Store"];

/// The inbox with the folders of its correspondents, and what has been seen of them so far.
#[derive(Debug)]
pub struct Inbox {
    /// The inbox itself, then the folders of its correspondents.
    places: Vec<PathBuf>,
    seen: HashMap<PathBuf, Seen>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    size: u64,
    modified: (i64, i64),
    inode: u64,
    since_ms: i64,
}

/// When a file counts as whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// At once: its writer renamed it into place.
    AtOnce,
    /// After so many milliseconds without a change.
    After(i64),
}

impl Inbox {
    /// Opens the inbox of a station; every correspondent has its folder then.
    pub fn open(folder: &Folder, correspondents: &Correspondents) -> Result<Self> {
        let mut places = vec![folder.inbox()];
        for correspondent in correspondents.folders() {
            folder.make_folder(&folder.inbox(), correspondent)?;
            folder.make_folder(&folder.work(), correspondent)?;
            places.push(folder.inbox().join(correspondent));
        }
        Ok(Self { places, seen: HashMap::new() })
    }

    /// Returns the folders that files are taken from.
    pub fn places(&self) -> &[PathBuf] {
        &self.places
    }

    /// Returns the names of the folders in the inbox that are no correspondent's.
    pub fn strangers(&self) -> Result<Vec<String>> {
        let mut strangers: Vec<PathBuf> = entries(&self.places[0])?;
        strangers.retain(|path| path.is_dir() && !self.places.contains(path));
        Ok(strangers.iter().map(|path| name_below(&self.places[0], path)).collect())
    }

    /// Looks at the inbox and returns the files that are whole, by name; the rest is looked at again next time.
    pub fn look(&mut self, settle: Settle, now_ms: i64) -> Result<Vec<PathBuf>> {
        let mut whole = Vec::new();
        let mut seen = HashMap::new();
        let mut paths = Vec::new();
        for place in &self.places {
            paths.extend(entries(place)?);
        }
        for path in paths {
            // A file that went away between listing and looking is no fault; the next look will tell.
            let Ok(found) = fs::symlink_metadata(&path) else { continue };
            if !found.is_file() || !is_wanted(&path) {
                continue;
            }
            let now = Seen {
                size: found.len(),
                modified: (found.mtime(), found.mtime_nsec()),
                inode: found.ino(),
                since_ms: now_ms,
            };
            let before = self.seen.get(&path).filter(|before| Seen { since_ms: now_ms, ..**before } == now);
            let since = before.copied().unwrap_or(now);
            let is_whole = match settle {
                Settle::AtOnce => true,
                Settle::After(settle_ms) => before.is_some() && now_ms - since.since_ms >= settle_ms,
            };
            if is_whole {
                whole.push(path);
            } else {
                seen.insert(path, since);
            }
        }
        whole.sort();
        // What this look leaves is as whole at the next one.
        for path in whole.split_off(whole.len().min(FILES)) {
            if let Some(before) = self.seen.get(&path) {
                seen.insert(path, *before);
            }
        }
        self.seen = seen;
        Ok(whole)
    }

    /// Returns whether files are waiting to come to rest.
    pub fn is_waiting(&self) -> bool {
        !self.seen.is_empty()
    }
}

fn is_wanted(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_hidden = name.starts_with('.') || name.starts_with('~');
    let is_unfinished = UNFINISHED.iter().any(|ending| name.to_ascii_lowercase().ends_with(ending));
    !is_hidden && !is_unfinished && !LITTER.contains(&name.as_ref())
}

/// Returns what lies in a folder, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let look = || -> io::Result<Vec<PathBuf>> {
        let mut paths =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        Ok(paths)
    };
    look().with_context(|| format!("cannot look into `{}`", folder.display()))
}

/// Returns the name of a file below a folder: its own, with that of its correspondent before it.
pub fn name_below(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned()
}

/// Moves a file from the inbox to `work/`, durably, and returns where it lies and the name it had.
///
/// The file keeps its name and the folder of its correspondent; where another one of that name is being worked on, it
/// waits for the next look.
pub fn claim(folder: &Folder, path: &Path) -> Result<Option<(PathBuf, String)>> {
    let below = path.strip_prefix(folder.inbox()).unwrap_or(path);
    let (name, target) = (below.to_string_lossy().into_owned(), folder.work().join(below));
    if target.exists() {
        return Ok(None);
    }
    if let Err(error) = fs::rename(path, &target) {
        // Its writer has taken it back since the look.
        if error.kind() == io::ErrorKind::NotFound {
            return Ok(None);
        }
        return Err(error).with_context(|| format!("cannot take `{}`", path.display()));
    }
    folder.sync(target.parent().unwrap_or(&target)).context("cannot make the move to `work` durable")?;
    Ok(Some((target, name)))
}

/// Returns the files that lie in `work/`, by name: what a process before this one did not finish.
pub fn unfinished(folder: &Folder) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for path in entries(&folder.work())? {
        if path.is_dir() {
            paths.extend(entries(&path)?);
        } else {
            paths.push(path);
        }
    }
    paths.retain(|path| path.is_file());
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FILES, Inbox, Settle, claim};
    use crate::correspondent::Correspondents;
    use crate::folder::{Durability, Folder};

    fn names(found: &[std::path::PathBuf]) -> Vec<String> {
        found.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn takes_a_file_only_when_two_looks_agree() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::create(root.path(), Durability::Synced).unwrap();
        let mut inbox = Inbox::open(&folder, &Correspondents::default()).unwrap();
        fs::write(folder.inbox().join("a.xml"), "half").unwrap();
        assert_eq!(names(&inbox.look(Settle::After(2000), 0).unwrap()), Vec::<String>::new());
        fs::write(folder.inbox().join("a.xml"), "half and more").unwrap();
        assert_eq!(names(&inbox.look(Settle::After(2000), 2500).unwrap()), Vec::<String>::new());
        assert_eq!(names(&inbox.look(Settle::After(2000), 4000).unwrap()), Vec::<String>::new());
        assert_eq!(names(&inbox.look(Settle::After(2000), 4500).unwrap()), ["a.xml"]);
        assert_eq!(names(&inbox.look(Settle::AtOnce, 4500).unwrap()), ["a.xml"]);
    }

    #[test]
    fn what_one_look_leaves_is_taken_at_the_next() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::create(root.path(), Durability::Synced).unwrap();
        let all: Vec<String> = (0..FILES + 2).map(|number| format!("{number:04}.xml")).collect();
        for name in &all {
            fs::write(folder.inbox().join(name), "x").unwrap();
        }
        let mut inbox = Inbox::open(&folder, &Correspondents::default()).unwrap();
        assert!(inbox.look(Settle::After(2000), 0).unwrap().is_empty());
        let first = inbox.look(Settle::After(2000), 2000).unwrap();
        assert_eq!(names(&first), all[..FILES]);
        assert!(inbox.is_waiting());
        for path in &first {
            fs::remove_file(path).unwrap();
        }
        assert_eq!(names(&inbox.look(Settle::After(2000), 2001).unwrap()), all[FILES..]);
        assert!(!inbox.is_waiting());
    }

    #[test]
    fn a_file_that_is_taken_back_is_left_to_its_writer() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::create(root.path(), Durability::Synced).unwrap();
        assert!(claim(&folder, &folder.inbox().join("gone.xml")).unwrap().is_none());
    }

    #[test]
    fn passes_over_what_is_unfinished_or_no_file() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::create(root.path(), Durability::Synced).unwrap();
        for name in
            [".hidden.xml", "~lock.xml", "a.xml.part", "b.TMP", "Thumbs.db", "c.crdownload", "._d.xml"]
        {
            fs::write(folder.inbox().join(name), "x").unwrap();
        }
        fs::create_dir(folder.inbox().join("sub")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", folder.inbox().join("link.xml")).unwrap();
        fs::write(folder.inbox().join("b.xml"), "x").unwrap();
        fs::write(folder.inbox().join("a.xml"), "x").unwrap();
        let mut inbox = Inbox::open(&folder, &Correspondents::default()).unwrap();
        let found = inbox.look(Settle::AtOnce, 0).unwrap();
        assert_eq!(inbox.strangers().unwrap(), ["sub"]);
        assert_eq!(names(&found), ["a.xml", "b.xml"]);
        let (taken, name) = claim(&folder, &found[0]).unwrap().unwrap();
        assert_eq!((name.as_str(), taken.parent().unwrap()), ("a.xml", folder.work().as_path()));
        fs::write(folder.inbox().join("a.xml"), "again").unwrap();
        assert!(claim(&folder, &found[0]).unwrap().is_none(), "never over a file in work");
    }
}
