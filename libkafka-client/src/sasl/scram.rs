//! SCRAM: both sides prove that they know the password and neither sends it (RFC 5802, KIP-84).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};

use super::mechanism::{SaslMechanism, SaslSession};
use crate::broker::Broker;
use crate::deadline::Deadline;
use crate::sasl_error::SaslError;

/// Fewer would let whoever listens guess the password.
const MIN_ITERATIONS: u32 = 4096;
/// After so many, a few milliseconds of work, the deadline is looked at.
const ITERATIONS_AT_ONCE: u32 = 1024;
const NONCE_SIZE: usize = 24;
/// `n,,`: no channel binding, no other identity.
const GS2_HEADER: &str = "n,,";

/// The mechanisms SCRAM-SHA-256 and SCRAM-SHA-512.
#[derive(Clone)]
pub struct Scram {
    hash: Hash,
    user: String,
    password: String,
}

impl Scram {
    /// SCRAM-SHA-256 for a user.
    pub fn sha_256(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self::new(Hash::Sha256, user.into(), password.into())
    }

    /// SCRAM-SHA-512 for a user.
    pub fn sha_512(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self::new(Hash::Sha512, user.into(), password.into())
    }

    fn new(hash: Hash, user: String, password: String) -> Self {
        Self {
            hash,
            user,
            password,
        }
    }

    fn session(&self, nonce: String, deadline: Deadline) -> Session {
        let user = self.user.replace('=', "=3D").replace(',', "=2C");
        Session {
            hash: self.hash,
            password: self.password.clone(),
            first_bare: format!("n={user},r={nonce}"),
            nonce,
            deadline,
            state: State::First,
        }
    }
}

impl SaslMechanism for Scram {
    fn name(&self) -> &str {
        match self.hash {
            Hash::Sha256 => "SCRAM-SHA-256",
            Hash::Sha512 => "SCRAM-SHA-512",
        }
    }

    fn begin(&self, _: &Broker, deadline: Deadline) -> Result<Box<dyn SaslSession>, SaslError> {
        let mut random = [0; NONCE_SIZE];
        getrandom::fill(&mut random).map_err(|error| SaslError::Callback(error.into()))?;
        Ok(Box::new(self.session(BASE64.encode(random), deadline)))
    }
}

impl fmt::Debug for Scram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scram")
            .field("hash", &self.hash)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

struct Session {
    hash: Hash,
    password: String,
    nonce: String,
    first_bare: String,
    deadline: Deadline,
    state: State,
}

enum State {
    First,
    Proof,
    Verify { server_signature: Vec<u8> },
    Done,
}

impl SaslSession for Session {
    fn step(&mut self, challenge: &[u8]) -> Result<Option<Vec<u8>>, SaslError> {
        let challenge =
            std::str::from_utf8(challenge).map_err(|_| SaslError::Challenge("it is not UTF-8"))?;
        match std::mem::replace(&mut self.state, State::Done) {
            State::First => {
                self.state = State::Proof;
                Ok(Some(
                    format!("{GS2_HEADER}{}", self.first_bare).into_bytes(),
                ))
            }
            State::Proof => {
                let (message, server_signature) = self.prove(challenge)?;
                self.state = State::Verify { server_signature };
                Ok(Some(message.into_bytes()))
            }
            State::Verify { server_signature } => {
                verify(challenge, &server_signature)?;
                Ok(None)
            }
            State::Done => Ok(None),
        }
    }
}

