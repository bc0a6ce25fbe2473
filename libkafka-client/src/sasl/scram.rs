//! `Scram`: both sides prove that they know the password, and neither sends it (RFC 5802, KIP-84).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::mechanism::{SaslMechanism, SaslSession};
use super::salting::{Hash, Salting};
use crate::broker::Broker;
use crate::deadline::Deadline;
use crate::sasl_error::SaslError;

/// The fewest iterations that are accepted: with fewer, an eavesdropper could guess the password.
const MIN_ITERATIONS: u32 = 4096;
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
    /// SCRAM-SHA-256 as this user.
    pub fn sha_256(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self::new(Hash::Sha256, user.into(), password.into())
    }

    /// SCRAM-SHA-512 as this user.
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

    fn session(&self, nonce: String) -> Session {
        let user = self.user.replace('=', "=3D").replace(',', "=2C");
        Session {
            hash: self.hash,
            password: self.password.clone(),
            first_bare: format!("n={user},r={nonce}"),
            nonce,
            salting: None,
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

    fn begin(&self, _: &Broker, _: Deadline) -> Result<Box<dyn SaslSession>, SaslError> {
        let mut random = [0; NONCE_SIZE];
        getrandom::fill(&mut random).map_err(|error| SaslError::Callback(error.into()))?;
        Ok(Box::new(self.session(BASE64.encode(random))))
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
    /// The password, while it is being salted.
    salting: Option<Box<dyn Salting>>,
    state: State,
}

enum State {
    First,
    Proof,
    Verify { server_signature: Vec<u8> },
    Done,
}

impl SaslSession for Session {
    fn step(&mut self, challenge: &[u8], deadline: Deadline) -> Result<Option<Vec<u8>>, SaslError> {
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
                let Some((message, server_signature)) = self.prove(challenge, deadline)? else {
                    self.state = State::Proof;
                    return Err(SaslError::Timeout);
                };
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
    /// The final message, and the signature that the broker must answer with; `None` if they take
    /// longer than there is time.
    fn prove(
        &mut self,
        server_first: &str,
        deadline: Deadline,
    ) -> Result<Option<(String, Vec<u8>)>, SaslError> {
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
        let salting = match &mut self.salting {
            Some(salting) => salting,
            None => {
                let salting = hash.salt(&self.password, &salt, iterations)?;
                self.salting.insert(salting)
            }
        };
        let Some(salted) = salting.advance(deadline) else {
            return Ok(None);
        };
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
        let server_signature = hash.hmac(&server_key, auth.as_bytes())?;
        Ok(Some((message, server_signature)))
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

/// The value of the attribute at a place of a message, which must be `name`.
fn attribute<'a>(message: &'a str, place: usize, name: &str) -> Result<&'a str, SaslError> {
    let attribute = message.split(',').nth(place);
    attribute
        .and_then(|attribute| attribute.strip_prefix(name))
        .ok_or(SaslError::Challenge("an attribute is missing"))
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
        let mut session = scram.session("rOprNGfwEbeRWgbNEkqO".into());
        let first = session.step(b"", soon()).unwrap().unwrap();
        assert_eq!(first, b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let challenge = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        let proof = session.step(challenge, soon()).unwrap().unwrap();
        assert_eq!(
            String::from_utf8(proof).unwrap(),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
             p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        let signature = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
        assert_eq!(session.step(signature, soon()).unwrap(), None);
    }

    fn after_first(challenge: &str) -> Result<Option<Vec<u8>>, SaslError> {
        let mut session = Scram::sha_512("user", "pencil").session("abc".into());
        session.step(b"", soon()).unwrap();
        session.step(challenge.as_bytes(), soon())
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
            let mut session = scram.session("abc".into());
            session.step(b"", soon()).unwrap();
            // As often as it is asked.
            for _ in 0..3 {
                let deadline = Deadline::after(Duration::from_millis(20));
                let challenge = b"r=abcd,s=c2FsdA==,i=4294967295";
                let error = session.step(challenge, deadline).unwrap_err();
                assert!(matches!(error, SaslError::Timeout), "{error}");
                assert!(deadline.is_past());
                assert!(Instant::now() - deadline.instant() < Duration::from_secs(10));
            }
        }
    }

    #[test]
    fn a_proof_in_steps_is_the_same_as_in_one() {
        let challenge = b"r=abcd,s=c2FsdA==,i=100000";
        let mut at_once = Scram::sha_256("user", "pencil").session("abc".into());
        at_once.step(b"", soon()).unwrap();
        let expected = at_once.step(challenge, soon()).unwrap();
        let mut in_steps = Scram::sha_256("user", "pencil").session("abc".into());
        in_steps.step(b"", Deadline::now()).unwrap();
        let mut steps = 1;
        let proof = loop {
            match in_steps.step(challenge, Deadline::now()) {
                Err(SaslError::Timeout) => steps += 1,
                proof => break proof.unwrap(),
            }
        };
        assert_eq!(proof, expected);
        assert!(steps > 10);
    }

    #[test]
    fn a_server_that_does_not_know_the_password_is_found_out() {
        for (last, signature) in [
            ("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", true),
            ("v=", true),
            ("v=*", false),
            ("e=other-error", false),
        ] {
            let mut session = Scram::sha_256("user", "pencil").session("abc".into());
            session.step(b"", soon()).unwrap();
            session.step(b"r=abcd,s=c2FsdA==,i=4096", soon()).unwrap();
            let error = session.step(last.as_bytes(), soon()).unwrap_err();
            assert_eq!(matches!(error, SaslError::ServerSignature), signature);
        }
    }

    #[test]
    fn a_name_with_commas_is_escaped_and_nothing_secret_shows() {
        let scram = Scram::sha_256("a=b,c", "pencil");
        let session = scram.session("x".into());
        assert_eq!(session.first_bare, "n=a=3Db=2Cc,r=x");
        assert!(!format!("{scram:?}").contains("pencil"));
    }
}
