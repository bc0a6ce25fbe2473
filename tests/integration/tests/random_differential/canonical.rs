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
        prefix: renaming.prefix(),
        now: now.as_millis() as i64,
    };
    context.walk("", &mut answer);
    let mut answer = renaming.known(&answer);
    rows::sort(step.api.short_name(), &mut answer);
    answer
}

struct Context<'a> {
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
            Value::Number(number) => {
                let number = number.as_i64().unwrap_or_default();
                if field == "port" || field == "finalizedFeaturesEpoch" || self.is_now(number) {
                    *value = field.into();
                }
            }
            Value::String(text) => {
                if field == "clusterId" {
                    *text = field.to_owned();
                } else {
                    *text = self.without_times(text);
                }
            }
            _ => {}
        }
    }

    /// Whether it is of another run, an internal topic, or an API that is not compared.
    fn is_foreign(&self, value: &Value) -> bool {
        // What the embedded broker does not serve, it does not tell of.
        let key = value.get("apiKey").and_then(Value::as_i64);
        if key.is_some_and(|key| APIS.iter().all(|api| i64::from(api.key) != key)) {
            return true;
        }
        let names = ["name", "topicName", "groupId", "transactionalId"];
        let mut names = names.iter().filter_map(|field| value.get(field)?.as_str());
        names.any(|name| {
            name.starts_with("__")
                || name.starts_with("warm-")
                || name.starts_with(ANY_PREFIX) && !name.starts_with(self.prefix)
        })
    }

    fn is_now(&self, number: i64) -> bool {
        let near = |time: i64| number.abs_diff(time) < 3_600_000;
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
