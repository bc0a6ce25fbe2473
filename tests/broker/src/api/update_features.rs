//! UpdateFeatures: changes the levels of the cluster's features (KIP-584).
//!
//! Versions 0 to 2.
//!
//! Unlike Kafka: only `group.version` changes what the broker does; other features are merely
//! returned to clients. `timeout_ms` is ignored.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::update_features::{FeatureUpdateKey, UpdatableFeatureResult};
use libkafka_protocol::messages::{UpdateFeaturesRequest, UpdateFeaturesResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::state::Direction;

impl Api for UpdateFeaturesRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<UpdateFeaturesResponse> {
        for update in &self.feature_updates {
            call.grow(update.feature.len() + size_of::<UpdatableFeatureResult>() + 8)?;
        }
        let mut state = call.lock();
        let controller = state.controller();
        let mut features = state.features.clone();
        let updated = self.feature_updates.iter().try_for_each(|update| {
            let direction = direction(update, call.version);
            let level = update.max_version_level;
            features.update(&update.feature, level, direction, controller)
        });
        if let Err(why) = updated {
            return Ok(Some(UpdateFeaturesResponse {
                error_code: ErrorCode::INVALID_UPDATE_VERSION,
                error_message: Some(format!(
                    "The update failed for all features since the following feature had an error: {why}"
                )),
                ..Default::default()
            }));
        }
        if !self.validate_only {
            state.features = features;
            state.mark_changed();
        }
        let results = self.feature_updates.into_iter();
        let results = results.map(|update| UpdatableFeatureResult {
            feature: update.feature,
            // As Kafka words it.
            error_message: Some("NONE".to_owned()),
            ..Default::default()
        });
        Ok(Some(UpdateFeaturesResponse {
            error_message: None,
            results: results.collect(),
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<UpdateFeaturesResponse> {
        Some(UpdateFeaturesResponse {
            error_code,
            ..Default::default()
        })
    }
}

/// The direction in which the level may change; `None` for an unknown upgrade type.
fn direction(update: &FeatureUpdateKey, version: i16) -> Option<Direction> {
    match version {
        0 if update.allow_downgrade => Some(Direction::SafeDowngrade),
        0 => Some(Direction::Upgrade),
        _ => Direction::from_wire(update.upgrade_type),
    }
}
