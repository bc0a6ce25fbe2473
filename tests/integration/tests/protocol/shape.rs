//! The shape of a message in one form, whether it comes from Kafka's schema or
//! from `SCHEMA`.
//!
//! Both are brought to what a version makes of them. A range of versions is cut
//! to that of the struct around it, and where it begins and ends with the
//! message, it begins with 0 and has no end: a message that gets a version is
//! one difference, not one a field. `records` are bytes, and null unless they
//! are set. `ignorable` says something only where a version lacks the field.

use std::fmt;

use libkafka_protocol::{FieldSchema, FieldType, StructSchema, Versions};
use serde_json::Value;

/// A message.
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) api_key: Option<i64>,
    pub(crate) versions: Versions,
    pub(crate) flexible: Versions,
    pub(crate) fields: Vec<Field>,
}

/// A field, and those of the struct that it holds.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) ty: String,
    pub(crate) versions: Versions,
    pub(crate) nullable: Versions,
    pub(crate) tag: Option<i64>,
    pub(crate) default: String,
    /// None where no version lacks the field.
    pub(crate) ignorable: Option<bool>,
    /// Whether the length is in its old form in flexible versions.
    pub(crate) not_flexible: bool,
    pub(crate) fields: Vec<Field>,
}

impl fmt::Display for Field {
    /// As the annotations would say it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, versions {}", self.ty, self.versions)?;
        if !self.nullable.is_empty() {
            write!(f, ", nullable {}", self.nullable)?;
        }
        if let Some(tag) = self.tag {
            write!(f, ", tag {tag}")?;
        }
        write!(f, ", default {}", self.default)?;
        if self.ignorable == Some(true) {
            f.write_str(", ignorable")?;
        }
        Ok(())
    }
}

impl Shape {
    /// From a schema of Kafka's; none if it has no versions.
    pub(crate) fn of_kafka(schema: &Value) -> Option<Self> {
        let versions = range(&schema["validVersions"]);
        let common = schema["commonStructs"].as_array();
        let common = common.map_or(&[][..], Vec::as_slice);
        (!versions.is_empty()).then(|| Self {
            name: text(&schema["name"]).to_owned(),
            api_key: schema["apiKey"].as_i64(),
            versions,
            flexible: within(range(&schema["flexibleVersions"]), versions),
            fields: Kafka {
                message: versions,
                common,
            }
            .fields(&schema["fields"], versions),
        })
    }

    /// From the annotations of a struct.
    pub(crate) fn of_ours(schema: &StructSchema) -> Self {
        Self {
            name: schema.name.to_owned(),
            api_key: schema.api_key.map(i64::from),
            versions: schema.versions,
            flexible: within(schema.flexible, schema.versions),
            fields: our_fields(schema.fields, schema.versions, schema.versions),
        }
    }
}

/// A schema of Kafka's while its fields are read.
struct Kafka<'s> {
    message: Versions,
    common: &'s [Value],
}

impl Kafka<'_> {
    fn fields(&self, fields: &Value, outer: Versions) -> Vec<Field> {
        let fields = fields.as_array().map_or(&[][..], Vec::as_slice);
        fields
            .iter()
            .map(|field| self.field(field, outer))
            .collect()
    }

    fn field(&self, field: &Value, outer: Versions) -> Field {
        let versions = range(&field["versions"]).intersect(outer);
        let nullable = range(&field["nullableVersions"]).intersect(versions);
        let name = text(&field["name"]);
        let written = text(&field["type"]);
        let ty = written.replace("records", "bytes");
        let element = ty.trim_start_matches("[]");
        let common = || self.common.iter().find(|inner| inner["name"] == *element);
        let inner = field.get("fields").or_else(|| common()?.get("fields"));
        Field {
            name: format!("{}{}", name[..1].to_lowercase(), &name[1..]),
            versions: within(versions, self.message),
            nullable: within(nullable, self.message),
            tag: field["tag"].as_i64(),
            default: match &field["default"] {
                Value::Null if written == "records" && !nullable.is_empty() => "null".to_owned(),
                default => kafka_default(default, &ty),
            },
            ignorable: (!versions.covers(outer)).then(|| field["ignorable"] == true),
            not_flexible: field["flexibleVersions"] == "none",
            fields: inner.map_or(Vec::new(), |inner| self.fields(inner, versions)),
            ty,
        }
    }
}

