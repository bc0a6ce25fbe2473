//! `Cluster`: the brokers that a client knows of.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use libkafka_protocol::messages::MetadataResponse;

use crate::address::Address;
use crate::broker::Broker;

/// The brokers of a cluster according to the last metadata.
#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    bootstrap: Vec<Arc<Broker>>,
    /// By id, so that a long list does not take long to learn.
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

    /// Every broker that can be asked for information about the cluster, except `avoided`. Brokers
    /// from metadata and bootstrap addresses alternate, since either may all be gone; each begins
    /// at a random place, so that clients spread.
    pub(crate) fn candidates(&self, avoided: Option<i32>) -> Vec<Arc<Broker>> {
        let known = self.brokers().filter(|broker| broker.id != avoided);
        let known = from_anywhere(known.cloned().collect());
        let is_known = |address: &Address| self.brokers().any(|known| known.address == *address);
        let others = self.bootstrap.iter().filter(|b| !is_known(&b.address));
        let others = from_anywhere(others.cloned().collect());

        let (mut known, mut others) = (known.into_iter(), others.into_iter());
        let mut all = Vec::with_capacity(known.len() + others.len());
        while known.len() + others.len() > 0 {
            all.extend(known.next());
            all.extend(others.next());
        }
        all
    }

    /// The number of bootstrap addresses.
    pub(crate) fn bootstrap_len(&self) -> usize {
        self.bootstrap.len()
    }

    /// Forgets everything except the bootstrap addresses.
    pub(crate) fn forget(&mut self) {
        self.brokers.clear();
        self.controller = None;
    }

    /// The broker that a connection leads to, as far as is known now. If several brokers share an
    /// address, such as that of a proxy, the address says nothing about the id.
    pub(crate) fn identify(&self, connected: &Broker) -> Arc<Broker> {
        let same = connected.id.and_then(|id| self.broker(id));
        if let Some(same) = same.filter(|known| known.address == connected.address) {
            return Arc::clone(same);
        }
        let mut there = self
            .brokers()
            .filter(|known| known.address == connected.address);
        match (there.next(), there.next()) {
            (Some(only), None) => Arc::clone(only),
            _ => Arc::new(Broker {
                id: None,
                ..connected.clone()
            }),
        }
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

    /// Notes the address of a broker. Not every response includes its rack.
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

/// The same list, starting at a random place.
fn from_anywhere(mut brokers: Vec<Arc<Broker>>) -> Vec<Arc<Broker>> {
    if !brokers.is_empty() {
        // Seeded from the system's randomness, each one differently.
        let random = RandomState::new().build_hasher().finish();
        let start = random % brokers.len() as u64;
        brokers.rotate_left(start as usize);
    }
    brokers
}
