//! The examples, as programs.
#![cfg(feature = "gzip")]

use std::process::Command;

#[test]
fn custom_codec_compresses_better_at_higher_levels_and_reads_all_back() {
    let tests = std::env::current_exe().unwrap();
    let target = tests.parent().unwrap().parent().unwrap();
    let example = target.join("examples").join("custom_codec");
    let example = example.with_extension(std::env::consts::EXE_EXTENSION);
    if !example.exists() {
        eprintln!("skipped: {} is not built", example.display());
        return;
    }
    let output = Command::new(example)
        .args(["--records=500", "--json"])
        .output();
    let printed = String::from_utf8(output.unwrap().stdout).unwrap();
    let lines = printed
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let lines: Vec<serde_json::Value> = lines.collect();
    let sizes: Vec<_> = lines
        .iter()
        .map(|line| line["bytes"].as_u64().unwrap())
        .collect();
    assert!(
        sizes.len() == 4 && sizes.is_sorted_by(|a, b| a > b),
        "{printed}"
    );
    assert!(lines.iter().all(|line| line["records"] == 500), "{printed}");
}
