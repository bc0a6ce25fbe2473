//! [`Pair`]: both brokers, given the same steps.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use libkafka_testbroker::Broker;
use libkafka_testkafka::{Kafka, Listener};
use serde_json::Value;

use crate::canonical::canonical;
use crate::settle::settle;
use crate::side::{Outcome, Side};
use crate::step::Step;

/// How many connections a sequence has.
pub(crate) const CONNECTIONS: usize = 4;
/// A request that neither broker has answered by then waits for another.
const QUIET: Duration = Duration::from_millis(150);
/// When one broker has answered, the other answers by then.
const PATIENCE: Duration = Duration::from_secs(20);

/// What real Kafka has answered too early is right by then.
const PASSING: Duration = Duration::from_secs(10);

/// Has both keep ACLs, and lets those who ask do all.
pub(crate) const AUTHORIZATION: [(&str, &str); 2] = [
    (
        "authorizer.class.name",
        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    ),
    ("super.users", "User:ANONYMOUS"),
];

/// What differs.
pub(crate) struct Difference {
    pub(crate) step: Step,
    pub(crate) ours: Outcome,
    pub(crate) theirs: Outcome,
}

impl Difference {
    /// What differs first and how, whatever it is in the middle of: two differences for which this
    /// is the same are probably one.
    pub(crate) fn kind(&self) -> String {
        let api = self.step.api.short_name();
        match (&self.ours, &self.theirs) {
            (Outcome::Answer(ours), Outcome::Answer(theirs)) => {
                let kind = first_difference("", ours, theirs);
                format!("{api}{}", kind.unwrap_or_default())
            }
            (ours, theirs) => {
                let short = |outcome: &Outcome| match outcome {
                    Outcome::Answer(_) => "an answer".to_owned(),
                    other => other.to_line(),
                };
                format!("{api}: {}, {}", short(ours), short(theirs))
            }
        }
    }
}

fn first_difference(path: &str, ours: &Value, theirs: &Value) -> Option<String> {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => ours.iter().find_map(|(name, value)| {
            let other = theirs.get(name).unwrap_or(&Value::Null);
            first_difference(&format!("{path}.{name}"), value, other)
        }),
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            let mut pairs = ours.iter().zip(theirs);
            pairs.find_map(|(ours, theirs)| first_difference(path, ours, theirs))
        }
        (Value::Array(ours), Value::Array(theirs)) => Some(format!(
            "{path}: {} and {} elements",
            ours.len(),
            theirs.len()
        )),
        _ => (ours != theirs).then(|| format!("{path}: {ours}, {theirs}")),
    }
}

/// Both brokers in a run of a sequence, with names of its own.
pub(crate) struct Pair {
    ours: Side,
    theirs: Side,
    waiting: Vec<Option<Step>>,
    _broker: Broker,
}

impl Pair {
    /// Starts run number `run` on a new embedded broker and this real one.
    pub(crate) fn start(kafka: &Kafka, run: usize) -> Pair {
        let prefix = format!("run-{run:06}-");
        let builder = Broker::builder();
        let builder = AUTHORIZATION
            .iter()
            .fold(builder, |builder, (name, value)| {
                builder.config(*name, *value)
            });
        let broker = builder
            .rack(1, "rack1")
            // As the real one is configured.
            .config("auto.create.topics.enable", "false")
            .config("log.retention.ms", "-1")
            .config("offsets.topic.num.partitions", "5")
            .start()
            .unwrap();
        let side = |address: SocketAddr| Side::new(address, CONNECTIONS, &prefix);
        Pair {
            ours: side(broker.address(1)),
            theirs: side(kafka.address(1, Listener::Plaintext)),
            waiting: vec![None; CONNECTIONS],
            _broker: broker,
        }
    }

    /// The connections on which nothing is waited for. If there is none, one is ended.
    pub(crate) fn free(&mut self) -> Vec<usize> {
        let free = |waiting: &[Option<Step>]| {
            let free = (0..CONNECTIONS).filter(|connection| waiting[*connection].is_none());
            free.collect::<Vec<_>>()
        };
        if free(&self.waiting).is_empty() {
            self.reconnect(0);
        }
        free(&self.waiting)
    }

    fn reconnect(&mut self, connection: usize) {
        self.waiting[connection] = None;
        self.ours.reconnect(connection);
        self.theirs.reconnect(connection);
    }

