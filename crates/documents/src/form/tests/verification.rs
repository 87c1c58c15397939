use caravan_postal::S8;

use super::{ALMATY, URUMQI, at, named, office};
use crate::form::{Irregularity, IrregularityKind, VerificationNote};
use crate::pdf::tests::check;

pub(super) fn note(s8: &str, count: usize) -> VerificationNote {
    let irregularity = |(index, kind): (usize, IrregularityKind)| Irregularity {
        kind,
        subject: if index % 2 == 0 { "CNURCA KZALAA C CN 6 0001 012 1 1 0253" } else { "CP 1234 5678 5 CN" }
            .to_owned(),
        advised: if index == 4 { "25.3 kg" } else { "1" }.to_owned(),
        found: if index == 4 { "24.1 kg" } else { "0" }.to_owned(),
        remark: if index == 3 {
            "адресовано KGFRUA, переслано ближайшим грузовиком"
        } else {
            ""
        }
        .to_owned(),
    };
    VerificationNote {
        number: "KZA43-2026-00017".to_owned(),
        s8: S8::parse(s8).unwrap(),
        office: office("KZALAA", ALMATY),
        addressed_to: office("CNURCA", URUMQI),
        found_at: at(9),
        drawn_up_at: at(11),
        bill: "CN 37 CNA000000017".to_owned(),
        transport: "Хоргос – Нұр Жолы, 2026-11-21 20:05, A12345".to_owned(),
        irregularities: IrregularityKind::ALL
            .into_iter()
            .cycle()
            .take(count)
            .enumerate()
            .map(irregularity)
            .collect(),
        is_forwarded: count == 3,
        enclosures: "袋牌一枚，封志一枚，照片三张".to_owned(),
        wanted: "请原寄局查明并答复。Просим разъяснить расхождение и прислать новую карту.".to_owned(),
    }
}

#[test]
fn notes_what_differs() {
    for ((name, language), (form, s8, count)) in named(["cn43", "cp78-ru", "cn43-en"]).zip([
        ("CN 43", "CNURCAKZALAADUN60001", 3),
        ("CP 78", "CNURCAKZALAACCN60001", 11),
        ("CN 43", "CNURCAKZALAACEN60001", 60),
    ]) {
        let text = check(name, language, &note(s8, count).draw(language), &[]);
        for word in
            [form, "KZA43-2026-00017", "012 1 1 0253", "CN 37 CNA000000017", "照片三张", "请原寄局", "Просим"]
        {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        assert_eq!(text.contains("24.1 kg"), count > 4);
    }
}
