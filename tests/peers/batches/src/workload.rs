//! The records that everyone writes and reads.

/// A record, owned.
pub struct Record {
    pub timestamp: i64,
    pub key: Option<Vec<u8>>,
    pub value: Vec<u8>,
    pub headers: Vec<(String, Vec<u8>)>,
}

/// One of four workloads: `a` 1,000 values of 100 bytes; `b` 1,000 of 1 KiB with a key of 16;
/// `c` 10,000 of 10 bytes; `d` as `a` with 3 headers.
pub fn workload(name: char) -> Vec<Record> {
    let (count, value, key, headers) = match name {
        'a' => (1_000, 100, false, 0),
        'b' => (1_000, 1024, true, 0),
        'c' => (10_000, 10, false, 0),
        'd' => (1_000, 100, false, 3),
        other => panic!("there is no workload {other}; there are a, b, c and d"),
    };
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let header = [("traceparent", 32), ("content-type", 16), ("source", 8)];
    (0..count)
        .map(|i| Record {
            timestamp: 1_700_000_000_000 + i / 10,
            key: key.then(|| format!("key-{:012}", random.below(1_000_000_000)).into_bytes()),
            value: text(&mut random, value),
            headers: header[..headers]
                .iter()
                .map(|&(key, len)| (key.to_owned(), text(&mut random, len)))
                .collect(),
        })
        .collect()
}

/// Text that compresses about as well as an application's.
fn text(random: &mut Random, len: usize) -> Vec<u8> {
    const WORDS: [&str; 20] = [
        "user",
        "order",
        "amount",
        "timestamp",
        "region",
        "eu-west",
        "status",
        "pending",
        "shipped",
        "price",
        "currency",
        "EUR",
        "quantity",
        "product",
        "session",
        "click",
        "view",
        "device",
        "mobile",
        "browser",
    ];
    let mut text = String::new();
    while text.len() < len {
        text += &format!(
            "{}={},",
            WORDS[random.below(20) as usize],
            random.below(1_000_000)
        );
    }
    text.truncate(len);
    text.into_bytes()
}

/// The same numbers in every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// A sum of what is in a record, so that every field has to be looked at.
#[derive(Default)]
pub struct Visitor(u64);

impl Visitor {
    #[inline]
    pub fn record(
        &mut self,
        offset: i64,
        timestamp: i64,
        key: Option<&[u8]>,
        value: Option<&[u8]>,
    ) {
        let key = key.map_or(7, |key| {
            key.len() as u64 + u64::from(key.first().copied().unwrap_or(0))
        });
        let value = value.map_or(9, |value| {
            value.len() as u64 * 3 + u64::from(value.last().copied().unwrap_or(0))
        });
        self.0 = self
            .0
            .wrapping_add((offset ^ timestamp) as u64 ^ key ^ value);
    }

    #[inline]
    pub fn header(&mut self, key: &[u8], value: Option<&[u8]>) {
        let value = value.map_or(5, |value| {
            value.len() as u64 * 5 + u64::from(value.first().copied().unwrap_or(0))
        });
        self.0 = self.0.wrapping_add(key.len() as u64 + value);
    }

    pub fn sum(&self) -> u64 {
        self.0
    }
}
