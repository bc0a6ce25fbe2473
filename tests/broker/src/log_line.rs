//! The line that is logged for each request.

use crate::api::Call;

/// Logs a request that has been answered, or was not.
pub(crate) fn request(call: &Call<'_>, asked: usize, answered: usize, hung_up: bool) {
    if !log::log_enabled!(log::Level::Debug) {
        return;
    }
    let header = call.header;
    let end = match answered {
        _ if hung_up => "hung up".to_owned(),
        0 => "no answer".to_owned(),
        bytes => format!("{bytes} bytes"),
    };
    log::debug!(
        "node {} {} v{} #{} of {:?} at {}: {asked} bytes -> {end}",
        call.peer.node,
        header.request_api_key,
        header.request_api_version,
        header.correlation_id,
        header.client_id.as_deref().unwrap_or_default(),
        call.peer.address,
    );
}
