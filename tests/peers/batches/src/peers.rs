//! Other libraries, each behind the same two functions.

use bytes::Bytes;
use peers_harness::Candidate;

use crate::workload::Record;

mod kafka_protocol;
mod krafka;
mod rskafka;
mod tansu;

/// A library.
pub struct Peer<'a> {
    pub name: &'static str,
    /// Encodes the records, which it holds in its own form already. Some cannot do it by
    /// reference, and get a copy made outside of what is timed.
    encode: Box<dyn Fn() -> Encode<'a> + 'a>,
    decode: Box<dyn Fn(&Bytes) -> u64 + 'a>,
}

/// An encoding with what must come before it.
pub type Encode<'a> = Box<dyn FnOnce() -> Bytes + 'a>;

impl Peer<'_> {
    /// Stops where it reads something else, and says so where it writes something else.
    pub fn check(&self, batch: &Bytes, sum: u64) {
        assert_eq!(
            (self.decode)(batch),
            sum,
            "{} reads something else",
            self.name
        );
        if (self.encode)()() != batch {
            eprintln!("{} writes other bytes", self.name);
        }
    }

    /// The size of what it encodes.
    pub fn size(&self) -> usize {
        (self.encode)()().len()
    }

    pub fn encode(&self) -> Candidate<'_> {
        Candidate::with_setup(self.name, &self.encode, |encode| encode())
    }

    pub fn decode<'s>(&'s self, batch: &'s Bytes) -> Candidate<'s> {
        Candidate::new(self.name, move || (self.decode)(batch))
    }
}

/// All libraries, with `records` in the form of each.
pub fn all<'a>(records: &'a [Record], codec: &'a str) -> Vec<Peer<'a>> {
    let mut peers = vec![
        kafka_protocol::peer(records, codec),
        krafka::peer(records, codec),
        rskafka::peer(records, codec),
    ];
    // It refuses snappy.
    if codec != "snappy" {
        peers.push(tansu::peer(records, codec));
    }
    peers
}
