//! `Error::retry_method`: what to do about an error.

use libkafka_protocol::ErrorCode;

use super::{Error, RetryMethod};

impl Error {
    /// Whether the request may have taken effect in spite of the error.
    ///
    /// `false` is certain: nothing was written, or the broker refused. `true` is not: bytes were
    /// sent and no answer arrived, or the broker's answer says that the broker does not know
    /// either. That is so for [`ErrorCode::REQUEST_TIMED_OUT`],
    /// [`ErrorCode::NOT_ENOUGH_REPLICAS_AFTER_APPEND`] and [`ErrorCode::UNKNOWN_SERVER_ERROR`];
    /// when producing, also for [`ErrorCode::KAFKA_STORAGE_ERROR`] and for any error that comes
    /// with the offset of the batch: [`ErrorCode::NOT_LEADER_OR_FOLLOWER`] has it from a leader
    /// that had appended the batch and was deposed while it waited for other replicas, and does not
    /// have it from a broker that refused outright.
    pub fn possibly_written(&self) -> bool {
        match self {
            Self::Broker { in_doubt, .. } => *in_doubt,
            Self::NoLeader { .. }
            | Self::OffsetOutOfRange { .. }
            | Self::Diverged { .. }
            | Self::BatchTooLarge { .. } => false,
            _ => self.at().is_some_and(|at| at.written > 0),
        }
    }

    /// What to do about the error. Whether a retry could do something twice is a separate question:
    /// see [`possibly_written`](Self::possibly_written).
    pub fn retry_method(&self) -> RetryMethod {
        match self {
            // Whoever does not answer may not be the leader any more.
            Self::Timeout { .. } | Self::Io { .. } | Self::Closed { .. } => RetryMethod::Refresh,
            Self::NoLeader { .. } | Self::UnknownBroker { .. } | Self::NoBroker => {
                RetryMethod::Refresh
            }
            Self::BufferFull { .. } | Self::UnknownTopic { .. } | Self::Unfinished { .. } => {
                RetryMethod::Retry
            }
            // The connection is out of step, and is dropped.
            Self::CorrelationId { .. } | Self::Unsolicited { .. } => RetryMethod::Retry,
            Self::InFlight { .. } | Self::Uncollected { .. } => RetryMethod::GiveUp,
            Self::Broker { code, .. } => of_code(*code),
            _ => RetryMethod::GiveUp,
        }
    }
}

fn of_code(code: ErrorCode) -> RetryMethod {
    match code {
        ErrorCode::NOT_COORDINATOR
        | ErrorCode::REBOOTSTRAP_REQUIRED
        | ErrorCode::COORDINATOR_NOT_AVAILABLE
        | ErrorCode::NOT_CONTROLLER => RetryMethod::Refresh,
        code if code.wants_fresh_metadata() => RetryMethod::Refresh,
        code if code.is_retriable() => RetryMethod::Retry,
        _ => RetryMethod::GiveUp,
    }
}
