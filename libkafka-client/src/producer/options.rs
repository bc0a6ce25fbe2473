//! `ProducerOptions` and `Acks`: how to produce.

use libkafka_batch::ProducerInfo;

/// When the broker answers a Produce request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Acks {
    /// Never, so the outcome of the records is not known.
    ///
    /// The broker can refuse a batch only by closing the connection, for example if it no longer
    /// leads the partition or the topic was deleted. If it did, the next call on the producer
    /// returns [`Error::Closed`](crate::Error::Closed) and sends nothing: an unknown number of the
    /// batches before it are lost, and [`refresh`](crate::PartitionProducer::refresh) must look up
    /// the current leader. If nothing is sent after a batch, its loss goes unnoticed.
    ///
    /// A [`Producer`](crate::Producer) and a [`ProduceLane`](crate::ProduceLane) report a batch as
    /// in doubt if the connection ended before the batch was completely written, or the broker had
    /// closed the connection by then. Whether the broker ever read the bytes that were handed to
    /// the system earlier is not known.
    None,
    /// Once the leader has the records. They are lost if it fails before other replicas have copied
    /// them.
    Leader,
    /// Once all in-sync replicas have the records (`min.insync.replicas`).
    #[default]
    All,
}

impl Acks {
    /// The value in requests.
    pub(crate) fn encoded(self) -> i16 {
        match self {
            Self::None => 0,
            Self::Leader => 1,
            Self::All => -1,
        }
    }
}

/// How to produce: a plain value, given when a producer is made.
///
/// ```no_run
/// use libkafka_client::{Acks, Client, Config, ProducerOptions};
///
/// let mut client = Client::new(Config::new("localhost:9092"))?;
/// let options = ProducerOptions::new().acks(Acks::Leader);
/// let mut producer = client.producer_with("payments", 0, options)?;
/// # Ok::<(), libkafka_client::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use]
pub struct ProducerOptions {
    pub(crate) acks: Acks,
    pub(crate) numbers: Numbers,
}

/// Whether batches are numbered (KIP-98), and from which number on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Numbers {
    #[default]
    None,
    /// From 0 on, with an id that the cluster assigns.
    New,
    /// From this number on.
    From(ProducerInfo),
}

impl ProducerOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets when the broker answers. Default: [`Acks::All`].
    pub fn acks(mut self, acks: Acks) -> Self {
        self.acks = acks;
        self
    }

    /// Sets whether the producer numbers its batches, so that the broker stores each once and in
    /// order (KIP-98). Default: false. It needs an id, which is requested from the cluster when the
    /// producer is made.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.numbers = match idempotent {
            true => Numbers::New,
            false => Numbers::None,
        };
        self
    }

    /// Continues the numbering of another producer of the same partition, from what its
    /// [`producer_info`](crate::PartitionProducer::producer_info) returned. Default: none.
    pub fn continue_from(mut self, producer: ProducerInfo) -> Self {
        self.numbers = Numbers::From(producer);
        self
    }
}
