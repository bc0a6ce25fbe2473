//! Tests of Go modules, which hold them: they are compiled where Go keeps the module.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use libkafka_testkafka::{cache, one_shot};
use serde_json::Value;

/// Downloads a module, and returns its folder.
pub(crate) fn module(module: &str, version: &str) -> PathBuf {
    let name = format!("{module}@{version}");
    let what = format!("go mod download {name}");
    let downloaded = one_shot(
        &what,
        Command::new("go").args(["mod", "download", "-json", &name]),
    );
    let downloaded: Value = serde_json::from_str(&downloaded.unwrap()).unwrap();
    PathBuf::from(downloaded["Dir"].as_str().unwrap())
}

/// Compiles the tests of a package, told by the folder of its module and its own within that.
pub(crate) fn compile(module: &Path, package: &str, flags: &[&str]) -> PathBuf {
    let sources = sources(&module.join(package));
    let identity = format!(
        "{} {package} {} {sources}",
        module.display(),
        flags.join(" ")
    );
    let entry = format!("go/{}", cache::digest(&identity));
    let folder = cache::folder(&entry, |folder| {
        let mut go = Command::new("go");
        go.args(["test", "-c", "-o"])
            .arg(folder.join("tests"))
            .args(flags)
            .arg(package)
            .current_dir(module);
        one_shot("go test -c", &mut go).map(drop)
    });
    folder.unwrap().join("tests")
}

/// When the files of a package were last changed: a driver is compiled anew when it was.
fn sources(package: &Path) -> String {
    let entries = fs::read_dir(package).unwrap();
    let mut files: Vec<String> = entries
        .map(|entry| {
            let entry = entry.unwrap();
            let changed = entry.metadata().unwrap().modified().unwrap();
            format!("{:?} {changed:?}", entry.file_name())
        })
        .collect();
    files.sort();
    files.join(" ")
}

/// The outcome of a line such as `--- PASS: TestName (0.01s)`.
pub(crate) fn outcome(line: &str) -> Option<(String, bool)> {
    let (outcome, rest) = line.trim_start().strip_prefix("--- ")?.split_once(": ")?;
    let name = rest.split(' ').next()?.to_owned();
    match outcome {
        "PASS" => Some((name, true)),
        "FAIL" => Some((name, false)),
        _ => None,
    }
}

/// The argument that names the tests to run: those of the first level, of which others are parts.
pub(crate) fn run(only: &[String]) -> Option<String> {
    let names = only.iter().filter_map(|name| name.split('/').next());
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| format!("-test.run=^({})$", names.join("|")))
}
