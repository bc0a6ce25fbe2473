//! [`Settings`]: all that a [`Builder`](crate::Builder) is told.

use crate::certificates::Identity;
use crate::version::Version;

/// What kind of Kafka to start.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) version: Version,
    pub(crate) brokers: i32,
    pub(crate) tls: bool,
    pub(crate) sasl: bool,
    pub(crate) tiered: bool,
    pub(crate) server_identity: Identity,
    pub(crate) properties: Vec<(String, String)>,
    pub(crate) jvm: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: Version::CURRENT,
            brokers: 1,
            tls: false,
            sasl: false,
            tiered: false,
            server_identity: Identity::Server,
            properties: Vec::new(),
            jvm: Vec::new(),
        }
    }
}
