//! `#[derive(KafkaWire)]`, which `libkafka-protocol` re-exports and documents. Use it from there.
//!
//! The derive is a pipeline, with one file for each stage: `attr` parses the annotations, `ast`
//! holds the struct and its annotations together, `valid` refuses what makes no sense, and `expand`
//! generates the code. If any stage fails, `fallback` generates the traits without bodies instead,
//! so that one mistake is one error.

mod ast;
mod attr;
mod expand;
mod fallback;
mod valid;
mod versions;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Turns a struct into a versioned Kafka message.
///
/// The annotations are those of Kafka's own schemas, so you can compare a struct with its schema by
/// eye.
///
/// # On the struct
///
/// | annotation | meaning |
/// | --- | --- |
/// | `versions = "4-18"` | the versions in which the message exists; omit it on inner structs |
/// | `flexible = "12+"` | the versions with compact lengths and tagged fields (KIP-482); default: none |
/// | `api_key = 1` | makes the struct a request or a response of this API, depending on the end of its name; `FetchRequest` is answered by the `FetchResponse` in scope |
/// | `response = Answer` | the type that answers the request; needed if the name does not end in `Request` |
/// | `broker = "leader"` | the broker that a request must go to: `any` (default), `leader`, `controller`, `group_coordinator`, `transaction_coordinator`, `share_coordinator` |
/// | `crate = "path"` | the path of `libkafka_protocol`, if it was renamed |
///
/// # On a field
///
/// | annotation | meaning |
/// | --- | --- |
/// | `versions = "12+"` | the versions that have the field; default: all |
/// | `tag = 0` | makes the field a tagged field in all versions that have it |
/// | `nullable = "6+"` | the versions in which an `Option` may be null; default: all |
/// | `default = -1` | the value of a field that is not set; default: the zero of its type or, for an `Option`, null |
/// | `ignorable` | a version that lacks the field drops its value instead of refusing to encode it |
/// | `name = "nodeID"` | the name in JSON and in the schema; default: the name of the field in camel case |
/// | `not_flexible` | the length has its old form even in flexible versions |
///
/// Ranges are `"3"`, `"3-5"`, `"3+"` or `"none"`. A default is a number, a string, a byte string,
/// an array or any other expression; if it has a comma outside of brackets, put it in braces. `""`,
/// `b""` and `[]` are the empty value of an `Option`.
///
/// A field of type `UnknownTags`, usually the last one, keeps the tagged fields that this library
/// does not know. Without such a field they are skipped.
///
/// # What it generates
///
/// Implementations of `Value`, `Encode`, `Decode`, `WireStruct` and `Nullable`; of `KafkaWire` for
/// a struct with `versions`; of `Request` or `Response` for one with an `api_key`; and of
/// `Default`, with the defaults of the annotations, so do not derive `Default` as well. A tuple
/// struct with one field is encoded as that field.
///
/// With the feature `json` of the protocol crate, also of `ToJson`, and of `FromJson` if the struct
/// borrows nothing.
///
/// Field types are `bool`, `i8`, `i16`, `u16`, `i32`, `u32`, `i64`, `f64`, `String`, `&str`,
/// `Bytes`, `&[u8]`, `Uuid`, `ErrorCode`, `ApiKey`, `BrokerIds`, other structs that derive
/// `KafkaWire`, and `Vec`, `Option` and `Box` of these. A struct may have lifetimes and type
/// parameters; a parameter in an `Option` needs the bound `T: wire::Nullable`. Requests and
/// responses must own their fields.
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
