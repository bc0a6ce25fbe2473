//! [`Mechanism`]: a SASL mechanism, and how brokers and Java clients are told of it.

use std::fmt;

use crate::user::User;
use crate::version::Version;

const PACKAGE: &str = "org.apache.kafka.common.security";

/// A SASL mechanism.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mechanism {
    /// Name and password in the clear.
    Plain,
    /// SCRAM with SHA-256; 4096 iterations.
    ScramSha256,
    /// SCRAM with SHA-512; 4096 iterations.
    ScramSha512,
    /// A token; brokers take an unsecured JSON web signature. From Kafka 2.0.
    OauthBearer,
}

impl Mechanism {
    /// All of them.
    pub const ALL: [Mechanism; 4] = [
        Mechanism::Plain,
        Mechanism::ScramSha256,
        Mechanism::ScramSha512,
        Mechanism::OauthBearer,
    ];

    /// The name by which SASL knows it.
    pub const fn name(self) -> &'static str {
        match self {
            Mechanism::Plain => "PLAIN",
            Mechanism::ScramSha256 => "SCRAM-SHA-256",
            Mechanism::ScramSha512 => "SCRAM-SHA-512",
            Mechanism::OauthBearer => "OAUTHBEARER",
        }
    }

    pub(crate) const fn is_scram(self) -> bool {
        matches!(self, Mechanism::ScramSha256 | Mechanism::ScramSha512)
    }

    /// Whether brokers of this version can be set up for it: for SCRAM, KRaft takes its first users
    /// from 3.5 on only.
    pub(crate) fn is_in(self, version: Version) -> bool {
        match self {
            Mechanism::Plain => true,
            Mechanism::OauthBearer => version.since(2, 0),
            Mechanism::ScramSha256 | Mechanism::ScramSha512 => {
                !version.since(3, 3) || version.since(3, 5)
            }
        }
    }

    pub(crate) fn broker_login(self) -> String {
        match self {
            Mechanism::Plain => {
                let users = User::ALL
                    .map(|user| format!(" user_{}=\"{}\"", user.name, user.password))
                    .concat();
                let User { name, password } = User::ADMIN;
                format!(
                    "{PACKAGE}.plain.PlainLoginModule required username=\"{name}\" password=\"{password}\"{users};"
                )
            }
            Mechanism::OauthBearer => oauth_login(User::ADMIN),
            _ => format!("{PACKAGE}.scram.ScramLoginModule required;"),
        }
    }

    pub(crate) fn client_login(self, User { name, password }: User) -> String {
        let module = match self {
            Mechanism::OauthBearer => return oauth_login(User { name, password }),
            Mechanism::Plain => "plain.PlainLoginModule",
            _ => "scram.ScramLoginModule",
        };
        format!("{PACKAGE}.{module} required username=\"{name}\" password=\"{password}\";")
    }
}

/// Shows [`Mechanism::name`].
impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

fn oauth_login(user: User) -> String {
    format!(
        "{PACKAGE}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"{}\";",
        user.name
    )
}
