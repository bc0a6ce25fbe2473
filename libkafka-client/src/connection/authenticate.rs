//! Authentication: SaslHandshake, then as many SaslAuthenticate as the mechanism takes (KIP-43,
//! KIP-152), and the same again before the session ends (KIP-368).

use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_protocol::messages::{SaslAuthenticateRequest, SaslHandshakeRequest};
use libkafka_protocol::{ErrorCode, Versions};

use super::frames::Connection;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::place::Place;
use crate::sasl::{Sasl, SaslMechanism};
use crate::sasl_error::SaslError;

impl Connection {
    /// Authenticates and notes when to do so again.
    pub(crate) fn authenticate(
        &mut self,
        sasl: &Sasl,
        at: &Place,
        deadline: Deadline,
    ) -> Result<(), Error> {
        let mechanism = &*sasl.0;
        self.handshake(mechanism, at, deadline)?;
        let at = || Box::new(at.clone());
        let failed = |source| match source {
            SaslError::Timeout => Error::Timeout { at: at() },
            source => Error::Authenticate {
                at: at(),
                mechanism: mechanism.name().to_owned(),
                source,
            },
        };
        let mut session = mechanism.begin(&self.broker, deadline).map_err(failed)?;
        let mut challenge = Bytes::new();
        let mut lifetime = 0;
        while let Some(message) = session.step(&challenge).map_err(failed)? {
            let request = SaslAuthenticateRequest {
                auth_bytes: message.into(),
                ..Default::default()
            };
            let version = self.version::<SaslAuthenticateRequest>(Versions::ALL)?;
            let response = self.exchange(&request, version, deadline)?.response;
            if !response.error_code.is_ok() {
                let (code, message) = (response.error_code, response.error_message);
                return Err(Error::refusal(at(), code, message));
            }
            challenge = response.auth_bytes;
            lifetime = response.session_lifetime_ms;
        }
        let lifetime = u64::try_from(lifetime)
            .ok()
            .filter(|lifetime| *lifetime > 0);
        self.session_ends = lifetime.and_then(|lifetime| {
            // A little before its end, as clocks and networks are.
            let kept = Duration::from_millis(lifetime) * 17 / 20;
            Instant::now().checked_add(kept)
        });
        Ok(())
    }

    fn handshake(
        &mut self,
        mechanism: &dyn SaslMechanism,
        at: &Place,
        deadline: Deadline,
    ) -> Result<(), Error> {
        let at = || Box::new(at.clone());
        let request = SaslHandshakeRequest {
            mechanism: mechanism.name().to_owned(),
        };
        // After version 0 there would follow bare messages without headers.
        let version = self.version::<SaslHandshakeRequest>(Versions::new(1, i16::MAX))?;
        let response = self.exchange(&request, version, deadline)?.response;
        match response.error_code {
            ErrorCode::NONE => Ok(()),
            ErrorCode::UNSUPPORTED_SASL_MECHANISM => Err(Error::Mechanism {
                at: at(),
                mechanism: request.mechanism,
                broker: response.mechanisms,
            }),
            code => Err(Error::refusal(at(), code, None)),
        }
    }
}
