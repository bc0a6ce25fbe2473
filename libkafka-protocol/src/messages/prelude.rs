//! The names that every message file uses.

pub(crate) use alloc::string::String;
pub(crate) use alloc::vec::Vec;

pub(crate) use bytes::Bytes;
pub(crate) use libkafka_derive::KafkaWire;

pub(crate) use crate::api_key::ApiKey;
pub(crate) use crate::error_code::ErrorCode;
pub(crate) use crate::wire::{BrokerIds, UnknownTags, Uuid};
