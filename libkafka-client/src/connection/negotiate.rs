//! Which versions a broker speaks.

use libkafka_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse};
use libkafka_protocol::{ApiKey, ErrorCode, KafkaWire, Request, frame};

use super::frames::Connection;
use super::versions::BrokerVersions;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::place::{Phase, Place};

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
        let limit = self.config.max_version_of(ApiKey::API_VERSIONS);
        let mut version = ApiVersionsRequest::VERSIONS.max.min(limit).max(0);
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
    ) -> Result<(Box<Place>, ApiVersionsResponse), Error> {
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
                self.conclude(&exchange, None);
                Ok((at, response))
            }
            Err(source) => Err(self.undecodable(exchange, source)),
        }
    }
}
