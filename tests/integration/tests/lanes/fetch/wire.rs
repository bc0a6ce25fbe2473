//! Whatever becomes of the bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use libkafka_client::protocol::ApiKey;
use libkafka_client::{Client, Error, Exchange, FetchLane, Observer, Phase};
use libkafka_testbroker::{ArmedFault, Fault};

use super::{Place, error, fetches, hasty, lane, with_records, works};

fn fetch() -> Fault {
    Fault::on(ApiKey::FETCH).times(1)
}

/// The size of the longest response to a fetch.
#[derive(Default)]
struct Longest(AtomicUsize);

impl Observer for Longest {
    fn exchange(&self, exchange: &Exchange, _: Option<&Error>) {
        if exchange.api_key == ApiKey::FETCH {
            self.0.fetch_max(exchange.response_bytes, Ordering::Relaxed);
        }
    }
}

/// A lane, and the size of an answer that holds three partitions.
fn ready(place: &Place) -> (FetchLane, usize) {
    let longest = Arc::new(Longest::default());
    let config = place.config.clone().observer(longest.clone());
    let mut lane = lane(Client::new(config).unwrap(), hasty());
    assert_eq!(with_records(&fetches(&mut lane, 3)), [0, 1, 2]);
    let size = longest.0.load(Ordering::Relaxed);
    assert!(size > 3 * 61, "three batches");
    (lane, size)
}

/// The lane fails by a fault, and then works.
fn survives(place: &Place, lane: &mut FetchLane, fault: ArmedFault) -> Error {
    for partition in 0..3 {
        lane.seek(&super::at(partition), 0);
    }
    let fault = place.broker.inject(fault);
    let error = error(lane);
    assert_eq!(fault.hits(), 1);
    drop(fault);
    works(lane);
    error
}

fn cut_at_each(place: &Place, step: usize) {
    let (mut lane, size) = ready(place);
    for cut in (0..size).step_by(step) {
        let error = survives(place, &mut lane, fetch().cut(cut));
        assert!(matches!(error, Error::Closed { .. }), "at {cut}: {error:?}");
        assert_eq!(error.at().unwrap().phase, Phase::Read);
    }
}

#[test]
fn an_answer_with_three_partitions_may_be_cut_at_any_byte() {
    cut_at_each(&Place::plain(), 1);
}

#[test]
fn an_answer_over_tls_may_be_cut_anywhere() {
    libkafka_testkafka::require!();
    cut_at_each(&Place::tls().unwrap(), 11);
}

#[test]
fn an_answer_that_drips_is_put_together() {
    for place in [Some(Place::plain()), Place::tls()].into_iter().flatten() {
        let (mut lane, _) = ready(&place);
        let drip = fetch().drip(7, Duration::from_millis(1));
        let fault = place.broker.inject(drip);
        works(&mut lane);
        assert_eq!(fault.hits(), 1);
    }
}

#[test]
fn other_things_that_go_wrong_on_the_way_end_the_connection_and_not_the_lane() {
    let place = Place::plain();
    let (mut lane, _) = ready(&place);
    survives(&place, &mut lane, fetch().hang_up());
    survives(&place, &mut lane, fetch().reset());
    let error = survives(&place, &mut lane, fetch().wrong_correlation_id());
    assert!(matches!(error, Error::CorrelationId { .. }), "{error:?}");
    let error = survives(&place, &mut lane, fetch().wrong_length(-5));
    assert!(matches!(error, Error::ResponseLength { .. }), "{error:?}");
    let error = survives(&place, &mut lane, fetch().garbage());
    assert!(error.at().is_some());
}

#[test]
fn a_broker_that_never_answers_is_given_up_in_time() {
    let mut place = Place::plain();
    place.config = place.config.timeout(Duration::from_secs(3));
    let (mut lane, _) = ready(&place);
    let error = survives(&place, &mut lane, fetch().drop_request());
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
}
