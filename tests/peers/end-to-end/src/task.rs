//! What a candidate is to do.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// Bytes of a batch, for whoever collects records into batches by bytes.
pub const BATCH_BYTES: usize = 64 * 1024;
/// Bytes that a fetch brings at most.
pub const FETCH_BYTES: i32 = 1024 * 1024;

/// What a candidate is to do, to partition 0 of one topic.
#[derive(Debug, Clone)]
pub struct Task {
    pub bootstrap: String,
    pub topic: String,
    pub kind: Kind,
    /// Bytes of a record's value.
    pub size: usize,
    pub lz4: bool,
    /// How many produce requests may be on the way at once.
    pub in_flight: usize,
    pub records: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Produce all records, in batches.
    Produce,
    /// Fetch all records and look at each.
    Consume,
    /// Produce them one by one, each once the one before was acknowledged.
    Single,
}

impl Task {
    /// Records that make a batch of 64 KiB, for whoever says where a batch ends.
    pub fn batch_records(&self) -> usize {
        (BATCH_BYTES / (self.size + 10)).max(1)
    }

    /// The values, which come round again: text that compresses about as well as an
    /// application's.
    pub fn values(&self) -> Vec<Vec<u8>> {
        const VALUES: usize = 997;
        (0..VALUES).map(|i| value(self.size, i)).collect()
    }

    /// As arguments of a command.
    pub fn arguments(&self) -> [String; 7] {
        [
            self.bootstrap.clone(),
            self.topic.clone(),
            self.kind.to_string(),
            self.size.to_string(),
            self.lz4.to_string(),
            self.in_flight.to_string(),
            self.records.to_string(),
        ]
    }

    /// From arguments of a command.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        Some(Self {
            bootstrap: arguments.next()?,
            topic: arguments.next()?,
            kind: Kind::parse(&arguments.next()?)?,
            size: arguments.next()?.parse().ok()?,
            lz4: arguments.next()?.parse().ok()?,
            in_flight: arguments.next()?.parse().ok()?,
            records: arguments.next()?.parse().ok()?,
        })
    }
}

impl Kind {
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Produce, Self::Consume, Self::Single]
            .into_iter()
            .find(|kind| kind.to_string() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Produce => "produce",
            Self::Consume => "consume",
            Self::Single => "single",
        })
    }
}

/// The time in milliseconds since 1970.
pub fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64)
}

fn value(size: usize, i: usize) -> Vec<u8> {
    let mut text = format!(
        "user={i},order={},status=pending,region=eu-west,price={},product=",
        (i * 7919) % 100_003,
        (i * 31) % 9973
    );
    let mut random = i as u64 * 0x9e37_79b9_7f4a_7c15 + 1;
    while text.len() < size {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        text += &format!("w{},", random % 5000);
    }
    text.truncate(size);
    text.into_bytes()
}
