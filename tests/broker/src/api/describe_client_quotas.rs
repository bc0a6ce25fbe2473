//! DescribeClientQuotas: lists quotas of clients (KIP-546).
//!
//! Versions 0 to 1.

use std::collections::BTreeMap;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::describe_client_quotas::{
    ComponentData, EntityData, EntryData, ValueData,
};
use libkafka_protocol::messages::{DescribeClientQuotasRequest, DescribeClientQuotasResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::state::QuotaEntity;

/// How a component of a filter matches entities.
const EXACT: i8 = 0;
const DEFAULT: i8 = 1;
const ANY: i8 = 2;

impl Api for DescribeClientQuotasRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeClientQuotasResponse> {
        let state = call.lock();
        let filter = match filter(&self.components) {
            Ok(filter) => filter,
            Err((error_code, why)) => {
                return Ok(Some(DescribeClientQuotasResponse {
                    error_code,
                    error_message: Some(why),
                    entries: None,
                    ..Default::default()
                }));
            }
        };
        let mut entries = Vec::new();
        for (entity, values) in state.quotas.iter() {
            if !takes(&filter, self.strict, entity) {
                continue;
            }
            call.grow(size_of::<EntryData>() + values.len() * size_of::<ValueData>() * 2)?;
            let entity = entity.iter().map(|(kind, name)| EntityData {
                entity_type: kind.clone(),
                entity_name: name.clone(),
                ..Default::default()
            });
            let values = values.iter().map(|(key, value)| ValueData {
                key: key.clone(),
                value: *value,
                ..Default::default()
            });
            entries.push(EntryData {
                entity: entity.collect(),
                values: values.collect(),
                ..Default::default()
            });
        }
        Ok(Some(DescribeClientQuotasResponse {
            entries: Some(entries),
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<DescribeClientQuotasResponse> {
        Some(DescribeClientQuotasResponse {
            error_code,
            error_message: None,
            entries: None,
            ..Default::default()
        })
    }
}

/// The wanted entities of each kind: a name, the default, or any.
type Filter<'a> = BTreeMap<&'a str, Wanted<'a>>;

enum Wanted<'a> {
    Name(&'a str),
    Default,
    Any,
}

fn filter(components: &[ComponentData]) -> Result<Filter<'_>, (ErrorCode, String)> {
    let invalid = |why: String| Err((ErrorCode::INVALID_REQUEST, why));
    let mut filter = Filter::new();
    for component in components {
        let kind = component.entity_type.as_str();
        if kind.is_empty() {
            return invalid("Invalid empty entity type.".to_owned());
        }
        if filter.contains_key(kind) {
            return invalid(format!(
                "Entity type {kind} cannot appear more than once in the filter."
            ));
        }
        if !["user", "client-id", "ip"].contains(&kind) {
            let why = format!("Unsupported entity type {kind}");
            return Err((ErrorCode::UNSUPPORTED_VERSION, why));
        }
        let wanted = match (component.match_type, component.r#match.as_deref()) {
            (EXACT, Some(name)) => Wanted::Name(name),
            (EXACT, None) => {
                return invalid(
                    "Request specified MATCH_TYPE_EXACT, but set match string to null.".to_owned(),
                );
            }
            (DEFAULT, None) => Wanted::Default,
            (DEFAULT, Some(_)) => {
                return invalid(
                    "Request specified MATCH_TYPE_DEFAULT, but also specified a match string."
                        .to_owned(),
                );
            }
            (ANY, None) => Wanted::Any,
            (ANY, Some(_)) => {
                return invalid(
                    "Request specified MATCH_TYPE_SPECIFIED, but also specified a match string."
                        .to_owned(),
                );
            }
            (other, _) => return invalid(format!("Unknown match type {other}")),
        };
        filter.insert(kind, wanted);
    }
    if filter.contains_key("ip") && filter.len() > 1 {
        return invalid(
            "Invalid entity filter component combination. IP filter component should not be used with user or clientId filter component.".to_owned(),
        );
    }
    Ok(filter)
}

fn takes(filter: &Filter<'_>, strict: bool, entity: &QuotaEntity) -> bool {
    let all = filter
        .iter()
        .all(|(kind, wanted)| match (wanted, entity.get(*kind)) {
            (_, None) => false,
            (Wanted::Name(wanted), Some(name)) => name.as_deref() == Some(*wanted),
            (Wanted::Default, Some(name)) => name.is_none(),
            (Wanted::Any, Some(_)) => true,
        });
    all && (!strict || entity.len() == filter.len())
}
