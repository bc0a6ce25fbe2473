//! AlterUserScramCredentials: changes the SCRAM credentials of users (KIP-554).
//!
//! Version 0.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::alter_user_scram_credentials::AlterUserScramCredentialsResult;
use libkafka_protocol::messages::{
    AlterUserScramCredentialsRequest, AlterUserScramCredentialsResponse,
};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::sasl::{Hash, ITERATIONS, ScramCredential, Users};

/// The most iterations that Kafka accepts.
const MOST_ITERATIONS: u32 = 16_384;
/// The most credentials that are stored.
const MOST_CREDENTIALS: usize = 100_000;

/// Why a user is not changed, with Kafka's message; empty if it sends none.
type Refusal = (ErrorCode, &'static str);

impl Api for AlterUserScramCredentialsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<AlterUserScramCredentialsResponse> {
        let mut state = call.lock();
        let users = Arc::make_mut(&mut state.users);
        let changes = changes(&self, users);
        let results = changes.into_iter().map(|(user, changed)| {
            let (error_code, error_message) = match changed {
                Ok((hash, credential)) => {
                    users.set_credential(user, hash, credential);
                    (ErrorCode::NONE, None)
                }
                Err((code, "")) => (code, None),
                Err((code, why)) => (code, Some(why.to_owned())),
            };
            AlterUserScramCredentialsResult {
                user: user.to_owned(),
                error_code,
                error_message,
                ..Default::default()
            }
        });
        Ok(Some(AlterUserScramCredentialsResponse {
            results: results.collect(),
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<AlterUserScramCredentialsResponse> {
        let deleted = self.deletions.iter().map(|deletion| &deletion.name);
        let named = deleted.chain(self.upsertions.iter().map(|upsertion| &upsertion.name));
        let results = named.map(|user| AlterUserScramCredentialsResult {
            user: user.clone(),
            error_code,
            error_message: None,
            ..Default::default()
        });
        Some(AlterUserScramCredentialsResponse {
            results: results.collect(),
            ..Default::default()
        })
    }
}

/// The new credential of a user for a mechanism; `None` deletes it.
type Change = (Hash, Option<ScramCredential>);

/// The change to each user, of whom a request can alter one credential.
fn changes<'a>(
    request: &'a AlterUserScramCredentialsRequest,
    users: &Users,
) -> BTreeMap<&'a str, Result<Change, Refusal>> {
    let mut changes: BTreeMap<&str, Result<Change, Refusal>> = BTreeMap::new();
    let mut add = |name: &'a str, change: Result<Change, Refusal>| match changes.entry(name) {
        Entry::Vacant(first) => {
            first.insert(change);
        }
        Entry::Occupied(mut first) if first.get().is_ok() => {
            *first.get_mut() = Err((
                ErrorCode::DUPLICATE_RESOURCE,
                "A user credential cannot be altered twice in the same request",
            ));
        }
        Entry::Occupied(_) => {}
    };
    for deletion in &request.deletions {
        let change = check(&deletion.name, deletion.mechanism).and_then(|hash| {
            let found = users.credential(&deletion.name, hash);
            found.map(|_| (hash, None)).ok_or((
                ErrorCode::RESOURCE_NOT_FOUND,
                "Attempt to delete a user credential that does not exist",
            ))
        });
        add(&deletion.name, change);
    }
    for upsertion in &request.upsertions {
        let refuse = |why| Err((ErrorCode::UNACCEPTABLE_CREDENTIAL, why));
        let iterations = u32::try_from(upsertion.iterations).unwrap_or(0);
        let change = check(&upsertion.name, upsertion.mechanism).and_then(|hash| {
            if iterations < ITERATIONS {
                return refuse("Too few iterations");
            }
            if iterations > MOST_ITERATIONS {
                return refuse("Too many iterations");
            }
            // Kafka fails at it.
            if upsertion.salted_password.is_empty() {
                return Err((ErrorCode::UNKNOWN_SERVER_ERROR, ""));
            }
            if users.credentials().count() >= MOST_CREDENTIALS {
                return refuse("Too many credentials");
            }
            let credential = ScramCredential::Salted {
                iterations,
                salt: upsertion.salt.to_vec(),
                salted: upsertion.salted_password.to_vec(),
            };
            Ok((hash, Some(credential)))
        });
        add(&upsertion.name, change);
    }
    changes
}

fn check(name: &str, mechanism: i8) -> Result<Hash, Refusal> {
    if name.is_empty() {
        return Err((
            ErrorCode::UNACCEPTABLE_CREDENTIAL,
            "Username must not be empty",
        ));
    }
    Hash::of_number(mechanism).ok_or((
        ErrorCode::UNSUPPORTED_SASL_MECHANISM,
        "Unknown SCRAM mechanism",
    ))
}
