//! `#[derive(KafkaWire)]`, to be used through `libkafka-protocol`, which
//! documents it.
//!
//! A pipeline, a file a stage: `attr` parses the annotations, `ast` holds
//! struct and annotations together, `valid` refuses what makes no sense,
//! `expand` writes the code. Where any of it fails, `fallback` stands in for
//! the code, so that the one mistake is the one error.

mod ast;
mod attr;
mod expand;
mod fallback;
mod valid;
mod versions;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a versioned Kafka message of a struct.
///
/// The annotations are those of Kafka's own schemas, so that a struct can be
/// held against its schema by eye.
///
/// # On the struct
///
/// | annotation | meaning |
/// | --- | --- |
/// | `versions = "4-18"` | versions in which the message exists; left out on inner structs |
/// | `flexible = "12+"` | versions with compact lengths and tagged fields (KIP-482); left out: none |
/// | `api_key = 1` | a request or a response of this API, by the name's ending: `FetchRequest` is answered by the `FetchResponse` in scope |
/// | `response = Answer` | a request by another name, and what answers it |
/// | `broker = "leader"` | the broker that a request must go to: `any` (default), `leader`, `controller`, `group_coordinator`, `transaction_coordinator`, `share_coordinator` |
/// | `crate = "path"` | where `libkafka_protocol` is, if it was renamed |
///
/// # On a field
///
/// | annotation | meaning |
/// | --- | --- |
/// | `versions = "12+"` | versions that have the field; left out: all |
/// | `tag = 0` | a tagged field, wherever it is present |
/// | `nullable = "6+"` | versions in which an `Option` may be null; left out: all |
/// | `default = -1` | the value of a field that is not set, if it is not the zero of its type or, of an `Option`, null |
/// | `ignorable` | a version that lacks the field drops its value, instead of refusing to be written |
/// | `name = "nodeID"` | name in JSON and in the schema, if it is not the field's in camel case |
/// | `not_flexible` | the length stays in its old form in flexible versions |
///
/// Ranges are `"3"`, `"3-5"`, `"3+"` or `"none"`. A default is a number, a
/// string, a byte string, an array or any other expression; one with a comma
/// outside of brackets stands in braces. `""`, `b""` and `[]` are the empty
/// value of an `Option`.
///
/// A field of type `UnknownTags`, the last one by custom, keeps the tagged
/// fields that this library does not know; without it they are passed over.
///
/// # What it makes
///
/// Implementations of `Encode`, `Decode`, `WireStruct` and `Nullable`, for a
/// struct with `versions` of `KafkaWire`, for one with an `api_key` of
/// `Request` or `Response`; and of `Default`, with the defaults of the
/// annotations, which `#[derive(Default)]` must not stand beside. A tuple struct of one field stands on the wire as that field.
///
/// With the feature `json` of the protocol crate also of `ToJson`, and of
/// `FromJson` where the struct borrows nothing.
///
/// Field types are `bool`, `i8`, `i16`, `u16`, `i32`, `u32`, `i64`, `f64`,
/// `String`, `&str`, `Bytes`, `&[u8]`, `Uuid`, `ErrorCode`, `ApiKey`,
/// `BrokerIds`, other such structs, and `Vec`, `Option` and `Box` of them. A
/// struct may have lifetimes and type parameters; what is in an `Option` needs
/// a bound `T: wire::Nullable`. A response owns all that it holds.
#[proc_macro_derive(KafkaWire, attributes(kafka))]
pub fn derive_kafka_wire(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let expanded = ast::Input::parse(&input).and_then(|parsed| {
        valid::check(&parsed)?;
        Ok(expand::expand(&parsed))
    });
    expanded
        .unwrap_or_else(|error| fallback::expand(&input, &error))
        .into()
}
