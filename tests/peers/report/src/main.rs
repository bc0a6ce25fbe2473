//! All benchmarks in one run: `cargo run --release -p peers-report` runs them one after another and
//! writes `RESULTS.md`, with the machine's name and the rows that matter at the top.
//!
//! It builds the other programs first, which needs a C compiler for rdkafka, and then takes at most
//! 20 minutes: a part that reaches its limit is ended and marked. The part with franz-go needs Go.
//! With names of parts as arguments, it runs only those and prints the page.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs};

use part::{Outcome, PARTS};

mod machine;
mod page;
mod part;
mod summary;
mod table;

/// Those of the programs, for other libraries.
const FEATURES: &str = "peers-end-to-end/rdkafka,peers-many/rdkafka,peers-many/krafka";

/// For all parts together.
const LIMIT: Duration = Duration::from_secs(20 * 60);

fn main() -> ExitCode {
    let names: Vec<String> = env::args().skip(1).collect();
    let unknown = names
        .iter()
        .find(|name| PARTS.iter().all(|part| part.name != **name));
    if let Some(name) = unknown {
        let known: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        eprintln!("there is no part {name}; there are {}", known.join(", "));
        return ExitCode::from(2);
    }
    let folder = workspace();
    if !build(&folder) {
        return ExitCode::FAILURE;
    }

    let started = Instant::now();
    let mut outcomes = Vec::new();
    for part in PARTS {
        if names.is_empty() || names.iter().any(|name| name == part.name) {
            let left = LIMIT.saturating_sub(started.elapsed());
            outcomes.push(part.run(&folder, left));
        }
    }
    let text = page::page(&outcomes, started.elapsed());
    if !names.is_empty() {
        println!("{text}");
    } else if let Err(error) = fs::write(folder.join("RESULTS.md"), text) {
        eprintln!("RESULTS.md: {error}");
        return ExitCode::FAILURE;
    }
    match outcomes.iter().all(Outcome::is_whole) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// The folder of the benchmarks, in which this crate is.
fn workspace() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().expect("it is in a workspace").to_owned()
}

/// Builds the programs of all parts, into the folder of this one.
fn build(folder: &Path) -> bool {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build
        .args(["build", "--release", "--workspace"])
        .args(["--features", FEATURES])
        .current_dir(folder);
    // `cargo run` sets these for this program. Build scripts that look at them would run again.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            build.env_remove(&name);
        }
    }
    build.status().is_ok_and(|status| status.success())
}
