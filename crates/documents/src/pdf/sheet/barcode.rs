//! Bar codes with their quiet zones and the text under them.

use super::{Align, Mark, Shade, Sheet, Style, TENTH_UM};
use crate::codes::BAR_CODE_LEFT_OUT;
use crate::pdf::area::Area;
use crate::pdf::code128::{Code128, QUIET_MODULES};
use crate::pdf::font::Weight;
use crate::pdf::wrap::Sizes;

/// The least width of a bar, in micrometres: what an office printer of 600 dots an inch and a hand-held scanner agree on.
const MODULE_LEAST_UM: i64 = 190;
/// Wider bars than this gain nothing.
const MODULE_MOST_UM: i64 = 500;
/// Height of the text under the bars, in tenths of a millimetre.
const TEXT: i32 = 45;

impl Sheet {
    /// Draws a text as a Code 128 as wide as there is room, the printed form under it.
    pub(crate) fn bar_code(&mut self, area: Area, key: &str, data: &str, printed: &str) {
        let mut bars = area;
        let text = bars.cut_bottom(TEXT.min(area.height / 2));
        let style = Style { sizes: Sizes::new(100, 60), weight: Weight::Regular, align: Align::Center };
        self.write(key, text, printed, style);
        let width_um = i64::from(area.width) * TENTH_UM;
        let fitting = Code128::of(data).and_then(|code| {
            let module_um = (width_um / (code.modules() + 2 * QUIET_MODULES)).min(MODULE_MOST_UM);
            (module_um >= MODULE_LEAST_UM).then_some((code, module_um))
        });
        let Some((code, module_um)) = fitting else {
            let name = self.name(key);
            self.finding_once(BAR_CODE_LEFT_OUT.finding([self.form(), name]));
            return;
        };
        self.mark(Mark::Fill { area: bars, shade: Shade::White });
        let left_um = i64::from(bars.x) * TENTH_UM + (width_um - code.modules() * module_um) / 2;
        self.mark(Mark::Bars {
            top_um: i64::from(bars.y) * TENTH_UM,
            height_um: i64::from(bars.height) * TENTH_UM,
            bars: code.bars().map(|(from, width)| (left_um + from * module_um, width * module_um)).collect(),
        });
    }
}
