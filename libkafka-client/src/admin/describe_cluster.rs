//! `ClusterDescription`: the id, controller and brokers of a cluster.

use std::sync::Arc;

use crate::broker::Broker;
use crate::cluster::Client;
use crate::error::Error;

/// A cluster, as its brokers describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClusterDescription {
    /// The id of the cluster, which never changes.
    pub cluster_id: Option<String>,
    /// The id of the controller; in KRaft mode, of a broker that forwards requests to the
    /// controller.
    pub controller_id: Option<i32>,
    /// The live brokers.
    pub brokers: Vec<Arc<Broker>>,
}

impl Client {
    /// Describes the cluster.
    ///
    /// # Errors
    /// The errors of [`call`](Self::call).
    pub fn describe_cluster(&mut self) -> Result<ClusterDescription, Error> {
        let metadata = self.broker_metadata()?;
        Ok(ClusterDescription {
            cluster_id: metadata.cluster_id,
            controller_id: self.cluster.controller(),
            brokers: self.cluster.brokers().cloned().collect(),
        })
    }
}
