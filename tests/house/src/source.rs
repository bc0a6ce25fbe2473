//! [`Source`]: the text of a crate.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// The files of a crate by their path below `src`, such as `net/tcp.rs`.
#[derive(Debug, Clone, Default)]
pub struct Source(pub BTreeMap<String, String>);

impl Source {
    /// Reads every `.rs` file below a folder.
    ///
    /// # Errors
    ///
    /// If a folder or a file cannot be read.
    pub fn read(src: &Path) -> io::Result<Self> {
        let mut source = Self::default();
        source.read_folder(src, "")?;
        Ok(source)
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                self.read_folder(&path, &format!("{prefix}{name}/"))?;
            } else if name.ends_with(".rs") {
                self.0
                    .insert(format!("{prefix}{name}"), fs::read_to_string(&path)?);
            }
        }
        Ok(())
    }
}

/// A crate made up of files given by name and text.
impl<const N: usize> From<[(&str, &str); N]> for Source {
    fn from(files: [(&str, &str); N]) -> Self {
        Self(
            files
                .map(|(name, text)| (name.to_owned(), text.to_owned()))
                .into(),
        )
    }
}
