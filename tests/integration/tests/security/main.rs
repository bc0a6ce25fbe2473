//! TLS, mTLS and SASL against real Apache Kafka of every age.

mod ages;
mod refusals;
mod works;

use std::sync::OnceLock;

use libkafka_client::{Config, OauthBearer, Plain, Scram, Tls, Token};
use libkafka_testkafka::{Identity, Kafka, Listener, Mechanism, User};

/// The broker that the tests here share: all listeners, sessions of three seconds.
fn kafka() -> &'static Kafka {
    static SHARED: OnceLock<Kafka> = OnceLock::new();
    SHARED.get_or_init(|| {
        let kafka = Kafka::builder().tls(true).sasl(true);
        let kafka = kafka.property("connections.max.reauth.ms", "3000");
        kafka.start().unwrap()
    })
}

/// A configuration that is right for a listener of the shared broker, less SASL.
fn config(listener: Listener) -> Config {
    config_of(kafka(), listener)
}

/// A configuration that is right for a listener, less SASL.
fn config_of(kafka: &Kafka, listener: Listener) -> Config {
    let config = Config::new(kafka.bootstrap_of(listener));
    let certificates = kafka.certificates();
    match listener {
        Listener::Mtls => {
            let (certificate, key) = (
                certificates.certificate(Identity::Client),
                certificates.key(Identity::Client),
            );
            config.tls(Tls::trusting_as(certificates.ca(), certificate, key).unwrap())
        }
        _ if listener.is_tls() => config.tls(Tls::trusting(certificates.ca()).unwrap()),
        _ => config,
    }
}

fn with_sasl(config: Config, mechanism: Mechanism, user: User) -> Config {
    let User { name, password } = user;
    match mechanism {
        Mechanism::Plain => config.sasl(Plain::new(name, password)),
        Mechanism::ScramSha256 => config.sasl(Scram::sha_256(name, password)),
        Mechanism::ScramSha512 => config.sasl(Scram::sha_512(name, password)),
        Mechanism::OauthBearer => config.sasl(OauthBearer::new(move || token(name, 0, 3600))),
    }
}

/// An unsecured JSON web token, as a broker takes it that was not told otherwise: issued so many
/// seconds ago, valid for so many from then on.
fn token(name: &str, issued: u64, valid: u64) -> Result<Token, std::time::SystemTimeError> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let issued = now.as_secs() - issued;
    let expires = issued + valid;
    let claims = format!(r#"{{"sub":"{name}","iat":{issued},"exp":{expires}}}"#);
    let header = base64(br#"{"alg":"none"}"#);
    Ok(Token::new(format!(
        "{header}.{}.",
        base64(claims.as_bytes())
    )))
}

fn base64(bytes: &[u8]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(bytes)
}
