//! `Authentication`: SaslHandshake, then as many SaslAuthenticate requests as the mechanism needs
//! (KIP-43, KIP-152), and the same again before the session ends (KIP-368).

use std::mem;
use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_protocol::messages::{
    SaslAuthenticateRequest, SaslAuthenticateResponse, SaslHandshakeRequest, SaslHandshakeResponse,
};
use libkafka_protocol::{ErrorCode, Request, Response, Versions};

use super::channel::{Channel, SMALL_ANSWER, decode};
use super::versions::BrokerVersions;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::net::Interest;
use crate::place::Place;
use crate::sasl::{Sasl, SaslSession, withhold_echo};
use crate::sasl_error::SaslError;

/// An authentication in progress.
pub(super) struct Authentication {
    sasl: Sasl,
    at: Place,
    began: Instant,
    deadline: Deadline,
    step: Step,
    /// What was sent last, which the broker may echo.
    sent: Bytes,
}

enum Step {
    /// Before anything was sent.
    Begin,
    /// Until the broker accepts the mechanism.
    Handshake,
    /// Until the mechanism has computed its answer to the broker's last message.
    Compute {
        session: Box<dyn SaslSession>,
        challenge: Bytes,
        lifetime: i64,
    },
    /// Until the broker answers.
    Exchange(Box<dyn SaslSession>),
    Over,
}

impl Authentication {
    /// An authentication that must be over by `deadline`; its errors are at `at`.
    pub(super) fn new(sasl: Sasl, at: Place, deadline: Deadline) -> Self {
        Self {
            sasl,
            at,
            began: Instant::now(),
            deadline,
            step: Step::Begin,
            sent: Bytes::new(),
        }
    }

    /// Continues, and returns true once it is over.
    pub(super) fn advance(
        &mut self,
        channel: &mut Channel,
        versions: &BrokerVersions,
        deadline: Deadline,
    ) -> Result<Option<Session>, Error> {
        channel.stage = Some(self.at.clone());
        loop {
            match mem::replace(&mut self.step, Step::Over) {
                Step::Begin => {
                    let request = SaslHandshakeRequest {
                        mechanism: self.sasl.0.name().to_owned(),
                    };
                    // After version 0 there would follow bare messages without headers.
                    let range = Versions::new(1, i16::MAX);
                    send(channel, versions, &request, range, deadline)?;
                    self.step = Step::Handshake;
                }
                Step::Handshake => match receive::<SaslHandshakeResponse>(channel, deadline)? {
                    None => return self.wait_in(Step::Handshake),
                    Some(response) => self.step = self.handshake(response, channel)?,
                },
                Step::Compute {
                    mut session,
                    challenge,
                    lifetime,
                } => match session.step(&challenge, deadline) {
                    Ok(Some(message)) => {
                        self.sent = message.into();
                        let request = SaslAuthenticateRequest {
                            auth_bytes: self.sent.clone(),
                            ..Default::default()
                        };
                        send(channel, versions, &request, Versions::ALL, deadline)?;
                        self.step = Step::Exchange(session);
                    }
                    Ok(None) => {
                        channel.stage = None;
                        channel.opening.authenticate += self.began.elapsed();
                        return Ok(Some(Session::new(lifetime)));
                    }
                    Err(SaslError::Timeout) => {
                        return self.wait_in(Step::Compute {
                            session,
                            challenge,
                            lifetime,
                        });
                    }
                    Err(error) => return Err(self.failed(error)),
                },
                Step::Exchange(session) => {
                    match receive::<SaslAuthenticateResponse>(channel, deadline)? {
                        None => return self.wait_in(Step::Exchange(session)),
                        Some(response) => self.step = self.challenge(response, session)?,
                    }
                }
                Step::Over => return self.wait_in(Step::Over),
            }
        }
    }

