//! `Retryable`: something whose calls can be retried.

use crate::call_time::CallTime;
use crate::error::Error;

/// Something whose calls [`RetryPolicy::run`](crate::RetryPolicy::run) can retry:
/// [`Client`](crate::Client), [`PartitionProducer`](crate::PartitionProducer),
/// [`PartitionFetcher`](crate::PartitionFetcher), [`Group`](crate::Group), or a type of your own
/// that contains one of them and forwards both methods to it.
pub trait Retryable {
    /// Looks up again where calls must go: to which leader, coordinator or controller.
    ///
    /// # Errors
    /// Any error of the request that this needs.
    fn refresh(&mut self) -> Result<(), Error>;

    /// The time limits of its calls, which can be changed temporarily.
    fn call_time(&mut self) -> &mut CallTime;
}
