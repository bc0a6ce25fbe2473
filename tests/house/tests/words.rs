//! The words and the width of what users read.

mod root;

use std::fs;
use std::path::{Path, PathBuf};

use root::root;

/// Turns of phrase that readers stumbled over, each with a plainer one.
const STUMBLES: [(&str, &str); 10] = [
    ("unless told", "Default: ..."),
    ("what a network brings", "I/O errors, or their names"),
    (
        "as the broker has it",
        "the error code that the broker returned",
    ),
    ("behind the batch", "after the batch"),
    ("seek behind", "seek after"),
    ("Who makes many", "If you make many"),
    ("No records may come", "Returns no records if"),
    ("Never so of", "Always false for"),
    ("Makes an exception from", "Overrides"),
    ("stands in for", "is used in place of"),
];

/// How many columns a line has, as `rustfmt.toml` says.
const WIDTH: usize = 100;

/// Everything that users of the crates and of the test broker read.
fn read_by_users() -> Vec<PathBuf> {
    let mut files = vec![root().join("README.md")];
    for member in [
        "libkafka-derive",
        "libkafka-protocol",
        "libkafka-batch",
        "libkafka-client",
        "tests/broker",
    ] {
        files.push(root().join(member).join("README.md"));
        add_sources(&root().join(member).join("src"), &mut files);
        add_sources(&root().join(member).join("examples"), &mut files);
    }
    add_sources(&root().join("examples"), &mut files);
    files
}

fn add_sources(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            add_sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn no_sentence_has_a_phrase_that_readers_stumbled_over() {
    let mut found = Vec::new();
    for path in read_by_users() {
        let text = fs::read_to_string(&path).expect("a file");
        for (stumble, plain) in STUMBLES {
            if text.contains(stumble) {
                found.push(format!("{}: \"{stumble}\", say: {plain}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Opening with the name leads from an entry of a listing to what it means.
#[test]
fn the_head_of_a_file_names_what_is_in_it() {
    let mut found = Vec::new();
    for path in read_by_users() {
        if path
            .parent()
            .is_some_and(|folder| folder.ends_with("tests"))
        {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        let head = text.lines().next().unwrap_or_default();
        let question = [
            "//! What ",
            "//! Where ",
            "//! How ",
            "//! Which ",
            "//! Who ",
        ];
        if question.iter().any(|opening| head.starts_with(opening)) {
            found.push(format!("{}: {head}", path.display()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Tables and links of doc comments cannot be broken, and are exempt.
#[test]
fn comments_are_as_wide_as_code() {
    let configured = fs::read_to_string(root().join("rustfmt.toml")).expect("rustfmt.toml");
    assert!(
        configured.contains(&format!("max_width = {WIDTH}")),
        "{configured}"
    );
    let mut found = Vec::new();
    for path in read_by_users() {
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a file");
        for (number, line) in text.lines().enumerate() {
            let comment = line
                .trim_start()
                .trim_start_matches('/')
                .trim_start_matches('!');
            let is_comment = line.trim_start().starts_with("//");
            let unbreakable = comment.trim_start().starts_with('|') || line.contains("](");
            if is_comment && !unbreakable && line.chars().count() > WIDTH {
                found.push(format!("{}:{}", path.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
