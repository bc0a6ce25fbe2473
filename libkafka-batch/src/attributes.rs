//! The attribute bits of a batch.

use std::fmt;

/// The attribute bits of a batch (magic 2) or of a message (magic 0 and 1).
///
/// Bits without a meaning yet are kept as they are.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Attributes(pub i16);

impl Attributes {
    const COMPRESSION: i16 = 0x07;
    const LOG_APPEND_TIME: i16 = 0x08;
    const TRANSACTIONAL: i16 = 0x10;
    const CONTROL: i16 = 0x20;
    const DELETE_HORIZON: i16 = 0x40;

    /// The codec of the records.
    ///
    /// # Errors
    /// The number of the codec (5 to 7), if Kafka has no codec of that number.
    pub fn compression(self) -> Result<Compression, u8> {
        let id = (self.0 & Self::COMPRESSION) as u8;
        Compression::from_id(id).ok_or(id)
    }

    /// What the timestamps of the records mean.
    pub fn timestamp_type(self) -> TimestampType {
        if self.0 & Self::LOG_APPEND_TIME == 0 {
            TimestampType::CreateTime
        } else {
            TimestampType::LogAppendTime
        }
    }

    /// Whether the batch belongs to a transaction (KIP-98).
    pub fn is_transactional(self) -> bool {
        self.0 & Self::TRANSACTIONAL != 0
    }

    /// Whether the records are markers for Kafka itself rather than for an application (KIP-98).
    pub fn is_control(self) -> bool {
        self.0 & Self::CONTROL != 0
    }

    /// Whether the base timestamp is the delete horizon (KIP-534).
    pub fn has_delete_horizon(self) -> bool {
        self.0 & Self::DELETE_HORIZON != 0
    }

    #[inline]
    pub(crate) fn with_compression(self, compression: Compression) -> Self {
        Self(self.0 & !Self::COMPRESSION | i16::from(compression.id()))
    }

    #[inline]
    pub(crate) fn with_timestamp_type(self, timestamp_type: TimestampType) -> Self {
        self.with(
            Self::LOG_APPEND_TIME,
            timestamp_type == TimestampType::LogAppendTime,
        )
    }

    #[inline]
    pub(crate) fn with_transactional(self, on: bool) -> Self {
        self.with(Self::TRANSACTIONAL, on)
    }

    #[inline]
    pub(crate) fn with_control(self, on: bool) -> Self {
        self.with(Self::CONTROL, on)
    }

    #[inline]
    fn with(self, bit: i16, on: bool) -> Self {
        Self(if on { self.0 | bit } else { self.0 & !bit })
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attributes({:#06x})", self.0)
    }
}

/// A compression codec of Kafka.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Compression {
    /// The records are not compressed.
    None,
    /// One or more gzip members.
    Gzip,
    /// Snappy blocks in the framing of snappy-java, or one bare block.
    Snappy,
    /// An LZ4 frame.
    Lz4,
    /// One or more Zstandard frames (KIP-110).
    Zstd,
}

impl Compression {
    /// The number of the codec in the attributes.
    pub fn id(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Gzip => 1,
            Self::Snappy => 2,
            Self::Lz4 => 3,
            Self::Zstd => 4,
        }
    }

    /// The codec with this number.
    pub fn from_id(id: u8) -> Option<Self> {
        [Self::None, Self::Gzip, Self::Snappy, Self::Lz4, Self::Zstd]
            .into_iter()
            .find(|c| c.id() == id)
    }

    /// The name of the codec in Kafka's configuration: `none`, `gzip`, `snappy`, `lz4` or `zstd`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Snappy => "snappy",
            Self::Lz4 => "lz4",
            Self::Zstd => "zstd",
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the timestamps of a batch's records mean (KIP-32).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimestampType {
    /// The format has no timestamps (magic 0). They read as -1.
    NoTimestamp,
    /// Set by the producer, record by record.
    CreateTime,
    /// Set by the broker: every record has the time at which its batch was appended.
    LogAppendTime,
}

impl TimestampType {
    /// Kafka's name for it: `NoTimestampType`, `CreateTime` or `LogAppendTime`.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoTimestamp => "NoTimestampType",
            Self::CreateTime => "CreateTime",
            Self::LogAppendTime => "LogAppendTime",
        }
    }
}
