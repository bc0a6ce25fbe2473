//! Topics for tests to use, on the broker that the tests here share.

use libkafka_client::{Client, Config};

use crate::cluster::Cluster;

pub(crate) use libkafka_integration::create;

/// A client of that cluster.
pub(crate) fn client(cluster: &Cluster) -> Client {
    Client::new(Config::new(cluster.bootstrap())).unwrap()
}
