//! ListConfigResources: lists resources that have or could have a configuration (KIP-1000,
//! KIP-1142).
//!
//! Versions 0 to 1.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::config_resource_type::{
    BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP, TOPIC,
};
use libkafka_protocol::messages::list_config_resources::ConfigResource;
use libkafka_protocol::messages::{ListConfigResourcesRequest, ListConfigResourcesResponse};

use super::call::{Answer, Call};
use super::handler::Api;

/// The types of resources, in the order in which they are listed.
const TYPES: [i8; 5] = [GROUP, CLIENT_METRICS, BROKER_LOGGER, BROKER, TOPIC];

impl Api for ListConfigResourcesRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<ListConfigResourcesResponse> {
        if !self.resource_types.iter().all(|kind| TYPES.contains(kind)) {
            return Ok(self.refuse(ErrorCode::UNSUPPORTED_VERSION));
        }
        let wanted = |kind: i8| match call.version {
            0 => kind == CLIENT_METRICS,
            _ => self.resource_types.is_empty() || self.resource_types.contains(&kind),
        };
        let state = call.lock();
        let mut resources = Vec::new();
        for kind in TYPES.into_iter().filter(|kind| wanted(*kind)) {
            let nodes = || state.running().map(|node| node.id.to_string());
            let names: Box<dyn Iterator<Item = String>> = match kind {
                GROUP => Box::new(state.group_configs.keys().cloned()),
                CLIENT_METRICS => Box::new(state.client_metrics.keys().cloned()),
                TOPIC => Box::new(state.topics.keys().cloned()),
                _ => Box::new(nodes()),
            };
            for name in names {
                call.grow(size_of::<ConfigResource>() + name.len())?;
                resources.push(ConfigResource {
                    resource_name: name,
                    resource_type: kind,
                    ..Default::default()
                });
            }
        }
        Ok(Some(ListConfigResourcesResponse {
            config_resources: resources,
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<ListConfigResourcesResponse> {
        Some(ListConfigResourcesResponse {
            error_code,
            ..Default::default()
        })
    }
}
