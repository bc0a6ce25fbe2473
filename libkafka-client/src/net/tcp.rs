//! TCP.

use std::io::{self, IoSlice, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use socket2::{SockRef, TcpKeepalive};

#[cfg(feature = "dns")]
use super::dns::Dns;
use super::transport::{ConnectError, Connector, Transport};
use crate::address::Address;
use crate::deadline::Deadline;
use crate::place::Phase;
use crate::timings::Timings;

/// Options of a TCP socket.
///
/// ```
/// # use std::time::Duration;
/// # use libkafka_client::{TcpConnector, TcpOptions};
/// let options = TcpOptions::default().keepalive(Some(Duration::from_secs(20)));
/// let connector = TcpConnector::default().options(options);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct TcpOptions {
    nodelay: bool,
    keepalive: Option<Duration>,
    user_timeout: Option<Duration>,
}

impl Default for TcpOptions {
    fn default() -> Self {
        let minute = Duration::from_secs(60);
        Self {
            nodelay: true,
            keepalive: Some(minute),
            user_timeout: Some(minute),
        }
    }
}

impl TcpOptions {
    /// Sets whether to send at once rather than collect small writes (`TCP_NODELAY`).
    /// Default: true.
    pub fn nodelay(mut self, nodelay: bool) -> Self {
        self.nodelay = nodelay;
        self
    }

    /// Sets the idle time after which the system probes whether the peer is there; none turns
    /// probing off. Default: one minute.
    pub fn keepalive(mut self, idle: Option<Duration>) -> Self {
        self.keepalive = idle;
        self
    }

    /// Sets how long written bytes may stay unacknowledged before the system gives the connection
    /// up (`TCP_USER_TIMEOUT`, Linux and Android); none leaves the system's own limit, which is
    /// many minutes. Default: one minute.
    pub fn user_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.user_timeout = timeout;
        self
    }
}

/// Connects by TCP: what a client does unless told otherwise.
///
/// Names are resolved by the system, which cannot be stopped half-way. An IP address needs no
/// resolving, and a name in `/etc/hosts` is found there at once as systems are set up; but where
/// DNS is asked and the system's own limits (`timeout` and `attempts` in `/etc/resolv.conf`: by
/// default 5 s, twice, for each server) allow it more time than the deadline, the call ends late.
/// With the feature `dns`, `dns` asks DNS servers instead, within the deadline.
#[derive(Debug, Clone, Default)]
pub struct TcpConnector {
    options: TcpOptions,
    #[cfg(feature = "dns")]
    dns: Option<Dns>,
}

impl TcpConnector {
    /// Sets the options of every socket.
    #[must_use]
    pub fn options(mut self, options: TcpOptions) -> Self {
        self.options = options;
        self
    }

    /// Resolves names by asking these DNS servers, and nothing else that the system may know of:
    /// no `/etc/hosts`, no search domains (feature `dns`).
    #[cfg(feature = "dns")]
    #[must_use]
    pub fn dns(mut self, dns: Dns) -> Self {
        self.dns = Some(dns);
        self
    }

    fn resolve(&self, address: &Address, deadline: Deadline) -> io::Result<Vec<SocketAddr>> {
        #[cfg(feature = "dns")]
        if let Some(dns) = &self.dns {
            let found = dns.host(&address.host, deadline)?.into_iter();
            return Ok(found.map(|ip| SocketAddr::new(ip, address.port)).collect());
        }
        deadline.left()?;
        let found: Vec<_> = (address.host.as_str(), address.port)
            .to_socket_addrs()?
            .collect();
        deadline.left()?;
        if found.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "the name has no address",
            ));
        }
        Ok(found)
    }
}

impl Connector for TcpConnector {
    fn connect(
        &self,
        address: &Address,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Box<dyn Transport>, ConnectError> {
        let started = Instant::now();
        let addresses = self
            .resolve(address, deadline)
            .map_err(|source| ConnectError {
                phase: Phase::Resolve,
                source,
            })?;
        timings.resolve = started.elapsed();
        let started = Instant::now();
        let stream = connect_to_any(&addresses, deadline)?;
        self.options.apply(&stream)?;
        timings.connect = started.elapsed();
        Ok(Box::new(Tcp::new(stream)))
    }
}

impl TcpOptions {
    fn apply(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(self.nodelay)?;
        let socket = SockRef::from(stream);
        if let Some(idle) = self.keepalive {
            socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(idle))?;
        }
        #[cfg(any(target_os = "linux", target_os = "android"))]
        socket.set_tcp_user_timeout(self.user_timeout)?;
        Ok(())
    }
}

