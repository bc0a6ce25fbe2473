//! `BrokerVersions`: the versions of every API that a broker has.

use libkafka_protocol::messages::ApiVersionsResponse;
use libkafka_protocol::{ApiKey, Versions};

/// The versions of every API that a broker has.
#[derive(Debug, Clone, Default)]
pub(crate) struct BrokerVersions(Vec<(ApiKey, Versions)>);

impl BrokerVersions {
    /// Those of an API; none if the broker lacks it.
    pub(crate) fn of(&self, api: ApiKey) -> Versions {
        match self.0.binary_search_by_key(&api.0, |(key, _)| key.0) {
            Ok(i) => self.0[i].1,
            Err(_) => Versions::NONE,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (ApiKey, Versions)> {
        self.0.iter().copied()
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
