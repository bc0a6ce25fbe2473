//! `Opening`: a connection being opened: resolve, connect, TLS, ApiVersions, SASL.

mod broker;
#[cfg(feature = "dns")]
mod look_up;

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::ApiKey;

use super::authentication::Authentication;
use super::channel::Channel;
use super::negotiation;
use super::open::Connection;
use super::versions::BrokerVersions;
use crate::address::Address;
use crate::broker::Broker;
use crate::config::Config;
use crate::deadline::Deadline;
use crate::error::Error;
#[cfg(feature = "dns")]
use crate::net::SrvLookup;
#[cfg(feature = "tls")]
use crate::net::TlsTransport;
use crate::net::{ConnectError, Connecting, Interest, Transport, is_not_ready};
use crate::place::{Phase, Place};
use crate::timings::Timings;

/// The longest time for which a connector that can only block may hold up a caller that must not
/// wait.
const SLICE: Duration = Duration::from_millis(100);

/// The longest pause between two such slices. The first pause is one slice long, and each is twice
/// the previous one.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A connection that is being opened.
///
/// Each call of [`advance`](Self::advance) goes as far as it can by its deadline. A step that has
/// begun is kept, and continues with the next call.
pub(crate) struct Opening {
    config: Arc<Config>,
    broker: Arc<Broker>,
    /// The addresses to try if this one fails.
    others: VecDeque<Address>,
    /// When the current address must be connected to, so that time is left for the others.
    connected_by: Deadline,
    /// The API of the call that the connection is opened for.
    api: ApiKey,
    deadline: Deadline,
    timings: Timings,
    /// When the step began.
    began: Instant,
    /// The version of ApiVersions to use.
    version: i16,
    step: Step,
}

enum Step {
    /// Until it is known where to connect to.
    #[cfg(feature = "dns")]
    LookUp(SrvLookup),
    Connect(Box<dyn Connecting>),
    /// Through a connector that can only block: not before this time, and with this pause after a
    /// failure.
    ConnectAtOnce {
        at: Instant,
        pause: Duration,
    },
    #[cfg(feature = "tls")]
    Tls(Box<TlsTransport>),
    /// Until the broker answers ApiVersions, which has been sent.
    Negotiate(Box<Channel>),
    Authenticate {
        channel: Box<Channel>,
        versions: BrokerVersions,
        authentication: Box<Authentication>,
    },
    Over,
}

/// The outcome of a step.
enum Progress {
    /// Call again when its interest is satisfied.
    Waits(Step),
    Goes(Step),
    Done(Box<Connection>),
}

impl Connection {
    /// Opens a connection to `broker`, for a call of `api`.
    pub(crate) fn open(
        config: &Arc<Config>,
        broker: &Arc<Broker>,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        let mut opening = Opening::new(config, broker, api, deadline);
        match opening.advance(deadline)? {
            Some(connection) => Ok(connection),
            None => Err(opening.time_out()),
        }
    }
}

impl Opening {
    /// Begins to open a connection to `broker`, for a call of `api`. It must be open by `deadline`.
    pub(crate) fn new(
        config: &Arc<Config>,
        broker: &Arc<Broker>,
        api: ApiKey,
        deadline: Deadline,
    ) -> Self {
        let mut opening = Self {
            config: Arc::clone(config),
            broker: Arc::clone(broker),
            others: VecDeque::new(),
            connected_by: deadline,
            api,
            deadline,
            timings: Timings::default(),
            began: Instant::now(),
            version: 0,
            step: Step::Over,
        };
        opening.begin();
        opening
    }

    /// Continues; returns `None` if the connection is not open by `deadline`.
    ///
    /// # Errors
    /// Any error that prevents the connection, and [`Error::Timeout`] once it should have been
    /// open.
    pub(crate) fn advance(&mut self, deadline: Deadline) -> Result<Option<Connection>, Error> {
        let result = loop {
            match self.steps(deadline) {
                Ok(None) if self.deadline.is_past() => break Err(self.time_out()),
                Err(_) if self.goes_to_another() => {}
                result => break result,
            }
        }
        .map_err(|mut error| {
            self.config.note_reached(&mut error);
            error
        });
        #[cfg(feature = "log")]
        match &result {
            Ok(Some(connection)) => {
                log::debug!("connected to {}: {:?}", self.broker, connection.opening());
            }
            Ok(None) => {}
            Err(error) => log::debug!("{error}"),
        }
        result
    }

    /// The error for not being open in time.
    pub(crate) fn time_out(&mut self) -> Error {
        let (phase, channel) = match &mut self.step {
            #[cfg(feature = "dns")]
            Step::LookUp(_) => (Phase::Resolve, None),
            Step::Connect(_) | Step::ConnectAtOnce { .. } | Step::Over => (Phase::Connect, None),
            #[cfg(feature = "tls")]
            Step::Tls(_) => (Phase::Tls, None),
            Step::Negotiate(channel) => (Phase::Negotiate, Some(channel)),
            Step::Authenticate { channel, .. } => (Phase::Authenticate, Some(channel)),
        };
        if let Some(channel) = channel {
            return channel.time_out();
        }
        let at = self.at(phase);
        Error::Timeout { at }
    }

