//! [`Transport`]: bytes to and from a client, encrypted or not.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// The bytes of a connection.
pub(crate) enum Transport {
    Plain(Socket),
    #[cfg(feature = "tls")]
    Tls(Box<rustls::StreamOwned<rustls::ServerConnection, Socket>>),
}

/// A socket that the server's table holds as well.
pub(crate) struct Socket(pub(crate) Arc<TcpStream>);

impl Transport {
    fn socket(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => &socket.0,
            #[cfg(feature = "tls")]
            Self::Tls(stream) => &stream.sock.0,
        }
    }

    /// Closes the connection in an orderly way.
    pub(crate) fn end(&mut self) {
        #[cfg(feature = "tls")]
        if let Self::Tls(stream) = self {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
        let _ = self.socket().shutdown(Shutdown::Both);
    }

    /// Makes the connection be reset when it is closed, which must happen soon.
    pub(crate) fn reset(&mut self) -> io::Result<()> {
        // With no time to linger, closing sends a reset.
        socket2::SockRef::from(self.socket()).set_linger(Some(Duration::ZERO))
    }

    /// Whether it will be reset, which an orderly end would prevent.
    pub(crate) fn is_reset(&self) -> bool {
        let linger = socket2::SockRef::from(self.socket()).linger();
        linger.ok().flatten() == Some(Duration::ZERO)
    }
}

impl Read for Transport {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(out),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.read(out),
        }
    }
}

impl Write for Transport {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.write(bytes),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            #[cfg(feature = "tls")]
            Self::Tls(stream) => stream.flush(),
        }
    }
}

impl Read for Socket {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(out)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
