//! `TcpOptions`: options of a TCP socket.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};

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
    /// Sets whether to send at once rather than collect small writes (`TCP_NODELAY`). Default:
    /// true.
    pub fn nodelay(mut self, nodelay: bool) -> Self {
        self.nodelay = nodelay;
        self
    }

    /// Sets the idle time after which the system probes whether the peer is still there; `None`
    /// turns probing off. Default: one minute.
    pub fn keepalive(mut self, idle: Option<Duration>) -> Self {
        self.keepalive = idle;
        self
    }

    /// Sets how long written bytes may stay unacknowledged before the system gives up the
    /// connection (`TCP_USER_TIMEOUT`, Linux and Android); `None` leaves the system's own limit,
    /// which is many minutes. Default: one minute.
    pub fn user_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.user_timeout = timeout;
        self
    }
}

impl TcpOptions {
    pub(super) fn apply(&self, stream: &TcpStream) -> io::Result<()> {
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
}
