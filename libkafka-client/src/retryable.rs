//! `Retryable`: what calls can be made on and retried.

use crate::call_time::CallTime;
use crate::error::Error;

/// Something to make calls on that [`RetryPolicy::run`](crate::RetryPolicy::run) can retry: [`Client`](crate::Client),
/// [`PartitionProducer`](crate::PartitionProducer), [`PartitionFetcher`](crate::PartitionFetcher),
/// [`Group`](crate::Group), or a type of your own that holds one of them and passes both methods
/// on to it.
pub trait Retryable {
    /// Finds out anew where calls have to go: who leads, coordinates or controls.
    ///
    /// # Errors
    /// Any error of the request that this takes.
    fn refresh(&mut self) -> Result<(), Error>;

    /// The limits on the time of its calls, to be changed for a while.
    fn call_time(&mut self) -> &mut CallTime;
}
