//! `Input`: the struct and its annotations, together.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::{
    Data, DeriveInput, Fields, GenericArgument, Path, PathArguments, PathSegment, Type, parse_quote,
};

use crate::attr::{Errors, FieldAttrs, StructAttrs};
use crate::versions::Versions;

/// The input of the derive.
pub(crate) struct Input<'a> {
    pub(crate) original: &'a DeriveInput,
    pub(crate) attrs: StructAttrs,
    pub(crate) shape: Shape<'a>,
}

/// The two kinds of struct.
pub(crate) enum Shape<'a> {
    /// Named fields.
    Struct {
        fields: Vec<Field<'a>>,
        unknown_tags: Option<&'a Ident>,
    },
    /// A tuple struct of one field, which is encoded as that field.
    Newtype(&'a Type),
}

/// A field with its annotations.
pub(crate) struct Field<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) attrs: FieldAttrs,
}

impl<'a> Input<'a> {
    pub(crate) fn parse(input: &'a DeriveInput) -> syn::Result<Self> {
        let mut errors = Errors::default();
        let attrs = StructAttrs::parse(&input.attrs, &mut errors);
        let shape = match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(named) => parse_fields(named, &mut errors),
                Fields::Unnamed(tuple) if tuple.unnamed.len() == 1 => {
                    let field = &tuple.unnamed[0];
                    if let Some(attr) = field.attrs.iter().find(|a| a.path().is_ident("kafka")) {
                        errors.push(attr.span(), "the field of a newtype takes no annotations");
                    }
                    Shape::Newtype(&field.ty)
                }
                Fields::Unnamed(tuple) => {
                    errors.push(
                        tuple.span(),
                        "expected one field: a tuple struct is encoded as its only field",
                    );
                    empty()
                }
                Fields::Unit => empty(),
            },
            Data::Enum(data) => {
                errors.push(
                    data.enum_token.span,
                    "expected a struct: make the enum a newtype of its number, with constants, \
                     so that numbers of the future survive",
                );
                empty()
            }
            Data::Union(data) => {
                errors.push(data.union_token.span, "expected a struct");
                empty()
            }
        };
        errors.finish()?;
        Ok(Self {
            original: input,
            attrs,
            shape,
        })
    }

    /// Path of the protocol crate.
    pub(crate) fn krate(&self) -> Path {
        match &self.attrs.krate {
            Some(krate) => krate.value.clone(),
            None => parse_quote!(::libkafka_protocol),
        }
    }

    /// The versions in which the struct exists; all if it does not say.
    pub(crate) fn versions(&self) -> Versions {
        self.attrs
            .versions
            .as_ref()
            .map_or(Versions::ALL, |v| v.value)
    }

    /// The flexible versions; none if the struct does not say.
    pub(crate) fn flexible(&self) -> Versions {
        self.attrs
            .flexible
            .as_ref()
            .map_or(Versions::NONE, |v| v.value)
    }
}

fn empty<'a>() -> Shape<'a> {
    Shape::Struct {
        fields: Vec::new(),
        unknown_tags: None,
    }
}

fn parse_fields<'a>(named: &'a syn::FieldsNamed, errors: &mut Errors) -> Shape<'a> {
    let mut fields = Vec::new();
    let mut unknown_tags = None;
    for field in &named.named {
        let Some(ident) = &field.ident else { continue };
        if last_segment(&field.ty).is_some_and(|s| s.ident == "UnknownTags") {
            if unknown_tags.replace(ident).is_some() {
                errors.push(field.span(), "a struct keeps its unknown tags in one place");
            }
            if let Some(attr) = field.attrs.iter().find(|a| a.path().is_ident("kafka")) {
                errors.push(attr.span(), "unknown tags take no annotations");
            }
            continue;
        }
        let attrs = FieldAttrs::parse(&field.attrs, errors);
        fields.push(Field {
            ident,
            ty: &field.ty,
            attrs,
        });
    }
    Shape::Struct {
        fields,
        unknown_tags,
    }
}

/// The size in bytes of a number or a `bool`; `None` for any other type.
pub(crate) fn number_size(ty: &Type) -> Option<usize> {
    let Type::Path(path) = ty else {
        return None;
    };
    let name = path.path.get_ident()?.to_string();
    Some(match name.as_str() {
        "bool" | "i8" => 1,
        "i16" | "u16" => 2,
        "i32" | "u32" => 4,
        "i64" | "f64" => 8,
        _ => return None,
    })
}

/// Whether the type can be a field for certain, and holds no error codes: a number, `bool` or
/// `String`, or an array or the like of these.
pub(crate) fn is_certain(ty: &Type) -> bool {
    let Type::Path(path) = ty else {
        return false;
    };
    if path.qself.is_some() || path.path.segments.len() != 1 {
        return false;
    }
    let segment = &path.path.segments[0];
    let inner = type_argument(segment);
    match segment.ident.to_string().as_str() {
        "String" => segment.arguments.is_empty(),
        "Vec" => inner.is_some_and(is_certain),
        // Numbers cannot be null.
        "Option" => inner.is_some_and(|ty| number_size(ty).is_none() && is_certain(ty)),
        _ => number_size(ty).is_some(),
    }
}

/// The `T` of `Name<T>`.
fn type_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) if arguments.args.len() == 1 => Some(ty),
        _ => None,
    }
}

fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Group(group) => last_segment(&group.elem),
        _ => None,
    }
}

impl Field<'_> {
    /// The versions that have the field.
    pub(crate) fn versions(&self) -> Versions {
        self.attrs
            .versions
            .as_ref()
            .map_or(Versions::ALL, |v| v.value)
    }

    /// Whether the type is an `Option`.
    pub(crate) fn is_option(&self) -> bool {
        self.option_value().is_some()
    }

    /// The size in bytes of a number or a `bool`; `None` for any other type.
    pub(crate) fn number_size(&self) -> Option<usize> {
        number_size(self.ty)
    }

    /// The zero of an integer or a `bool`, as a literal; `None` for any other type.
    pub(crate) fn zero(&self) -> Option<TokenStream> {
        self.number_size()?;
        let is = |name| matches!(self.ty, Type::Path(path) if path.path.is_ident(name));
        // There are two zeros of an `f64`.
        (!is("f64")).then(|| if is("bool") { quote!(false) } else { quote!(0) })
    }

    /// The `T` of an `Option<T>`.
    pub(crate) fn option_value(&self) -> Option<&Type> {
        let segment = last_segment(self.ty).filter(|s| s.ident == "Option")?;
        type_argument(segment)
    }

    /// The versions in which the field may be null.
    pub(crate) fn nullable(&self) -> Versions {
        match &self.attrs.nullable {
            Some(nullable) => nullable.value,
            None if self.is_option() => self.versions(),
            None => Versions::NONE,
        }
    }

    /// The field's name without the prefix of a raw identifier.
    pub(crate) fn plain_name(&self) -> String {
        let name = self.ident.to_string();
        name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
    }

    /// The name in Kafka's schema and JSON.
    pub(crate) fn schema_name(&self) -> String {
        if let Some(name) = &self.attrs.name {
            return name.value.clone();
        }
        let mut camel = String::new();
        let mut upper = false;
        for c in self.plain_name().chars() {
            if c == '_' {
                upper = true;
            } else {
                camel.push(if upper { c.to_ascii_uppercase() } else { c });
                upper = false;
            }
        }
        camel
    }
}
