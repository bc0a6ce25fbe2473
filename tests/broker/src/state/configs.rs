//! Configuration by Kafka's names, of the brokers and of topics.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A configuration that a topic has.
#[derive(Debug)]
pub(crate) struct ConfigEntry {
    pub(crate) name: &'static str,
    /// The configuration of the broker that is used in place of it.
    pub(crate) broker: &'static str,
    pub(crate) default: &'static str,
    pub(crate) kind: ConfigKind,
}

/// What values a configuration takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ConfigKind {
    Boolean,
    /// With the least that it takes.
    Int(i64),
    /// An int with the least and the most that it takes.
    Between(i64, i64),
    /// An int too: 1 to 9, or -1 for the default.
    GzipLevel,
    /// With the least that it takes.
    Long(i64),
    Double,
    List(&'static [&'static str]),
    Text(&'static [&'static str]),
}

use ConfigKind::{Between, Boolean, Double, GzipLevel, Int, List, Long, Text};

macro_rules! entries {
    ($($name:literal $broker:literal $default:literal $kind:expr;)*) => {
        &[$(ConfigEntry { name: $name, broker: $broker, default: $default, kind: $kind },)*]
    };
}

/// Every configuration of a topic in Kafka 4.4.0.
pub(crate) const TOPIC_CONFIGS: &[ConfigEntry] = entries! {
    "cleanup.policy" "log.cleanup.policy" "delete" List(&["compact", "delete"]);
    "compression.gzip.level" "compression.gzip.level" "-1" GzipLevel;
    "compression.lz4.level" "compression.lz4.level" "9" Between(1, 17);
    "compression.type" "compression.type" "producer" Text(&["uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"]);
    "compression.zstd.level" "compression.zstd.level" "3" Between(-131_072, 22);
    "delete.retention.ms" "log.cleaner.delete.retention.ms" "86400000" Long(0);
    "errors.deadletterqueue.group.enable" "" "false" Boolean;
    "file.delete.delay.ms" "log.segment.delete.delay.ms" "60000" Long(0);
    "flush.messages" "log.flush.interval.messages" "9223372036854775807" Long(1);
    "flush.ms" "log.flush.interval.ms" "9223372036854775807" Long(0);
    "follower.replication.throttled.replicas" "" "" List(&[]);
    "index.interval.bytes" "log.index.interval.bytes" "4096" Int(0);
    "leader.replication.throttled.replicas" "" "" List(&[]);
    "local.retention.bytes" "log.local.retention.bytes" "-2" Long(-2);
    "local.retention.ms" "log.local.retention.ms" "-2" Long(-2);
    "max.compaction.lag.ms" "log.cleaner.max.compaction.lag.ms" "9223372036854775807" Long(1);
    "max.decompressed.message.bytes" "" "2147483639" Int(1);
    "max.message.bytes" "message.max.bytes" "1048588" Int(0);
    "message.timestamp.after.max.ms" "log.message.timestamp.after.max.ms" "3600000" Long(0);
    "message.timestamp.before.max.ms" "log.message.timestamp.before.max.ms" "9223372036854775807" Long(0);
    "message.timestamp.type" "log.message.timestamp.type" "CreateTime" Text(&["CreateTime", "LogAppendTime"]);
    "min.cleanable.dirty.ratio" "log.cleaner.min.cleanable.ratio" "0.5" Double;
    "min.compaction.lag.ms" "log.cleaner.min.compaction.lag.ms" "0" Long(0);
    "min.insync.replicas" "min.insync.replicas" "1" Int(1);
    "preallocate" "log.preallocate" "false" Boolean;
    "remote.copy.lag.bytes" "" "-1" Long(-1);
    "remote.copy.lag.ms" "" "0" Long(-1);
    "remote.log.copy.disable" "" "false" Boolean;
    "remote.log.delete.on.disable" "" "false" Boolean;
    "remote.storage.enable" "" "false" Boolean;
    "retention.bytes" "log.retention.bytes" "-1" Long(i64::MIN);
    "retention.ms" "log.retention.ms" "604800000" Long(-1);
    "segment.bytes" "log.segment.bytes" "1073741824" Int(1048576);
    "segment.index.bytes" "log.index.size.max.bytes" "10485760" Int(4);
    "segment.jitter.ms" "log.roll.jitter.ms" "0" Long(0);
    "segment.ms" "log.roll.ms" "604800000" Long(1);
    "unclean.leader.election.enable" "unclean.leader.election.enable" "false" Boolean;
};

/// Values that were set, over those of a parent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Configs {
    pub(crate) set: BTreeMap<String, String>,
    broker: Arc<BTreeMap<String, String>>,
}

/// Where a value comes from, as the wire says it (KIP-226).
pub(crate) mod source {
    pub(crate) const TOPIC: i8 = 1;
    pub(crate) const DYNAMIC_DEFAULT_BROKER: i8 = 3;
    pub(crate) const STATIC_BROKER: i8 = 4;
    pub(crate) const DEFAULT: i8 = 5;
}

impl Configs {
    /// The configuration of the brokers.
    pub(crate) fn of_broker(set: BTreeMap<String, String>) -> Self {
        Self {
            broker: Arc::new(set.clone()),
            set,
        }
    }

