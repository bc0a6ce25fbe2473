//! Kafka's own classes, asked what they make of bytes and JSON.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use serde_json::Value;

use crate::classes::{self, Source};
use crate::error::At;
use crate::error::Error;
use crate::java::Java;
use crate::session::Session;
use crate::version::Version;
use crate::{cache, jars};

/// The Java part, in one package.
const SOURCES: [Source; 11] = [
    (
        "oracle/BatchBytes.java",
        include_str!("../java/oracle/BatchBytes.java"),
    ),
    (
        "oracle/Batches.java",
        include_str!("../java/oracle/Batches.java"),
    ),
    (
        "oracle/Configs.java",
        include_str!("../java/oracle/Configs.java"),
    ),
    (
        "oracle/Corruptions.java",
        include_str!("../java/oracle/Corruptions.java"),
    ),
    (
        "oracle/Instances.java",
        include_str!("../java/oracle/Instances.java"),
    ),
    (
        "oracle/Messages.java",
        include_str!("../java/oracle/Messages.java"),
    ),
    (
        "oracle/Oracle.java",
        include_str!("../java/oracle/Oracle.java"),
    ),
    (
        "oracle/RecordSets.java",
        include_str!("../java/oracle/RecordSets.java"),
    ),
    (
        "oracle/Schemas.java",
        include_str!("../java/oracle/Schemas.java"),
    ),
    (
        "oracle/Tables.java",
        include_str!("../java/oracle/Tables.java"),
    ),
    ("oracle/Wire.java", include_str!("../java/oracle/Wire.java")),
];

/// For an answer, and for writing a file, on a busy machine.
const DEADLINE: Duration = Duration::from_secs(300);

/// A live session with Kafka's own message and record classes, of [`Version::CURRENT`].
///
/// Messages go by the names of their schemas: `FetchRequest`, `RequestHeader`, `AbortedTxn`.
/// A start takes half a second, a question about 0.2 ms.
///
/// ```no_run
/// # fn main() -> Result<(), libkafka_testkafka::Error> {
/// use libkafka_testkafka::Oracle;
///
/// let heartbeat = Oracle::shared().check("HeartbeatResponse", 0, &[0, 0])?.unwrap();
/// assert_eq!(heartbeat.json["errorCode"], 0);
/// assert_eq!(heartbeat.bytes, [0, 0]);
///
/// for vector in Oracle::messages(1, 6)? {
///     println!("{} {} {}", vector["name"], vector["version"], vector["hex"]);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Oracle {
    session: Session,
}

/// What Kafka says of a message that it accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The message as Kafka encodes it.
    pub bytes: Vec<u8>,
    /// The message as Kafka's `JsonConverter` writes it; records show as `""`.
    pub json: Value,
    /// How many bytes Kafka left unread after the message.
    pub trailing: usize,
}

/// What Kafka says of a message that it did not accept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{exception}: {message}")]
pub struct Refused {
    /// The simple name of the Java exception, or `UnknownMessage` or `InvalidVersion`.
    pub exception: String,
    /// What the exception says.
    pub message: String,
}

impl Oracle {
    /// Starts a session.
    ///
    /// # Errors
    /// If the jars cannot be fetched, or the Java part not be compiled or started.
    pub fn start() -> Result<Oracle, Error> {
        let java = program()?.args(["check"]);
        Ok(Oracle {
            session: Session::start("the oracle", &java)?,
        })
    }

