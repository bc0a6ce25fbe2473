//! Compiles our own Java programs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cache;
use crate::error::At;
use crate::error::Error;
use crate::java;
use crate::one_shot::one_shot;

/// Path, as the package wants it, and text of a Java source file.
pub(crate) type Source = (&'static str, &'static str);

/// The folder `classes` within `entry` of the cache: `sources`, compiled against `jars`.
pub(crate) fn compile(entry: &str, sources: &[Source], jars: &Path) -> Result<PathBuf, Error> {
    cache::folder(&format!("{entry}/classes"), |folder| {
        for (name, text) in sources {
            let file = folder.join(name);
            let parent = file.parent().unwrap_or(folder);
            fs::create_dir_all(parent).at("creating", parent)?;
            fs::write(&file, text).at("writing", &file)?;
        }
        let files = sources.iter().map(|(name, _)| folder.join(name));
        javac(entry, files, jars, folder)
    })
}

/// The folder of the cache with the classes of the program `file`, compiled against `jars`.
pub(crate) fn of_program(file: &Path, jars: &Path) -> Result<PathBuf, Error> {
    let text = fs::read_to_string(file).at("reading", file)?;
    let identity = cache::digest(&format!("{text}{}", jars.display()));
    cache::folder(&format!("programs/{identity}"), |folder| {
        javac(&file.display().to_string(), [file.into()], jars, folder)
    })
}

/// Compiles `files` against `jars` into `folder`.
fn javac(
    what: &str,
    files: impl IntoIterator<Item = PathBuf>,
    jars: &Path,
    folder: &Path,
) -> Result<(), Error> {
    one_shot(
        &format!("javac of {what}"),
        Command::new(java::program("javac")?)
            .args(["-encoding", "UTF-8", "-nowarn", "-cp"])
            .arg(jars.join("*"))
            .arg("-d")
            .arg(folder)
            .args(files),
    )
    .map(drop)
}

/// A name for `sources` which changes when they do.
pub(crate) fn digest(sources: &[Source]) -> String {
    let texts: Vec<&str> = sources.iter().map(|(_, text)| *text).collect();
    cache::digest(&texts.concat())
}
