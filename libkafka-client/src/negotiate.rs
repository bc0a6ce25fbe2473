//! Which versions a broker speaks.

use libkafka_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse};
use libkafka_protocol::{ApiKey, ErrorCode, KafkaWire, Request, Versions, frame};

use crate::connection::Connection;
use crate::{At, Deadline, Error, Phase};

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

impl Connection {
    /// Asks the broker for its versions.
    ///
    /// The first try is in the last version that this library has. A broker that lacks it says
    /// so in version 0; from 2.4 on it lists the versions of ApiVersions that it has (KIP-511),
    /// and before, version 0 is what it is sure to have.
    pub(crate) fn negotiate(&mut self, deadline: Deadline) -> Result<(), Error> {
        let request = ApiVersionsRequest {
            client_software_name: "libkafka".to_owned(),
            client_software_version: env!("CARGO_PKG_VERSION").to_owned(),
            ..Default::default()
        };
        let pin = self.config.pin(ApiKey::API_VERSIONS);
        let mut version = ApiVersionsRequest::VERSIONS.max.min(pin).max(0);
        loop {
            let (at, response) = self.api_versions(&request, version, deadline)?;
            match response.error_code {
                ErrorCode::NONE => {
                    self.versions = response.into();
                    return Ok(());
                }
                ErrorCode::UNSUPPORTED_VERSION if version > 0 => {
                    let has = BrokerVersions::from(response).of(ApiKey::API_VERSIONS);
                    version = has.max.clamp(0, version - 1);
                }
                code => return Err(Error::refusal(at, code, None)),
            }
        }
    }

    fn api_versions(
        &mut self,
        request: &ApiVersionsRequest,
        version: i16,
        deadline: Deadline,
    ) -> Result<(Box<At>, ApiVersionsResponse), Error> {
        self.send(request, version, true, deadline)?;
        let (exchange, frame) = self.receive_frame(deadline)?;
        // Correlation id, then the code, in every version.
        let unsupported = ErrorCode::UNSUPPORTED_VERSION.0.to_be_bytes();
        let version = if frame.get(4..6) == Some(&unsupported) {
            0
        } else {
            version
        };
        type Answer = <ApiVersionsRequest as Request>::Response;
        match frame::decode_response::<Answer>(version, &frame) {
            Ok((_, response)) => {
                let at = self.at_exchange(Phase::Negotiate, &exchange);
                self.conclude(exchange, None);
                Ok((at, response))
            }
            Err(source) => Err(self.undecodable(exchange, source)),
        }
    }
}