    /// The session that all tests of this process share.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn shared() -> MutexGuard<'static, Oracle> {
        static SHARED: OnceLock<Result<Mutex<Oracle>, Error>> = OnceLock::new();
        match SHARED.get_or_init(|| Oracle::start().map(Mutex::new)) {
            // Whoever panicked did so between questions.
            Ok(oracle) => oracle.lock().unwrap_or_else(PoisonError::into_inner),
            Err(error) => panic!("no oracle to share: {error}"),
        }
    }

    /// Has Kafka decode `bytes` as the message `name` in `version`, and encode it again.
    ///
    /// # Errors
    /// If the oracle is gone. That Kafka refuses the bytes is the inner result.
    pub fn check(
        &mut self,
        name: &str,
        version: i16,
        bytes: &[u8],
    ) -> Result<Result<Accepted, Refused>, Error> {
        let answer = self.ask(&format!("{name} {version} {}", hex(bytes)))?;
        read_answer(&answer)
    }

    /// Has Kafka encode the message `name` in `version` from the JSON of its `JsonConverter`.
    ///
    /// # Errors
    /// If the oracle is gone. That Kafka refuses the JSON is the inner result.
    pub fn encode(
        &mut self,
        name: &str,
        version: i16,
        json: &Value,
    ) -> Result<Result<Accepted, Refused>, Error> {
        let answer = self.ask(&format!("enc {name} {version} {json}"))?;
        read_answer(&answer)
    }

    /// Has Kafka read a record set: `batches`, each with its header fields and `records`, then
    /// `bytesConsumed` and `bytesTotal`, and `error` (`stage`, `batch`, `exception`, `message`)
    /// where it stopped at one.
    ///
    /// # Errors
    /// If the oracle is gone.
    pub fn batches_in(&mut self, bytes: &[u8]) -> Result<Value, Error> {
        let answer = self.ask(&format!("batch {}", hex(bytes)))?;
        let json = answer
            .strip_prefix("ok ")
            .and_then(|json| serde_json::from_str(json).ok());
        json.ok_or_else(|| nonsense(&answer))
    }

    /// `per_version` random instances of every message in every version: `name`, `type`, `apiKey`,
    /// `version`, `flexible`, `headerVersion`, `mode`, `json`, `hex` (the body without header),
    /// `unknownTags`, and where they apply `unknown` `[[JSON pointer, [[tag, hex]]]]`, `records`
    /// `[[JSON pointer, hex or null, kind]]` and `nonFinite`.
    ///
    /// # Errors
    /// As [`Oracle::start`].
    pub fn messages(seed: u64, per_version: u32) -> Result<JsonLines, Error> {
        let (seed, per_version) = (seed.to_string(), per_version.to_string());
        JsonLines::made_by(&["gen", "--seed", &seed, "--per-version", &per_version])
    }

    /// Record sets: a fixed set of some hundreds and `random` ones that are valid (`label`, `hex`,
    /// and the fields of the batch, or `batches` where there are several), then malformed and odd
    /// ones (`corrupt` is the name, `hex`, and `java` what Kafka made of it, as in
    /// [`Oracle::batches_in`]).
    ///
    /// # Errors
    /// As [`Oracle::start`].
    pub fn batches(seed: u64, random: u32) -> Result<JsonLines, Error> {
        let (seed, random) = (seed.to_string(), random.to_string());
        JsonLines::made_by(&["batches", "--seed", &seed, "--n", &random])
    }

    /// The error table: `code`, `name`, `exception`, `retriable`, `invalidMetadata`,
    /// `refreshRetriable`, `superclasses`, `message`.
    ///
    /// # Errors
    /// As [`Oracle::start`].
    pub fn errors() -> Result<JsonLines, Error> {
        JsonLines::made_by(&["errors"])
    }

    /// For each field that a version lacks, what Kafka does when it is set nevertheless: `name`,
    /// `version`, `field` (a path), `ignorable`, `write` (`ignored`, or the exception), `message`.
    ///
    /// # Errors
    /// As [`Oracle::start`].
    pub fn ignorable() -> Result<JsonLines, Error> {
        JsonLines::made_by(&["ignorable"])
    }

    /// Every configuration of brokers, topics, groups and client metrics: `scope`, `name`, `type`,
    /// `mode` (of brokers: `read-only`, `per-broker`, `cluster-wide` or `per-listener`),
    /// `internal`, `synonyms` of the broker's, `rule` (`MIN..MAX`, `one of A,B`, `one of any case
    /// A,B`, `items of A,B` or nothing), `default` and `documentation`.
    ///
    /// # Errors
    /// As [`Oracle::start`].
    pub fn configs() -> Result<JsonLines, Error> {
        JsonLines::made_by(&["configs"])
    }

    /// The message schemas out of the jar of kafka-clients, in `schemas`, and in `apis` for each
    /// API its `name`, `apiKey`, `minVersion`, `maxVersion`, `maxStableVersion`, `listeners` and
    /// the `headers` versions.
    ///
    /// # Errors
    /// As [`Oracle::start`].
    pub fn schemas() -> Result<Value, Error> {
        let path = file_made_by(&["schemas"])?;
        let file = File::open(&path).at("opening", &path)?;
        serde_json::from_reader(BufReader::new(file))
            .map_err(|error| Error::Answer(error.to_string()))
    }

    fn ask(&mut self, question: &str) -> Result<String, Error> {
        self.session.ask(question, Instant::now() + DEADLINE)
    }
}