    /// Has both do a step. Gives what both have answered, which may be to steps before it.
    ///
    /// # Errors
    /// With what they differ in.
    pub(crate) fn step(&mut self, step: &Step) -> Result<Vec<(Step, Value)>, Box<Difference>> {
        if self.waiting[step.connection].is_some() {
            // Only where steps were left out of a sequence.
            self.reconnect(step.connection);
        }
        self.ours.send(step);
        self.theirs.send(step);
        let mut answers = Vec::new();
        answers.extend(self.outcome(step, QUIET)?);
        for connection in 0..CONNECTIONS {
            let before = self.waiting[connection].clone();
            if let Some(before) = before.filter(|before| before.number != step.number) {
                self.waiting[connection] = None;
                answers.extend(self.outcome(&before, Duration::from_millis(1))?);
            }
        }
        Ok(answers)
    }

    /// What a step comes to, if it comes within `quiet`.
    fn outcome(
        &mut self,
        step: &Step,
        quiet: Duration,
    ) -> Result<Option<(Step, Value)>, Box<Difference>> {
        let (mut ours, mut theirs) = (Outcome::Nothing, Outcome::Nothing);
        let start = Instant::now();
        let wait = Duration::from_millis(1);
        while ours == Outcome::Nothing || theirs == Outcome::Nothing {
            if ours == Outcome::Nothing {
                ours = self.ours.listen(step, wait);
            }
            if theirs == Outcome::Nothing {
                theirs = self.theirs.listen(step, wait);
            }
            let limit = match ours == theirs {
                true => quiet,
                false => PATIENCE,
            };
            if start.elapsed() > limit {
                break;
            }
        }
        let mut called = self.called(step, &ours, &theirs);
        let deadline = Instant::now() + PASSING;
        while called.0 != called.1 && may_change(step, &called) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
            self.theirs.send(step);
            theirs = self.theirs.listen(step, PATIENCE);
            called = self.called(step, &ours, &theirs);
        }
        if called.0 != called.1 {
            return Err(Box::new(Difference {
                step: step.clone(),
                ours: called.0,
                theirs: called.1,
            }));
        }
        match called.0 {
            Outcome::Nothing => {
                self.waiting[step.connection] = Some(step.clone());
                Ok(None)
            }
            Outcome::End => {
                self.reconnect(step.connection);
                Ok(None)
            }
            Outcome::Answer(answer) => {
                // Now the ids in it have their names for good.
                if let Outcome::Answer(ours) = &ours {
                    let ours = canonical(step, ours, &self.ours.renaming);
                    self.ours.renaming.called(step.number, &ours);
                }
                if let Outcome::Answer(theirs) = &theirs {
                    let theirs = canonical(step, theirs, &self.theirs.renaming);
                    self.theirs.renaming.called(step.number, &theirs);
                }
                settle(&mut self.theirs, step, &answer);
                Ok(Some((step.clone(), answer)))
            }
        }
    }

    /// Both outcomes, by the names that they share.
    fn called(&self, step: &Step, ours: &Outcome, theirs: &Outcome) -> (Outcome, Outcome) {
        let called = |side: &Side, outcome: &Outcome| match outcome {
            Outcome::Answer(answer) => {
                let answer = canonical(step, answer, &side.renaming);
                Outcome::Answer(side.renaming.clone().called(step.number, &answer))
            }
            other => other.clone(),
        };
        (called(&self.ours, ours), called(&self.theirs, theirs))
    }
}

/// Whether real Kafka may answer differently when it is asked again: it has not taken the request
/// yet, or it changes nothing and what it tells of is on its way.
fn may_change(step: &Step, (_, theirs): &(Outcome, Outcome)) -> bool {
    let Outcome::Answer(theirs) = theirs else {
        return false;
    };
    // COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR,
    // CONCURRENT_TRANSACTIONS.
    step.api.only_reads() || [14, 15, 16, 51].iter().any(|code| has_error(theirs, *code))
}

fn has_error(answer: &Value, code: i64) -> bool {
    match answer {
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name == "errorCode" && *value == code || has_error(value, code)),
        Value::Array(values) => values.iter().any(|value| has_error(value, code)),
        _ => false,
    }
}
