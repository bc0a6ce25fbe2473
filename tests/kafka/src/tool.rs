//! Clients that are not ours: Kafka's own command line tools, and programs in Java and Python.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::java::Java;
use crate::process::CommandLine;
use crate::session::Session;
use crate::version::Version;
use crate::{classes, jars, python};

/// A command of Kafka's own command line tools ([`Version::CURRENT`]), any other Java class among
/// their jars, or a program of one's own that uses Kafka's clients or librdkafka.
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
    program: String,
    kind: Kind,
    artifact: Option<&'static str>,
    version: Version,
    variables: Vec<(OsString, OsString)>,
    folder: Option<PathBuf>,
    args: Vec<OsString>,
    stdin: Vec<u8>,
    deadline: Duration,
}

/// What the program of a [`Tool`] is.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A class among the jars of the tools.
    Class,
    /// A Java source file, which wants the jars of a broker.
    Java,
    /// A Python source file.
    Python,
    /// The path of any program.
    Program,
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
            program: class.into(),
            kind: Kind::Class,
            artifact: None,
            version: Version::CURRENT,
            variables: Vec::new(),
            folder: None,
            args: Vec::new(),
            stdin: Vec::new(),
            deadline: Duration::from_secs(180),
        }
    }

    /// A program of one Java source file, run against `kafka-clients` of [`Version::CURRENT`]
    /// by default.
    pub fn source(file: impl Into<String>) -> Tool {
        Tool {
            kind: Kind::Java,
            version: Version::CURRENT,
            ..Tool::new(file)
        }
    }

    /// A program of one Python source file, and those beside it, with librdkafka to import:
    /// `confluent_kafka`. A test of one starts with `require!(librdkafka)`.
    pub fn python(file: impl Into<String>) -> Tool {
        Tool {
            kind: Kind::Python,
            ..Tool::new(file)
        }
    }

    /// The program with this path, or the one of this name on the `PATH`.
    pub fn program(path: impl Into<String>) -> Tool {
        Tool {
            kind: Kind::Program,
            ..Tool::new(path)
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

    /// Sets the release of the tools. Default: [`Version::CURRENT`]. A broker before 2.1 needs those of
    /// [`Version::OLD_TOOLS`].
    pub fn version(mut self, version: Version) -> Tool {
        self.version = version;
        self
    }

    /// Sets which artifact of `org.apache.kafka` brings the jars of a class or of Java's source.
    /// Default: `kafka-tools` for a class, the broker's for a source.
    pub fn artifact(mut self, name: &'static str) -> Tool {
        self.artifact = Some(name);
        self
    }

    /// A further variable of its environment.
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Tool {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// Sets the folder in which it runs. Default: that of this process.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Tool {
        self.folder = Some(folder.into());
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

    /// Sets what [`Tool::run`] gives it to read. Default: nothing.
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Tool {
        self.stdin = input.into();
        self
    }

    /// Sets how long [`Tool::run`] waits for its end. Default: three minutes, since a busy machine is
    /// no failure.
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
    /// If what it needs cannot be fetched, or it cannot be started.
    pub fn spawn(&self) -> Result<Session, Error> {
        let mut command = match self.kind {
            Kind::Python => self.interpreted()?,
            Kind::Program => CommandLine {
                program: (&self.program).into(),
                arguments: self.args.clone(),
                ..CommandLine::default()
            },
            Kind::Class => self.java(&[&self.jars()?], &self.program)?,
            Kind::Java => {
                // Compiled once: Java would do so at each start.
                let file = Path::new(&self.program);
                let jars = self.jars()?;
                let classes = classes::of_program(file, &jars)?;
                let name = file.file_stem().unwrap_or_default().to_string_lossy();
                self.java(&[&classes, &jars], &name)?
            }
        };
        command.variables.clone_from(&self.variables);
        command.folder.clone_from(&self.folder);
        Session::start(&self.program, command)
    }

    fn jars(&self) -> Result<PathBuf, Error> {
        match (self.artifact, self.kind) {
            (Some(artifact), _) => jars::artifact(artifact, self.version),
            (None, Kind::Java) => jars::broker_jars(self.version),
            (None, _) => jars::tools_jars(self.version),
        }
    }

    fn java(&self, class_path: &[&Path], main: &str) -> Result<CommandLine, Error> {
        let java = Java::new(class_path, main)?
            .flag("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
            .args(&self.args);
        Ok(CommandLine::from(&java))
    }

    fn interpreted(&self) -> Result<CommandLine, Error> {
        // Lines are to be seen as they are printed, and no bytecode is left in the source tree.
        let mut arguments: Vec<OsString> = vec!["-uB".into(), (&self.program).into()];
        arguments.extend(self.args.iter().cloned());
        Ok(CommandLine {
            program: python::interpreter()?,
            arguments,
            ..CommandLine::default()
        })
    }
}
