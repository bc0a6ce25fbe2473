//! [`Path`]: a path in code, and the visitor that finds them all.

use std::{fmt, mem};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, UseTree};

/// A path in code, or one that a `use` brings in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    pub(crate) segments: Vec<String>,
    /// Ends in `::*`.
    pub(crate) is_glob: bool,
    /// Begins with `$crate`, so that code outside of the crate can follow it.
    pub(crate) is_exported: bool,
    /// Is in an item that only tests see.
    pub(crate) in_test: bool,
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.segments.join("::"))?;
        f.write_str(if self.is_glob { "::*" } else { "" })
    }
}

/// A name that a `use` brings in.
#[derive(Debug, Clone)]
pub(crate) struct Import {
    /// None for `*` and `_`.
    pub(crate) name: Option<String>,
    pub(crate) path: Path,
}

/// All that the code of one module names.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    pub(crate) paths: Vec<Path>,
    pub(crate) imports: Vec<Import>,
    test_depth: usize,
}

impl Paths {
    /// Adds what one item names.
    pub(crate) fn read(&mut self, item: &Item) {
        self.visit_item(item);
    }

    fn add(&mut self, segments: Vec<String>, is_exported: bool) {
        let in_test = self.test_depth > 0;
        // A name alone is local, or was brought in by a `use`, which counts.
        if segments.len() > 1 {
            self.paths.push(Path {
                segments,
                is_glob: false,
                is_exported,
                in_test,
            });
        }
    }

    fn add_import(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |ident: &syn::Ident| [prefix, &[plain(ident)]].concat();
        let (name, segments, is_glob) = match tree {
            UseTree::Path(path) => return self.add_import(&with(&path.ident), &path.tree),
            UseTree::Group(group) => {
                return group
                    .items
                    .iter()
                    .for_each(|tree| self.add_import(prefix, tree));
            }
            UseTree::Glob(_) => (None, prefix.to_vec(), true),
            UseTree::Name(name) if name.ident == "self" => {
                (prefix.last().cloned(), prefix.to_vec(), false)
            }
            UseTree::Name(name) => (Some(plain(&name.ident)), with(&name.ident), false),
            UseTree::Rename(renamed) => {
                let name = Some(plain(&renamed.rename)).filter(|name| name != "_");
                let is_self = renamed.ident == "self";
                let segments = if is_self {
                    prefix.to_vec()
                } else {
                    with(&renamed.ident)
                };
                (name, segments, false)
            }
        };
        let in_test = self.test_depth > 0;
        let path = Path {
            segments,
            is_glob,
            is_exported: false,
            in_test,
        };
        self.imports.push(Import { name, path });
    }

    /// Paths in the tokens that a macro is given or made of.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut segments = Vec::new();
        let mut is_exported = false;
        let mut colons = 0;
        let mut after_dollar = false;
        for token in tokens {
            let continues = colons == 2;
            match token {
                TokenTree::Ident(ident) => {
                    // A name after `::` with nothing in front of that is of another crate.
                    if !continues || segments.is_empty() {
                        self.add(mem::take(&mut segments), is_exported);
                        is_exported = after_dollar && ident == "crate";
                    }
                    if !continues || !segments.is_empty() {
                        segments.push(plain(&ident));
                    }
                    (colons, after_dollar) = (0, false);
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.add(mem::take(&mut segments), is_exported);
                    (colons, is_exported, after_dollar) = (0, false, false);
                    match other {
                        TokenTree::Punct(punct) => after_dollar = punct.as_char() == '$',
                        TokenTree::Group(group) => self.add_tokens(group.stream()),
                        _ => {}
                    }
                }
            }
        }
        self.add(segments, is_exported);
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item(&mut self, item: &'ast Item) {
        let in_test = usize::from(is_test_only(attributes(item)));
        self.test_depth += in_test;
        match item {
            Item::Use(item) => {
                if item.leading_colon.is_none() {
                    self.add_import(&[], &item.tree);
                }
            }
            _ => visit::visit_item(self, item),
        }
        self.test_depth -= in_test;
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes = match item {
            ImplItem::Fn(item) => &item.attrs[..],
            ImplItem::Const(item) => &item.attrs,
            _ => &[],
        };
        let in_test = usize::from(is_test_only(attributes));
        self.test_depth += in_test;
        visit::visit_impl_item(self, item);
        self.test_depth -= in_test;
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.add(
                path.segments
                    .iter()
                    .map(|segment| plain(&segment.ident))
                    .collect(),
                false,
            );
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.visit_path(&call.path);
        self.add_tokens(call.tokens.clone());
    }

    // `pub(in crate::room)` and `#[attribute(path)]` use nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}

/// Whether an item is there for tests alone.
pub(crate) fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let test = |list: &syn::MetaList| list.tokens.to_string() == "test";
        attribute.path().is_ident("cfg") && attribute.meta.require_list().is_ok_and(test)
    })
}

/// A name without the `r#` in front.
pub(crate) fn plain(ident: &syn::Ident) -> String {
    ident.to_string().trim_start_matches("r#").to_owned()
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
