//! [`Generator`]: makes requests after their schemas.

use std::collections::BTreeSet;

use fastrand::Rng;
use libkafka_protocol::{FieldSchema, FieldType, StructSchema};
use serde_json::{Map, Value, json};

use crate::api::{APIS, Api};
use crate::focus::Focus;
use crate::step::Step;
use crate::values;
use crate::world::World;

/// Makes the steps of a sequence, each after what came of those before.
pub(crate) struct Generator {
    pub(crate) rng: Rng,
    /// Whether most of the sequence is about ACLs, quotas, configurations and the like.
    administers: bool,
    number: usize,
}

/// Where a field is: what requests of `api` hold, within arrays of the names of `path`.
pub(crate) struct Place<'a> {
    pub(crate) api: &'static str,
    pub(crate) version: i16,
    pub(crate) parent: &'a str,
    pub(crate) field: &'a FieldSchema,
    /// The fields beside it that are made already.
    pub(crate) beside: &'a Map<String, Value>,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        Self {
            administers: rng.u8(0..5) == 0,
            rng,
            number: 0,
        }
    }

    /// The next step, on one of these connections.
    pub(crate) fn step(&mut self, world: &World, free: &[usize]) -> Step {
        self.number += 1;
        let api = self.api();
        let version = self
            .rng
            .i16(values::first_version(api)..=values::last_version(api));
        let focus = Focus::choose(world, &mut self.rng);
        let request = match self.number {
            1 if self.rng.u8(0..10) < 9 => return self.first_topics(free[0]),
            _ => self.message(api, version, &focus),
        };
        Step {
            number: self.number,
            connection: free[self.rng.usize(0..free.len())],
            api,
            version,
            request,
        }
    }

    fn api(&mut self) -> &'static Api {
        let administers = self.administers;
        let weight = |api: &Api| values::weight(api.short_name(), administers);
        let weights = APIS.iter().map(weight);
        let mut at = self.rng.usize(0..weights.clone().sum());
        for (api, weight) in APIS.iter().zip(weights) {
            if at < weight {
                return api;
            }
            at -= weight;
        }
        &APIS[0]
    }

    /// Topics for the others to be about.
    fn first_topics(&mut self, connection: usize) -> Step {
        let topics = ["~a", "~b"].map(|name| {
            json!({
                "name": name,
                "numPartitions": self.rng.i32(1..4),
                "replicationFactor": 1,
                "assignments": [],
                "configs": [],
            })
        });
        Step {
            number: self.number,
            connection,
            api: crate::api::named("CreateTopics"),
            version: 7,
            request: json!({ "topics": topics, "timeoutMs": 30_000, "validateOnly": false }),
        }
    }

    fn message(&mut self, api: &'static Api, version: i16, focus: &Focus) -> Value {
        self.object(api, version, "", api.schema, focus)
    }

    fn object(
        &mut self,
        api: &'static Api,
        version: i16,
        parent: &str,
        schema: &StructSchema,
        focus: &Focus,
    ) -> Value {
        let mut object = Map::new();
        // A name and what comes with it are chosen once for an element.
        let focus = &match parent.contains("opic") || parent == "resources" {
            true => focus.of_another_topic(&mut self.rng),
            false => focus.of_another_partition(&mut self.rng),
        };
        for field in schema.fields {
            if !field.versions.contains(version) {
                continue;
            }
            if field.tag.is_some() && self.rng.bool() {
                continue;
            }
            let place = Place {
                api: api.short_name(),
                version,
                parent,
                field,
                beside: &object,
            };
            if let Some(value) = values::whole(&place, focus, &mut self.rng) {
                object.insert(field.name.to_owned(), value);
                continue;
            }
            if field.nullable.contains(version)
                && self.rng.u8(0..100) < values::null_percent(&place)
            {
                object.insert(field.name.to_owned(), Value::Null);
                continue;
            }
            let value = match field.ty {
                FieldType::Array(element) => {
                    let count = values::count(&place, &mut self.rng);
                    let mut elements = Vec::new();
                    for _ in 0..count {
                        elements.push(match element {
                            FieldType::Struct(schema) => {
                                self.object(api, version, field.name, schema(), focus)
                            }
                            ty => values::scalar(&place, ty, focus, &mut self.rng),
                        });
                    }
                    if values::is_once(&place) {
                        let mut names = BTreeSet::new();
                        elements.retain(|element| names.insert(values::name_of(element)));
                    }
                    elements.into()
                }
                FieldType::Struct(schema) => self.object(api, version, field.name, schema(), focus),
                ref ty => values::scalar(&place, ty, focus, &mut self.rng),
            };
            object.insert(field.name.to_owned(), value);
        }
        object.into()
    }
}
