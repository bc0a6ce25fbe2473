//! Certificates, good and bad ones.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use tempfile::TempDir;

use crate::error::{At, Error};
use crate::guard::Guard;

/// PEM files: two authorities, and a certificate with its key for every [`Identity`].
///
/// Brokers trust [`Certificates::ca`] alone. Keys are ECDSA P-256 in PKCS#8, not encrypted.
pub struct Certificates {
    folder: TempDir,
}

/// Whose certificate it is, and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Identity {
    /// A server's, for `127.0.0.1`, `::1` and `localhost`; what a broker shows by default.
    Server,
    /// A server's that ran out in 2001.
    ExpiredServer,
    /// A server's for another host, `elsewhere.example`.
    WrongHostServer,
    /// A server's that [`Certificates::other_ca`] signed.
    UnknownServer,
    /// A client's. Its distinguished name is `CN=client`.
    Client,
    /// A client's that ran out in 2001.
    ExpiredClient,
    /// A client's that [`Certificates::other_ca`] signed.
    UnknownClient,
}

impl Identity {
    /// All of them.
    pub const ALL: [Identity; 7] = [
        Identity::Server,
        Identity::ExpiredServer,
        Identity::WrongHostServer,
        Identity::UnknownServer,
        Identity::Client,
        Identity::ExpiredClient,
        Identity::UnknownClient,
    ];

    fn name(self) -> &'static str {
        match self {
            Identity::Server => "server",
            Identity::ExpiredServer => "expired-server",
            Identity::WrongHostServer => "wrong-host-server",
            Identity::UnknownServer => "unknown-server",
            Identity::Client => "client",
            Identity::ExpiredClient => "expired-client",
            Identity::UnknownClient => "unknown-client",
        }
    }

    fn is_server(self) -> bool {
        !matches!(
            self,
            Identity::Client | Identity::ExpiredClient | Identity::UnknownClient
        )
    }

    fn is_expired(self) -> bool {
        matches!(self, Identity::ExpiredServer | Identity::ExpiredClient)
    }

    fn is_unknown(self) -> bool {
        matches!(self, Identity::UnknownServer | Identity::UnknownClient)
    }

    fn hosts(self) -> Vec<String> {
        match self {
            Identity::WrongHostServer => vec!["elsewhere.example".to_owned()],
            _ if self.is_server() => ["127.0.0.1", "::1", "localhost"]
                .map(str::to_owned)
                .to_vec(),
            _ => Vec::new(),
        }
    }
}

impl Certificates {
    /// New ones, in a folder that goes when this is dropped.
    ///
    /// # Errors
    /// [`Error::Io`] if a file cannot be written.
    pub fn generate() -> Result<Certificates, Error> {
        let guarded = Guard::get()?.folder();
        let folder = tempfile::Builder::new()
            .prefix("certs-")
            .tempdir_in(guarded)
            .at("creating a folder in", guarded)?;
        let certificates = Certificates { folder };
        let ca = authority("libkafka test CA")?;
        let other_ca = authority("another test CA")?;
        write(&certificates.ca(), &ca.pem())?;
        write(&certificates.other_ca(), &other_ca.pem())?;
        for identity in Identity::ALL {
            let issuer = if identity.is_unknown() {
                &other_ca
            } else {
                &ca
            };
            let key = KeyPair::generate()?;
            let certificate = params(identity)?.signed_by(&key, issuer)?.pem();
            let key = key.serialize_pem();
            write(&certificates.certificate(identity), &certificate)?;
            write(&certificates.key(identity), &key)?;
            write(&certificates.both(identity), &(key + &certificate))?;
        }
        Ok(certificates)
    }

    /// The authority that brokers trust, and that clients should.
    pub fn ca(&self) -> PathBuf {
        self.path("ca.pem")
    }

    /// An authority that brokers know nothing of.
    pub fn other_ca(&self) -> PathBuf {
        self.path("other-ca.pem")
    }

    /// The certificate of an identity.
    pub fn certificate(&self, identity: Identity) -> PathBuf {
        self.path(&format!("{}.crt", identity.name()))
    }

    /// The private key of an identity.
    pub fn key(&self, identity: Identity) -> PathBuf {
        self.path(&format!("{}.key", identity.name()))
    }

    /// Key and certificate of an identity in one file, as Kafka wants a keystore of type `PEM`.
    pub fn both(&self, identity: Identity) -> PathBuf {
        self.path(&format!("{}.pem", identity.name()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn authority(name: &str) -> Result<CertifiedIssuer<'static, KeyPair>, Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(2100, 1, 1);
    Ok(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?)
}

fn params(identity: Identity) -> Result<CertificateParams, Error> {
    let mut params = CertificateParams::new(identity.hosts())?;
    let (name, usage) = match identity.is_server() {
        true => ("server", ExtendedKeyUsagePurpose::ServerAuth),
        false => ("client", ExtendedKeyUsagePurpose::ClientAuth),
    };
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(if identity.is_expired() { 2001 } else { 2100 }, 1, 1);
    Ok(params)
}

fn write(file: &Path, text: &str) -> Result<(), Error> {
    fs::write(file, text).at("writing", file)
}