fn kafka_default(default: &Value, ty: &str) -> String {
    match default {
        Value::Null => nothing(ty).to_owned(),
        Value::String(text) if text == "null" => "null".to_owned(),
        Value::String(text) if ty == "string" => format!("{text:?}"),
        Value::String(text) => number(text),
        other => number(&other.to_string()),
    }
}

fn our_fields(fields: &[FieldSchema], outer: Versions, message: Versions) -> Vec<Field> {
    fields
        .iter()
        .map(|field| {
            let versions = field.versions.intersect(outer);
            let ty = type_name(&field.ty);
            Field {
                name: field.name.to_owned(),
                versions: within(versions, message),
                nullable: within(field.nullable.intersect(versions), message),
                tag: field.tag.map(i64::from),
                default: match field.default {
                    Some("") => nothing(&ty).to_owned(),
                    Some(text) if ty == "string" => format!("{text:?}"),
                    Some(text) => number(text),
                    None if !field.nullable.is_empty() => "null".to_owned(),
                    None => nothing(&ty).to_owned(),
                },
                ignorable: (!versions.covers(outer)).then_some(field.ignorable),
                not_flexible: field.not_flexible,
                fields: match field.ty.inner() {
                    Some(inner) => our_fields(inner.fields, versions, message),
                    None => Vec::new(),
                },
                ty,
            }
        })
        .collect()
}

/// What a field of this type holds when nothing says otherwise.
fn nothing(ty: &str) -> &'static str {
    match ty {
        "string" => "\"\"",
        "bytes" => "no bytes",
        "bool" => "false",
        "uuid" => "zero",
        _ if ty.starts_with("[]") => "[]",
        _ if ty.starts_with(char::is_uppercase) => "{}",
        _ => "0",
    }
}

/// `0x7fffffff` and `2147483647` are the same, and so are `False` and `false`.
fn number(text: &str) -> String {
    let text = text.replace('_', "").to_lowercase();
    match text
        .strip_prefix("0x")
        .map(|hex| i64::from_str_radix(hex, 16))
    {
        Some(Ok(number)) => number.to_string(),
        _ => text,
    }
}

fn type_name(ty: &FieldType) -> String {
    match ty {
        FieldType::Bool => "bool".to_owned(),
        FieldType::Int8 => "int8".to_owned(),
        FieldType::Int16 => "int16".to_owned(),
        FieldType::Uint16 => "uint16".to_owned(),
        FieldType::Int32 => "int32".to_owned(),
        FieldType::Uint32 => "uint32".to_owned(),
        FieldType::Int64 => "int64".to_owned(),
        FieldType::Float64 => "float64".to_owned(),
        FieldType::String => "string".to_owned(),
        FieldType::Bytes => "bytes".to_owned(),
        FieldType::Uuid => "uuid".to_owned(),
        FieldType::Array(element) => format!("[]{}", type_name(element)),
        FieldType::Struct(schema) => schema().name.to_owned(),
        other => format!("{other:?}"),
    }
}

/// `0-3`, `3+`, `3` or `none`, as Kafka's schemas have it; none is none.
pub(crate) fn range(text: &Value) -> Versions {
    let Some(text) = text.as_str().filter(|text| *text != "none") else {
        return Versions::NONE;
    };
    let version = |text: &str| text.parse().expect("a version is a number");
    if let Some(min) = text.strip_suffix('+') {
        Versions::new(version(min), i16::MAX)
    } else if let Some((min, max)) = text.split_once('-') {
        Versions::new(version(min), version(max))
    } else {
        Versions::new(version(text), version(text))
    }
}

/// A range of a message's versions, open where it goes on as long as they do.
fn within(range: Versions, message: Versions) -> Versions {
    let both = range.intersect(message);
    if both.is_empty() {
        return Versions::NONE;
    }
    let min = if both.min == message.min { 0 } else { both.min };
    let max = if both.max == message.max {
        i16::MAX
    } else {
        both.max
    };
    Versions::new(min, max)
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a schema names it")
}
