//! The network: bytes to and from a broker, by TCP, TLS or whatever a caller brings.

#[cfg(feature = "dns")]
mod dns;
mod tcp;
#[cfg(feature = "tls")]
mod tls;
mod transport;

#[cfg(feature = "dns")]
pub use self::dns::{Dns, Srv};
pub use self::tcp::{TcpConnector, TcpOptions};
#[cfg(feature = "tls")]
pub use self::tls::Tls;
pub use self::transport::{ConnectError, Connector, Transport};
