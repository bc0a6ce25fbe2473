//! The network: bytes to and from brokers, over TCP, TLS or a transport of the caller, and waiting
//! for several brokers at once.

#[cfg(feature = "dns")]
mod dns;
#[cfg(feature = "dns")]
mod dns_exchange;
#[cfg(feature = "dns")]
mod dns_lookup;
#[cfg(feature = "dns")]
mod dns_message;
mod handover;
mod interest;
mod stop;
mod tcp;
mod tcp_connecting;
mod tcp_dial;
mod tcp_options;
mod tcp_stream;
#[cfg(feature = "tls")]
mod tls;
#[cfg(any(feature = "tls-ring", feature = "tls-graviola"))]
mod tls_pem;
#[cfg(feature = "tls")]
mod tls_stream;
mod transport;
mod wait;
mod waker;

#[cfg(feature = "dns")]
pub(crate) use self::dns::SrvLookup;
#[cfg(feature = "dns")]
pub use self::dns::{Dns, Srv};
pub(crate) use self::handover::{Handover, Held};
pub use self::interest::{Interest, Readiness, Socket};
pub use self::stop::Stop;
pub use self::tcp::TcpConnector;
pub use self::tcp_options::TcpOptions;
#[cfg(feature = "tls")]
pub use self::tls::Tls;
#[cfg(feature = "tls")]
pub(crate) use self::tls_stream::TlsTransport;
pub(crate) use self::transport::is_not_ready;
pub use self::transport::{ConnectError, Connecting, Connector, Transport};
pub(crate) use self::wait::wait_for;
pub use self::wait::{Ready, Waitable, wait};
pub use self::waker::Waker;
