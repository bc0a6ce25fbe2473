//! DescribeCluster (KIP-700).
//!
//! Versions 0 to 2.
//!
//! Unlike Kafka: there are no controllers to describe (`endpoint_type` 2).

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::describe_cluster::DescribeClusterBroker;
use libkafka_protocol::messages::{DescribeClusterRequest, DescribeClusterResponse};

use super::authorize::CLUSTER;
use super::call::{Answer, Call};
use super::handler::Api;
use super::metadata::CLUSTER_OPERATIONS;
use crate::state::resource_type;

/// The endpoint type of brokers; 2 would be that of controllers (KIP-919).
const BROKERS: i8 = 1;

impl Api for DescribeClusterRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeClusterResponse> {
        if self.endpoint_type != BROKERS {
            let code = match self.endpoint_type {
                2 => ErrorCode::MISMATCHED_ENDPOINT_TYPE,
                _ => ErrorCode::UNSUPPORTED_ENDPOINT_TYPE,
            };
            return Ok(self.refuse(code));
        }
        let state = call.lock();
        let nodes = state.nodes.values();
        let nodes = nodes.filter(|node| node.running || self.include_fenced_brokers);
        let brokers = nodes.map(|node| {
            let address = node.address(call.peer.listener);
            DescribeClusterBroker {
                broker_id: node.id,
                host: address.host,
                port: address.port,
                rack: node.rack.clone(),
                is_fenced: !node.running,
                ..Default::default()
            }
        });
        Ok(Some(DescribeClusterResponse {
            cluster_id: state.cluster_id.clone(),
            controller_id: state.controller(),
            brokers: brokers.collect(),
            cluster_authorized_operations: if self.include_cluster_authorized_operations {
                call.operations(&state, CLUSTER_OPERATIONS, resource_type::CLUSTER, CLUSTER)
            } else {
                i32::MIN
            },
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<DescribeClusterResponse> {
        let message = match error_code {
            ErrorCode::MISMATCHED_ENDPOINT_TYPE => Some(
                "The request was sent to an endpoint of type BROKER, but we wanted an endpoint of type CONTROLLER".to_owned(),
            ),
            ErrorCode::UNSUPPORTED_ENDPOINT_TYPE => {
                Some(format!("Unsupported endpoint type {}", self.endpoint_type))
            }
            _ => None,
        };
        Some(DescribeClusterResponse {
            error_code,
            error_message: message,
            ..Default::default()
        })
    }
}
