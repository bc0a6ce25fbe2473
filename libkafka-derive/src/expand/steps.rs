//! `in_steps`: joins the expressions of a method into its body.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// The body of a method that reads or writes, made of [`step`]s. Each step is an expression that
/// returns whether to go on; the first that is false has left its error with the reader or writer.
/// `finish` turns the outcome into a `Result`.
///
/// There is no `?`, and one variable holds the names of all fields: a `Result` at each step would
/// be twice as much code, and a debug build takes time for every line.
pub(super) fn in_steps(finish: TokenStream, steps: Vec<TokenStream>) -> TokenStream {
    let mut steps = steps.into_iter();
    let Some(first) = steps.next() else {
        return quote!(::core::result::Result::Ok(()));
    };
    quote! {
        let mut field = "";
        let ok = #first #(&& #steps)*;
        #finish(io, ok, field)
    }
}

/// A step of [`in_steps`]: `go_on` is the expression, and `field` the name for its error.
pub(super) fn step(field: &str, go_on: TokenStream) -> TokenStream {
    quote!({ field = #field; #go_on })
}

/// An expression that is true if all of `checks` are.
pub(super) fn all(checks: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut checks = checks.into_iter();
    match checks.next() {
        // In parentheses: a block at the start of a statement would end it.
        Some(first) => quote!((#first #(&& #checks)*)),
        None => quote!(true),
    }
}

/// `if condition { then } else { otherwise }`, without the parts that are empty.
pub(super) fn choose(
    condition: Option<TokenStream>,
    then: TokenStream,
    otherwise: TokenStream,
) -> TokenStream {
    match condition {
        None => then,
        Some(condition) if otherwise.is_empty() => quote!(if #condition { #then }),
        Some(condition) => quote!(if #condition { #then } else { #otherwise }),
    }
}

/// All of `parts`, concatenated.
pub(super) fn concat<T: ToTokens>(parts: impl IntoIterator<Item = T>) -> TokenStream {
    let mut all = TokenStream::new();
    for part in parts {
        part.to_tokens(&mut all);
    }
    all
}