    /// The configuration of a topic on brokers of this one.
    pub(crate) fn for_topic(&self, set: BTreeMap<String, String>) -> Self {
        Self {
            set,
            broker: Arc::clone(&self.broker),
        }
    }

    /// The value of a topic's configuration.
    pub(crate) fn topic_value(&self, entry: &ConfigEntry) -> &str {
        self.set
            .get(entry.name)
            .or_else(|| self.broker.get(entry.broker))
            .map_or(entry.default, String::as_str)
    }

    /// Where the value of a topic's configuration comes from.
    pub(crate) fn topic_source(&self, entry: &ConfigEntry) -> i8 {
        if self.set.contains_key(entry.name) {
            source::TOPIC
        } else if entry.name == "min.insync.replicas" {
            // Of the whole cluster since eligible leader replicas (KIP-966).
            source::DYNAMIC_DEFAULT_BROKER
        } else if self.broker.contains_key(entry.broker) {
            source::STATIC_BROKER
        } else {
            source::DEFAULT
        }
    }

    /// All values that a topic's configuration has somewhere, the one that counts first: the name
    /// there, the value, and where that is.
    pub(crate) fn synonyms<'a>(&'a self, entry: &'a ConfigEntry) -> Vec<(&'a str, &'a str, i8)> {
        let of_topic = self.set.get(entry.name);
        let of_topic = of_topic.map(|value| (entry.name, value.as_str(), source::TOPIC));
        let of_broker = self.broker.get(entry.broker);
        let of_broker = of_broker.map(|v| (entry.broker, v.as_str(), source::STATIC_BROKER));
        let default = (entry.broker, entry.default, source::DEFAULT);
        let default = (!entry.broker.is_empty()).then_some(default);
        [of_topic, of_broker, default]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The value of a topic's configuration by name; empty if there is no such one.
    pub(crate) fn topic(&self, name: &str) -> &str {
        topic_entry(name).map_or("", |entry| self.topic_value(entry))
    }

    /// As a number; 0 if there is no such configuration.
    pub(crate) fn topic_number(&self, name: &str) -> i64 {
        self.topic(name).trim().parse().unwrap_or(0)
    }

    /// A configuration of the broker as a number.
    pub(crate) fn number(&self, name: &str, default: i64) -> i64 {
        self.set
            .get(name)
            .and_then(|value| value.trim().parse().ok())
            .unwrap_or(default)
    }

    /// A configuration of the broker as a time.
    pub(crate) fn milliseconds(&self, name: &str, default: u64) -> Duration {
        let value = self
            .set
            .get(name)
            .and_then(|value| value.trim().parse().ok());
        Duration::from_millis(value.unwrap_or(default))
    }

    /// A configuration of the broker as a truth.
    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        self.set
            .get(name)
            .and_then(|value| value.trim().parse().ok())
            .unwrap_or(default)
    }
}

/// The configuration of that name.
pub(crate) fn topic_entry(name: &str) -> Option<&'static ConfigEntry> {
    TOPIC_CONFIGS.iter().find(|entry| entry.name == name)
}

impl ConfigKind {
    /// As the wire says it (KIP-569).
    pub(crate) fn number(self) -> i8 {
        match self {
            Boolean => 1,
            Text(_) => 2,
            Int(_) | Between(..) | GzipLevel => 3,
            Long(_) => 5,
            Double => 6,
            List(_) => 7,
        }
    }

    pub(crate) fn is_list(self) -> bool {
        matches!(self, List(_))
    }

    /// Refuses a value that the configuration cannot have, with Kafka's words.
    pub(crate) fn check(self, name: &str, value: &str) -> Result<(), String> {
        let not = |value: &str, what: &str| {
            Err(format!(
                "Invalid value {value} for configuration {name}: {what}"
            ))
        };
        let trimmed = value.trim();
        let number = match self {
            Boolean if trimmed.parse::<bool>().is_err() => {
                return not(value, "Expected value to be either true or false");
            }
            Double if trimmed.parse::<f64>().is_err() => {
                return not(value, "Not a number of type DOUBLE");
            }
            Text(options) if !options.is_empty() && !options.contains(&trimmed) => {
                let what = format!("String must be one of: {}", options.join(", "));
                return not(trimmed, &what);
            }
            List(options) if !options.is_empty() => {
                let mut items = value.split(',').map(str::trim);
                if items.all(|item| options.contains(&item)) {
                    return Ok(());
                }
                let what = format!("String must be one of: {}", options.join(", "));
                return not(trimmed, &what);
            }
            Int(_) | Between(..) | GzipLevel => match trimmed.parse::<i32>() {
                Ok(number) => i64::from(number),
                Err(_) => return not(value, "Not a number of type INT"),
            },
            Long(_) => match trimmed.parse::<i64>() {
                Ok(number) => number,
                Err(_) => return not(value, "Not a number of type LONG"),
            },
            _ => return Ok(()),
        };
        match self {
            Int(least) | Long(least) | Between(least, _) if number < least => {
                not(trimmed, &format!("Value must be at least {least}"))
            }
            Between(_, most) if number > most => {
                not(trimmed, &format!("Value must be no more than {most}"))
            }
            GzipLevel if !(number == -1 || (1..=9).contains(&number)) => {
                not(trimmed, "Value must be between 1 and 9 or equal to -1")
            }
            _ => Ok(()),
        }
    }
}
