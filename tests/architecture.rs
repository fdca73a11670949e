//! The rules of the house that a compiler does not know: who may import whom, and what stands in one place only.

#[path = "architecture/proof.rs"]
mod proof;
#[path = "architecture/rules.rs"]
mod rules;

use std::fs;
use std::path::{Path, PathBuf};

use rules::{Breach, check};

/// The sources under a folder of the repository, as paths from its root.
fn sources(folder: &str) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join(folder), &mut found);
    let relative =
        |path: PathBuf| path.strip_prefix(root).expect("inside").to_str().expect("a name").replace('\\', "/");
    let mut found: Vec<_> = found.into_iter().map(relative).collect();
    found.sort();
    found
}

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn shown(breaches: &[Breach]) -> String {
    breaches.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_source_keeps_the_rules() {
    let sources = sources("src");
    assert!(sources.len() > 50, "the sources were found: {sources:?}");
    let breaches: Vec<_> = sources.iter().flat_map(|path| check(path, &text(path))).collect();
    assert!(breaches.is_empty(), "\n{}", shown(&breaches));
}

#[test]
fn every_source_and_test_is_short_enough_to_be_read_at_once() {
    let all = ["src", "tests", "benches"].into_iter().flat_map(sources);
    let long: Vec<_> = all.filter_map(|path| rules::length(&path, &text(&path))).collect();
    assert!(long.is_empty(), "\n{}", shown(&long));
}

#[test]
fn every_module_has_its_place_in_the_order() {
    let map = text("src/lib.rs");
    let modules = map.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';'));
    let unknown: Vec<_> = modules.filter(|module| !rules::is_known(module)).collect();
    assert!(unknown.is_empty(), "tests/architecture/rules.rs does not say what these may import: {unknown:?}");
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |engine: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let entries = fs::read_dir(folder).expect("the folder");
        let mut names: Vec<_> = entries.map(|entry| entry.expect("a folder").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"), "a migration is written for both");
    assert!(!names("sqlite").is_empty(), "there are some");
}
