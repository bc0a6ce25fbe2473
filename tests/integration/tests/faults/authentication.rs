//! SASL, cut short.

use libkafka_client::protocol::ApiKey;
use libkafka_client::protocol::messages::SaslAuthenticateRequest;
use libkafka_client::{Client, Error, Phase, SaslError, Scram};
use libkafka_testbroker::{Broker, Fault, Listener};

use crate::{LONG, SHORT, config, fails_within};

fn broker() -> Broker {
    let broker = Broker::builder().listener(Listener::SaslPlaintext);
    broker.user("alice", "secret").start().unwrap()
}

#[test]
fn authentication_may_be_cut_at_any_byte() {
    let broker = broker();
    let scram = || config(&broker).sasl(Scram::sha_256("alice", "secret"));
    Client::new(scram()).unwrap().all_metadata().unwrap();
    for (api, skipped) in [
        (ApiKey::SASL_HANDSHAKE, 0),
        (ApiKey::SASL_AUTHENTICATE, 0),
        (ApiKey::SASL_AUTHENTICATE, 1),
    ] {
        // No answer of these is shorter.
        for cut in 0..18 {
            let fault = Fault::on(api).skip(skipped).times(1).cut(cut);
            let fault = broker.inject(fault);
            let mut client = Client::new(scram()).unwrap();
            let error = fails_within(LONG, || client.all_metadata());
            assert!(
                matches!(error, Error::Closed { .. }),
                "{api} {cut}: {error:?}"
            );
            assert_eq!(error.at().unwrap().phase, Phase::Authenticate);
            assert!(!error.possibly_written());
            drop(fault);
            client.all_metadata().unwrap();
        }
    }
}

#[test]
fn a_broker_that_says_nothing_or_nonsense_is_an_error_of_the_authentication() {
    let broker = broker();
    for (api, fault) in [
        (ApiKey::SASL_HANDSHAKE, Fault::silence as fn(Fault) -> _),
        (ApiKey::SASL_AUTHENTICATE, Fault::silence),
        (ApiKey::SASL_HANDSHAKE, Fault::wrong_correlation_id),
        (ApiKey::SASL_AUTHENTICATE, Fault::garbage),
        (ApiKey::SASL_AUTHENTICATE, Fault::reset),
    ] {
        let fault = broker.inject(fault(Fault::on(api).times(1)));
        let config = config(&broker).sasl(Scram::sha_512("alice", "secret"));
        let mut client = Client::new(config).unwrap();
        let error = fails_within(SHORT, || client.within(SHORT).all_metadata());
        assert_eq!(error.at().unwrap().phase, Phase::Authenticate, "{error:?}");
        assert!(!error.possibly_written());
        drop(fault);
        client.all_metadata().unwrap();
    }
}

#[test]
fn a_broker_that_does_not_know_the_password_does_not_pass_for_one_that_does() {
    let broker = broker();
    let fault = Fault::on(ApiKey::SASL_AUTHENTICATE).skip(1);
    let fault = broker.inject(fault.alter::<SaslAuthenticateRequest>(|_, response| {
        response.auth_bytes = b"v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="[..].into();
    }));
    let config = config(&broker).sasl(Scram::sha_256("alice", "secret"));
    let error = Client::new(config).unwrap().all_metadata().unwrap_err();
    let source = SaslError::ServerSignature.to_string();
    assert!(
        matches!(&error, Error::Authenticate { source: s, .. } if s.to_string() == source),
        "{error:?}"
    );
    assert_eq!(fault.hits(), 1);
}

#[test]
fn a_broker_that_wants_endless_work_gets_none_beyond_the_deadline() {
    let broker = broker();
    for scram in [Scram::sha_256, Scram::sha_512] {
        let fault = Fault::on(ApiKey::SASL_AUTHENTICATE).times(1);
        let fault = broker.inject(fault.alter::<SaslAuthenticateRequest>(|_, response| {
            let challenge = String::from_utf8(response.auth_bytes.to_vec()).unwrap();
            let (start, _) = challenge.rsplit_once("i=").unwrap();
            response.auth_bytes = format!("{start}i={}", u32::MAX).into();
        }));
        let mut client = Client::new(config(&broker).sasl(scram("alice", "secret"))).unwrap();
        let error = fails_within(SHORT, || client.within(SHORT).all_metadata());
        assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
        assert_eq!(error.at().unwrap().phase, Phase::Authenticate);
        drop(fault);
        client.all_metadata().unwrap();
    }
}

#[test]
fn a_challenge_of_any_size_or_kind_is_an_error() {
    let broker = broker();
    for challenge in [
        vec![b'x'; 10_000_000],
        vec![b'x'; 1_000_000],
        vec![b','; 1_000_000],
        vec![0xff; 100],
        Vec::new(),
    ] {
        let size = challenge.len();
        let fault = Fault::on(ApiKey::SASL_AUTHENTICATE).times(1);
        let fault = broker.inject(fault.alter::<SaslAuthenticateRequest>(move |_, response| {
            response.auth_bytes = challenge.clone().into();
        }));
        let mut client =
            Client::new(config(&broker).sasl(Scram::sha_256("alice", "secret"))).unwrap();
        let error = fails_within(LONG, || client.all_metadata());
        // Nobody needs as much as that to authenticate.
        match size {
            ..=1_000_000 => assert!(matches!(error, Error::Authenticate { .. }), "{error:?}"),
            _ => assert!(matches!(error, Error::ResponseLength { .. }), "{error:?}"),
        }
        assert!(error.to_string().len() < 1000);
        drop(fault);
        client.all_metadata().unwrap();
    }
}
