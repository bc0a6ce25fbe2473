//! Fields that are set in a version that lacks them: dropped or refused, as
//! Kafka's own classes do.

use libkafka_protocol::json::FromJson;
use libkafka_protocol::messages::*;
use libkafka_protocol::{
    Error, ErrorKind, FieldSchema, FieldType, KafkaWire, StructSchema, WireStruct,
};
use libkafka_testkafka::{Oracle, require};
use serde_json::{Map, Value, json};

/// A message by name.
struct Message {
    schema: &'static StructSchema,
    /// The bytes of what JSON says.
    encode: fn(i16, &Value) -> Result<Vec<u8>, Error>,
}

fn message(name: &str) -> Message {
    macro_rules! find {
        ($($kind:ident $message:ident;)*) => {
            match name {
                $(stringify!($message) => Message {
                    schema: $message::SCHEMA,
                    encode: |version, json| {
                        let mut bytes = Vec::new();
                        let message = $message::from_json(version, json)?;
                        message.encode(version, &mut bytes).map(|()| bytes)
                    },
                },)*
                _ => panic!("no such message: {name}"),
            }
        };
    }
    libkafka_protocol::for_each_message!(find)
}

/// A struct as JSON: zero, empty or null in every field that the version has,
/// and, at the end of `path`, a field that is not at its default.
fn object(schema: &StructSchema, version: i16, path: &[&str]) -> Value {
    let mut object = Map::new();
    let mut found = path.is_empty();
    for field in schema.fields {
        let value = match path {
            [name] if *name == field.name => set(field, version),
            [name, rest @ ..] if *name == field.name => on_the_way(&field.ty, version, rest),
            _ if !field.versions.contains(version) || field.tag.is_some() => continue,
            _ if field.nullable.contains(version) => Value::Null,
            _ => nothing(&field.ty, version),
        };
        found |= path.first() == Some(&field.name);
        object.insert(field.name.to_owned(), value);
    }
    assert!(found, "{} has no {path:?}", schema.name);
    Value::Object(object)
}

fn on_the_way(ty: &FieldType, version: i16, path: &[&str]) -> Value {
    match ty {
        FieldType::Array(element) => json!([on_the_way(element, version, path)]),
        FieldType::Struct(schema) => object(schema(), version, path),
        other => panic!("{path:?} is in a {other:?}"),
    }
}

fn nothing(ty: &FieldType, version: i16) -> Value {
    match ty {
        FieldType::Bool => json!(false),
        FieldType::String | FieldType::Bytes => json!(""),
        FieldType::Uuid => json!("A".repeat(22)),
        FieldType::Array(_) => json!([]),
        FieldType::Struct(schema) => object(schema(), version, &[]),
        _ => json!(0),
    }
}

/// A value that is not the field's default.
fn set(field: &FieldSchema, version: i16) -> Value {
    match &field.ty {
        FieldType::Bool => json!(field.default != Some("true")),
        FieldType::String => json!("set"),
        FieldType::Bytes => json!("c2V0"),
        FieldType::Uuid => json!("AAAAAAAAAAAAAAAAAAAABQ"),
        FieldType::Array(element) => json!([nothing(element, version)]),
        FieldType::Struct(schema) => {
            let schema = schema();
            schema
                .fields
                .iter()
                .map(|inner| (inner.name.to_owned(), set(inner, version)))
                .collect()
        }
        _ => json!(77),
    }
}

#[test]
fn a_field_that_a_version_lacks_is_dropped_or_refused_as_in_kafka() {
    require!();
    let (mut dropped, mut refused) = (0, 0);
    for case in Oracle::ignorable().unwrap() {
        let name = case["name"].as_str().unwrap();
        let field = case["field"].as_str().unwrap();
        let version = case["version"].as_i64().unwrap() as i16;
        let path: Vec<&str> = field.split('.').collect();
        let message = message(name);
        let json = object(message.schema, version, &path);
        let result = (message.encode)(version, &json);
        match case["write"].as_str().unwrap() {
            "ignored" => {
                // The array around it has one element, in which nothing is set.
                let without = object(message.schema, version, &path[..path.len() - 1]);
                let without = (message.encode)(version, &without).unwrap();
                assert_eq!(result, Ok(without), "{name} v{version} {field}");
                dropped += 1;
            }
            _ => {
                let error = result.expect_err(&format!("{name} v{version} {field} is refused"));
                assert_eq!(error.kind(), &ErrorKind::NotInVersion, "{field}: {error}");
                let last = error.path().rsplit('.').next().unwrap().replace('_', "");
                assert_eq!(last, path[path.len() - 1].to_lowercase(), "{error}");
                refused += 1;
            }
        }
    }
    assert!(
        dropped >= 463 && refused >= 364,
        "{dropped} dropped, {refused} refused"
    );
}
