//! `Failure` and `Try`: what became of a batch that was not delivered at once.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use crate::error::Error;
use crate::exchange::Exchange;

/// Why a batch was closed to further records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Closed {
    /// The next record did not fit.
    Full,
    /// It had been open for as long as the linger time.
    Linger,
    /// The caller flushed or closed the producer.
    Flush,
    /// It was handed over as a finished batch.
    ReadyMade,
}

/// One try to produce a batch, which failed.
#[derive(Debug, Clone)]
pub(crate) struct Try {
    /// The request that carried it, and its response; none if no request was made.
    pub(crate) exchange: Option<Arc<Exchange>>,
    /// Why it failed.
    pub(crate) error: Arc<Error>,
    /// Whether it may have put the batch into the log all the same.
    pub(crate) possibly_written: bool,
}

/// Why a batch was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reason {
    /// The broker refused it, and would again.
    Refused,
    /// It may have been stored, and sending it again could store it twice.
    InDoubt,
    /// Its delivery time passed.
    Expired,
    /// The broker no longer knew the partition's sequence numbers, and the batch may be among
    /// those that it had stored under them.
    SequenceLost,
    /// Its records could not be compressed or its header not be written.
    NotBuilt,
    /// The producer was closed.
    Closed,
}

/// A batch that was not delivered, or not for certain.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// Why it was given up.
    pub(crate) reason: Reason,
    /// The last error that it met; none if it was never tried.
    pub(crate) error: Option<Arc<Error>>,
    /// Whether the batch may be in the log all the same.
    pub(crate) possibly_written: bool,
    /// The batch; empty if it could not be built.
    pub(crate) batch: Bytes,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.reason {
            Reason::Refused => "the broker refused the batch",
            Reason::InDoubt => "the batch may or may not have been stored",
            Reason::Expired => "the delivery time passed",
            Reason::SequenceLost => "the broker lost the partition's sequence numbers",
            Reason::NotBuilt => "the batch could not be built",
            Reason::Closed => "the producer was closed",
        })?;
        match &self.error {
            Some(error) => write!(f, ": {error}"),
            None => Ok(()),
        }
    }
}
