//! The cache: jars, compiled classes, the oracle's files and a Python, each fetched or made once.
//!
//! Many test processes may want the same entry at once. The first takes a lock, makes the entry
//! under another name and renames it, so that an entry which exists is whole.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::error::{At, Error};

/// The folder `name` of the cache, filled by `fill` if it is not there yet. `fill` must not ask for
/// another one: it would wait for its own lock.
///
/// # Errors
/// That of `fill`, of which nothing is kept, and [`Error::Io`].
pub fn folder(name: &str, fill: impl FnOnce(&Path) -> Result<(), Error>) -> Result<PathBuf, Error> {
    let root = root()?;
    let entry = root.join(name);
    if entry.is_dir() {
        return Ok(entry);
    }
    let parent = entry.parent().unwrap_or(&root);
    fs::create_dir_all(parent).at("creating", parent)?;
    // One lock for everything: Maven's own repository does not stand two writers either.
    let lock = root.join("lock");
    let lock_file = File::create(&lock).at("creating", &lock)?;
    flock(&lock_file, FlockOperation::LockExclusive)
        .map_err(Into::into)
        .at("locking", &lock)?;
    if entry.is_dir() {
        return Ok(entry);
    }
    let part = tempfile::Builder::new()
        .prefix(".part-")
        .tempdir_in(&root)
        .at("creating a folder in", &root)?;
    fill(part.path())?;
    fs::rename(part.keep(), &entry).at("creating", &entry)?;
    Ok(entry)
}

/// A short name for `content`, which changes when the content does.
pub fn digest(content: &str) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// `LIBKAFKA_CACHE`, or `libkafka-testkafka` in the user's cache folder.
fn root() -> Result<PathBuf, Error> {
    let set = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let root = set("LIBKAFKA_CACHE")
        .or_else(|| Some(set("XDG_CACHE_HOME")?.join("libkafka-testkafka")))
        .or_else(|| Some(set("HOME")?.join(".cache/libkafka-testkafka")))
        .unwrap_or_else(|| std::env::temp_dir().join("libkafka-testkafka"));
    fs::create_dir_all(&root).at("creating", &root)?;
    root.canonicalize().at("finding", root)
}
