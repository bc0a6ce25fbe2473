//! `StructAttrs` and `FieldAttrs`: the annotations in `#[kafka(...)]`, each with its span.

use std::fmt::Display;
use std::str::FromStr;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::meta::ParseNestedMeta;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Lit, LitByteStr, LitStr, Path, Type};

use crate::versions::Versions;

/// A value, and where it was written.
#[derive(Clone)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// The `#[kafka(...)]` of a struct.
#[derive(Default)]
pub(crate) struct StructAttrs {
    pub(crate) api_key: Option<Located<i16>>,
    pub(crate) versions: Option<Located<Versions>>,
    pub(crate) flexible: Option<Located<Versions>>,
    pub(crate) response: Option<Located<Type>>,
    pub(crate) broker: Option<Located<&'static str>>,
    pub(crate) krate: Option<Located<Path>>,
}

/// The `#[kafka(...)]` of a field.
#[derive(Default)]
pub(crate) struct FieldAttrs {
    pub(crate) versions: Option<Located<Versions>>,
    pub(crate) tag: Option<Located<u32>>,
    pub(crate) nullable: Option<Located<Versions>>,
    pub(crate) default: Option<Located<DefaultValue>>,
    pub(crate) ignorable: Option<Located<()>>,
    pub(crate) name: Option<Located<String>>,
    pub(crate) not_flexible: Option<Located<()>>,
}

/// The values of `broker`, each with its variant.
const BROKERS: [(&str, &str); 6] = [
    ("any", "Any"),
    ("leader", "Leader"),
    ("controller", "Controller"),
    ("group_coordinator", "GroupCoordinator"),
    ("transaction_coordinator", "TransactionCoordinator"),
    ("share_coordinator", "ShareCoordinator"),
];

/// The value of `default = ...`.
#[derive(Clone)]
pub(crate) enum DefaultValue {
    /// `""`, `b""` or `[]`: not null, but empty.
    Empty,
    /// A string that is not empty.
    Text(LitStr),
    /// A byte string that is not empty.
    Bytes(LitByteStr),
    /// An array that is not empty.
    Array(TokenStream),
    /// Any other expression.
    Expr(TokenStream),
}

/// Sets an annotation, or reports that it was given before.
fn set<T>(slot: &mut Option<Located<T>>, meta: &ParseNestedMeta, value: T) -> syn::Result<()> {
    if slot.is_some() {
        return Err(meta.error(format!("`{}` is given twice", name_of(meta))));
    }
    let span = meta.path.span();
    *slot = Some(Located { value, span });
    Ok(())
}

fn name_of(meta: &ParseNestedMeta) -> String {
    meta.path
        .get_ident()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn range(meta: &ParseNestedMeta) -> syn::Result<Versions> {
    Versions::parse(&meta.value()?.parse()?)
}

fn text(meta: &ParseNestedMeta) -> syn::Result<String> {
    Ok(meta.value()?.parse::<LitStr>()?.value())
}

/// Parses a number in the range of `T`; `what` is the error for any other value.
fn number<T: FromStr<Err: Display>>(meta: &ParseNestedMeta, what: &str) -> syn::Result<T> {
    let number = meta.value()?.parse::<Lit>()?;
    match &number {
        Lit::Int(int) => int.base10_parse().ok(),
        _ => None,
    }
    .ok_or_else(|| Error::new(number.span(), what))
}

/// The variant of `TargetKind` for a value of `broker`.
fn broker(meta: &ParseNestedMeta) -> syn::Result<&'static str> {
    let name = meta.value()?.parse::<LitStr>()?;
    match BROKERS.iter().find(|(known, _)| *known == name.value()) {
        Some((_, kind)) => Ok(kind),
        None => {
            let names = BROKERS.map(|(name, _)| format!("\"{name}\"")).join(", ");
            Err(Error::new(name.span(), format!("expected one of {names}")))
        }
    }
}

