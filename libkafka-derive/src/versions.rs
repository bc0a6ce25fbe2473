//! `Versions`: a range of versions, as written in the annotations.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

/// A closed range; empty if `min > max`. It is the twin of the protocol crate's `Versions`, since a
/// proc-macro crate cannot depend on that.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Versions {
    pub(crate) min: i16,
    pub(crate) max: i16,
}

impl Versions {
    pub(crate) const ALL: Self = Self {
        min: 0,
        max: i16::MAX,
    };
    pub(crate) const NONE: Self = Self { min: 0, max: -1 };

    /// Parses `"3"`, `"3-5"`, `"3+"` or `"none"`.
    pub(crate) fn parse(text: &LitStr) -> syn::Result<Self> {
        let value = text.value();
        let parsed = if value == "none" {
            Some(Self::NONE)
        } else if let Some(min) = value.strip_suffix('+') {
            min.parse().ok().map(|min| Self { min, max: i16::MAX })
        } else if let Some((min, max)) = value.split_once('-') {
            match (min.parse(), max.parse()) {
                (Ok(min), Ok(max)) if min <= max => Some(Self { min, max }),
                _ => None,
            }
        } else {
            value.parse().ok().map(|min| Self { min, max: min })
        };
        parsed.filter(|v| v.min >= 0).ok_or_else(|| {
            syn::Error::new(
                text.span(),
                format!("\"{value}\" is not a range of versions: expected \"3\", \"3-5\", \"3+\" or \"none\""),
            )
        })
    }

    pub(crate) fn is_empty(self) -> bool {
        self.min > self.max
    }

    pub(crate) fn covers(self, other: Self) -> bool {
        other.is_empty() || (self.min <= other.min && other.max <= self.max)
    }

    pub(crate) fn intersects(self, other: Self) -> bool {
        self.min.max(other.min) <= self.max.min(other.max)
    }

    /// A condition on the variable `version`, given that it is within `outer`; `None` if it always
    /// holds.
    pub(crate) fn condition(self, outer: Self) -> Option<TokenStream> {
        if self.covers(outer) {
            return None;
        }
        let Self { min, max } = self;
        Some(if !self.intersects(outer) {
            quote!(false)
        } else if min <= outer.min {
            quote!(version <= #max)
        } else if max >= outer.max {
            quote!(version >= #min)
        } else if min == max {
            quote!(version == #min)
        } else {
            quote!((#min..=#max).contains(&version))
        })
    }

    /// The value as an expression of the protocol crate.
    pub(crate) fn value(self, krate: &syn::Path) -> TokenStream {
        let Self { min, max } = self;
        match self {
            Self::ALL => quote!(#krate::Versions::ALL),
            Self::NONE => quote!(#krate::Versions::NONE),
            _ => quote!(#krate::Versions::new(#min, #max)),
        }
    }
}