    /// What must happen before it can continue.
    pub(crate) fn interest(&self) -> Interest<'_> {
        let interest = match &self.step {
            #[cfg(feature = "dns")]
            Step::LookUp(lookup) => lookup.interest(),
            Step::Connect(connecting) => connecting.interest(),
            Step::ConnectAtOnce { at, .. } => Interest::nothing().or_at(*at),
            #[cfg(feature = "tls")]
            Step::Tls(tls) => tls.interest(),
            Step::Negotiate(channel) => channel.interest(),
            Step::Authenticate {
                channel,
                authentication,
                ..
            } => authentication.interest(channel),
            Step::Over => Interest::nothing(),
        };
        interest.or_at(self.deadline.instant())
    }

    fn steps(&mut self, deadline: Deadline) -> Result<Option<Connection>, Error> {
        loop {
            let progress = match mem::replace(&mut self.step, Step::Over) {
                #[cfg(feature = "dns")]
                Step::LookUp(lookup) => self.look_up(lookup, deadline),
                Step::Connect(connecting) => self.advance_connect(connecting, deadline),
                Step::ConnectAtOnce { at, pause } => self.connect_at_once(at, pause, deadline),
                #[cfg(feature = "tls")]
                Step::Tls(tls) => self.shake_hands(tls, deadline),
                Step::Negotiate(channel) => self.negotiate(channel, deadline),
                Step::Authenticate {
                    channel,
                    versions,
                    authentication,
                } => self.authenticate(channel, versions, authentication, deadline),
                Step::Over => Ok(Progress::Waits(Step::Over)),
            };
            match progress? {
                Progress::Waits(step) => {
                    self.step = step;
                    return Ok(None);
                }
                Progress::Goes(step) => {
                    self.step = step;
                    self.began = Instant::now();
                }
                Progress::Done(connection) => return Ok(Some(*connection)),
            }
        }
    }

    fn at(&self, phase: Phase) -> Box<Place> {
        Box::new(Place::before(self.api, phase, &self.broker))
    }

    /// Begins with the first step.
    fn begin(&mut self) {
        let limit = negotiation::first(self.config.max_version_of(ApiKey::API_VERSIONS));
        let learnt = &self.config.learnt;
        self.version = learnt.api_versions(&self.broker.address).min(limit);
        self.began = Instant::now();
        #[cfg(feature = "dns")]
        if let Some(srv) = self.config.srv_at(&self.broker.address) {
            self.step = Step::LookUp(srv.begin(self.deadline));
            return;
        }
        self.step = self.connect();
    }

    /// Begins anew with the next address, if there is another one and time is left for it.
    fn goes_to_another(&mut self) -> bool {
        if self.deadline.is_past() {
            return false;
        }
        let Some(address) = self.others.pop_front() else {
            return false;
        };
        self.broker = Arc::new(Broker {
            id: None,
            address,
            rack: None,
        });
        self.connected_by = match self.others.len() {
            0 => self.deadline,
            others => self.deadline.share(others + 1),
        };
        self.begin();
        true
    }

    /// The step that connects.
    fn connect(&self) -> Step {
        let connector = &self.config.connector;
        match connector.begin(&self.broker.address, self.connected_by) {
            Some(connecting) => Step::Connect(connecting),
            None => Step::ConnectAtOnce {
                at: Instant::now(),
                pause: SLICE,
            },
        }
    }

    fn advance_connect(
        &mut self,
        mut connecting: Box<dyn Connecting>,
        deadline: Deadline,
    ) -> Result<Progress, Error> {
        match connecting.advance(deadline, &mut self.timings) {
            Ok(None) => Ok(Progress::Waits(Step::Connect(connecting))),
            Ok(Some(transport)) => self.connected(transport, deadline),
            Err(error) => Err(self.not_connected(error)),
        }
    }

    fn connect_at_once(
        &mut self,
        at: Instant,
        pause: Duration,
        deadline: Deadline,
    ) -> Result<Progress, Error> {
        if Instant::now() < at {
            return Ok(Progress::Waits(Step::ConnectAtOnce { at, pause }));
        }
        // Whoever may wait leaves it all the time that there is.
        let may_wait = !deadline.is_past();
        let until = match may_wait {
            true => deadline.min(self.connected_by),
            false => self.connected_by.at_most(SLICE),
        };
        let connector = &self.config.connector;
        match connector.connect(&self.broker.address, until, &mut self.timings) {
            Ok(transport) => self.connected(transport, deadline),
            Err(error)
                if !may_wait && is_not_ready(&error.source) && !self.connected_by.is_past() =>
            {
                Ok(Progress::Waits(Step::ConnectAtOnce {
                    at: Instant::now() + pause,
                    pause: (2 * pause).min(LONGEST_PAUSE),
                }))
            }
            Err(error) => Err(self.not_connected(error)),
        }
    }

    fn not_connected(&self, error: ConnectError) -> Error {
        Error::from_io(self.at(error.phase), error.source)
    }

    fn connected(
        &mut self,
        transport: Box<dyn Transport>,
        deadline: Deadline,
    ) -> Result<Progress, Error> {
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.config.tls {
            let tls = tls
                .begin(transport, &self.broker.address)
                .map_err(|source| Error::from_io(self.at(Phase::Tls), source))?;
            return Ok(Progress::Goes(Step::Tls(Box::new(tls))));
        }
        self.ask(transport, deadline)
    }

    #[cfg(feature = "tls")]
    fn shake_hands(
        &mut self,
        mut tls: Box<TlsTransport>,
        deadline: Deadline,
    ) -> Result<Progress, Error> {
        match tls.shake_hands(deadline) {
            Err(error) if is_not_ready(&error) => Ok(Progress::Waits(Step::Tls(tls))),
            Err(error) => Err(Error::from_io(self.at(Phase::Tls), error)),
            Ok(()) => {
                self.timings.tls = self.began.elapsed();
                self.ask(tls, deadline)
            }
        }
    }
}
