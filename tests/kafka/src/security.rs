//! TLS and SASL in the configuration of brokers and of Java clients.

use std::fmt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::classes::{self, Source};
use crate::config::{Cluster, Properties, path};
use crate::java::Java;
use crate::process::{Output, Process};
use crate::{Certificates, Error, Identity, Listener, Version};

const PASSWORD: &str = "changeit";
const KEYSTORES: [Source; 1] = [("Keystores.java", include_str!("../java/Keystores.java"))];
const DEADLINE: Duration = Duration::from_secs(60);
const PACKAGE: &str = "org.apache.kafka.common.security";

/// A user that SASL listeners know, by PLAIN and by SCRAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    /// The name.
    pub name: &'static str,
    /// The password.
    pub password: &'static str,
}

impl User {
    /// The administrator.
    pub const ADMIN: User = User {
        name: "admin",
        password: "admin-secret",
    };
    /// An ordinary user.
    pub const ALICE: User = User {
        name: "alice",
        password: "alice-secret",
    };
    /// All users.
    pub const ALL: [User; 2] = [User::ADMIN, User::ALICE];
}

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

    fn broker_login(self) -> String {
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

    fn client_login(self, User { name, password }: User) -> String {
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

impl Cluster {
    /// 2.7 reads PEM too, but it and 2.8 refuse a key without a password.
    fn reads_pem(&self) -> bool {
        self.version().since(3, 3)
    }

    /// Kafka 1.0 reads its logins from a file of the JVM's only.
    fn has_login_properties(&self) -> bool {
        self.version().since(1, 1)
    }

    pub(crate) fn mechanisms(&self) -> impl Iterator<Item = Mechanism> + use<> {
        let version = self.version();
        Mechanism::ALL
            .into_iter()
            .filter(move |mechanism| mechanism.is_in(version))
    }

    pub(crate) fn tls_properties(&self, certificates: &Certificates, p: &mut Properties) {
        if self.reads_pem() {
            p.set("ssl.keystore.type", "PEM");
            p.set(
                "ssl.keystore.location",
                path(&certificates.both(self.builder.server_identity)),
            );
            p.set("ssl.truststore.type", "PEM");
            p.set("ssl.truststore.location", path(&certificates.ca()));
        } else {
            p.set("ssl.keystore.type", "PKCS12");
            p.set("ssl.keystore.location", path(&self.keystore()));
            p.set("ssl.keystore.password", PASSWORD);
            p.set("ssl.key.password", PASSWORD);
            p.set("ssl.truststore.type", "PKCS12");
            p.set("ssl.truststore.location", path(&self.truststore()));
            p.set("ssl.truststore.password", PASSWORD);
        }
        p.set("listener.name.mtls.ssl.client.auth", "required");
    }

    pub(crate) fn sasl_properties(&self, p: &mut Properties) {
        let names: Vec<&str> = self.mechanisms().map(Mechanism::name).collect();
        p.set("sasl.enabled.mechanisms", names.join(","));
        if !self.has_login_properties() {
            return;
        }
        for listener in self.listeners().filter(|listener| listener.is_sasl()) {
            for mechanism in self.mechanisms() {
                let prefix = format!("listener.name.{listener}.{mechanism}").to_lowercase();
                p.set(
                    format!("{prefix}.sasl.jaas.config"),
                    mechanism.broker_login(),
                );
            }
        }
    }

    /// The file of logins that a broker's JVM must be told of, and its text.
    pub(crate) fn login_file(&self) -> Option<(PathBuf, String)> {
        (self.builder.sasl && !self.has_login_properties()).then(|| {
            let mut logins: Vec<String> = self.mechanisms().map(Mechanism::broker_login).collect();
            logins.dedup(); // Both SCRAMs have the same.
            (
                self.folder.join("jaas.conf"),
                format!("KafkaServer {{\n{}\n}};\n", logins.join("\n")),
            )
        })
    }

    /// Writes the stores of a broker that does not read PEM.
    pub(crate) fn write_keystores(&self, certificates: &Certificates) -> Result<(), Error> {
        if self.reads_pem() {
            return Ok(());
        }
        let classes = classes::compile(
            &format!("keystores/{}", classes::digest(&KEYSTORES)),
            &KEYSTORES,
            &self.jars,
        )?;
        let identity = self.builder.server_identity;
        let java = Java::new(&[&classes], "Keystores")?
            .args([
                certificates.ca(),
                certificates.certificate(identity),
                certificates.key(identity),
            ])
            .args([PASSWORD])
            .args([self.keystore(), self.truststore()]);
        let log = self.folder.join("keystores.log");
        Process::spawn("Keystores", &java, log, Output::Log)?.succeed(Instant::now() + DEADLINE)
    }

    /// The properties with which a Java client connects to a listener. `mechanism` counts only for
    /// a listener with SASL.
    pub(crate) fn client_properties(
        &self,
        listener: Listener,
        mechanism: Mechanism,
        certificates: Option<&Certificates>,
    ) -> Properties {
        let mut p = Properties::default();
        p.set("security.protocol", listener.security_protocol());
        if let Some(certificates) = certificates.filter(|_| listener.is_tls()) {
            p.set("ssl.truststore.type", "PEM");
            p.set("ssl.truststore.location", path(&certificates.ca()));
            if listener == Listener::Mtls {
                p.set("ssl.keystore.type", "PEM");
                p.set(
                    "ssl.keystore.location",
                    path(&certificates.both(Identity::Client)),
                );
            }
        }
        if listener.is_sasl() {
            p.set("sasl.mechanism", mechanism.name());
            p.set("sasl.jaas.config", mechanism.client_login(User::ADMIN));
        }
        p
    }

    fn keystore(&self) -> PathBuf {
        self.folder.join("server.p12")
    }

    fn truststore(&self) -> PathBuf {
        self.folder.join("trust.p12")
    }
}
