//! A configuration for another listener than the one at the address: the error names what is wrong.

use std::time::{Duration, Instant};

use libkafka_client::{Client, Config, RetryPolicy};
use libkafka_testkafka::{Listener, Mechanism, User};

use crate::place::{Place, at_both};
use crate::with_sasl;

at_both! {
    plain_text_to_a_tls_port_is_told_to_use_tls
    tls_to_a_plain_port_is_told_to_do_without
    no_sasl_to_a_sasl_port_is_told_that_it_may_be_wanted
    sasl_to_a_plain_listener_is_told_that_there_is_none
}

/// What the error says, at once and after a minute's patience, which is not used up.
fn refusal(config: Config) -> String {
    let config = config.timeout(Duration::from_secs(10));
    let mut client = Client::new(config).unwrap();
    let started = Instant::now();
    let minute = Duration::from_secs(60);
    let run = RetryPolicy::new().run(minute, &mut client, |client| client.all_metadata());
    assert!(started.elapsed() < minute / 2);
    run.unwrap_err().to_string()
}

fn plain_text_to_a_tls_port_is_told_to_use_tls(place: &Place) {
    let text = refusal(Config::new(place.address(Listener::Ssl)));
    assert!(
        text.contains("TLS") && text.contains("Config::tls"),
        "{text}"
    );
}

fn tls_to_a_plain_port_is_told_to_do_without(place: &Place) {
    let config = Config::new(place.address(Listener::Plaintext));
    let text = refusal(place.with_tls(config));
    assert!(text.contains("without Config::tls"), "{text}");
}

fn no_sasl_to_a_sasl_port_is_told_that_it_may_be_wanted(place: &Place) {
    let text = refusal(Config::new(place.address(Listener::SaslPlaintext)));
    assert!(
        text.contains("SASL") && text.contains("Config::sasl"),
        "{text}"
    );
}

fn sasl_to_a_plain_listener_is_told_that_there_is_none(place: &Place) {
    let config = Config::new(place.address(Listener::Plaintext));
    let text = refusal(with_sasl(config, Mechanism::Plain, User::ALL[0]));
    assert!(text.contains("ILLEGAL_SASL_STATE"), "{text}");
    assert!(text.contains("without Config::sasl"), "{text}");
}
