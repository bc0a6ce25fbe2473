//! AlterClientQuotas: changes quotas of clients (KIP-546).
//!
//! Versions 0 to 1.
//!
//! Unlike Kafka: quotas are stored and returned, but not enforced.

use std::net::ToSocketAddrs;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::alter_client_quotas::{request, response};
use libkafka_protocol::messages::{AlterClientQuotasRequest, AlterClientQuotasResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::state::{QuotaEntity, Quotas};

/// The integer type of a value by Kafka's name, and its maximum; `None` for any number.
type Whole = Option<(&'static str, f64)>;
const LONG: Whole = Some(("a LONG", i64::MAX as f64));
const INT: Whole = Some(("an INT", i32::MAX as f64));
/// The fraction up to which a value counts as a whole number.
const TOLERANCE: f64 = 1e-6;

/// The keys of users and clients.
const OF_CLIENTS: &[(&str, Whole)] = &[
    ("producer_byte_rate", LONG),
    ("consumer_byte_rate", LONG),
    ("request_percentage", None),
    ("controller_mutation_rate", None),
];
/// The keys of addresses.
const OF_ADDRESSES: &[(&str, Whole)] = &[("connection_creation_rate", INT)];

impl Api for AlterClientQuotasRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<AlterClientQuotasResponse> {
        let mut state = call.lock();
        let entries = self.entries.iter().map(|entry| {
            let altered = check(entry)
                .and_then(|entity| alter(entry, &entity, self.validate_only, &mut state.quotas));
            let (error_code, error_message) = match altered {
                Ok(()) => (ErrorCode::NONE, None),
                Err(why) => (ErrorCode::INVALID_REQUEST, Some(why)),
            };
            told(entry, error_code, error_message)
        });
        Ok(Some(AlterClientQuotasResponse {
            entries: entries.collect(),
            ..Default::default()
        }))
    }

    fn refuse(&self, code: ErrorCode) -> Option<AlterClientQuotasResponse> {
        let entries = self.entries.iter().map(|entry| told(entry, code, None));
        Some(AlterClientQuotasResponse {
            entries: entries.collect(),
            ..Default::default()
        })
    }
}

fn told(
    entry: &request::EntryData,
    error_code: ErrorCode,
    error_message: Option<String>,
) -> response::EntryData {
    let entity = entry.entity.iter().map(|entity| response::EntityData {
        entity_type: entity.entity_type.clone(),
        entity_name: entity.entity_name.clone(),
        ..Default::default()
    });
    response::EntryData {
        error_code,
        error_message,
        entity: entity.collect(),
        ..Default::default()
    }
}

fn check(entry: &request::EntryData) -> Result<QuotaEntity, String> {
    let mut entity = QuotaEntity::new();
    if entry.entity.is_empty() {
        return Err("Invalid empty client quota entity".to_owned());
    }
    for part in &entry.entity {
        let kind = part.entity_type.as_str();
        if !["user", "client-id", "ip"].contains(&kind) {
            return Err(format!("Unhandled client quota entity type: {kind}"));
        }
        if part.entity_name.as_deref() == Some("") {
            return Err(format!("Empty {kind} not supported"));
        }
        entity.insert(kind.to_owned(), part.entity_name.clone());
    }
    if entity.contains_key("ip") && entity.len() > 1 {
        // As Kafka spells it.
        let why = "Invalid quota entity combination, IP entity shouldnot be combined with User or ClientId";
        return Err(why.to_owned());
    }
    if let Some(Some(ip)) = entity.get("ip")
        && (ip.as_str(), 0).to_socket_addrs().is_err()
    {
        return Err(format!("{ip} is not a valid IP or resolvable host."));
    }
    Ok(entity)
}

fn alter(
    entry: &request::EntryData,
    entity: &QuotaEntity,
    validate_only: bool,
    quotas: &mut Quotas,
) -> Result<(), String> {
    let keys = match entity.contains_key("ip") {
        true => OF_ADDRESSES,
        false => OF_CLIENTS,
    };
    for op in entry.ops.iter().filter(|op| !op.remove) {
        let known = keys.iter().find(|(key, _)| *key == op.key);
        let (key, whole) = known.ok_or_else(|| format!("Invalid configuration key {}", op.key))?;
        if !op.value.is_finite() {
            return Err(format!("Quota {key} must be a finite number"));
        }
        if op.value <= 0.0 {
            return Err(format!("Quota {key} must be greater than 0"));
        }
        let Some((kind, most)) = whole else { continue };
        if op.value > *most {
            return Err(format!("Proposed value for {key} is too large for {kind}."));
        }
        if op.value.fract() > TOLERANCE {
            return Err(format!("{key} cannot be a fractional value."));
        }
    }
    if !validate_only {
        for op in &entry.ops {
            let value = (!op.remove).then_some(op.value);
            if !quotas.set(entity, &op.key, value) {
                return Err("There are too many quotas".to_owned());
            }
        }
    }
    Ok(())
}
