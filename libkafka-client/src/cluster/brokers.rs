//! What a client knows of the cluster's brokers.

use std::collections::BTreeMap;
use std::sync::Arc;

use libkafka_protocol::messages::MetadataResponse;

use crate::address::Address;
use crate::broker::Broker;

/// The brokers of a cluster, as the last metadata had them.
#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    bootstrap: Vec<Arc<Broker>>,
    /// By their ids: a list of any length is learnt in little time.
    brokers: BTreeMap<i32, Arc<Broker>>,
    controller: Option<i32>,
}

impl Cluster {
    pub(crate) fn new(bootstrap: Vec<Address>) -> Self {
        let broker = |address| {
            Arc::new(Broker {
                id: None,
                address,
                rack: None,
            })
        };
        Self {
            bootstrap: bootstrap.into_iter().map(broker).collect(),
            brokers: BTreeMap::new(),
            controller: None,
        }
    }

    /// Sets the bootstrap addresses anew.
    #[cfg(feature = "dns")]
    pub(crate) fn set_bootstrap(&mut self, addresses: Vec<Address>) {
        self.bootstrap = Self::new(addresses).bootstrap;
    }

    pub(crate) fn brokers(&self) -> impl ExactSizeIterator<Item = &Arc<Broker>> {
        self.brokers.values()
    }

    pub(crate) fn broker(&self, id: i32) -> Option<&Arc<Broker>> {
        self.brokers.get(&id)
    }

    pub(crate) fn controller(&self) -> Option<i32> {
        self.controller
    }

    pub(crate) fn forget_controller(&mut self) {
        self.controller = None;
    }

    /// Every broker that may be asked what there is; bootstrap addresses too, since all brokers
    /// may have moved.
    pub(crate) fn candidates(&self) -> Vec<Arc<Broker>> {
        let mut all: Vec<_> = self.brokers().cloned().collect();
        for broker in &self.bootstrap {
            if all.iter().all(|known| known.address != broker.address) {
                all.push(Arc::clone(broker));
            }
        }
        all
    }

    pub(crate) fn update(&mut self, metadata: &MetadataResponse) {
        self.brokers.clear();
        for broker in &metadata.brokers {
            self.learn(
                broker.node_id,
                &broker.host,
                broker.port,
                broker.rack.clone(),
            );
        }
        self.controller = Some(metadata.controller_id).filter(|id| *id >= 0);
    }

    /// Notes where a broker is. Not every response says its rack.
    pub(crate) fn learn(&mut self, id: i32, host: &str, port: i32, rack: Option<String>) {
        let Some(address) = Address::advertised(host, port) else {
            return;
        };
        let rack = rack.or_else(|| self.broker(id)?.rack.clone());
        let broker = Broker {
            id: Some(id),
            address,
            rack,
        };
        self.brokers.insert(id, Arc::new(broker));
    }
}
