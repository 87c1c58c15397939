//! CN 23: A5, lying.

use caravan_declaration::{DocumentKind, Piece};
use caravan_postal::Language;

use super::{CAPTIONS, CustomsForm, party, text};
use crate::pdf::{Area, Cell, Column, Drawn, Field, Paper, Setup, Sheet, Table};

/// Height of what stands below the pieces, in tenths of a millimetre.
const BELOW: i32 = 420;

impl CustomsForm<'_> {
    pub(super) fn draw_cn23(&self, language: Language) -> Drawn {
        let declaration = self.declaration;
        let mut sheet = Sheet::new(Setup {
            form: "CN 23",
            title: "title",
            captions: &CAPTIONS,
            number: declaration.name(),
            paper: Paper::A5_LYING,
            language,
            is_synthetic: self.is_synthetic,
        });
        let next = &mut |sheet: &mut Sheet| sheet.masthead(self.operator);
        let mut rest = next(&mut sheet);
        self.draw_parties(&mut sheet, rest.cut_top(330));
        let below = rest.cut_bottom(BELOW);
        self.draw_below(&mut sheet, below);
        sheet.table(rest, &table(&declaration.pieces), next);
        sheet.finish()
    }

    fn draw_parties(&self, sheet: &mut Sheet, area: Area) {
        let declaration = self.declaration;
        let [from, to, item] = area.columns([5, 5, 6]);
        for (area, key, who) in [(from, "from", &declaration.sender), (to, "to", &declaration.addressee)] {
            let lines = [party::lines(who), party::contact(who)].join("\n");
            sheet.field(area, Field::of(key).value(lines.trim_end()));
        }
        let [code, references] = item.rows([20, 13]);
        self.draw_identifier(sheet, code.inset(6));
        let [importer, sender] = references.columns([3, 2]);
        let prepaid =
            declaration.prepaid_tax.map_or_else(String::new, |tax| format!("{} {}", tax.scheme, tax.number));
        let reference = [declaration.importer_reference.unwrap_or_default(), &prepaid].join("\n");
        sheet.field(importer, Field::of("importer").value(reference.trim()));
        sheet.field(
            sender,
            Field::of("sender-reference").value(declaration.sender_reference.unwrap_or_default()),
        );
    }

    fn draw_below(&self, sheet: &mut Sheet, mut area: Area) {
        let declaration = self.declaration;
        let gross = declaration.gross_weight.map_or_else(String::new, |weight| weight.kg().to_string());
        let postage = text(declaration.postage);
        let origin = declaration.route.origin.map_or_else(String::new, |office| office.to_string());
        let posted = declaration.posted_on.map_or_else(String::new, |day| day.to_string());
        let office = [origin, posted].join(" ");
        let [weight, value, charges, place] = area.cut_top(100).columns([1, 1, 1, 2]);
        for (area, key, number, value) in [
            (weight, "total-gross-weight", "4", gross.as_str()),
            (value, "total-value", "6", &self.total_value()),
            (charges, "postage", "9", &postage),
            (place, "office-and-date", "", office.trim()),
        ] {
            sheet.field(area, Field::of(key).numbered(number).value(value).large(100));
        }
        let mut nature = area.cut_top(150);
        let comments = nature.cut_right(nature.width * 2 / 5);
        let (numbered, value) =
            (Field::of("nature").numbered("10"), declaration.nature_text.unwrap_or_default());
        sheet.field(nature, numbered);
        nature.cut_top(35);
        let explained = nature.cut_right(nature.width / 4);
        self.draw_nature::<3>(sheet, nature.inset(6));
        sheet.field(explained, Field::of("nature-text").value(value));
        sheet.field(
            comments,
            Field::of("comments").numbered("11").value(declaration.comments.unwrap_or_default()),
        );
        let [licences, certificates, invoices, signature] = area.columns([3, 3, 3, 6]);
        for (area, key, number, kind) in [
            (licences, "licences", "12", DocumentKind::Licence),
            (certificates, "certificates", "13", DocumentKind::Certificate),
            (invoices, "invoices", "14", DocumentKind::Invoice),
        ] {
            let of_kind = declaration.documents.iter().filter(|document| document.kind == kind);
            let numbers: Vec<&str> = of_kind.map(|document| document.number).collect();
            sheet.field(area, Field::of(key).numbered(number).value(&numbers.join("\n")));
        }
        let signed = declaration.signed_on.map_or_else(String::new, |day| day.to_string());
        sheet.signed(signature, "15", "signature", &signed);
    }
}

fn table(pieces: &[Piece<'_>]) -> Table {
    let columns = vec![
        Column::left("description", 14).numbered("1"),
        Column::right("quantity", 3).numbered("2"),
        Column::right("net-weight", 4).numbered("3"),
        Column::right("value", 5).numbered("5"),
        Column::left("hs", 5).numbered("7"),
        Column::left("goods-origin", 3).numbered("8"),
    ];
    let row = |piece: &Piece<'_>| -> Vec<Cell> {
        vec![
            piece.description.unwrap_or_default().into(),
            piece.units.map_or_else(String::new, |units| units.to_string()).into(),
            piece.net_weight.map_or_else(String::new, |weight| weight.kg().to_string()).into(),
            text(piece.value).into(),
            piece.hs.map_or_else(String::new, |hs| hs.to_string()).into(),
            piece.origin.map_or_else(String::new, |country| country.to_string()).into(),
        ]
    };
    Table { columns, rows: pieces.iter().map(row).collect() }
}
