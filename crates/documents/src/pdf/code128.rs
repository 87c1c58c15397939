//! Code 128 (ISO/IEC 15417): text into bars.

/// A text as bars and spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Code128 {
    /// Widths in modules, a bar first, then a space, and so on; it ends with a bar.
    widths: Vec<u8>,
}

/// Modules that stay white on each side.
pub(super) const QUIET_MODULES: i64 = 10;

const CODE_C: u8 = 99;
const CODE_B: u8 = 100;
const START_B: u8 = 104;
const START_C: u8 = 105;
const STOP: usize = 106;

/// The widths of each symbol: bar, space, bar, space, bar, space; the stop has one more bar.
const PATTERNS: [&str; 107] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
    "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
    "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
    "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
    "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
    "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
    "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
];

impl Code128 {
    /// Returns the bars of a text, `None` for an empty one or one that has more than printable ASCII.
    pub(super) fn of(text: &str) -> Option<Self> {
        if text.is_empty() || !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return None;
        }
        let symbols = symbols(text.as_bytes());
        let check = symbols
            .iter()
            .zip(1u32..)
            .skip(1)
            .fold(u32::from(symbols[0]), |sum, (symbol, next)| sum + u32::from(*symbol) * (next - 1))
            % 103;
        let indices = symbols.into_iter().map(usize::from).chain([usize::try_from(check).ok()?, STOP]);
        let widths = indices.flat_map(|index| PATTERNS[index].bytes().map(|digit| digit - b'0')).collect();
        Some(Self { widths })
    }

    /// Returns how wide the bars are without the quiet zones, in modules.
    pub(super) fn modules(&self) -> i64 {
        self.widths.iter().map(|width| i64::from(*width)).sum()
    }

    /// Returns where each bar begins, and its width, in modules.
    pub(super) fn bars(&self) -> impl Iterator<Item = (i64, i64)> {
        let mut at = 0;
        self.widths.iter().enumerate().filter_map(move |(index, width)| {
            let from = at;
            at += i64::from(*width);
            index.is_multiple_of(2).then_some((from, i64::from(*width)))
        })
    }
}

/// Returns start, data and changes of subset: C for four digits or more at an end of the text, six inside it, else B.
fn symbols(text: &[u8]) -> Vec<u8> {
    let mut symbols = Vec::with_capacity(text.len() + 4);
    let mut is_pairs = false;
    let mut at = 0;
    while at < text.len() {
        let digits = text[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let needed = if at == 0 || at + digits == text.len() { 4 } else { 6 };
        if is_pairs && digits >= 2 || !is_pairs && digits >= needed && digits.is_multiple_of(2) {
            if !is_pairs {
                symbols.push(if at == 0 { START_C } else { CODE_C });
                is_pairs = true;
            }
            symbols.push((text[at] - b'0') * 10 + (text[at + 1] - b'0'));
            at += 2;
        } else {
            if is_pairs || at == 0 {
                symbols.push(if at == 0 { START_B } else { CODE_B });
                is_pairs = false;
            }
            symbols.push(text[at] - b' ');
            at += 1;
        }
    }
    symbols
}

#[cfg(test)]
mod tests {
    use super::{Code128, PATTERNS, STOP, symbols};

    #[test]
    fn every_symbol_is_eleven_modules_and_its_own() {
        for (index, pattern) in PATTERNS.iter().enumerate() {
            let modules: u8 = pattern.bytes().map(|digit| digit - b'0').sum();
            assert_eq!(modules, if index == STOP { 13 } else { 11 }, "{index}");
            assert_eq!(PATTERNS.iter().filter(|other| *other == pattern).count(), 1, "{index}");
            let bars: u8 = pattern.bytes().step_by(2).map(|digit| digit - b'0').sum();
            assert!(index == STOP || bars.is_multiple_of(2), "{index}: bars have an even number of modules");
        }
    }

    #[test]
    fn takes_pairs_of_digits_where_that_is_shorter() {
        for (text, expected) in [
            ("A", vec![104, 33]),
            ("1234", vec![105, 12, 34]),
            ("12345", vec![104, 17, 99, 23, 45]),
            ("AB1234", vec![104, 33, 34, 99, 12, 34]),
            ("A1234B", vec![104, 33, 17, 18, 19, 20, 34]),
            ("RR473124829CN", vec![104, 50, 50, 20, 99, 73, 12, 48, 29, 100, 35, 46]),
        ] {
            assert_eq!(symbols(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(Code128::of("CNURCAKZALAACCN60001001000253").unwrap().modules(), 26 * 11 + 2);
    }

    #[test]
    fn refuses_what_is_not_ascii() {
        for text in ["", "Ж", "中", "a\nb"] {
            assert_eq!(Code128::of(text), None, "{text}");
        }
    }
}