impl Session {
    /// The final message, and the signature that the broker is to answer with.
    fn prove(&self, server_first: &str) -> Result<(String, Vec<u8>), SaslError> {
        let nonce = attribute(server_first, 0, "r=")?;
        let salt = BASE64
            .decode(attribute(server_first, 1, "s=")?)
            .map_err(|_| SaslError::Challenge("the salt is not base64"))?;
        let iterations = attribute(server_first, 2, "i=")?
            .parse()
            .ok()
            .filter(|iterations| *iterations >= MIN_ITERATIONS)
            .ok_or(SaslError::Challenge("too few iterations"))?;
        if !nonce.starts_with(&self.nonce) || nonce.len() == self.nonce.len() {
            return Err(SaslError::Challenge("the nonce does not continue ours"));
        }

        let hash = self.hash;
        let salted = hash.salted(&self.password, &salt, iterations, self.deadline)?;
        let client_key = hash.hmac(&salted, b"Client Key")?;
        let stored_key = hash.digest(&client_key);
        let without_proof = format!("c={},r={nonce}", BASE64.encode(GS2_HEADER));
        let auth = format!("{},{server_first},{without_proof}", self.first_bare);
        let signature = hash.hmac(&stored_key, auth.as_bytes())?;
        let proof: Vec<u8> = client_key
            .iter()
            .zip(&signature)
            .map(|(key, signature)| key ^ signature)
            .collect();
        let server_key = hash.hmac(&salted, b"Server Key")?;
        let message = format!("{without_proof},p={}", BASE64.encode(proof));
        Ok((message, hash.hmac(&server_key, auth.as_bytes())?))
    }
}

fn verify(server_final: &str, expected: &[u8]) -> Result<(), SaslError> {
    if let Some(reason) = server_final.strip_prefix("e=") {
        return Err(SaslError::Refused(reason.to_owned()));
    }
    let signature = BASE64
        .decode(attribute(server_final, 0, "v=")?)
        .map_err(|_| SaslError::Challenge("the signature is not base64"))?;
    // What an attacker could learn from the time this takes changes with every nonce.
    if signature == expected {
        Ok(())
    } else {
        Err(SaslError::ServerSignature)
    }
}

/// The value of the attribute that stands at a place of a message, which must be `name`.
fn attribute<'a>(message: &'a str, place: usize, name: &str) -> Result<&'a str, SaslError> {
    let attribute = message.split(',').nth(place);
    attribute
        .and_then(|attribute| attribute.strip_prefix(name))
        .ok_or(SaslError::Challenge("an attribute is missing"))
}

#[derive(Debug, Clone, Copy)]
enum Hash {
    Sha256,
    Sha512,
}

impl Hash {
    fn digest(self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(data).to_vec(),
            Self::Sha512 => Sha512::digest(data).to_vec(),
        }
    }

    fn hmac(self, key: &[u8], data: &[u8]) -> Result<Vec<u8>, SaslError> {
        match self {
            Self::Sha256 => hmac::<Hmac<Sha256>>(key, data),
            Self::Sha512 => hmac::<Hmac<Sha512>>(key, data),
        }
    }

    fn salted(
        self,
        password: &str,
        salt: &[u8],
        iterations: u32,
        deadline: Deadline,
    ) -> Result<Vec<u8>, SaslError> {
        match self {
            Self::Sha256 => salted::<Hmac<Sha256>>(password, salt, iterations, deadline),
            Self::Sha512 => salted::<Hmac<Sha512>>(password, salt, iterations, deadline),
        }
    }
}

fn keyed<M: KeyInit>(key: &[u8]) -> Result<M, SaslError> {
    M::new_from_slice(key).map_err(|_| SaslError::Challenge("a key has no valid length"))
}

fn hmac<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Result<Vec<u8>, SaslError> {
    let mac = keyed::<M>(key)?.chain_update(data);
    Ok(mac.finalize().into_bytes().to_vec())
}

