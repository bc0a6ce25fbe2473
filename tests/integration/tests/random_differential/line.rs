//! [`Line`]: a connection whose answers may be long in coming.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use bytes::Bytes;

/// A connection to a broker.
pub(crate) struct Line {
    stream: TcpStream,
    received: Vec<u8>,
    correlation_id: i32,
}

/// What has come.
#[derive(Debug)]
pub(crate) enum Heard {
    Nothing,
    /// A frame without its length.
    Frame(Bytes),
    /// The broker has ended the connection.
    End,
}

impl Line {
    pub(crate) fn connect(address: SocketAddr) -> Line {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Line {
            stream,
            received: Vec::new(),
            correlation_id: 0,
        }
    }

    /// The number for the next request.
    pub(crate) fn next_id(&mut self) -> i32 {
        self.correlation_id += 1;
        self.correlation_id
    }

    /// Sends; if the broker has ended the connection, that shows when it is listened to.
    pub(crate) fn send(&mut self, frame: &[u8]) {
        let _ = self.stream.write_all(frame);
    }

    /// Waits for the next frame, so long at most.
    pub(crate) fn listen(&mut self, wait: Duration) -> Heard {
        loop {
            if let Some((length, rest)) = self.received.split_first_chunk::<4>() {
                let length = u32::from_be_bytes(*length) as usize;
                if rest.len() >= length {
                    let frame = Bytes::copy_from_slice(&rest[..length]);
                    self.received.drain(..4 + length);
                    return Heard::Frame(frame);
                }
            }
            self.stream.set_read_timeout(Some(wait)).unwrap();
            let mut chunk = [0; 64 * 1024];
            match self.stream.read(&mut chunk) {
                Ok(0) => return Heard::End,
                Ok(read) => self.received.extend_from_slice(&chunk[..read]),
                Err(error)
                    if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) =>
                {
                    return Heard::Nothing;
                }
                Err(_) => return Heard::End,
            }
        }
    }
}
