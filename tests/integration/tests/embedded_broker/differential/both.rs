//! [`Both`]: asks both brokers the same, and compares the answers as JSON.

use libkafka_integration::until;
use libkafka_protocol::json::{ToJson, Value};
use libkafka_protocol::messages::FindCoordinatorRequest;
use libkafka_protocol::{ErrorCode, Request, Response, Uuid};
use libkafka_testbroker::Broker;
use libkafka_testkafka::Kafka;

use crate::cluster::Cluster;
use crate::wire::Wire;

/// Both brokers, with a topic in each.
pub(super) struct Both {
    pub(super) ours: Wire,
    pub(super) theirs: Wire,
    ids: [Uuid; 2],
}

impl Both {
    pub(super) fn start(topic: &str) -> (Both, Cluster) {
        let ours = Cluster::Embedded(
            Broker::builder()
                // As the real one is configured.
                .config("auto.create.topics.enable", "false")
                .config("log.retention.ms", "-1")
                .config("num.io.threads", "4")
                .start()
                .unwrap(),
        );
        let theirs = Cluster::Real(Kafka::shared());
        let ids = [&ours, &theirs].map(|cluster| cluster.topic(topic, 2, &[]).topic_id);
        // Has real Kafka make the topic that groups are kept in.
        let find = FindCoordinatorRequest {
            coordinator_keys: vec!["any".into()],
            ..Default::default()
        };
        let mut wire = theirs.wire();
        until(|| wire.call(4, &find).first_error().is_none().then_some(()));
        let both = Both {
            ours: ours.wire(),
            theirs: theirs.wire(),
            ids,
        };
        (both, ours)
    }

    /// Of these connections, with a topic of these ids.
    pub(super) fn of(ours: Wire, theirs: Wire, ids: [Uuid; 2]) -> Both {
        Both { ours, theirs, ids }
    }

    /// Asks both in every version.
    #[track_caller]
    pub(super) fn ask<R: Request<Response: ToJson>>(&mut self, request: impl Fn(i16, Uuid) -> R) {
        self.ask_up_to(R::VERSIONS.max, request, |_| {});
    }

    /// As [`ask`](Self::ask), up to a version, and with what cannot be the same made so.
    #[track_caller]
    pub(super) fn ask_up_to<R: Request<Response: ToJson>>(
        &mut self,
        last: i16,
        request: impl Fn(i16, Uuid) -> R,
        same: impl Fn(&mut R::Response),
    ) {
        for version in R::VERSIONS.min..=last {
            let mut ours = self.ours.call(version, &request(version, self.ids[0]));
            let mut theirs = until(|| {
                let response = self.theirs.call(version, &request(version, self.ids[1]));
                let passes = [
                    ErrorCode::COORDINATOR_LOAD_IN_PROGRESS,
                    ErrorCode::NOT_COORDINATOR,
                    ErrorCode::COORDINATOR_NOT_AVAILABLE,
                ];
                let busy = response
                    .all_error_codes()
                    .iter()
                    .any(|code| passes.contains(code));
                (!busy).then_some(response)
            });
            same(&mut ours);
            same(&mut theirs);
            let ours = with_id(ours.to_json(version).unwrap(), self.ids);
            let theirs = theirs.to_json(version).unwrap();
            assert_eq!(ours, theirs, "ours, theirs: {} v{version}", R::API_KEY);
        }
    }
}

/// The name or the id of the topic, as the version has it.
pub(super) fn named(version: i16, by_id: i16, name: &str, id: Uuid) -> (String, Uuid) {
    if version >= by_id {
        (String::new(), id)
    } else {
        (name.into(), Uuid::ZERO)
    }
}

/// Puts the second id in the place of the first: the ids of topics are each broker's own.
fn with_id(json: Value, [from, to]: [Uuid; 2]) -> Value {
    match json {
        Value::String(text) if text == from.to_string() => to.to_string().into(),
        Value::Array(values) => values
            .into_iter()
            .map(|value| with_id(value, [from, to]))
            .collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter();
            fields
                .map(|(name, value)| (name, with_id(value, [from, to])))
                .collect()
        }
        value => value,
    }
}