/// `Hi` of RFC 5802, which is PBKDF2 with a single block. How often it goes round is for the
/// broker to say, whatever it may be up to: so it goes round until the deadline at most.
fn salted<M: Mac + KeyInit + Clone>(
    password: &str,
    salt: &[u8],
    iterations: u32,
    deadline: Deadline,
) -> Result<Vec<u8>, SaslError> {
    let mac = keyed::<M>(password.as_bytes())?;
    let first = mac.clone().chain_update(salt).chain_update([0, 0, 0, 1]);
    let mut block = first.finalize().into_bytes();
    let mut salted = block.to_vec();
    for i in 1..iterations {
        if i % ITERATIONS_AT_ONCE == 0 && deadline.is_past() {
            return Err(SaslError::Timeout);
        }
        block = mac.clone().chain_update(&block).finalize().into_bytes();
        for (salted, byte) in salted.iter_mut().zip(&block) {
            *salted ^= byte;
        }
    }
    Ok(salted)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn soon() -> Deadline {
        Deadline::after(Duration::from_secs(60))
    }

    /// The example of RFC 7677, section 3.
    #[test]
    fn the_rfcs_example_is_spoken_word_for_word() {
        let scram = Scram::sha_256("user", "pencil");
        let mut session = scram.session("rOprNGfwEbeRWgbNEkqO".into(), soon());
        let first = session.step(b"").unwrap().unwrap();
        assert_eq!(first, b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let challenge = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        let proof = session.step(challenge).unwrap().unwrap();
        assert_eq!(
            String::from_utf8(proof).unwrap(),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
             p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        let signature = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
        assert_eq!(session.step(signature).unwrap(), None);
    }

    fn after_first(challenge: &str) -> Result<Option<Vec<u8>>, SaslError> {
        let mut session = Scram::sha_512("user", "pencil").session("abc".into(), soon());
        session.step(b"").unwrap();
        session.step(challenge.as_bytes())
    }

    #[test]
    fn a_server_first_message_that_is_wrong_is_refused() {
        assert!(after_first("r=abcd,s=c2FsdA==,i=4096").is_ok());
        for challenge in [
            "",
            "r=abcd",
            "r=abc,s=c2FsdA==,i=4096",
            "r=xyz,s=c2FsdA==,i=4096",
            "r=abcd,s=***,i=4096",
            "r=abcd,s=c2FsdA==,i=4095",
            "r=abcd,s=c2FsdA==,i=4294967296",
            "r=abcd,s=c2FsdA==,i=-1",
            "m=x,r=abcd,s=c2FsdA==,i=4096",
        ] {
            assert!(after_first(challenge).is_err(), "{challenge}");
        }
    }

    #[test]
    fn a_server_that_wants_endless_work_is_not_served_beyond_the_deadline() {
        for scram in [
            Scram::sha_256("user", "pencil"),
            Scram::sha_512("user", "pencil"),
        ] {
            let deadline = Deadline::after(Duration::from_millis(20));
            let mut session = scram.session("abc".into(), deadline);
            session.step(b"").unwrap();
            let error = session.step(b"r=abcd,s=c2FsdA==,i=4294967295").unwrap_err();
            assert!(matches!(error, SaslError::Timeout), "{error}");
            assert!(deadline.is_past());
            assert!(Instant::now() - deadline.instant() < Duration::from_secs(10));
        }
    }

    #[test]
    fn a_server_that_does_not_know_the_password_is_found_out() {
        for (last, signature) in [
            ("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", true),
            ("v=", true),
            ("v=*", false),
            ("e=other-error", false),
        ] {
            let mut session = Scram::sha_256("user", "pencil").session("abc".into(), soon());
            session.step(b"").unwrap();
            session.step(b"r=abcd,s=c2FsdA==,i=4096").unwrap();
            let error = session.step(last.as_bytes()).unwrap_err();
            assert_eq!(matches!(error, SaslError::ServerSignature), signature);
        }
    }

    #[test]
    fn a_name_with_commas_is_escaped_and_nothing_secret_shows() {
        let scram = Scram::sha_256("a=b,c", "pencil");
        let session = scram.session("x".into(), soon());
        assert_eq!(session.first_bare, "n=a=3Db=2Cc,r=x");
        assert!(!format!("{scram:?}").contains("pencil"));
    }
}
