//! [`Arguments`]: a command line, from which options are taken by name.

use std::env;
use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// The arguments that have not been taken yet. Take the options first, then the rest.
pub(crate) struct Arguments(Vec<String>);

impl Arguments {
    /// The arguments of the program. Bytes that are not UTF-8 are replaced.
    pub(crate) fn from_env() -> Self {
        let arguments = env::args_os().skip(1);
        Self(
            arguments
                .map(|argument| argument.to_string_lossy().into_owned())
                .collect(),
        )
    }

    /// Whether `--name` is among them.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let at = self.0.iter().position(|argument| argument == name);
        at.map(|at| self.0.remove(at)).is_some()
    }

    /// The value of `--name VALUE` or `--name=VALUE`, if it is given.
    pub(crate) fn option<T: FromStr<Err: fmt::Display>>(
        &mut self,
        name: &str,
    ) -> Result<Option<T>, UsageError> {
        let is_it = |argument: &String| argument.split('=').next() == Some(name);
        let Some(at) = self.0.iter().position(is_it) else {
            return Ok(None);
        };
        let argument = self.0.remove(at);
        let value = match argument.split_once('=') {
            Some((_, value)) => value.to_owned(),
            None if at < self.0.len() => self.0.remove(at),
            None => return Err(UsageError(format!("{name} needs a value"))),
        };
        let parsed = value.parse().map(Some);
        parsed.map_err(|error| UsageError(format!("{name} {value}: {error}")))
    }

    /// Like [`option`](Self::option), with a default.
    pub(crate) fn option_or<T: FromStr<Err: fmt::Display>>(
        &mut self,
        name: &str,
        default: impl Into<T>,
    ) -> Result<T, UsageError> {
        Ok(self.option(name)?.unwrap_or_else(|| default.into()))
    }

    /// The remaining arguments, none of which may be an option.
    pub(crate) fn rest(self) -> Result<Vec<String>, UsageError> {
        match self.0.iter().find(|argument| argument.starts_with("--")) {
            Some(option) => Err(UsageError(format!("{option} is not an option"))),
            None => Ok(self.0),
        }
    }

    /// Fails if arguments are left.
    pub(crate) fn end(self) -> Result<(), UsageError> {
        match self.0.first() {
            Some(argument) => Err(UsageError(format!("{argument} is one argument too many"))),
            None => Ok(()),
        }
    }
}

/// What is wrong with a command line.
#[derive(Debug)]
pub(crate) struct UsageError(pub(crate) String);

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; --help lists the arguments", self.0)
    }
}

impl Error for UsageError {}
