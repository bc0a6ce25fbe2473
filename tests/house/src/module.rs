//! [`Tree`]: the modules of a crate, and what each defines and names.

use std::collections::BTreeMap;

use syn::{Attribute, Item, ItemMod};

use crate::imports::{Import, Path, Paths, is_test_only, plain};
use crate::source::Source;

/// The modules of a crate. The first is the root.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) modules: Vec<Module>,
}

/// A module, in a file of its own or in braces.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) file: String,
    pub(crate) parent: Option<usize>,
    /// A name can have several meanings: a type and a macro, or a module for either feature.
    pub(crate) names: BTreeMap<String, Vec<Meaning>>,
    pub(crate) globs: Vec<Path>,
    /// All paths in its code, those of `use` among them.
    pub(crate) paths: Vec<Path>,
    /// Whether a macro may define names that are not in `names`.
    pub(crate) has_macro_items: bool,
    /// Whether only tests see it.
    pub(crate) is_test: bool,
}

impl Module {
    /// Whether it defines something itself.
    pub(crate) fn defines_anything(&self) -> bool {
        let mut meanings = self.names.values().flatten();
        self.has_macro_items || meanings.any(|meaning| matches!(meaning, Meaning::Item(_)))
    }
}

/// What a name in a module means.
#[derive(Debug, Clone)]
pub(crate) enum Meaning {
    Module(usize),
    /// Something defined in this file.
    Item(String),
    Import(Path),
    OtherCrate,
}

impl Tree {
    /// Reads a crate from its root file.
    ///
    /// # Errors
    ///
    /// What is wrong, if a file does not parse or is missing.
    pub(crate) fn read(source: &Source, root: &str) -> Result<Self, String> {
        let mut tree = Self::default();
        tree.read_file(source, root, "", None, false)?;
        Ok(tree)
    }

    /// `folder` is where the files of child modules are: empty, or ending in `/`.
    fn read_file(
        &mut self,
        source: &Source,
        file: &str,
        folder: &str,
        parent: Option<usize>,
        is_test: bool,
    ) -> Result<usize, String> {
        let text = source
            .0
            .get(file)
            .ok_or_else(|| format!("{file} is missing"))?;
        let parsed = syn::parse_file(text).map_err(|error| format!("{file}: {error}"))?;
        let module = Module {
            file: file.to_owned(),
            parent,
            is_test,
            ..Module::default()
        };
        self.read_items(source, module, folder, &parsed.items)
    }

    fn read_items(
        &mut self,
        source: &Source,
        module: Module,
        folder: &str,
        items: &[Item],
    ) -> Result<usize, String> {
        let id = self.modules.len();
        let file = module.file.clone();
        self.modules.push(module);
        let mut code = Paths::default();
        for item in items {
            if let Item::Mod(child) = item {
                let child_id = self.read_child(source, id, folder, child)?;
                self.define(id, plain(&child.ident), Meaning::Module(child_id));
                continue;
            }
            if let Item::ExternCrate(item) = item {
                let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
                let is_self = item.ident == "self";
                let meaning = if is_self {
                    Meaning::Module(0)
                } else {
                    Meaning::OtherCrate
                };
                self.define(id, plain(name), meaning);
            }
            code.read(item);
            if let Some(name) = defined(item) {
                self.define(id, name.clone(), Meaning::Item(file.clone()));
                if is_exported_macro(item) {
                    self.define(0, name, Meaning::Item(file.clone()));
                }
            } else if let Item::Macro(_) = item {
                self.modules[id].has_macro_items = true;
            }
        }
        for Import { name, path } in code.imports {
            self.modules[id].paths.push(path.clone());
            match name {
                Some(name) => self.define(id, name, Meaning::Import(path)),
                None if path.is_glob => self.modules[id].globs.push(path),
                None => {}
            }
        }
        self.modules[id].paths.extend(code.paths);
        Ok(id)
    }

    fn read_child(
        &mut self,
        source: &Source,
        parent: usize,
        folder: &str,
        child: &ItemMod,
    ) -> Result<usize, String> {
        let name = plain(&child.ident);
        let file = self.modules[parent].file.clone();
        let is_test = self.modules[parent].is_test || is_test_only(&child.attrs);
        let inner = format!("{folder}{name}/");
        if let Some((_, items)) = &child.content {
            let module = Module {
                file,
                parent: Some(parent),
                is_test,
                ..Module::default()
            };
            return self.read_items(source, module, &inner, items);
        }
        if let Some(path) = path_attribute(&child.attrs) {
            let beside = file.rfind('/').map_or("", |slash| &file[..=slash]);
            let file = format!("{beside}{path}");
            return self.read_file(source, &file, &inner, Some(parent), is_test);
        }
        let as_folder = format!("{inner}mod.rs");
        let is_folder = source.0.contains_key(&as_folder);
        let file = if is_folder {
            as_folder
        } else {
            format!("{folder}{name}.rs")
        };
        self.read_file(source, &file, &inner, Some(parent), is_test)
    }

    fn define(&mut self, module: usize, name: String, meaning: Meaning) {
        self.modules[module]
            .names
            .entry(name)
            .or_default()
            .push(meaning);
    }
}

/// The name that an item defines. None for items without one.
fn defined(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(plain(ident))
}

fn is_exported_macro(item: &Item) -> bool {
    let Item::Macro(item) = item else {
        return false;
    };
    item.attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("macro_export"))
}

/// The file of `#[path = "file"]`.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| {
        let pair = attribute.meta.require_name_value().ok()?;
        let syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(file),
            ..
        }) = &pair.value
        else {
            return None;
        };
        attribute.path().is_ident("path").then(|| file.value())
    })
}
