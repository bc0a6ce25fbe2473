//! Quotas.

use libkafka_integration::until;
use libkafka_protocol::messages::alter_client_quotas::request::{EntityData, EntryData, OpData};
use libkafka_protocol::messages::describe_client_quotas::ComponentData;
use libkafka_protocol::messages::{AlterClientQuotasRequest, DescribeClientQuotasRequest};
use libkafka_testkafka::require;

use super::both::Both;

fn quota(entity: &[(&str, Option<&str>)], key: &str, value: f64, remove: bool) -> EntryData {
    let entity = entity.iter().map(|(kind, name)| EntityData {
        entity_type: (*kind).into(),
        entity_name: name.map(Into::into),
        ..Default::default()
    });
    EntryData {
        entity: entity.collect(),
        ops: vec![OpData {
            key: key.into(),
            value,
            remove,
            ..Default::default()
        }],
        ..Default::default()
    }
}

#[test]
fn quotas_are_kept_and_told() {
    require!();
    let (mut both, _ours) = Both::start("same-quotas");
    let user: &[_] = &[("user", Some("quota-user"))];
    let pair: &[_] = &[("client-id", None), ("user", Some("quota-user"))];
    for entry in [
        quota(user, "producer_byte_rate", 1000.0, false),
        quota(pair, "request_percentage", 12.5, false),
        quota(
            &[("ip", Some("127.0.0.1"))],
            "connection_creation_rate",
            7.0,
            false,
        ),
        quota(user, "producer_byte_rate", 0.5, false),
        quota(user, "producer_byte_rate", -1.0, false),
        quota(user, "no.such.key", 1.0, false),
        quota(user, "connection_creation_rate", 1.0, false),
        quota(&[("host", Some("h"))], "producer_byte_rate", 1.0, false),
        quota(&[("user", Some(""))], "producer_byte_rate", 1.0, false),
        quota(&[], "producer_byte_rate", 1.0, false),
    ] {
        both.ask(|_, _| AlterClientQuotasRequest {
            entries: vec![entry.clone()],
            ..Default::default()
        });
    }
    // Real Kafka tells a little later what its controller has changed.
    let everything = DescribeClientQuotasRequest::default();
    let mut told = |is_ours: bool| {
        let wire = match is_ours {
            true => &mut both.ours,
            false => &mut both.theirs,
        };
        let entries = wire.call(1, &everything).entries.unwrap_or_default();
        let values = entries.into_iter().flat_map(|entry| entry.values);
        let mut values: Vec<_> = values.map(|value| format!("{value:?}")).collect();
        values.sort();
        values
    };
    let ours = told(true);
    assert!(!ours.is_empty());
    until(|| (told(false) == ours).then_some(()));
    let components: &[&[(&str, i8, Option<&str>)]] = &[
        &[("user", 0, Some("quota-user"))],
        &[("user", 2, None)],
        &[("client-id", 1, None)],
        &[("user", 0, Some("quota-user")), ("client-id", 2, None)],
        &[("ip", 0, Some("127.0.0.1"))],
        &[("user", 0, Some("nobody"))],
        &[("host", 2, None)],
        &[("user", 2, None), ("user", 2, None)],
        &[("", 2, None)],
        &[("user", 7, None)],
        &[("ip", 2, None), ("user", 2, None)],
    ];
    for components in components {
        for strict in [true, false] {
            let request = DescribeClientQuotasRequest {
                components: components
                    .iter()
                    .map(|(kind, match_type, name)| ComponentData {
                        entity_type: (*kind).into(),
                        match_type: *match_type,
                        r#match: name.map(Into::into),
                        ..Default::default()
                    })
                    .collect(),
                strict,
                ..Default::default()
            };
            both.ask_up_to(
                1,
                |_, _| request.clone(),
                |response| {
                    for entry in response.entries.iter_mut().flatten() {
                        entry
                            .entity
                            .sort_by_key(|entity| entity.entity_type.clone());
                    }
                    if let Some(entries) = &mut response.entries {
                        entries.sort_by_key(|entry| entry.entity.len());
                    }
                },
            );
        }
    }
    for entry in [
        quota(user, "producer_byte_rate", 0.0, true),
        quota(pair, "request_percentage", 0.0, true),
        quota(
            &[("ip", Some("127.0.0.1"))],
            "connection_creation_rate",
            0.0,
            true,
        ),
    ] {
        both.ask(|_, _| AlterClientQuotasRequest {
            entries: vec![entry.clone()],
            ..Default::default()
        });
    }
}
