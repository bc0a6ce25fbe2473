//! Versions of Apache Kafka.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// A release of Apache Kafka, such as `2.8.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// `2` in `2.8.2`.
    pub major: u16,
    /// `8` in `2.8.2`.
    pub minor: u16,
    /// The last `2` in `2.8.2`.
    pub patch: u16,
}

impl Version {
    /// The Kafka that everything is measured against: the version to change when a new one is out.
    pub const CURRENT: Version = Version::new(4, 4, 0);

    /// The newest tools that still talk with brokers before 2.1 (KIP-896 ended that in 4.0).
    pub const OLD_TOOLS: Version = Version::new(3, 9, 2);

    /// One release of every age that the client must work with, oldest first.
    pub const MATRIX: [Version; 7] = [
        Version::new(1, 0, 2),
        Version::new(1, 1, 1),
        Version::new(2, 0, 1),
        Version::new(2, 8, 2),
        Version::new(3, 9, 2),
        Version::new(4, 0, 0),
        Version::CURRENT,
    ];

    /// The release `major.minor.patch`.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Version {
        Version {
            major,
            minor,
            patch,
        }
    }

    /// Whether this release is `major.minor` or later.
    pub(crate) fn since(self, major: u16, minor: u16) -> bool {
        (self.major, self.minor) >= (major, minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = Error;

    /// Reads `4.4.0`, and `4.0` as `4.0.0`.
    ///
    /// # Errors
    /// [`Error::Unsupported`] if it is not two or three numbers with dots between.
    fn from_str(text: &str) -> Result<Version, Error> {
        let numbers: Option<Vec<u16>> = text.split('.').map(|n| n.parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[major, minor]) => Ok(Version::new(major, minor, 0)),
            Some(&[major, minor, patch]) => Ok(Version::new(major, minor, patch)),
            _ => Err(Error::Unsupported(format!(
                "{text:?} is not a version of Kafka"
            ))),
        }
    }
}
