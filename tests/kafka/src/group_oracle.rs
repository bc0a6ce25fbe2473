//! Kafka's own assignors and partitioner, asked what they would do.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::classes::{self, Source};
use crate::error::Error;
use crate::jars;
use crate::java::Java;
use crate::oracle::Refused;
use crate::session::Session;
use crate::version::Version;

/// The Java part. The partitioner's dice are visible only within its package.
const SOURCES: [Source; 2] = [
    (
        "groups/Groups.java",
        include_str!("../java/groups/Groups.java"),
    ),
    (
        "org/apache/kafka/clients/producer/internals/Dice.java",
        include_str!("../java/groups/org/apache/kafka/clients/producer/internals/Dice.java"),
    ),
];

/// For an answer, on a busy machine: it takes some milliseconds, or for ever.
const DEADLINE: Duration = Duration::from_secs(30);

/// A live session with Kafka's own assignors, of clients and of brokers, and with the partitioner
/// of its producer, of [`Version::CURRENT`].
///
/// A start takes half a second, a question about 1 ms. The verbs, and the JSON of their questions:
///
/// | verb | question | answer |
/// | --- | --- | --- |
/// | `murmur2` | `{"key": HEX}` | the hash |
/// | `partition` | `{"key": HEX, "partitions": n}` | the partition of the key |
/// | `keyless` | `{"batch", "rackAware", "rack", "dice", "steps"}` | the partition of each append |
/// | `assign` | `{"assignor", "topics", "members"}` | for each member its `partitions`, `userData`, `metadata` |
/// | `server` | the same, with the number of partitions of each topic | the partitions of each member |
///
/// `java/groups/Groups.java` has an example beside each.
pub struct GroupOracle {
    session: Session,
}

impl GroupOracle {
    /// Starts a session.
    ///
    /// # Errors
    /// If the jars cannot be fetched, or the Java part not be compiled or started.
    pub fn start() -> Result<GroupOracle, Error> {
        let entry = format!("groups/{}-{}", Version::CURRENT, classes::digest(&SOURCES));
        let jars = jars::broker_jars(Version::CURRENT)?;
        let classes = classes::compile(&entry, &SOURCES, &jars)?;
        let java = Java::new(&[&classes, &jars], "groups.Groups")?;
        Ok(GroupOracle {
            session: Session::start("the oracle of groups", &java)?,
        })
    }

    /// The session that all tests of this process share.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn shared() -> MutexGuard<'static, GroupOracle> {
        static SHARED: OnceLock<Result<Mutex<GroupOracle>, Error>> = OnceLock::new();
        match SHARED.get_or_init(|| GroupOracle::start().map(Mutex::new)) {
            // Whoever panicked did so between questions.
            Ok(oracle) => oracle.lock().unwrap_or_else(PoisonError::into_inner),
            Err(error) => panic!("no oracle to share: {error}"),
        }
    }

    /// Asks a question.
    ///
    /// # Errors
    /// If the oracle is gone, or [`Error::Deadline`] if it does not answer: the next question is for
    /// another one. That Kafka's class throws is the inner result.
    pub fn ask(&mut self, verb: &str, question: &Value) -> Result<Result<Value, Refused>, Error> {
        let deadline = Instant::now() + DEADLINE;
        let answer = self.session.ask(&format!("{verb} {question}"), deadline);
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                *self = GroupOracle::start()?;
                return Err(error);
            }
        };
        let nonsense = || Error::Answer(format!("the oracle of groups answered {answer:?}"));
        match answer.split_once(' ') {
            Some(("ok", json)) => serde_json::from_str(json).map(Ok).map_err(|_| nonsense()),
            Some(("err", said)) => {
                let (exception, message) = said.split_once(' ').unwrap_or((said, ""));
                Ok(Err(Refused {
                    exception: exception.to_owned(),
                    message: message.to_owned(),
                }))
            }
            _ => Err(nonsense()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_oracle_that_is_gone_is_replaced_for_the_next_question() {
        crate::require!();
        let mut oracle = GroupOracle::start().unwrap();
        let question = json!({ "key": "6b6579" });
        let answer = oracle.ask("murmur2", &question).unwrap().unwrap();
        oracle.session.kill();
        assert!(oracle.ask("murmur2", &question).is_err());
        assert_eq!(oracle.ask("murmur2", &question).unwrap().unwrap(), answer);
    }
}
