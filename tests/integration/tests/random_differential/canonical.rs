//! [`canonical`]: an answer without what cannot be the same on two brokers.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::api::APIS;
use crate::batches;
use crate::renaming::Renaming;
use crate::rows;
use crate::step::Step;

/// What sets one run's names apart from the names of others on the same broker.
const ANY_PREFIX: &str = "run-";

/// The answer to a step, less what each broker has of its own: its ids, the times of now, ports,
/// the id of the cluster, what other runs have left, and the order of what is in none.
pub(crate) fn canonical(step: &Step, answer: &Value, renaming: &Renaming) -> Value {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut answer = batches::read(answer);
    let context = Context {
        api: step.api.short_name(),
        prefix: renaming.prefix(),
        now: now.as_millis() as i64,
    };
    context.walk("", &mut answer);
    let mut answer = renaming.known(&answer);
    rows::sort(step.api.short_name(), &mut answer);
    answer
}

/// What each broker has of its own wherever it is in an answer.
const OWN: &[&str] = &[
    "port",
    "finalizedFeaturesEpoch",
    "clusterId",
    "logDir",
    "totalBytes",
    "usableBytes",
    // Kafka deletes records a segment at a time.
    "partitionSize",
    "replicaDirectoryId",
];
/// What it has of its own in DescribeQuorum: its log of metadata.
const OWN_OF_QUORUM: &[&str] = &["leaderEpoch", "highWatermark", "logEndOffset"];

struct Context<'a> {
    api: &'static str,
    prefix: &'a str,
    now: i64,
}

impl Context<'_> {
    fn walk(&self, field: &str, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields.iter_mut() {
                    self.walk(name, value);
                }
            }
            Value::Array(values) => {
                values.retain(|value| !self.is_foreign(value));
                for value in values.iter_mut() {
                    self.walk(field, value);
                }
            }
            Value::Number(_) | Value::String(_) if self.is_own(field) => *value = field.into(),
            Value::Number(number) if self.is_now(number.as_i64().unwrap_or_default()) => {
                *value = field.into();
            }
            Value::String(text) => *text = self.without_times(text),
            _ => {}
        }
    }

    fn is_own(&self, field: &str) -> bool {
        OWN.contains(&field) || self.api == "DescribeQuorum" && OWN_OF_QUORUM.contains(&field)
    }

    /// Whether it is of another run, an internal topic, or an API that is not compared.
    fn is_foreign(&self, value: &Value) -> bool {
        // What the embedded broker does not serve, it does not tell of.
        let key = value.get("apiKey").and_then(Value::as_i64);
        if key.is_some_and(|key| APIS.iter().all(|api| i64::from(api.key) != key)) {
            return true;
        }
        let names = [
            "name",
            "topicName",
            "groupId",
            "transactionalId",
            "resourceName",
            "user",
            "entityName",
        ];
        let parts = value.get("entity").and_then(Value::as_array);
        let mut values = std::iter::once(value).chain(parts.into_iter().flatten());
        values.any(|value| {
            let mut names = names.iter().filter_map(|field| value.get(field)?.as_str());
            names.any(|name| self.is_foreign_name(name))
        })
    }

    fn is_foreign_name(&self, name: &str) -> bool {
        name.starts_with("__") && self.api != "DescribeQuorum"
            || name.starts_with("warm-")
            || name.starts_with(ANY_PREFIX) && !name.starts_with(self.prefix)
    }

    fn is_now(&self, number: i64) -> bool {
        let near = |time: i64| number.abs_diff(time) < 3_700_000;
        // The second is what is left when the longest time is taken from now.
        near(self.now) || near(i64::MAX - self.now)
    }

    /// The text with a word for each number in it that is about now.
    fn without_times(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let (digits, after) = rest.split_at(end);
            match digits.parse() {
                Ok(number) if self.is_now(number) => out.push_str("NOW"),
                _ => out.push_str(digits),
            }
            rest = after;
        }
        out + rest
    }
}
