//! DescribeDelegationToken, answered as Kafka does when tokens are disabled.
//!
//! Versions 1 to 3.
//!
//! Unlike Kafka: tokens cannot be enabled.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{
    DescribeDelegationTokenRequest, DescribeDelegationTokenResponse,
};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::sasl::Sasl;

impl Api for DescribeDelegationTokenRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeDelegationTokenResponse> {
        Ok(self.refuse(match call.peer.sasl {
            // Only to those who have said who they are.
            Sasl::NotAsked => ErrorCode::DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
            _ => ErrorCode::DELEGATION_TOKEN_AUTH_DISABLED,
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<DescribeDelegationTokenResponse> {
        Some(DescribeDelegationTokenResponse {
            error_code,
            ..Default::default()
        })
    }
}
