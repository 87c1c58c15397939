//! The files beside the code: none that nothing uses.

use std::path::{Path, PathBuf};

fn files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    super::fonts::collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut files);
    assert!(!files.is_empty(), "{folder} has files");
    files
}

/// The code of the crate, this file left out.
fn sources() -> String {
    let own = Path::new("tests").join("files.rs");
    let sources = files("src").into_iter().filter(|path| !path.ends_with(&own));
    sources.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn every_kept_text_has_its_test() {
    let sources = sources();
    for path in files("fixtures/forms") {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(sources.contains(&format!("\"{name}\"")), "no test prints {name}");
    }
}

#[test]
fn every_caption_is_printed_somewhere() {
    let sources = sources();
    for path in files("messages/forms") {
        let text = std::fs::read_to_string(&path).unwrap();
        for key in text.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key) {
            let stem = key.rsplit_once('-').map_or(key, |(stem, _)| stem);
            let is_used =
                sources.contains(&format!("\"{key}\"")) || sources.contains(&format!("\"{stem}-{{"));
            assert!(is_used, "{}: nothing prints `{key}`", path.display());
        }
    }
}
