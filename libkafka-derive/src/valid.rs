//! `check`: finds annotations and types that are well-formed but make no sense.

use proc_macro2::Ident;
use syn::spanned::Spanned;
use syn::{GenericArgument, PathArguments, Type};

use crate::ast::{Field, Input, Shape, number_size};
use crate::attr::{Errors, Located, StructAttrs};
use crate::versions::Versions;

/// Finds every fault of the annotations.
pub(crate) fn check(input: &Input) -> syn::Result<()> {
    let mut errors = Errors::default();
    check_struct(input, &mut errors);
    if let Shape::Struct { fields, .. } = &input.shape {
        for field in fields {
            check_field(field, input, &mut errors);
        }
        check_tags(fields, &mut errors);
    }
    errors.finish()
}

fn check_struct(input: &Input, errors: &mut Errors) {
    let attrs = &input.attrs;
    if attrs.versions.is_none() {
        let what = "needs `versions`: only a message, which knows its versions, has it";
        needs(errors, "api_key", &attrs.api_key, what);
        needs(errors, "flexible", &attrs.flexible, what);
    }
    if attrs.api_key.is_none() {
        let what = "needs `api_key`: only a request has it";
        needs(errors, "response", &attrs.response, what);
        needs(errors, "broker", &attrs.broker, what);
    }
    if let Some(versions) = attrs.versions.as_ref().filter(|v| v.value.is_empty()) {
        errors.push(versions.span, "a message exists in at least one version");
    }
    if let (Some(key), Role::None) = (&attrs.api_key, role(input)) {
        errors.push(
            key.span,
            format!(
                "`{}` is neither a request nor a response: end its name in `Request` or \
                 `Response`, or name what answers it with `response = ...`",
                input.original.ident
            ),
        );
    }
    if let Some(key) = attrs.api_key.as_ref().filter(|key| key.value < 0) {
        errors.push(key.span, "the key of an API is not negative");
    }
    let owned = match (&attrs.api_key, role(input)) {
        (Some(_), Role::Request) => {
            "a request owns what it holds, so that a server can decode it: only a message without \
             `api_key` may borrow"
        }
        (Some(_), Role::Response) => {
            "a response owns what it holds, because it outlives the frame that it was read from"
        }
        _ => "",
    };
    if !owned.is_empty() {
        for lifetime in input.original.generics.lifetimes() {
            errors.push(lifetime.lifetime.span(), owned);
        }
    }
    if let (Some(broker), Role::Response) = (&attrs.broker, role(input)) {
        errors.push(
            broker.span,
            "a response is sent to no broker: put `broker` on the request",
        );
    }
    if let Shape::Newtype(ty) = input.shape {
        check_type(ty, errors);
        let what = "a newtype is encoded as its field and takes no annotation but `crate`";
        for span in [
            attrs.api_key.as_ref().map(|a| a.span),
            attrs.versions.as_ref().map(|a| a.span),
            attrs.flexible.as_ref().map(|a| a.span),
        ]
        .into_iter()
        .flatten()
        {
            errors.push(span, what);
        }
    }
}

fn needs<T>(errors: &mut Errors, name: &str, attr: &Option<Located<T>>, what: &str) {
    if let Some(attr) = attr {
        errors.push(attr.span, format!("`{name}` {what}"));
    }
}

/// The role of a struct with an `api_key`.
pub(crate) enum Role {
    Request,
    Response,
    None,
}

/// The role according to `response`, or to the end of the name.
pub(crate) fn role(input: &Input) -> Role {
    role_of(&input.original.ident, &input.attrs)
}

/// Like [`role`], from the parts of an input that may have faults elsewhere.
pub(crate) fn role_of(name: &Ident, attrs: &StructAttrs) -> Role {
    let name = name.to_string();
    if attrs.response.is_some() || name.ends_with("Request") {
        Role::Request
    } else if name.ends_with("Response") {
        Role::Response
    } else {
        Role::None
    }
}

/// Primitive types that the protocol does not have, and what to write instead.
const FOREIGN: [(&str, &str); 10] = [
    ("u8", "`i8` for a number, `Bytes` for a byte string"),
    ("u64", "`i64`"),
    ("usize", "`i32` or `i64`"),
    ("isize", "`i32` or `i64`"),
    ("u128", "`Uuid`"),
    ("i128", "`Uuid`"),
    ("f32", "`f64`"),
    ("f16", "`f64`"),
    ("f128", "`f64`"),
    ("char", "`String`"),
];

