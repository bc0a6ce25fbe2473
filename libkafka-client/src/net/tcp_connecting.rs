//! `TcpConnecting`: a TCP connection that is being made.

use std::collections::VecDeque;
use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Instant;

use super::interest::Interest;
use super::tcp_dial::Dial;
use super::tcp_options::TcpOptions;
use super::tcp_stream::TcpTransport;
use super::transport::{ConnectError, Connecting, Transport};
use crate::address::Address;
use crate::deadline::Deadline;
use crate::place::Phase;
use crate::timings::Timings;

/// Resolves a name and tries its addresses one after the other, each with its share of the time.
pub(super) struct TcpConnecting {
    options: TcpOptions,
    deadline: Deadline,
    step: Step,
    began: Instant,
}

enum Step {
    Resolve(Resolving),
    Connect {
        dial: Option<Dial>,
        /// Addresses that have not been tried yet.
        addresses: VecDeque<SocketAddr>,
        /// Why the previous address could not be reached.
        last: io::Error,
    },
}

/// The addresses of a host that are being resolved.
pub(super) enum Resolving {
    /// By the system, which can only be asked by waiting for it.
    System(Address),
    #[cfg(feature = "dns")]
    Dns(super::dns_lookup::HostLookup, u16),
}

impl TcpConnecting {
    pub(super) fn new(options: TcpOptions, resolving: Resolving, deadline: Deadline) -> Self {
        Self {
            options,
            deadline,
            step: Step::Resolve(resolving),
            began: Instant::now(),
        }
    }

    fn resolve(&mut self, deadline: Deadline, timings: &mut Timings) -> io::Result<bool> {
        let Step::Resolve(resolving) = &mut self.step else {
            return Ok(true);
        };
        let Some(addresses) = resolving.advance(self.deadline, deadline)? else {
            return Ok(false);
        };
        timings.resolve = self.began.elapsed();
        self.began = Instant::now();
        self.step = Step::Connect {
            dial: None,
            addresses: addresses.into(),
            last: io::ErrorKind::TimedOut.into(),
        };
        Ok(true)
    }

    fn connect(&mut self, deadline: Deadline) -> io::Result<Option<TcpStream>> {
        let Step::Connect {
            dial,
            addresses,
            last,
        } = &mut self.step
        else {
            return Ok(None);
        };
        loop {
            let current = match dial {
                Some(current) => current,
                None => {
                    let share = self.deadline.share(addresses.len());
                    let Some(address) = addresses.pop_front() else {
                        let last = std::mem::replace(last, io::ErrorKind::TimedOut.into());
                        return Err(last);
                    };
                    self.deadline.left()?;
                    match Dial::new(address, share) {
                        Ok(new) => dial.insert(new),
                        Err(error) => {
                            *last = error;
                            continue;
                        }
                    }
                }
            };
            match current.advance(deadline) {
                Ok(None) => return Ok(None),
                Ok(Some(stream)) => return Ok(Some(stream)),
                Err(error) => {
                    *last = error;
                    *dial = None;
                }
            }
        }
    }
}

impl Connecting for TcpConnecting {
    fn advance(
        &mut self,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Option<Box<dyn Transport>>, ConnectError> {
        let resolved = self.resolve(deadline, timings);
        let resolved = resolved.map_err(|source| ConnectError {
            phase: Phase::Resolve,
            source,
        })?;
        if !resolved {
            return Ok(None);
        }
        let Some(stream) = self.connect(deadline)? else {
            return Ok(None);
        };
        self.options.apply(&stream)?;
        timings.connect = self.began.elapsed();
        Ok(Some(Box::new(TcpTransport::new(stream))))
    }

    fn interest(&self) -> Interest<'_> {
        match &self.step {
            Step::Resolve(resolving) => resolving.interest(),
            Step::Connect {
                dial: Some(dial), ..
            } => dial.interest(),
            Step::Connect { dial: None, .. } => Interest::now(),
        }
    }
}

