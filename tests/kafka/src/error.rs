//! [`Error`]: why real Kafka cannot be fetched, started or used.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// What can go wrong while real Kafka is fetched, started and used.
///
/// `Debug` prints what `Display` does: most of these end in the `unwrap` of a test, and a log's tail
/// is unreadable with its line ends escaped.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program that this needs is not on the `PATH`.
    #[error("{0} is not installed: it is neither on the PATH nor in JAVA_HOME/bin")]
    Missing(&'static str),

    /// Maven could not fetch an artifact.
    #[error("mvn could not fetch {artifact}:\n{output}")]
    Maven {
        /// Maven's name of the artifact, with its version.
        artifact: String,
        /// What mvn printed.
        output: String,
    },

    /// A program that ought to have kept running, or to have succeeded, ended.
    #[error("{what} ended with {status}; the end of what it printed:\n{output}")]
    Ended {
        /// Which program.
        what: String,
        /// Its exit status.
        status: std::process::ExitStatus,
        /// The last lines of its log.
        output: String,
    },

    /// Something did not happen in time.
    #[error("{what} within the deadline; the end of what it printed:\n{output}")]
    Deadline {
        /// What did not happen.
        what: String,
        /// The last lines of the program's log.
        output: String,
    },

    /// No block of ports is free.
    #[error("no free block of ports in {0}")]
    Ports(String),

    /// The release cannot do what was asked for.
    #[error("{0}")]
    Unsupported(String),

    /// A certificate could not be made.
    #[error("making a certificate: {0}")]
    Certificate(#[from] rcgen::Error),

    /// The broker's or the oracle's answer makes no sense.
    #[error("{0}")]
    Answer(String),

    /// A file or a process could not be used.
    #[error("{doing} {}: {source}", path.display())]
    Io {
        /// What was tried, as a participle: "writing".
        doing: &'static str,
        /// On which file or program.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Names the file in an [`io::Error`].
pub(crate) trait At<T> {
    /// Adds what was being done, and to which file.
    fn at(self, doing: &'static str, path: impl Into<PathBuf>) -> Result<T, Error>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, doing: &'static str, path: impl Into<PathBuf>) -> Result<T, Error> {
        self.map_err(|source| Error::Io {
            doing,
            path: path.into(),
            source,
        })
    }
}
