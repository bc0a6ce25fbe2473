//! Configurations of a client, for each listener of a real Kafka.

use std::time::{SystemTime, SystemTimeError, UNIX_EPOCH};

use data_encoding::BASE64URL_NOPAD;
use libkafka_client::{Config, OauthBearer, Plain, Scram, Tls, Token};
use libkafka_testkafka::{Certificates, Identity, Kafka, Listener, Mechanism, User};

/// A configuration that is right for a listener, less SASL.
///
/// # Panics
/// If `kafka` has no such listener.
pub fn config(kafka: &Kafka, listener: Listener) -> Config {
    let config = Config::new(kafka.bootstrap_of(listener));
    if listener.is_tls() {
        with_tls(config, listener, kafka.certificates())
    } else {
        config
    }
}

/// The configuration of someone who trusts the authority of these certificates, and has one of
/// them if the listener wants that.
///
/// # Panics
/// If they are not there.
pub fn with_tls(config: Config, listener: Listener, certificates: &Certificates) -> Config {
    let ca = certificates.ca();
    let tls = match listener {
        Listener::Mtls => Tls::trusting_as(
            ca,
            certificates.certificate(Identity::Client),
            certificates.key(Identity::Client),
        ),
        _ => Tls::trusting(ca),
    };
    config.tls(tls.unwrap())
}

/// The configuration of someone who logs in.
pub fn with_sasl(config: Config, mechanism: Mechanism, user: User) -> Config {
    let User { name, password } = user;
    match mechanism {
        Mechanism::Plain => config.sasl(Plain::new(name, password)),
        Mechanism::ScramSha256 => config.sasl(Scram::sha_256(name, password)),
        Mechanism::ScramSha512 => config.sasl(Scram::sha_512(name, password)),
        Mechanism::OauthBearer => config.sasl(OauthBearer::new(move |_| token(name, 0, 3600))),
    }
}

/// An unsecured JSON web token, as a broker takes it that was not told otherwise: issued so many
/// seconds ago, valid for so many from then on.
///
/// # Errors
/// If it is not 1970 yet.
pub fn token(name: &str, issued: u64, valid: u64) -> Result<Token, SystemTimeError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let issued = now.as_secs() - issued;
    let expires = issued + valid;
    let claims = format!(r#"{{"sub":"{name}","iat":{issued},"exp":{expires}}}"#);
    let base64 = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    let header = base64(r#"{"alg":"none"}"#);
    Ok(Token::new(format!("{header}.{}.", base64(&claims))))
}