/// JSON values out of a file that the oracle wrote, one a line.
pub struct JsonLines {
    path: PathBuf,
    lines: std::io::Lines<BufReader<File>>,
}

impl JsonLines {
    fn made_by(mode: &[&str]) -> Result<JsonLines, Error> {
        let path = file_made_by(mode)?;
        let file = File::open(&path).at("opening", &path)?;
        Ok(JsonLines {
            lines: BufReader::new(file).lines(),
            path,
        })
    }

    /// The file, which stays in the cache.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Iterator for JsonLines {
    type Item = Value;

    /// # Panics
    /// If the file in the cache was damaged.
    fn next(&mut self) -> Option<Value> {
        let line = self.lines.next()?;
        let value = line
            .map_err(|error| error.to_string())
            .and_then(|line| serde_json::from_str(&line).map_err(|error| error.to_string()));
        match value {
            Ok(value) => Some(value),
            Err(error) => panic!("{} is damaged; remove it: {error}", self.path.display()),
        }
    }
}

/// The folder of the cache for this version of Kafka and of the oracle.
fn entry() -> String {
    format!("oracle/{}-{}", Version::CURRENT, classes::digest(&SOURCES))
}

fn program() -> Result<Java, Error> {
    let jars = jars::broker_jars(Version::CURRENT)?;
    let classes = classes::compile(&entry(), &SOURCES, &jars)?;
    Java::new(&[&classes, &jars], "oracle.Oracle")
}

/// The file that the oracle writes in `mode`, from the cache if it was written before.
fn file_made_by(mode: &[&str]) -> Result<PathBuf, Error> {
    let name: Vec<&str> = mode
        .iter()
        .map(|word| word.trim_start_matches('-'))
        .collect();
    let program = program()?;
    let folder = cache::folder(&format!("{}/{}", entry(), name.join("-")), |folder| {
        let java = program
            .args(mode)
            .args(["--out"])
            .args([folder.join("out")]);
        let mut session = Session::start(&format!("the oracle's mode {}", mode[0]), &java)?;
        match session.finish(Instant::now() + DEADLINE)? {
            (_, status) if status.success() => Ok(()),
            _ => Err(session.gone()),
        }
    })?;
    Ok(folder.join("out"))
}

/// Reads `ok HEX JSON`, `trailing N HEX JSON` or `err CLASS MESSAGE`.
fn read_answer(answer: &str) -> Result<Result<Accepted, Refused>, Error> {
    let (kind, rest) = answer.split_once(' ').ok_or_else(|| nonsense(answer))?;
    let (trailing, rest) = match kind {
        "ok" => (Some(0), rest),
        "trailing" => rest
            .split_once(' ')
            .map_or((None, rest), |(n, rest)| (n.parse().ok(), rest)),
        "err" => {
            let (exception, message) = rest.split_once(' ').unwrap_or((rest, ""));
            return Ok(Err(Refused {
                exception: exception.to_owned(),
                message: message.to_owned(),
            }));
        }
        _ => (None, rest),
    };
    let accepted = trailing.and_then(|trailing| {
        let (hex, json) = rest.split_once(' ')?;
        Some(Accepted {
            bytes: unhex(hex)?,
            json: serde_json::from_str(json).ok()?,
            trailing,
        })
    });
    accepted.map(Ok).ok_or_else(|| nonsense(answer))
}

fn nonsense(answer: &str) -> Error {
    Error::Answer(format!("the oracle answered {answer:?}"))
}

/// As the oracle writes bytes: none are `-`.
fn hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        "-".to_owned()
    } else {
        HEXLOWER.encode(bytes)
    }
}

fn unhex(hex: &str) -> Option<Vec<u8>> {
    if hex == "-" {
        Some(Vec::new())
    } else {
        HEXLOWER.decode(hex.as_bytes()).ok()
    }
}
