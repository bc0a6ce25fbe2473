//! `Lookups`: looks up a member's coordinator and topics.

use std::sync::Arc;

use libkafka_protocol::Request;
use libkafka_protocol::messages::{FindCoordinatorRequest, MetadataRequest};

use super::member_link::{Done, MemberLink};
use super::membership::Membership;
use crate::address::Address;
use crate::broker::Broker;
use crate::cluster::Client;
use crate::error::Error;

/// A connection to any broker, which a member asks for its coordinator and its topics. After a
/// failure it leads to another broker.
#[derive(Default)]
pub(super) struct Lookups {
    link: Option<MemberLink>,
    /// The address of the broker that last named the coordinator.
    told_by: Option<Address>,
    /// Requests that will not be answered because another broker is asked.
    dropped: Vec<Done>,
}

impl Lookups {
    pub(super) fn link(&self) -> Option<&MemberLink> {
        self.link.as_ref()
    }

    /// Continues as far as possible without waiting.
    pub(super) fn advance(&mut self, membership: &Membership, done: &mut Vec<Done>) {
        done.append(&mut self.dropped);
        if let Some(link) = &mut self.link
            && !link.advance(membership, done)
        {
            self.link = None;
        }
    }

    /// The connection on which to ask for topics.
    pub(super) fn for_metadata(&mut self, client: &Client) -> Option<&mut MemberLink> {
        if self.link.is_none() {
            let broker = client.cluster.candidates(None).into_iter().next()?;
            let config = Arc::clone(&client.config);
            self.link = Some(MemberLink::new(config, broker, MetadataRequest::API_KEY));
        }
        self.link.as_mut()
    }

    /// The connection on which to ask for the coordinator: not the broker that named the last one,
    /// since that may be a former coordinator that still believes it is the current one.
    pub(super) fn for_coordinator(&mut self, client: &Client) -> Option<&mut MemberLink> {
        let told_by = self.told_by.as_ref();
        let is_doubted = |broker: &Broker| Some(&broker.address) == told_by;
        if self.link().is_none_or(|link| is_doubted(link.broker())) {
            let candidates = client.cluster.candidates(None);
            let other = candidates.iter().find(|broker| !is_doubted(broker));
            let broker = Arc::clone(other.or(candidates.first())?);
            if self
                .link()
                .is_none_or(|link| link.broker().address != broker.address)
            {
                let config = Arc::clone(&client.config);
                let api = FindCoordinatorRequest::API_KEY;
                let former = self.link.replace(MemberLink::new(config, broker, api));
                let pending = former.iter().flat_map(MemberLink::pending);
                self.dropped
                    .extend(pending.map(|id| (id, Err(Error::NoBroker))));
            }
        }
        self.link.as_mut()
    }

    /// Notes that the broker has named a coordinator.
    pub(super) fn coordinator_found(&mut self) {
        let link = self.link.as_ref();
        self.told_by = link.map(|link| link.broker().address.clone());
    }
}
