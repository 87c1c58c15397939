use std::collections::BTreeSet;

use super::{Confidence, Known, Profile, ProfileError};
use crate::MessageType;

#[test]
fn the_built_in_profiles_say_how_sure_they_are() {
    for known in Known::ALL {
        let profile = known.profile();
        assert!(profile.basis.contains("not checked against the official text"), "{}", profile.name);
    }
    let observed = Known::ALL.into_iter().filter(|known| known.profile().confidence == Confidence::Observed);
    assert_eq!(observed.collect::<Vec<_>>(), [Known::Resdes]);
    assert_eq!(Known::Resdes.profile().message_type.to_string(), "RESDES:1:912:UP");
}

#[test]
fn every_file_is_a_profile_and_every_profile_its_file() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let files: BTreeSet<String> = files.map(|file| file.into_string().unwrap()).collect();
    let names = Known::ALL.into_iter().map(|known| format!("{}.toml", known.profile().name));
    assert_eq!(files, names.collect());
}

#[test]
fn finds_the_layout_of_a_message_by_its_type() {
    let of = |kind: &str| {
        let part = || "0".to_owned();
        Known::of(&MessageType { kind: kind.to_owned(), version: part(), release: part(), agency: part() })
    };
    for known in Known::ALL {
        assert_eq!(of(&known.profile().message_type.kind), Some(known));
    }
    assert_eq!([of("IFCSUM"), of("IFTSTA")], [Some(Known::Cardit), Some(Known::Resdit)]);
    assert_eq!([of("CONTRL"), of("")], [None, None]);
}

#[test]
fn takes_a_partners_layout_of_the_same_message_only() {
    let resdes = include_str!("../../profiles/resdes-1.1.toml");
    let variant = |from: &str, to: &str| {
        assert!(resdes.contains(from), "{from:?}");
        Known::Resdes.variant(&resdes.replace(from, to))
    };
    let own = variant("release = \"912\"", "release = \"1\"").unwrap();
    assert_eq!(own.message_type.to_string(), "RESDES:1:1:UP");
    assert!(variant("RFF+ACU:{status}", "STS+1+{status}").is_ok());
    assert!(variant("BGM++{s8}", "BGM+{s8}").is_ok());
    let error = |from, to| variant(from, to).expect_err("a fault").to_string();
    assert_eq!(
        error("message = \"RESDES\"", "message = \"RESCON\""),
        "the profile lays out RESCON, not RESDES"
    );
    assert_eq!(
        error("name = \"dispatch\"", "name = \"consignment\""),
        "the profile has the sections `consignment receptacle*`; the message has `dispatch receptacle*`"
    );
    assert_eq!(
        error("{condition}", "{colour}"),
        "section `receptacle` has the field `colour`, which the message does not know"
    );
    assert!(matches!(variant("{condition}", "{Colour}"), Err(ProfileError::Template { .. })));
}

#[test]
fn refuses_a_profile_that_could_not_be_used() {
    let head = "name=\"\"\nstandard=\"\"\nconfidence=\"unchecked\"\nbasis=\"\"\nmessage=\"\"\nversion=\"\"\nrelease=\"\"\nagency=\"\"\n";
    let section = |repeated: bool, segment: &str| {
        let line = format!("[[section.line]]\nsegment = \"{segment}\"\nsays = \"\"\n");
        Profile::parse(&format!("{head}[[section]]\nname = \"one\"\nrepeated = {repeated}\n{line}"))
    };
    assert!(section(false, "BGM++{s8}").is_ok());
    assert!(matches!(section(true, "BGM++{s8}"), Err(ProfileError::Section(_))));
    for segment in ["", "bgm+{s8}", "BGM+{s8", "BGM+s8}", "BGM+{}", "BGM+x{s8}", "BG+{s8}", "BGM+{s8}'"] {
        assert!(matches!(section(false, segment), Err(ProfileError::Template { .. })), "{segment}");
    }
    assert!(matches!(Profile::parse(head), Err(ProfileError::Toml(_))));
}
