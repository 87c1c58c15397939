//! CN 22: A6, upright.

use caravan_declaration::Piece;
use caravan_postal::Language;

use super::{CAPTIONS, CustomsForm, party, text};
use crate::pdf::{Align, Cell, Column, Drawn, Field, Paper, Setup, Sheet, Sizes, Style, Table};

/// Height of what stands below the pieces, in tenths of a millimetre.
const BELOW: i32 = 250;

impl CustomsForm<'_> {
    pub(super) fn draw_cn22(&self, language: Language) -> Drawn {
        let declaration = self.declaration;
        let mut sheet = Sheet::new(Setup {
            form: "CN 22",
            title: "title",
            captions: &CAPTIONS,
            number: declaration.name(),
            paper: Paper::A6,
            language,
            is_synthetic: self.is_synthetic,
        });
        let next = &mut |sheet: &mut Sheet| sheet.masthead(self.operator);
        let mut rest = next(&mut sheet);
        let opened = sheet.caption("may-be-opened");
        let centred = Style { align: Align::Center, sizes: Sizes::new(75, 50), ..Style::plain() };
        sheet.write("may-be-opened", rest.cut_top(40), &opened, centred);
        self.draw_identifier(&mut sheet, rest.cut_top(150));
        let [from, to] = rest.cut_top(230).columns([1, 1]);
        for (area, key, who) in [(from, "from", &declaration.sender), (to, "to", &declaration.addressee)] {
            let lines = [party::lines(who), party::contact(who)].join("\n");
            sheet.field(area, Field::of(key).value(lines.trim_end()));
        }
        let mut nature = rest.cut_top(100);
        sheet.frame(nature);
        let explained = nature.cut_right(nature.width / 4);
        self.draw_nature::<3>(&mut sheet, nature);
        sheet.field(explained, Field::of("nature-text").value(declaration.nature_text.unwrap_or_default()));
        let mut below = rest.cut_bottom(BELOW);
        let [weight, value] = below.cut_top(95).columns([1, 1]);
        let gross = declaration.gross_weight.map_or_else(String::new, |weight| weight.kg().to_string());
        sheet.field(weight, Field::of("total-weight").numbered("6").value(&gross).large(100));
        sheet.field(value, Field::of("total-value").numbered("7").value(&self.total_value()).large(100));
        let signed = declaration.signed_on.map_or_else(String::new, |day| day.to_string());
        sheet.signed(below, "8", "signature", &signed);
        sheet.table(rest, &table(&declaration.pieces), next);
        sheet.finish()
    }
}

fn table(pieces: &[Piece<'_>]) -> Table {
    let columns = vec![
        Column::left("quantity-and-description", 10).numbered("1"),
        Column::right("weight", 4).numbered("2"),
        Column::right("value", 5).numbered("3"),
        Column::left("hs", 5).numbered("4"),
        Column::left("goods-origin", 3).numbered("5"),
    ];
    let row = |piece: &Piece<'_>| -> Vec<Cell> {
        let units = piece.units.map_or_else(String::new, |units| format!("{units} × "));
        vec![
            format!("{units}{}", piece.description.unwrap_or_default()).into(),
            piece.net_weight.map_or_else(String::new, |weight| weight.kg().to_string()).into(),
            text(piece.value).into(),
            piece.hs.map_or_else(String::new, |hs| hs.to_string()).into(),
            piece.origin.map_or_else(String::new, |country| country.to_string()).into(),
        ]
    };
    Table { columns, rows: pieces.iter().map(row).collect() }
}
