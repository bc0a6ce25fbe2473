//! `BrokerVersions`: the versions of every API that a broker has.

use std::sync::Arc;

use libkafka_protocol::messages::ApiVersionsResponse;
use libkafka_protocol::{ApiKey, Request, Versions};

use crate::broker::Broker;
use crate::config::Config;
use crate::error::Error;
use crate::place::{Phase, Place};

/// The versions of every API that a broker has.
#[derive(Debug, Clone, Default)]
pub(crate) struct BrokerVersions(Vec<(ApiKey, Versions)>);

impl BrokerVersions {
    /// The versions of an API; none if the broker lacks it.
    pub(crate) fn of(&self, api: ApiKey) -> Versions {
        match self.0.binary_search_by_key(&api.0, |(key, _)| key.0) {
            Ok(i) => self.0[i].1,
            Err(_) => Versions::NONE,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (ApiKey, Versions)> {
        self.0.iter().copied()
    }

    /// The version to use with `broker`: the highest of `range` that the broker, the request and
    /// the configuration allow.
    ///
    /// # Errors
    /// [`Error::Version`]
    pub(crate) fn choose<R: Request>(
        &self,
        range: Versions,
        config: &Config,
        broker: &Arc<Broker>,
    ) -> Result<i16, Error> {
        let has = self.of(R::API_KEY);
        let allowed = Versions::new(0, config.max_version_of(R::API_KEY));
        let client = R::VERSIONS.intersect(range).intersect(allowed);
        let common = has.intersect(client);
        if common.is_empty() {
            return Err(Error::Version {
                at: Box::new(Place::before(R::API_KEY, Phase::Negotiate, broker)),
                broker: has,
                client,
            });
        }
        Ok(common.max)
    }
}

impl From<ApiVersionsResponse> for BrokerVersions {
    fn from(response: ApiVersionsResponse) -> Self {
        let mut versions: Vec<_> = response
            .api_keys
            .iter()
            .map(|api| (api.api_key, Versions::new(api.min_version, api.max_version)))
            .collect();
        versions.sort_by_key(|(key, _)| key.0);
        Self(versions)
    }
}
