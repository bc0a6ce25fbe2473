//! `ProducerOptions` and `Acks`: how to produce.

use libkafka_batch::ProducerInfo;

/// When the broker answers a produce request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Acks {
    /// Never, so nobody knows what becomes of the records.
    ///
    /// The broker's only way to refuse a batch, as when it does not lead the partition any more or
    /// the topic was deleted, is to close the connection. If it has, the next call on the producer
    /// returns [`Error::Closed`](crate::Error::Closed) and sends nothing: some of the batches
    /// before it are lost, nobody knows how many, and
    /// [`refresh`](crate::PartitionProducer::refresh) has to find out who leads the partition now.
    /// The loss of a batch after which nothing is sent is never noticed.
    None,
    /// Once the leader has them. They are lost if it fails before others copied them.
    Leader,
    /// Once all replicas in sync have them (`min.insync.replicas`).
    #[default]
    All,
}

impl Acks {
    /// As requests have it.
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

/// Whether batches are numbered (KIP-98), and from where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Numbers {
    #[default]
    None,
    /// From 0 on, under an id that the cluster gives.
    New,
    /// From here on.
    From(ProducerInfo),
}

impl ProducerOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// When the broker answers. Default: [`Acks::All`].
    pub fn acks(mut self, acks: Acks) -> Self {
        self.acks = acks;
        self
    }

    /// Whether the producer numbers its batches, so that the broker stores each once and in order
    /// (KIP-98). Default: false. It takes an id, which the cluster is asked for when the producer
    /// is made.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.numbers = match idempotent {
            true => Numbers::New,
            false => Numbers::None,
        };
        self
    }

    /// Numbers batches from where another producer of the same partition stopped: what its
    /// [`producer_info`](crate::PartitionProducer::producer_info) returned. Default: none.
    pub fn continue_from(mut self, producer: ProducerInfo) -> Self {
        self.numbers = Numbers::From(producer);
        self
    }
}
