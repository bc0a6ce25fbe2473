//! The two kinds of brokers with all that guards their doors.

use std::fs;

use libkafka_client::Config;
use libkafka_integration::with_tls;
use libkafka_testbroker::{self as testbroker, Broker, Builder};
use libkafka_testkafka::{Certificates, Identity, Listener, Mechanism, User};

use crate::{SESSIONS, kafka};

/// One of the two.
pub(crate) enum Place {
    Embedded {
        broker: Broker,
        /// Wants a certificate of its clients.
        mutual: Broker,
        certificates: Certificates,
    },
    Real,
}

/// Makes two tests of each: at the embedded broker, and at real Kafka.
macro_rules! at_both {
    ($($name:ident)*) => {$(
        mod $name {
            #[test]
            fn embedded() {
                libkafka_testkafka::require!();
                super::$name(&$crate::place::Place::embedded());
            }

            #[test]
            fn real() {
                libkafka_testkafka::require!();
                super::$name(&$crate::place::Place::Real);
            }
        }
    )*};
}
pub(crate) use at_both;

impl Place {
    pub(crate) fn embedded() -> Place {
        let certificates = Certificates::generate().unwrap();
        let certificate = fs::read(certificates.certificate(Identity::Server)).unwrap();
        let key = fs::read(certificates.key(Identity::Server)).unwrap();
        let ca = fs::read(certificates.ca()).unwrap();
        let tls = testbroker::Tls::new(&certificate, &key).unwrap();
        let mutual = testbroker::Tls::mutual(&certificate, &key, ca).unwrap();
        let with_users = |builder: Builder| {
            let all = User::ALL.iter();
            all.fold(builder, |b, user| b.user(user.name, user.password))
        };
        let all = [
            testbroker::Listener::Plaintext,
            testbroker::Listener::Ssl,
            testbroker::Listener::SaslPlaintext,
            testbroker::Listener::SaslSsl,
        ];
        let broker = all.iter().fold(Broker::builder(), |b, l| b.listener(*l));
        let broker = with_users(broker).tls(tls).config(SESSIONS.0, SESSIONS.1);
        let ssl = Broker::builder().listener(testbroker::Listener::Ssl);
        Place::Embedded {
            broker: broker.start().unwrap(),
            mutual: ssl.tls(mutual).start().unwrap(),
            certificates,
        }
    }

    /// Where a listener is.
    pub(crate) fn address(&self, listener: Listener) -> String {
        match (self, listener) {
            (Place::Real, _) => kafka().bootstrap_of(listener),
            (Place::Embedded { broker, .. }, Listener::Plaintext) => {
                broker.bootstrap_of(testbroker::Listener::Plaintext)
            }
            (Place::Embedded { broker, .. }, Listener::Ssl) => {
                broker.bootstrap_of(testbroker::Listener::Ssl)
            }
            (Place::Embedded { broker, .. }, Listener::SaslPlaintext) => {
                broker.bootstrap_of(testbroker::Listener::SaslPlaintext)
            }
            (Place::Embedded { .. }, other) => panic!("no address of {other:?} is needed"),
        }
    }

    /// TLS that trusts the brokers.
    pub(crate) fn with_tls(&self, config: Config) -> Config {
        let certificates = match self {
            Place::Embedded { certificates, .. } => certificates,
            Place::Real => kafka().certificates(),
        };
        with_tls(config, Listener::Ssl, certificates)
    }

    /// A configuration that is right for a listener, less SASL.
    pub(crate) fn config(&self, listener: Listener) -> Config {
        let Place::Embedded {
            broker,
            mutual,
            certificates,
        } = self
        else {
            return crate::config(listener);
        };
        let (broker, ours) = match listener {
            Listener::Plaintext => (broker, testbroker::Listener::Plaintext),
            Listener::Ssl => (broker, testbroker::Listener::Ssl),
            Listener::Mtls => (mutual, testbroker::Listener::Ssl),
            Listener::SaslPlaintext => (broker, testbroker::Listener::SaslPlaintext),
            Listener::SaslSsl => (broker, testbroker::Listener::SaslSsl),
        };
        let config = Config::new(broker.bootstrap_of(ours));
        if listener.is_tls() {
            with_tls(config, listener, certificates)
        } else {
            config
        }
    }

    pub(crate) fn mechanisms(&self) -> Vec<Mechanism> {
        match self {
            // It has no tokens.
            Place::Embedded { .. } => vec![
                Mechanism::Plain,
                Mechanism::ScramSha256,
                Mechanism::ScramSha512,
            ],
            Place::Real => kafka().mechanisms().collect(),
        }
    }
}