    /// What must happen before it can continue.
    pub(super) fn interest<'a>(&self, channel: &'a Channel) -> Interest<'a> {
        let interest = match &self.step {
            Step::Begin | Step::Compute { .. } => Interest::now(),
            _ => channel.interest(),
        };
        interest.or_at(self.deadline.instant())
    }

    fn wait_in(&mut self, step: Step) -> Result<Option<Session>, Error> {
        self.step = step;
        match self.deadline.is_past() {
            true => Err(self.failed(SaslError::Timeout)),
            false => Ok(None),
        }
    }

    fn handshake(&self, response: SaslHandshakeResponse, channel: &Channel) -> Result<Step, Error> {
        let mechanism = &self.sasl.0;
        match response.error_code {
            ErrorCode::NONE => {}
            ErrorCode::UNSUPPORTED_SASL_MECHANISM => {
                return Err(Error::Mechanism {
                    at: Box::new(self.at.clone()),
                    mechanism: mechanism.name().to_owned(),
                    broker: response.mechanisms,
                });
            }
            code => return Err(Error::refusal(Box::new(self.at.clone()), code, None)),
        }
        let session = mechanism.begin(&channel.broker, self.deadline);
        Ok(Step::Compute {
            session: session.map_err(|error| self.failed(error))?,
            challenge: Bytes::new(),
            lifetime: 0,
        })
    }

    fn challenge(
        &self,
        response: SaslAuthenticateResponse,
        session: Box<dyn SaslSession>,
    ) -> Result<Step, Error> {
        if !response.error_code.is_ok() {
            let at = Box::new(self.at.clone());
            let message = response.error_message;
            let message = message.map(|message| withhold_echo(&message, &self.sent));
            return Err(Error::refusal(at, response.error_code, message));
        }
        Ok(Step::Compute {
            session,
            challenge: response.auth_bytes,
            lifetime: response.session_lifetime_ms,
        })
    }

    fn failed(&self, source: SaslError) -> Error {
        let at = Box::new(self.at.clone());
        let source = match source {
            SaslError::Refused(text) => SaslError::Refused(withhold_echo(&text, &self.sent)),
            source => source,
        };
        match source {
            SaslError::Timeout => Error::Timeout { at },
            source => Error::Authenticate {
                at,
                mechanism: self.sasl.0.name().to_owned(),
                source,
            },
        }
    }
}

/// The result of an authentication.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Session {
    /// When to authenticate again, if ever.
    pub(super) ends: Option<Instant>,
}

impl Session {
    /// A session that lasts `lifetime` milliseconds from now, or without an end.
    fn new(lifetime: i64) -> Self {
        let lifetime = u64::try_from(lifetime).ok().filter(|ms| *ms > 0);
        Self {
            ends: lifetime.and_then(|lifetime| {
                // A little before its end, as clocks and networks are.
                let kept = Duration::from_millis(lifetime) * 17 / 20;
                Instant::now().checked_add(kept)
            }),
        }
    }

    /// Whether to authenticate again before the next request.
    pub(super) fn is_over(&self) -> bool {
        self.ends.is_some_and(|ends| ends <= Instant::now())
    }
}

fn send<R: Request>(
    channel: &mut Channel,
    versions: &BrokerVersions,
    request: &R,
    range: Versions,
    deadline: Deadline,
) -> Result<(), Error> {
    let version = versions.choose::<R>(range, &channel.config, &channel.broker)?;
    channel.send(request, version, true, deadline).map(drop)
}

fn receive<R: Response>(channel: &mut Channel, deadline: Deadline) -> Result<Option<R>, Error> {
    if !channel.flush(deadline)? {
        return Ok(None);
    }
    let Some((mut exchange, bytes)) = channel.receive(SMALL_ANSWER, deadline)? else {
        return Ok(None);
    };
    let strict = channel.config.strict_responses;
    match decode(&mut exchange, &bytes, strict) {
        Ok(response) => {
            channel.conclude(&exchange, None);
            Ok(Some(response))
        }
        Err(source) => Err(channel.undecodable(exchange, source)),
    }
}
