use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use caravan_postal::Language;
use sha2::{Digest, Sha256};

use super::check_print;
use super::engine::sheet;
use crate::pdf::font::{Weight, glyph};
use crate::pdf::{Area, Sizes, Style};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_fonts_are_those_of_the_readme() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let mut fonts = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert!(name == "README.md" || readme.contains(&format!("`{name}`")), "{name} is not in the README");
        if path.extension().is_some_and(|extension| extension == "ttf" || extension == "ttc") {
            let digest = Sha256::digest(std::fs::read(&path).unwrap());
            let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            let hex: String = digits.map(|digit| char::from_digit(digit.into(), 16).unwrap()).collect();
            assert!(readme.contains(&format!("| `{name}` | `{hex}` |")), "{name} is {hex}");
            fonts += 1;
        }
    }
    assert_eq!(fonts, 3);
}

/// Everything that senders wrote in the fixtures: the declarations of the scenarios, and the lists they are drawn from.
fn written() -> String {
    let mut files: Vec<PathBuf> = Vec::new();
    for scenario in std::fs::read_dir(root().join("fixtures")).unwrap() {
        collect(&scenario.unwrap().path().join("declarations"), &mut files);
    }
    assert!(files.len() >= 5, "the scenarios have declarations");
    collect(&root().join("crates/xtask/src/fixtures/texts"), &mut files);
    let texts = files.iter().filter_map(|path| String::from_utf8(std::fs::read(path).unwrap()).ok());
    texts.collect()
}

pub(super) fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// The letters that the peoples on the line write beyond those of Russian, English and Chinese.
const LETTERS: &str =
    "ӘәҒғҚқҢңӨөҰұҮүҺһІі ЎўҲҳ ҶҷӢӣӮӯҲҳҔҕ ĄąĆćĘęŁłŃńÓóŚśŹźŻż ĞğİıŞşÇçÖöÜü ÄäßÉéÈèÀàÊêŒœ №«»–—…€";

#[test]
fn every_name_of_the_fixtures_has_its_glyphs() {
    let text = written() + LETTERS;
    let characters: BTreeSet<char> =
        text.chars().filter(|character| !character.is_control() && *character != ' ').collect();
    assert!(characters.len() > 300, "{} characters", characters.len());
    assert!(
        "李伟Айгүлżłş".chars().all(|character| characters.contains(&character)),
        "the fixtures have all scripts"
    );
    for weight in [Weight::Regular, Weight::Bold] {
        let missing: Vec<char> = characters
            .iter()
            .copied()
            .filter(|character| glyph(*character, weight).found.is_none())
            .collect();
        assert_eq!(missing, Vec::<char>::new());
    }
    let mut drawn = sheet(Language::Zh, false);
    let all: Vec<String> = characters.iter().map(char::to_string).collect();
    let style = Style { sizes: Sizes::new(90, 60), ..Style::plain() };
    drawn.write("form", Area::new(100, 100, 1900, 2600), &all.join(" "), style);
    let drawn = drawn.finish();
    assert_eq!(drawn.findings, Vec::new());
    let read: BTreeSet<char> = check_print("every-character", Language::Zh, &drawn, &[]).chars().collect();
    let lost: Vec<&char> = characters.iter().filter(|character| !read.contains(character)).collect();
    assert_eq!(lost, Vec::<&char>::new(), "what is printed can be searched and copied");
}
