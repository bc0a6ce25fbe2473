//! What every message file uses.

pub(crate) use alloc::string::String;
pub(crate) use alloc::vec::Vec;

pub(crate) use bytes::Bytes;
pub(crate) use libkafka_derive::KafkaWire;

pub(crate) use crate::{ApiKey, BrokerIds, ErrorCode, UnknownTags, Uuid};