impl Resolving {
    /// The addresses, at least one; `None` if they are not known by `until`. It must be done by
    /// `deadline`.
    fn advance(
        &mut self,
        deadline: Deadline,
        until: Deadline,
    ) -> io::Result<Option<Vec<SocketAddr>>> {
        let found: Vec<_> = match self {
            #[cfg(feature = "dns")]
            Self::Dns(lookup, port) => match lookup.advance(until)? {
                None => return Ok(None),
                Some(found) => {
                    let found = found.into_iter();
                    found.map(|ip| SocketAddr::new(ip, *port)).collect()
                }
            },
            Self::System(address) => {
                let _ = until;
                deadline.left()?;
                let found = (address.host.as_str(), address.port).to_socket_addrs()?;
                let found = found.collect();
                deadline.left()?;
                found
            }
        };
        if found.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the name has no address",
            ));
        }
        Ok(Some(found))
    }

    fn interest(&self) -> Interest<'_> {
        match self {
            Self::System(_) => Interest::now(),
            #[cfg(feature = "dns")]
            Self::Dns(lookup, _) => lookup.interest(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use socket2::{Domain, Socket, Type};

    use super::*;
    use crate::net::wait_for;

    fn connecting(addresses: &[SocketAddr], time: Duration) -> TcpConnecting {
        let address = Address::new("", 0);
        let resolving = Resolving::System(address);
        let mut connecting =
            TcpConnecting::new(TcpOptions::default(), resolving, Deadline::after(time));
        connecting.step = Step::Connect {
            dial: None,
            addresses: addresses.to_vec().into(),
            last: io::ErrorKind::TimedOut.into(),
        };
        connecting
    }

    /// An address that refuses connections.
    fn nobody() -> SocketAddr {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    }

    #[test]
    fn a_peer_that_does_not_take_the_connection_is_a_timeout_and_the_next_has_its_share() {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        listener.bind(&any.into()).unwrap();
        listener.listen(0).unwrap();
        let full = listener.local_addr().unwrap().as_socket().unwrap();
        let connect = |addresses: &[SocketAddr]| {
            let mut connecting = connecting(addresses, Duration::from_millis(200));
            // What can be done at once ends at once.
            match connecting.connect(Deadline::now()) {
                Ok(None) => connecting.connect(Deadline::after(Duration::from_secs(60))),
                result => result,
            }
        };
        // Nobody accepts any, so that the queue is full after a few.
        let mut queue = Vec::new();
        let error = loop {
            match connect(&[full]) {
                Ok(stream) => queue.push(stream),
                Err(error) => break error,
            }
            assert!(queue.len() < 100, "there is no end to the queue");
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);

        let open = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let open = open.local_addr().map(|address| (open, address)).unwrap();
        let stream = connect(&[full, nobody(), open.1]).unwrap().unwrap();
        assert_eq!(stream.peer_addr().unwrap(), open.1);
        let error = connect(&[full, nobody()]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[test]
    fn no_step_waits_longer_than_it_may() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = Address::new("127.0.0.1", listener.local_addr().unwrap().port());
        let long = Deadline::after(Duration::from_secs(60));
        let resolving = Resolving::System(address);
        let mut connecting = TcpConnecting::new(TcpOptions::default(), resolving, long);
        let mut timings = Timings::default();
        let mut transport = loop {
            match connecting.advance(Deadline::now(), &mut timings).unwrap() {
                Some(transport) => break transport,
                None => drop(wait_for([connecting.interest()], long).unwrap()),
            }
        };
        assert!(timings.connect > Duration::ZERO);
        let error = transport.read(&mut [0], Deadline::now()).unwrap_err();
        assert!(crate::net::is_not_ready(&error), "{error:?}");
        assert!(transport.is_usable());
        let (mut peer, _) = listener.accept().unwrap();
        io::Write::write_all(&mut peer, b"x").unwrap();
        assert_eq!(transport.read(&mut [0; 9], long).unwrap(), 1);
    }
}
