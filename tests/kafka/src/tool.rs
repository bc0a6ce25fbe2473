//! Kafka's own command line tools.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use crate::java::Java;
use crate::session::Session;
use crate::{Error, Version, jars};

/// A command of Kafka's own command line tools ([`Version::TOOLS`]), or
/// any other Java class among their jars.
///
/// ```no_run
/// # fn main() -> Result<(), libkafka_testkafka::Error> {
/// use libkafka_testkafka::{Kafka, Tool};
///
/// let bootstrap = Kafka::shared().bootstrap();
/// Tool::new("org.apache.kafka.tools.TopicCommand")
///     .args(["--bootstrap-server", &bootstrap, "--create", "--topic", "greetings"])
///     .run()?;
/// Tool::console_producer(&bootstrap, "greetings").stdin("hello\nworld\n").run()?;
/// let read = Tool::console_consumer(&bootstrap, "greetings")
///     .args(["--from-beginning", "--max-messages", "2"])
///     .run()?;
/// assert_eq!(read.stdout, b"hello\nworld\n");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Tool {
    class: String,
    version: Version,
    /// The class is a source file, which wants the jars of a broker.
    is_source: bool,
    args: Vec<OsString>,
    stdin: Vec<u8>,
    deadline: Duration,
}

/// What a [`Tool`] that succeeded has printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Standard output, as it came: a console consumer prints the bytes of its records.
    pub stdout: Vec<u8>,
    /// Standard error, which is where warnings go.
    pub stderr: String,
}

impl Printed {
    /// The lines of standard output, with what is not UTF-8 replaced.
    pub fn lines(&self) -> Vec<String> {
        String::from_utf8_lossy(&self.stdout)
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

impl Tool {
    /// The class of that full name.
    pub fn new(class: impl Into<String>) -> Tool {
        Tool {
            class: class.into(),
            version: Version::TOOLS,
            is_source: false,
            args: Vec::new(),
            stdin: Vec::new(),
            deadline: Duration::from_secs(60),
        }
    }

    /// A program of one Java source file, run against `kafka-clients` of [`Version::CURRENT`]
    /// unless told.
    pub fn source(file: impl Into<String>) -> Tool {
        Tool {
            version: Version::CURRENT,
            is_source: true,
            ..Tool::new(file)
        }
    }

    /// `ConsoleProducer`: a record for each line of standard input.
    ///
    /// Reader properties worth knowing: `parse.key`, `parse.headers`, `key.separator`,
    /// `null.marker`, each after an argument `--reader-property`.
    pub fn console_producer(bootstrap: &str, topic: &str) -> Tool {
        Tool::new("org.apache.kafka.tools.ConsoleProducer").args([
            "--bootstrap-server",
            bootstrap,
            "--topic",
            topic,
        ])
    }

    /// `ConsoleConsumer`: a line for each record. Without `--from-beginning` it starts at the end;
    /// without `--max-messages` or `--timeout-ms` it does not stop.
    ///
    /// Formatter properties worth knowing: `print.key`, `print.headers`, `print.timestamp`,
    /// `print.offset`, `null.literal`, each after an argument `--formatter-property`.
    pub fn console_consumer(bootstrap: &str, topic: &str) -> Tool {
        Tool::new("org.apache.kafka.tools.consumer.ConsoleConsumer").args([
            "--bootstrap-server",
            bootstrap,
            "--topic",
            topic,
        ])
    }

    /// The release of the tools; [`Version::TOOLS`] unless told. A broker before 2.1 needs those of
    /// [`Version::OLD_TOOLS`].
    pub fn version(mut self, version: Version) -> Tool {
        self.version = version;
        self
    }

    /// A further argument.
    pub fn arg(mut self, arg: impl Into<OsString>) -> Tool {
        self.args.push(arg.into());
        self
    }

    /// Further arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Tool {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// What [`Tool::run`] gives it to read; nothing unless told.
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Tool {
        self.stdin = input.into();
        self
    }

    /// How long [`Tool::run`] waits for its end; 60 seconds unless told.
    pub fn deadline(mut self, deadline: Duration) -> Tool {
        self.deadline = deadline;
        self
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// [`Error::Ended`], with the end of standard error, if its exit status is not 0;
    /// [`Error::Deadline`] if it runs longer than [`Tool::deadline`].
    pub fn run(mut self) -> Result<Printed, Error> {
        let stdin = std::mem::take(&mut self.stdin);
        let mut session = self.spawn()?;
        let deadline = Instant::now() + self.deadline;
        session.feed(stdin);
        let (stdout, status) = session.finish(deadline)?;
        if !status.success() {
            return Err(session.gone());
        }
        Ok(Printed {
            stdout,
            stderr: session.stderr(),
        })
    }

    /// Starts it, to be talked with.
    ///
    /// # Errors
    /// If the jars cannot be fetched, or Java not be started.
    pub fn spawn(&self) -> Result<Session, Error> {
        let jars = if self.is_source {
            jars::broker_jars(self.version)?
        } else {
            jars::tools_jars(self.version)?
        };
        let java = Java::new(&[&jars], &self.class)?
            .flag("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
            .args(&self.args);
        Session::start(&self.class, &java)
    }
}
