//! SASL: the mechanisms, which know secrets but no messages of Kafka.

mod echo;
mod mechanism;
mod oauth_bearer;
mod plain;
#[cfg(feature = "scram")]
mod salting;
#[cfg(feature = "scram")]
mod scram;

pub(crate) use self::echo::withhold_echo;
pub(crate) use self::mechanism::Sasl;
pub use self::mechanism::{SaslMechanism, SaslSession};
pub use self::oauth_bearer::{OauthBearer, Token};
pub use self::plain::Plain;
#[cfg(feature = "scram")]
pub use self::scram::Scram;
