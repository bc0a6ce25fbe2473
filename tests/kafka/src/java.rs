//! Finding Java, and the command line of a Java program.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::process::CommandLine;

/// The command line of a Java program.
pub(crate) struct Java {
    program: PathBuf,
    flags: Vec<OsString>,
    class_path: Vec<PathBuf>,
    main: Vec<OsString>,
}

impl Java {
    /// The class `main`, found in the folders (of classes or of jars) of `class_path`.
    pub(crate) fn new(class_path: &[&Path], main: &str) -> Result<Java, Error> {
        Ok(Java {
            program: program("java")?,
            flags: Vec::new(),
            class_path: class_path
                .iter()
                .flat_map(|folder| [folder.to_path_buf(), folder.join("*")])
                .collect(),
            main: vec![main.into()],
        })
        .map(|java| {
            // A short life on a shared machine: no server-grade collector or compiler threads.
            java.flag("-Xmx384m")
                .flag("-XX:+UseSerialGC")
                .flag("-XX:TieredStopAtLevel=1")
                .flag("-XX:-UsePerfData")
                .flag("-Djava.awt.headless=true")
        })
    }

    /// A flag of the virtual machine; a later one overrides an earlier.
    pub(crate) fn flag(mut self, flag: impl Into<OsString>) -> Java {
        self.flags.push(flag.into());
        self
    }

    /// Flags of the virtual machine.
    pub(crate) fn flags(mut self, flags: impl IntoIterator<Item = impl Into<OsString>>) -> Java {
        self.flags.extend(flags.into_iter().map(Into::into));
        self
    }

    /// Arguments of the program.
    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Java {
        self.main.extend(args.into_iter().map(Into::into));
        self
    }
}

impl From<&Java> for CommandLine {
    fn from(java: &Java) -> CommandLine {
        let mut arguments = java.flags.clone();
        arguments.push("-cp".into());
        let mut class_path = OsString::new();
        for (i, entry) in java.class_path.iter().enumerate() {
            if i > 0 {
                class_path.push(":");
            }
            class_path.push(entry);
        }
        arguments.push(class_path);
        arguments.extend(java.main.iter().cloned());
        CommandLine {
            program: java.program.clone(),
            arguments,
            ..CommandLine::default()
        }
    }
}

/// Where `name` is: in `JAVA_HOME/bin` or on the `PATH`.
pub(crate) fn program(name: &'static str) -> Result<PathBuf, Error> {
    let home = std::env::var_os("JAVA_HOME").map(|home| PathBuf::from(home).join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    home.into_iter()
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .ok_or(Error::Missing(name))
}
