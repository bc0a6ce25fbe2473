//! Who is refused, and the same client once what was wrong has been put right.

use std::fs;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use libkafka_client::protocol::ErrorCode;
use libkafka_client::rustls::crypto::ring;
use libkafka_client::rustls::pki_types::CertificateDer;
use libkafka_client::rustls::pki_types::pem::PemObject;
use libkafka_client::rustls::{ClientConfig, RootCertStore};
use libkafka_client::{
    Client, Config, Deadline, Error, Phase, SaslError, SaslMechanism, SaslSession, Tls,
};
use libkafka_testbroker::{Broker, Listener};
use libkafka_testkafka::{Certificates, Identity};

use crate::{LONG, fails_within};

/// A broker that shows a certificate, and turns away who shows none if it is `mutual`.
fn broker(
    certificates: &Certificates,
    identity: Identity,
    mutual: bool,
    address: SocketAddr,
) -> Broker {
    use libkafka_testbroker::Tls;

    let certificate = fs::read(certificates.certificate(identity)).unwrap();
    let key = fs::read(certificates.key(identity)).unwrap();
    let tls = if mutual {
        let ca = fs::read(certificates.ca()).unwrap();
        Tls::mutual(certificate, key, ca).unwrap()
    } else {
        Tls::new(certificate, key).unwrap()
    };
    let broker = Broker::builder().listener(Listener::Ssl).tls(tls);
    broker.listen(address).start().unwrap()
}

fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

/// The error of a client while the broker is as it is, after which one with the right certificate,
/// and no wish for another, takes its place.
fn refused_then_served(certificates: &Certificates, broker: Broker) -> Error {
    let tls = Tls::trusting(certificates.ca()).unwrap();
    let config = Config::new(broker.bootstrap()).tls(tls).timeout(LONG);
    let mut client = Client::new(config).unwrap();
    let error = fails_within(LONG, || client.all_metadata());
    assert!(!error.possibly_written(), "{error:?}");
    let address = broker.address(1);
    drop(broker);
    let _right = self::broker(certificates, Identity::Server, false, address);
    assert_eq!(client.all_metadata().unwrap().brokers.len(), 1);
    error
}

/// What rustls says in an error.
fn tls_failure(error: Error) -> String {
    match error {
        Error::Tls { source, .. } => format!("{source:?}"),
        other => panic!("{other}"),
    }
}

#[test]
fn a_brokers_certificate_that_is_refused_is_an_error_until_it_is_a_right_one() {
    let certificates = Certificates::generate().unwrap();
    for (identity, reason) in [
        (Identity::ExpiredServer, "Expired"),
        (Identity::WrongHostServer, "NotValidForName"),
        (Identity::UnknownServer, "UnknownIssuer"),
    ] {
        let broker = broker(&certificates, identity, false, any_port());
        let error = refused_then_served(&certificates, broker);
        assert_eq!(error.at().unwrap().phase, Phase::Tls);
        assert!(tls_failure(error).contains(reason));
    }
}

#[test]
fn a_client_without_a_certificate_is_told_so_until_none_is_asked_for() {
    let certificates = Certificates::generate().unwrap();
    let broker = broker(&certificates, Identity::Server, true, any_port());
    let error = refused_then_served(&certificates, broker);
    assert!(tls_failure(error).contains("CertificateRequired"));
}

#[test]
fn a_configuration_of_rustls_serves_as_well_as_files_do() {
    let certificates = Certificates::generate().unwrap();
    let broker = broker(&certificates, Identity::Server, false, any_port());
    let mut roots = RootCertStore::empty();
    let ca = CertificateDer::from_pem_file(certificates.ca()).unwrap();
    roots.add(ca).unwrap();
    // One that is in C and assembly, and one that needs no C compiler.
    for provider in [
        ring::default_provider(),
        rustls_graviola::default_provider(),
    ] {
        let tls = ClientConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots.clone())
            .with_no_client_auth();
        let config = Config::new(broker.bootstrap()).tls(Arc::new(tls));
        Client::new(config).unwrap().all_metadata().unwrap();
    }
}

/// A mechanism of the caller's own: PLAIN with a password that may change.
#[derive(Clone)]
struct Changing(Arc<Mutex<String>>);

struct Said(Option<Vec<u8>>);

impl SaslMechanism for Changing {
    fn name(&self) -> &str {
        "PLAIN"
    }

    fn begin(
        &self,
        broker: &libkafka_client::Broker,
        deadline: Deadline,
    ) -> Result<Box<dyn SaslSession>, SaslError> {
        assert_eq!(broker.address.host, "127.0.0.1");
        assert!(deadline.remaining() <= LONG && !deadline.is_past());
        let password = self.0.lock().unwrap();
        let message = format!("\0alice\0{password}").into_bytes();
        Ok(Box::new(Said(Some(message))))
    }
}

impl SaslSession for Said {
    fn step(&mut self, _: &[u8], _: Deadline) -> Result<Option<Vec<u8>>, SaslError> {
        Ok(self.0.take())
    }
}

#[test]
fn a_mechanism_of_ones_own_authenticates_once_its_password_is_right() {
    let broker = Broker::builder().listener(Listener::SaslPlaintext);
    let broker = broker.user("alice", "right").start().unwrap();
    let mechanism = Changing(Arc::new(Mutex::new("wrong".to_owned())));
    let config = Config::new(broker.bootstrap()).sasl(mechanism.clone());
    let mut client = Client::new(config.timeout(LONG)).unwrap();
    for _ in 0..2 {
        let error = fails_within(LONG, || client.all_metadata());
        assert_eq!(error.code(), Some(ErrorCode::SASL_AUTHENTICATION_FAILED));
        assert_eq!(error.at().unwrap().phase, Phase::Authenticate);
        assert!(!error.possibly_written());
    }
    *mechanism.0.lock().unwrap() = "right".to_owned();
    client.all_metadata().unwrap();
}