/// Generic types of the standard library that the protocol does not have, and what to write
/// instead.
const FOREIGN_GENERIC: [(&str, &str); 9] = [
    ("HashMap", "a `Vec` of a struct with the key and the value"),
    ("BTreeMap", "a `Vec` of a struct with the key and the value"),
    ("HashSet", "a `Vec`"),
    ("BTreeSet", "a `Vec`"),
    ("VecDeque", "a `Vec`"),
    ("LinkedList", "a `Vec`"),
    ("Rc", "a `Box`, or the type itself"),
    ("Arc", "a `Box`, or the type itself"),
    ("Cow", "the owned type, or a reference"),
];

/// Finds types that the protocol does not have, as far as their names tell; in arrays, options and
/// boxes too.
fn check_type(ty: &Type, errors: &mut Errors) {
    let path = match ty {
        Type::Path(path) => &path.path,
        Type::Group(group) => return check_type(&group.elem, errors),
        Type::Paren(paren) => return check_type(&paren.elem, errors),
        Type::Array(_) => {
            let what = "the Kafka protocol has no arrays of a fixed length: use a `Vec`, `Bytes` \
                        for a byte string, `Uuid` for 16 bytes";
            return errors.push(ty.span(), what);
        }
        Type::Tuple(_) => {
            let what = "the Kafka protocol has no tuples: use a struct that derives `KafkaWire`";
            return errors.push(ty.span(), what);
        }
        _ => return,
    };
    if let Some((name, instead)) = path
        .get_ident()
        .and_then(|ident| FOREIGN.iter().find(|(name, _)| ident == name))
    {
        let what = format!("the Kafka protocol has no `{name}`: use {instead}");
        errors.push(ty.span(), what);
    }
    let Some(last) = path.segments.last() else {
        return;
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return;
    };
    if let Some((name, instead)) = FOREIGN_GENERIC.iter().find(|(name, _)| last.ident == name) {
        let what = format!("the Kafka protocol has no `{name}`: use {instead}");
        return errors.push(last.ident.span(), what);
    }
    if !["Vec", "Option", "Box"]
        .iter()
        .any(|name| last.ident == name)
    {
        return;
    }
    for argument in &arguments.args {
        let GenericArgument::Type(ty) = argument else {
            continue;
        };
        check_type(ty, errors);
        if last.ident == "Option" && number_size(ty).is_some() {
            errors.push(
                ty.span(),
                "a number cannot be null, so it cannot be in an `Option`: Kafka's schemas give it \
                 a default, such as -1",
            );
        }
    }
}

fn check_field(field: &Field, input: &Input, errors: &mut Errors) {
    check_type(field.ty, errors);
    let attrs = &field.attrs;
    let message = input.versions();
    if let Some(versions) = &attrs.versions
        && !versions.value.intersects(message)
    {
        errors.push(
            versions.span,
            "the field exists in no version of its message",
        );
    }
    if let Some(nullable) = &attrs.nullable {
        if !field.is_option() {
            errors.push(nullable.span, "only an `Option` is nullable");
        } else if !nullable.value.is_empty() && !nullable.value.intersects(field.versions()) {
            errors.push(nullable.span, "the field exists in none of these versions");
        }
    }
    if let Some(ignorable) = &attrs.ignorable
        && (attrs.versions.is_none() || field.versions().covers(message))
    {
        errors.push(
            ignorable.span,
            "`ignorable` says what a version that lacks the field does, and every version has it",
        );
    }
    if let Some(tag) = &attrs.tag
        && input.attrs.versions.is_some()
    {
        let present = Versions {
            min: field.versions().min.max(message.min),
            max: field.versions().max.min(message.max),
        };
        if !input.flexible().covers(present) {
            errors.push(
                tag.span,
                "a tagged field exists in flexible versions only: give the field `versions` \
                 that the message's `flexible` covers",
            );
        }
    }
}

fn check_tags(fields: &[Field], errors: &mut Errors) {
    let mut tags: Vec<_> = fields.iter().filter_map(|f| f.attrs.tag.as_ref()).collect();
    tags.sort_by_key(|tag| tag.value);
    for pair in tags
        .windows(2)
        .filter(|pair| pair[0].value == pair[1].value)
    {
        errors.push(
            pair[1].span,
            format!("tag {} is taken by another field", pair[1].value),
        );
    }
}
