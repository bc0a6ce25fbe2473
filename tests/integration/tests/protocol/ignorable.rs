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
    /// Reads JSON in one version and writes the bytes of another.
    convert: fn(i16, &Value, i16) -> Result<Vec<u8>, Error>,
}

fn message(name: &str) -> Message {
    macro_rules! find {
        ($($kind:ident $message:ident;)*) => {
            match name {
                $(stringify!($message) => Message {
                    schema: $message::SCHEMA,
                    convert: |from, json, to| {
                        let message = $message::from_json(from, json).expect("JSON is good");
                        let mut bytes = Vec::new();
                        message.encode(to, &mut bytes).map(|()| bytes)
                    },
                },)*
                _ => panic!("no such message: {name}"),
            }
        };
    }
    libkafka_protocol::for_each_message!(find)
}

/// The version next to `version` that has every field on the way; itself, if the
/// versions that had one are gone.
fn version_with(schema: &StructSchema, version: i16, path: &[&str]) -> i16 {
    let with = |version: &i16| {
        let mut fields = schema.fields;
        path.iter().all(|name| {
            let field = fields
                .iter()
                .find(|field| field.name == *name)
                .expect("it is there");
            fields = field.ty.inner().map_or(&[], |inner| inner.fields);
            field.versions.contains(*version)
        })
    };
    let versions = schema.versions.iter().filter(with);
    versions
        .min_by_key(|with| with.abs_diff(version))
        .unwrap_or(version)
}

/// A struct as JSON of `version`: each field at its default, an element in each
/// array on the way, and at its end a value that is not the default.
fn object(schema: &StructSchema, version: i16, path: &[&str]) -> Value {
    let mut object = Map::new();
    for field in schema.fields {
        let value = match path {
            [name] if *name == field.name => set(field, version),
            [name, rest @ ..] if *name == field.name => on_the_way(&field.ty, version, rest),
            _ if !field.versions.contains(version) || field.tag.is_some() => continue,
            _ => default(field, version),
        };
        object.insert(field.name.to_owned(), value);
    }
    Value::Object(object)
}

fn on_the_way(ty: &FieldType, version: i16, path: &[&str]) -> Value {
    match ty {
        FieldType::Array(element) => json!([on_the_way(element, version, path)]),
        FieldType::Struct(schema) => object(schema(), version, path),
        other => panic!("{path:?} is in a {other:?}"),
    }
}

fn default(field: &FieldSchema, version: i16) -> Value {
    match (field.default, &field.ty) {
        (None, _) if !field.nullable.is_empty() => Value::Null,
        (None | Some(""), ty) => nothing(ty, version),
        (Some(text), FieldType::String) => json!(text),
        (Some(text), FieldType::Bool) => json!(text == "true"),
        (Some(text), _) => match text.strip_prefix("0x") {
            Some(hex) => json!(i64::from_str_radix(hex, 16).expect("a number")),
            None => json!(text.parse::<i64>().expect("a number")),
        },
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
            let fields = schema().fields.iter();
            fields
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
        let Message { schema, convert } = message(name);
        let with = version_with(schema, version, &path);
        let result = convert(with, &object(schema, with, &path), version);
        match case["write"].as_str().unwrap() {
            "ignored" => {
                // The array around it has one element, in which nothing is set.
                let around = &path[..path.len() - 1];
                let without = convert(with, &object(schema, with, around), version);
                assert_eq!(result, Ok(without.unwrap()), "{name} v{version} {field}");
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
