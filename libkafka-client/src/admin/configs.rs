//! `ConfigEntry`: the configs of topics, brokers and groups.

use libkafka_protocol::Versions;
use libkafka_protocol::constants::alter_config_op;
use libkafka_protocol::constants::config_resource_type::{BROKER, GROUP, TOPIC};
use libkafka_protocol::messages::describe_configs::{
    DescribeConfigsResource, DescribeConfigsResourceResult,
};
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterableConfig,
};
use libkafka_protocol::messages::{DescribeConfigsRequest, IncrementalAlterConfigsRequest};

use crate::cluster::{Client, Route, Target};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;

/// A resource that has configs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConfigResource<'a> {
    /// A topic.
    Topic(&'a str),
    /// A broker. Its configs override the defaults of all brokers.
    Broker(i32),
    /// The defaults of all brokers.
    AllBrokers,
    /// A group (KIP-1043). Needs Kafka 4.0.
    Group(&'a str),
}

/// A config.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigEntry {
    /// The name, such as `retention.ms`.
    pub name: String,
    /// The value; `None` if it is secret or has no value.
    pub value: Option<String>,
    /// Whether the value is a default, rather than set for this resource.
    pub is_default: bool,
    /// Whether it cannot be changed.
    pub read_only: bool,
    /// Whether it is secret.
    pub is_sensitive: bool,
}

impl ConfigResource<'_> {
    fn encoded(self) -> (i8, String) {
        match self {
            Self::Topic(name) => (TOPIC, name.to_owned()),
            Self::Broker(id) => (BROKER, id.to_string()),
            Self::AllBrokers => (BROKER, String::new()),
            Self::Group(name) => (GROUP, name.to_owned()),
        }
    }

    /// The source of a config that was set for this resource itself (`ConfigSource` in Kafka).
    fn own_source(self) -> i8 {
        match self {
            Self::Topic(_) => 1,
            Self::Broker(_) => 2,
            Self::AllBrokers => 3,
            Self::Group(_) => 8,
        }
    }
}

impl Client {
    /// Returns all configs of a topic, broker or group.
    ///
    /// # Errors
    /// [`Error::Broker`] with the reason, and the errors of [`call`](Self::call).
    pub fn describe_configs(
        &mut self,
        resource: ConfigResource<'_>,
    ) -> Result<Vec<ConfigEntry>, Error> {
        let deadline = self.deadline();
        let (resource_type, resource_name) = resource.encoded();
        let request = DescribeConfigsRequest {
            resources: vec![DescribeConfigsResource {
                resource_type,
                resource_name,
                configuration_keys: None,
                ..Default::default()
            }],
            ..Default::default()
        };
        let route = self.config_route(resource, deadline)?;
        let Answer { response, exchange } =
            self.exchange::<DescribeConfigsRequest, _>(route, Versions::ALL, deadline, |_| {
                &request
            })?;
        let asked = &request.resources[0];
        let mut results = response.results.into_iter();
        let (outcome, configs) = results
            .find(|r| {
                (r.resource_type, &r.resource_name) == (asked.resource_type, &asked.resource_name)
            })
            .map(|r| ((r.error_code, r.error_message), r.configs))
            .unzip();
        self.outcome(&exchange, outcome)?;
        let own = resource.own_source();
        let entry = |config: DescribeConfigsResourceResult| ConfigEntry {
            name: config.name,
            value: config.value,
            is_default: config.config_source != own,
            read_only: config.read_only,
            is_sensitive: config.is_sensitive,
        };
        Ok(configs.into_iter().flatten().map(entry).collect())
    }

    /// Sets configs of a topic, broker or group, or removes those whose value is `None`. Other
    /// configs are not changed (KIP-339).
    ///
    /// # Errors
    /// [`Error::Version`] if the broker is older than 2.3, [`Error::Broker`] with the reason, and
    /// the errors of [`call`](Self::call).
    pub fn alter_configs(
        &mut self,
        resource: ConfigResource<'_>,
        configs: &[(&str, Option<&str>)],
    ) -> Result<(), Error> {
        let deadline = self.deadline();
        let (resource_type, resource_name) = resource.encoded();
        let config = |&(name, value): &(&str, Option<&str>)| AlterableConfig {
            name: name.to_owned(),
            config_operation: if value.is_some() {
                alter_config_op::SET
            } else {
                alter_config_op::DELETE
            },
            value: value.map(str::to_owned),
            ..Default::default()
        };
        let request = IncrementalAlterConfigsRequest {
            resources: vec![AlterConfigsResource {
                resource_type,
                resource_name,
                configs: configs.iter().map(config).collect(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let route = self.config_route(resource, deadline)?;
        let Answer { response, exchange } = self.exchange::<IncrementalAlterConfigsRequest, _>(
            route,
            Versions::ALL,
            deadline,
            |_| &request,
        )?;
        let asked = &request.resources[0];
        let mut results = response.responses.into_iter();
        let result = results.find(|r| {
            (r.resource_type, &r.resource_name) == (asked.resource_type, &asked.resource_name)
        });
        self.outcome(&exchange, result.map(|r| (r.error_code, r.error_message)))
    }

    /// A broker's own configs are known only to that broker.
    fn config_route(
        &mut self,
        resource: ConfigResource<'_>,
        deadline: Deadline,
    ) -> Result<Route, Error> {
        let target = match resource {
            ConfigResource::Broker(id) => Target::Broker(id),
            _ => Target::Any,
        };
        self.route(target, deadline)
    }
}
