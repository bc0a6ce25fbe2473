//! Sources of values: the numbers on the wire for where a value comes from (KIP-226, KIP-714,
//! KIP-848).

pub(crate) const TOPIC: i8 = 1;
pub(crate) const DYNAMIC_BROKER: i8 = 2;
pub(crate) const DYNAMIC_DEFAULT_BROKER: i8 = 3;
pub(crate) const STATIC_BROKER: i8 = 4;
pub(crate) const DEFAULT: i8 = 5;
pub(crate) const BROKER_LOGGER: i8 = 6;
pub(crate) const CLIENT_METRICS: i8 = 7;
pub(crate) const GROUP: i8 = 8;