impl StructAttrs {
    /// Parses the annotations. Adds every fault to `errors`.
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut parsed = Self::default();
        parse_nested(attrs, errors, |meta| match name_of(meta).as_str() {
            "api_key" => {
                let key = number(meta, "the key of an API is a number from 0 to 32767")?;
                set(&mut parsed.api_key, meta, key)
            }
            "versions" => set(&mut parsed.versions, meta, range(meta)?),
            "flexible" => set(&mut parsed.flexible, meta, range(meta)?),
            "response" => set(&mut parsed.response, meta, meta.value()?.parse()?),
            "broker" => set(&mut parsed.broker, meta, broker(meta)?),
            "crate" => {
                let text = meta.value()?.parse::<LitStr>()?;
                let what = "expected the path of the crate, \"my::kafka\"";
                let path = text.parse().map_err(|_| Error::new(text.span(), what))?;
                set(&mut parsed.krate, meta, path)
            }
            _ => Err(meta.error(
                "unknown annotation of a struct: expected `api_key`, `versions`, `flexible`, \
                     `response`, `broker` or `crate`",
            )),
        });
        parsed
    }
}

impl FieldAttrs {
    /// Parses the annotations. Adds every fault to `errors`.
    pub(crate) fn parse(attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut parsed = Self::default();
        parse_nested(attrs, errors, |meta| match name_of(meta).as_str() {
            "versions" => set(&mut parsed.versions, meta, range(meta)?),
            "tag" => {
                let tag = number(meta, "a tag is a number from 0 to 4294967295")?;
                set(&mut parsed.tag, meta, tag)
            }
            "nullable" => set(&mut parsed.nullable, meta, range(meta)?),
            "default" => set(&mut parsed.default, meta, default_value(meta)?),
            "ignorable" => set(&mut parsed.ignorable, meta, ()),
            "name" => set(&mut parsed.name, meta, text(meta)?),
            "not_flexible" => set(&mut parsed.not_flexible, meta, ()),
            _ => Err(meta.error(
                "unknown annotation of a field: expected `versions`, `tag`, `nullable`, \
                     `default`, `ignorable`, `name` or `not_flexible`",
            )),
        });
        parsed
    }
}

/// Takes the tokens up to the next comma as an expression. This avoids the parser for all Rust
/// expressions, which would take longer to build than the rest of this crate.
fn default_value(meta: &ParseNestedMeta) -> syn::Result<DefaultValue> {
    let input = meta.value()?;
    let tokens = tokens_to_comma(input)?;
    let stream: TokenStream = tokens.iter().cloned().collect();
    if stream.is_empty() {
        return Err(input.error("expected a value"));
    }
    if let [TokenTree::Group(group)] = &tokens[..]
        && group.delimiter() == proc_macro2::Delimiter::Bracket
    {
        let empty = group.stream().is_empty();
        return Ok(if empty {
            DefaultValue::Empty
        } else {
            DefaultValue::Array(stream)
        });
    }
    Ok(match syn::parse2::<Lit>(stream.clone()) {
        Ok(Lit::Str(text)) if text.value().is_empty() => DefaultValue::Empty,
        Ok(Lit::ByteStr(bytes)) if bytes.value().is_empty() => DefaultValue::Empty,
        Ok(Lit::Str(text)) => DefaultValue::Text(text),
        Ok(Lit::ByteStr(bytes)) => DefaultValue::Bytes(bytes),
        _ => DefaultValue::Expr(stream),
    })
}

fn tokens_to_comma(input: ParseStream) -> syn::Result<Vec<TokenTree>> {
    let mut tokens = Vec::new();
    while !input.is_empty() && !input.peek(syn::Token![,]) {
        tokens.push(input.parse()?);
    }
    Ok(tokens)
}

fn parse_nested(
    attrs: &[Attribute],
    errors: &mut Errors,
    mut each: impl FnMut(&ParseNestedMeta) -> syn::Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("kafka")) {
        let parsed = attr.parse_nested_meta(|meta| {
            if errors.keep(each(&meta)).is_none() {
                // What is wrong with one annotation hides nothing of the next.
                tokens_to_comma(meta.input)?;
            }
            Ok(())
        });
        errors.keep(parsed);
    }
}

/// All faults, so that they are reported at once.
#[derive(Default)]
pub(crate) struct Errors(Option<Error>);

impl Errors {
    pub(crate) fn push(&mut self, span: Span, message: impl Display) {
        self.keep::<()>(Err(Error::new(span, message)));
    }

    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        match (result, &mut self.0) {
            (Ok(value), _) => return Some(value),
            (Err(error), Some(all)) => all.combine(error),
            (Err(error), none) => *none = Some(error),
        }
        None
    }

    pub(crate) fn finish(self) -> syn::Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}
