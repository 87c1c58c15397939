//! Words of a text in three languages, without the endings that languages give them, and how alike two words are.

use caravan_postal::Language;

/// Words that name nothing.
const EMPTY: [&str; 27] = [
    "a", "an", "and", "for", "in", "nec", "of", "on", "or", "other", "the", "to", "with", "not", "than",
    "whether", "heading", "no", "из", "для", "и", "в", "на", "с", "по", "не", "от",
];

/// Endings of Russian nouns and adjectives, longest first.
const RUSSIAN: [&str; 38] = [
    "иями", "ями", "ами", "ого", "его", "ому", "ему", "ыми", "ими", "ией", "иях", "ий", "ый", "ой", "ая",
    "яя", "ое", "ее", "ые", "ие", "ую", "юю", "ов", "ев", "ей", "ам", "ям", "ах", "ях", "ом", "ем", "ия",
    "а", "я", "ы", "и", "у", "е",
];

/// Returns the words of a text, each once, as they are compared.
pub(super) fn words(text: &str, language: Language) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let text = text.to_lowercase().replace('ё', "е").replace("'s", "");
    let mut runs =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|run| !run.is_empty()).peekable();
    while let Some(run) = runs.next() {
        // A T-shirt is no shirt.
        let is_t_shirt = run == "t" && runs.next_if(|next| next.starts_with("shirt")).is_some();
        let run = if is_t_shirt { "tshirt" } else { run };
        let found = if language == Language::Zh { pairs(run) } else { vec![stem(run, language)] };
        for word in found {
            if !word.is_empty() && !EMPTY.contains(&word.as_str()) && !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

/// Returns each two characters of Han script that stand together, for Chinese has no borders of words; a character that
/// stands alone, and runs in another script, are words.
fn pairs(run: &str) -> Vec<String> {
    let mut words = Vec::new();
    let letters: Vec<char> = run.chars().collect();
    for part in letters.chunk_by(|a, b| is_han(*a) == is_han(*b)) {
        if is_han(part[0]) && part.len() > 1 {
            words.extend(part.windows(2).map(|pair| pair.iter().collect::<String>()));
        } else {
            words.push(part.iter().collect());
        }
    }
    words
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn stem(word: &str, language: Language) -> String {
    let length = word.chars().count();
    if language == Language::Ru {
        let ending =
            RUSSIAN.iter().find(|ending| word.ends_with(**ending) && length >= ending.chars().count() + 3);
        return ending.map_or(word, |ending| &word[..word.len() - ending.len()]).to_owned();
    }
    // Plurals: `dresses`, `batteries`, `shirts`, and not `glass`.
    if let Some(stem) = word.strip_suffix("ies").filter(|_| length > 4) {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    let is_plural = word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && length > 3;
    if is_plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

/// Returns how alike two words are, in thousandths: 1,000 less a share for each letter that is missing, too much, wrong or
/// in the wrong place. Words of three letters and fewer are alike only when they are the same.
pub(super) fn likeness(a: &str, b: &str) -> u64 {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let longer = a.len().max(b.len());
    let slips_max = match longer {
        0..=3 => return if a == b { 1000 } else { 0 },
        4..=7 => 1,
        _ => 2,
    };
    if a.len().abs_diff(b.len()) > slips_max || is_han(a[0]) {
        return if a == b { 1000 } else { 0 };
    }
    let slips = slips(&a, &b);
    if slips > slips_max { 0 } else { 1000 - (1000 * slips / longer) as u64 }
}

/// Counts the slips that make one word of another, two letters in each other's place being one (optimal string alignment).
fn slips(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let changed = last[j] + usize::from(left != right);
            let mut least = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use caravan_postal::Language;

    use super::{likeness, words};

    #[test]
    fn takes_words_without_their_endings() {
        for (text, language, expected) in [
            ("Women's T-shirts, of cotton", Language::En, "women tshirt cotton"),
            ("dresses batteries glass watches boxes bus", Language::En, "dress battery glass watch box bus"),
            ("Женская сумка, сумки для женщин", Language::Ru, "женск сумк женщин"),
            ("чёрный чай", Language::Ru, "черн чай"),
            ("蓝牙耳机 USB", Language::Zh, "蓝牙 牙耳 耳机 usb"),
            ("LED灯", Language::Zh, "led 灯"),
            ("-- , ;", Language::En, ""),
        ] {
            assert_eq!(words(text, language).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn forgives_slips_by_the_length_of_the_word() {
        for (a, b, expected) in [
            ("tea", "tea", 1000),
            ("tea", "sea", 0),
            ("shirt", "shrit", 800),
            ("shirt", "shirtt", 834),
            ("shirt", "skort", 0),
            ("headphone", "hedphone", 889),
            ("headphone", "hedfone", 0),
            ("smartphone", "smratfhone", 800),
            ("手机", "手表", 0),
            ("", "", 1000),
        ] {
            assert_eq!(likeness(a, b), expected, "{a} {b}");
            assert_eq!(likeness(b, a), expected, "{b} {a}");
        }
    }
}
