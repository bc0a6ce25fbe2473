//! Pythons of our own, with librdkafka or other clients in them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::one_shot::one_shot;
use crate::{cache, java};

/// The wheel that brings librdkafka, and Python's access to it.
const LIBRDKAFKA: &str = "confluent-kafka==2.16.1";

/// The Python that can `import confluent_kafka`.
pub(crate) fn interpreter() -> Result<PathBuf, Error> {
    with(&[LIBRDKAFKA])
}

/// A Python that has these packages, each as pip wants to have it named and as a wheel. It is made
/// by venv and pip when it is wanted first.
///
/// # Errors
/// [`Error::Missing`] without `python3`, [`Error::Ended`] if venv or pip fails.
pub fn with(packages: &[&str]) -> Result<PathBuf, Error> {
    let python = java::program("python3")?;
    // An environment is of use to the Python alone that made it.
    let identity = "import sys; print(sys.base_prefix, sys.version)";
    let identity = one_shot("python3", Command::new(&python).args(["-c", identity]))?;
    let identity = cache::digest(&format!("{} {identity}", packages.join(" ")));
    let folder = cache::folder(&format!("python/{identity}"), |folder| {
        one_shot(
            "python3 -m venv",
            Command::new(&python).args(["-m", "venv"]).arg(folder),
        )?;
        one_shot(
            &format!("pip install {}", packages.join(" ")),
            Command::new(python_of(folder))
                .args(["-m", "pip", "install", "-q", "--no-input", "--retries", "1"])
                .args(["--disable-pip-version-check", "--only-binary", ":all:"])
                .args(packages),
        )?;
        Ok(())
    })?;
    // Not the scripts beside it: they name the folder that the cache has renamed.
    Ok(python_of(&folder))
}

fn python_of(environment: &Path) -> PathBuf {
    environment.join("bin/python")
}