/// One address after the other, each with its share of the time.
fn connect_to_any(addresses: &[SocketAddr], deadline: Deadline) -> io::Result<TcpStream> {
    let mut last = io::ErrorKind::TimedOut.into();
    for (i, address) in addresses.iter().enumerate() {
        let time = deadline.share(addresses.len() - i).left()?;
        match TcpStream::connect_timeout(address, time) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// A blocking socket whose timeouts follow the deadline.
///
/// A timeout is an option of the socket, and setting it costs a system call. So it is set anew
/// only when it is too long for what is left by more than a sixteenth, or much too short; a wait
/// that ends before the deadline goes on.
struct Tcp {
    stream: TcpStream,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
}

impl Tcp {
    fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            read_timeout: None,
            write_timeout: None,
        }
    }
}

impl Transport for Tcp {
    fn write(&mut self, parts: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        loop {
            if let Some(timeout) = adjust(&mut self.write_timeout, deadline)? {
                self.stream.set_write_timeout(Some(timeout))?;
            }
            match self.stream.write_vectored(parts) {
                Err(error) if goes_on(&error) => {}
                result => return result,
            }
        }
    }

    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        loop {
            if let Some(timeout) = adjust(&mut self.read_timeout, deadline)? {
                self.stream.set_read_timeout(Some(timeout))?;
            }
            match self.stream.read(buffer) {
                Err(error) if goes_on(&error) => {}
                result => return result,
            }
        }
    }

    fn is_usable(&mut self) -> bool {
        if self.stream.set_nonblocking(true).is_err() {
            return false;
        }
        let nothing = matches!(
            self.stream.peek(&mut [0]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock
        );
        nothing && self.stream.set_nonblocking(false).is_ok()
    }
}

/// The timeout to set, if the one that is set does not serve.
fn adjust(current: &mut Option<Duration>, deadline: Deadline) -> io::Result<Option<Duration>> {
    let remaining = deadline.left()?;
    match *current {
        Some(timeout) if timeout <= remaining + remaining / 16 && timeout >= remaining / 4 => {
            Ok(None)
        }
        _ => {
            // Some systems take a timeout below their clock's tick for none.
            let timeout = remaining.max(Duration::from_millis(1));
            *current = Some(timeout);
            Ok(Some(timeout))
        }
    }
}

/// Did a wait end that the deadline may let go on?
fn goes_on(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
    )
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_socket_has_the_options_that_were_asked_for() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (short, long) = (Duration::from_secs(7), Duration::from_secs(60));
        let other = TcpOptions {
            nodelay: false,
            keepalive: None,
            user_timeout: Some(short),
        };
        for (options, keepalive) in [(TcpOptions::default(), Some(long)), (other, None)] {
            let stream = TcpStream::connect(address).unwrap();
            options.apply(&stream).unwrap();
            let socket = SockRef::from(&stream);
            assert_eq!(stream.nodelay().unwrap(), options.nodelay);
            assert_eq!(socket.keepalive().unwrap(), keepalive.is_some());
            #[cfg(target_os = "linux")]
            {
                let timeout = socket.tcp_user_timeout().unwrap();
                assert_eq!(timeout, options.user_timeout);
                if let Some(keepalive) = keepalive {
                    assert_eq!(socket.tcp_keepalive_time().unwrap(), keepalive);
                }
            }
        }
    }

    #[test]
    fn an_address_is_not_resolved_and_nothing_is_once_the_deadline_is_past() {
        let connector = TcpConnector::default();
        let resolve = |host: &str, time| {
            let deadline = Deadline::after(time);
            connector.resolve(&Address::new(host, 1), deadline)
        };
        let found = resolve("127.0.0.1", Duration::from_secs(60)).unwrap();
        assert_eq!(found, [SocketAddr::from(([127, 0, 0, 1], 1))]);
        let error = resolve("127.0.0.1", Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_peer_that_does_not_take_the_connection_is_a_timeout() {
        let listener =
            socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        listener.bind(&any.into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        let connect = || {
            let deadline = Deadline::after(Duration::from_millis(100));
            connect_to_any(&[address], deadline)
        };
        // Nobody accepts any, so that the queue is full after a few.
        let mut queue = Vec::new();
        let error = loop {
            match connect() {
                Ok(stream) => queue.push(stream),
                Err(error) => break error,
            }
            assert!(queue.len() < 100, "there is no end to the queue");
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
