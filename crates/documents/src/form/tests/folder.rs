use caravan_postal::{Grams, Language};

use super::{URUMQI, at, boxed, named, office};
use crate::form::{DepartureFolder, FolderPart, RoadBill, RoadLine, TransferSheet};
use crate::pdf::Drawn;
use crate::pdf::tests::{check, read};

fn road_bill(lines: u32, language: Language) -> Drawn {
    let (unit, seals) = boxed();
    let line = |number: u32| RoadLine {
        identifier: format!("{number:05}"),
        kind: Some(caravan_postal::ReceptacleKind::Bag),
        from: "乌鲁木齐".to_owned(),
        to: "霍尔果斯".to_owned(),
        item_count: None,
        gross_weight: Grams(14_660),
        duty_paid: None,
        remark: String::new(),
    };
    let bill = RoadBill {
        number: format!("LD{lines:05}"),
        from: URUMQI.to_owned(),
        to: "霍尔果斯国际邮件交换站".to_owned(),
        handed_over_at: at(6),
        departs_at: Some(at(7)),
        carrier: String::new(),
        driver: String::new(),
        unit,
        seals,
        customs_transfer_number: None,
        lines: (1..=lines).map(line).collect(),
        is_synthetic: false,
    };
    bill.draw(language)
}

fn transfer(language: Language) -> Drawn {
    let (unit, seals) = boxed();
    let sheet = TransferSheet {
        number: String::new(),
        office: office("CNURCA", URUMQI),
        departure_customs: "乌鲁木齐邮局海关".to_owned(),
        exit_customs: "霍尔果斯海关".to_owned(),
        // Longer than its box, so that the paper has a sheet behind it.
        receiver: "霍尔果斯国际邮件交换站".repeat(60),
        printed_at: at(6),
        valid_until: None,
        road_bill: String::new(),
        carrier: String::new(),
        driver: String::new(),
        unit,
        seals,
        lines: Vec::new(),
    };
    sheet.draw(language)
}

fn folder(parts: usize, language: Language) -> DepartureFolder {
    let part = |index: usize| FolderPart {
        name: if index == 0 { String::new() } else { format!("CSQU30543{index:02}") },
        papers: vec![road_bill(if index == 0 { 90 } else { 3 }, language), transfer(language)],
    };
    DepartureFolder {
        office: office("CNURCA", URUMQI),
        departure: "X8086".to_owned(),
        route: "霍尔果斯 – Алтынколь – Małaszewicze".to_owned(),
        carrier: "中铁国际多式联运有限公司".to_owned(),
        departs_at: at(20),
        parts: (0..parts).map(part).collect(),
    }
}

#[test]
fn the_cover_lists_the_papers() {
    for ((name, language), parts) in named(["folder", "folder-ru", "folder-en"]).zip([2, 41, 1]) {
        let folder = folder(parts, language);
        let cover = folder.draw_cover(language);
        let text = check(name, language, &cover, &[]);
        for word in ["X8086", "LD00090", "Małaszewicze", "2026-11-22 20:05"] {
            assert!(text.contains(word), "{name} has no `{word}`: {text}");
        }
        let paper = &folder.parts[0].papers[0];
        let first = format!("LD00090 {} {}", paper.page_count(), cover.page_count() + 1);
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&first), "{first}: {words}");
    }
}

#[test]
fn the_folder_holds_every_page() {
    let folder = folder(3, Language::Zh);
    let drawn = || folder.parts.iter().flat_map(|part| &part.papers);
    let pages = folder.draw_cover(Language::Zh).page_count() + drawn().map(Drawn::page_count).sum::<usize>();
    let bytes = folder.print(Language::Zh).unwrap();
    assert_eq!(bytes, folder.print(Language::Zh).unwrap(), "the same folder, the same bytes");
    let texts = read(&bytes);
    assert_eq!(texts.len(), pages);
    // The cover says where each paper begins.
    let (mut page, cover) = (folder.draw_cover(Language::Zh).page_count(), &texts[0]);
    for paper in drawn() {
        assert!(texts[page].contains(&format!("{} · Page 1/", paper.name)), "page {page}: {}", texts[page]);
        assert!(cover.contains(&paper.name), "{}: {cover}", paper.name);
        page += paper.page_count();
    }
    assert!(cover.contains("见单证末页"), "a paper with a finding is marked: {cover}");
}
