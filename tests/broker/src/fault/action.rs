//! [`Action`]: the effect of a fault.

use std::any::Any;
use std::fmt;
use std::io::{self, Write};
use std::time::Duration;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::frame::LENGTH_SIZE;

use crate::transport::Transport;

/// The end of the correlation id in a response.
const PREFIX: usize = LENGTH_SIZE + 4;

/// Changes a response, given its request.
pub(crate) type Alter = Box<dyn FnMut(&dyn Any, &mut dyn Any) + Send>;

/// The effect of a fault on a request.
pub(crate) enum Action {
    Error(ErrorCode),
    Alter(Alter),
    Observe,
    Delay(Duration),
    Pause,
    DropRequest,
    HangUp,
    Deliver(Delivery),
}

/// How to send a response.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Delivery {
    Silence,
    Cut(usize),
    Reset,
    Drip(usize, Duration),
    CorrelationId,
    Length(i32),
    Garbage,
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(code) => write!(f, "error {code}"),
            Self::Alter(_) => f.write_str("alter"),
            Self::Observe => f.write_str("observe"),
            Self::Delay(delay) => write!(f, "delay {delay:?}"),
            Self::Pause => f.write_str("pause"),
            Self::DropRequest => f.write_str("drop request"),
            Self::HangUp => f.write_str("hang up"),
            Self::Deliver(delivery) => delivery.fmt(f),
        }
    }
}

impl Delivery {
    /// Sends the rest of `response`.
    ///
    /// # Errors
    /// If the connection has been closed, or must be.
    pub(crate) fn send(self, response: &mut Vec<u8>, transport: &mut Transport) -> io::Result<()> {
        let ended = || Err(io::Error::other("a fault ended the connection"));
        match self {
            Self::Silence => response.clear(),
            Self::Cut(bytes) => {
                transport.write_all(&response[..bytes.min(response.len())])?;
                transport.flush()?;
                return ended();
            }
            Self::Reset => {
                transport.reset()?;
                return ended();
            }
            Self::Drip(bytes, pause) => {
                for chunk in response.chunks(bytes) {
                    transport.write_all(chunk)?;
                    transport.flush()?;
                    std::thread::sleep(pause);
                }
                response.clear();
            }
            Self::CorrelationId => {
                if let Some(id) = response.get_mut(LENGTH_SIZE..PREFIX) {
                    id.iter_mut().for_each(|byte| *byte ^= 0x55);
                }
            }
            Self::Length(length) => {
                if let Some(prefix) = response.get_mut(..LENGTH_SIZE) {
                    prefix.copy_from_slice(&length.to_be_bytes());
                }
            }
            Self::Garbage => {
                if let Some(body) = response.get_mut(PREFIX..) {
                    fastrand::fill(body);
                }
            }
        }
        Ok(())
    }
}
