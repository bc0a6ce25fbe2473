//! [`Cluster`]: everything that the configuration of a cluster's brokers is made from.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use crate::error::Error;
use crate::java::Java;
use crate::listener::Listener;
use crate::mechanism::Mechanism;
use crate::ports::Ports;
use crate::properties::path;
use crate::settings::Settings;
use crate::version::Version;

/// Where ZooKeeper listens, among the ports of broker 1.
const ZOOKEEPER_OFFSET: u16 = 8;

/// Everything that the configuration of a cluster's brokers is made from.
pub(crate) struct Cluster {
    pub(crate) settings: Settings,
    pub(crate) ports: Ports,
    pub(crate) folder: PathBuf,
    pub(crate) jars: PathBuf,
    /// What tiered storage takes, if there is to be any.
    pub(crate) tier: Option<PathBuf>,
}

impl Cluster {
    pub(crate) fn version(&self) -> Version {
        self.settings.version
    }

    /// Ids start at 1.
    pub(crate) fn ids(&self) -> RangeInclusive<i32> {
        1..=self.settings.brokers
    }

    /// The listeners that every broker has.
    pub(crate) fn listeners(&self) -> impl Iterator<Item = Listener> {
        Listener::ALL.into_iter().filter(|listener| {
            (self.settings.tls || !listener.is_tls()) && (self.settings.sasl || !listener.is_sasl())
        })
    }

    /// The SASL mechanisms of the listeners that have SASL.
    pub(crate) fn mechanisms(&self) -> impl Iterator<Item = Mechanism> + use<> {
        let version = self.version();
        Mechanism::ALL
            .into_iter()
            .filter(move |mechanism| mechanism.is_in(version))
    }

    /// Broker and controller in one, from 3.3; before, ZooKeeper.
    pub(crate) fn is_kraft(&self) -> bool {
        self.version().since(3, 3)
    }

    pub(crate) fn port(&self, id: i32, listener: Listener) -> u16 {
        self.ports.port(id, listener.port_offset())
    }

    /// Host and port of ZooKeeper.
    pub(crate) fn zookeeper(&self) -> (&'static str, u16) {
        ("127.0.0.1", self.ports.port(1, ZOOKEEPER_OFFSET))
    }

    /// A program out of this cluster's jars.
    pub(crate) fn java(&self, class: &str) -> Result<Java, Error> {
        let java = Java::new(&[&self.jars], class)?
            .flag(format!("-Dkafka.logs.dir={}", path(&self.folder)));
        Ok(if self.version().since(4, 0) {
            java.flag("-Dorg.slf4j.simpleLogger.showDateTime=true")
        } else {
            java.flag(format!(
                "-Dlog4j.configuration=file:{}",
                path(&self.log4j_file())
            ))
        })
    }

    /// Where [`LOG4J`](crate::server_properties::LOG4J) is to be written, for Kafka up to 3.9.
    pub(crate) fn log4j_file(&self) -> PathBuf {
        self.folder.join("log4j.properties")
    }

    pub(crate) fn broker_folder(&self, id: i32) -> PathBuf {
        self.folder.join(format!("broker{id}"))
    }

    pub(crate) fn data_folder(&self, id: i32) -> PathBuf {
        self.broker_folder(id).join("data")
    }

    pub(crate) fn properties_file(&self, id: i32) -> PathBuf {
        self.broker_folder(id).join("server.properties")
    }
}
