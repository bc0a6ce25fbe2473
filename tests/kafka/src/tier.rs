//! Tiered storage: older segments of topics in a folder beside the broker's own (KIP-405).

use std::path::Path;

use crate::cluster::Cluster;
use crate::listener::Listener;
use crate::properties::{Properties, path};

/// Of the tests of Kafka itself.
const STORAGE: &str = "org.apache.kafka.server.log.remote.storage.LocalTieredStorage";

impl Cluster {
    pub(crate) fn tier_properties(&self, id: i32, jar: &Path, p: &mut Properties) {
        let folder = self.broker_folder(id).join("tier");
        p.set("remote.log.storage.system.enable", "true");
        p.set("remote.log.storage.manager.class.name", STORAGE);
        p.set("remote.log.storage.manager.class.path", path(jar));
        p.set("rsm.config.dir", path(&folder));
        let listener = Listener::Plaintext.name();
        p.set("remote.log.metadata.manager.listener.name", listener);
        let metadata = "rlmm.config.remote.log.metadata.topic";
        let replicas = self.settings.brokers.min(3).to_string();
        p.set(format!("{metadata}.replication.factor"), replicas);
        p.set(format!("{metadata}.num.partitions"), "1");
        // Segments move soon, and go soon from where they were.
        p.set("remote.log.manager.task.interval.ms", "500");
        p.set("log.retention.check.interval.ms", "500");
        p.set("log.initial.task.delay.ms", "500");
        p.set("log.segment.delete.delay.ms", "500");
    }
}
