//! DescribeUserScramCredentials: lists the users that can authenticate with SCRAM (KIP-554).
//!
//! Version 0.

use std::collections::BTreeMap;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::describe_user_scram_credentials::{
    CredentialInfo, DescribeUserScramCredentialsResult,
};
use libkafka_protocol::messages::{
    DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse,
};

use super::call::{Answer, Call};
use super::handler::Api;

impl Api for DescribeUserScramCredentialsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeUserScramCredentialsResponse> {
        let users = std::sync::Arc::clone(&call.lock().users);
        let mut known: BTreeMap<&str, Vec<CredentialInfo>> = BTreeMap::new();
        for (name, hash, credential) in users.credentials() {
            known.entry(name).or_default().push(CredentialInfo {
                mechanism: hash.number(),
                iterations: credential.iterations() as i32,
                ..Default::default()
            });
        }
        let asked = self.users.unwrap_or_default();
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for user in &asked {
            *times.entry(&user.name).or_default() += 1;
        }
        if asked.is_empty() {
            times = known.keys().map(|name| (*name, 1)).collect();
        }
        let results = times.into_iter().map(|(name, times)| {
            let refuse = |error_code, why: String| DescribeUserScramCredentialsResult {
                user: name.to_owned(),
                error_code,
                error_message: Some(why),
                ..Default::default()
            };
            match known.remove(name) {
                _ if times > 1 => refuse(
                    ErrorCode::DUPLICATE_RESOURCE,
                    format!(
                        "Cannot describe SCRAM credentials for the same user twice in a single request: {name}"
                    ),
                ),
                Some(credential_infos) => DescribeUserScramCredentialsResult {
                    user: name.to_owned(),
                    credential_infos,
                    ..Default::default()
                },
                None => refuse(
                    ErrorCode::RESOURCE_NOT_FOUND,
                    format!(
                        "Attempt to describe a user credential that does not exist: {name}"
                    ),
                ),
            }
        });
        Ok(Some(DescribeUserScramCredentialsResponse {
            results: results.collect(),
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<DescribeUserScramCredentialsResponse> {
        Some(DescribeUserScramCredentialsResponse {
            error_code,
            error_message: None,
            ..Default::default()
        })
    }
}
