//! TLS and SASL in the configuration of brokers and of Java clients.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::certificates::{Certificates, Identity};
use crate::classes::{self, Source};
use crate::cluster::Cluster;
use crate::error::Error;
use crate::java::Java;
use crate::listener::Listener;
use crate::mechanism::Mechanism;
use crate::process::{Output, Process};
use crate::properties::{Properties, path};
use crate::user::User;

const PASSWORD: &str = "changeit";
const KEYSTORES: [Source; 1] = [("Keystores.java", include_str!("../java/Keystores.java"))];
/// Far more than a start of Java takes: a busy machine is no failure.
const DEADLINE: Duration = Duration::from_secs(240);

impl Cluster {
    /// 2.7 reads PEM too, but it and 2.8 refuse a key without a password.
    fn reads_pem(&self) -> bool {
        self.version().since(3, 3)
    }

    /// Kafka 1.0 reads its logins from a file of the JVM's only.
    fn has_login_properties(&self) -> bool {
        self.version().since(1, 1)
    }

    pub(crate) fn tls_properties(&self, certificates: &Certificates, p: &mut Properties) {
        if self.reads_pem() {
            p.set("ssl.keystore.type", "PEM");
            p.set(
                "ssl.keystore.location",
                path(&certificates.both(self.settings.server_identity)),
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
        (self.settings.sasl && !self.has_login_properties()).then(|| {
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
        let identity = self.settings.server_identity;
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
