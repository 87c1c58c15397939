//! Mail as a station on the road has it: destinations in the shares of the generator of fixtures, three pieces an item,
//! text in Chinese, Russian and English. The same numbers make the same mail.

use caravan_declaration::{Declaration, Form, Identifier, Party, PartyKind, Piece, Route};
use caravan_postal::{Country, Currency, Grams, HsCode, Impc, MailClass, Money, Nature, S10};

/// Thousandths of the mail, with the office and the city.
const DESTINATIONS: [(u32, &str, &str, &str); 7] = [
    (640, "KZ", "KZALAA", "Алматы"),
    (80, "KG", "KGFRUA", "Бишкек"),
    (100, "UZ", "UZTASA", "Ташкент"),
    (120, "RU", "RUMOWA", "Москва"),
    (20, "PL", "PLWAWA", "Warszawa"),
    (25, "DE", "DEFRAA", "Frankfurt"),
    (15, "GB", "GBLALA", "London"),
];

/// What is sent: words, code, grams and yuan of a unit.
const GOODS: [(&str, &str, u64, i64); 8] = [
    ("女士棉质T恤 women's cotton T-shirt", "610910", 180, 35),
    ("Чехол для телефона силиконовый", "392690", 40, 9),
    ("ceramic tea cup with lid 陶瓷茶杯", "691110", 320, 24),
    ("Кроссовки мужские спортивные", "640411", 900, 120),
    ("children's plastic building blocks", "950300", 450, 60),
    ("不锈钢保温杯 500ml", "961700", 300, 45),
    ("Полотенце хлопковое махровое", "630260", 400, 30),
    ("wireless headphones case, leather", "420292", 90, 28),
];

/// Numbers without pattern and without chance.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(end)).expect("it is below the end")
    }
}

fn destination(numbers: &mut Numbers) -> (&'static str, &'static str, &'static str) {
    let mut left = numbers.below(1000);
    for (share, country, office, city) in DESTINATIONS {
        if left < share {
            return (country, office, city);
        }
        left -= share;
    }
    unreachable!("the shares are a thousand")
}

/// Returns item `index` of the mail.
pub(crate) fn item(index: u32) -> Declaration<'static> {
    let mut numbers = Numbers(u64::from(index) + 1);
    let (country, office, city) = destination(&mut numbers);
    let kind = if numbers.below(10) < 7 { PartyKind::Business } else { PartyKind::Person };
    let nature = match (kind, numbers.below(10)) {
        (PartyKind::Business, _) => Nature::Sale,
        (PartyKind::Person, 0..6) => Nature::Gift,
        (PartyKind::Person, _) => Nature::Other,
    };
    // One sale in twenty is dear enough for duty.
    let factor = if kind == PartyKind::Business && numbers.below(20) == 0 { 12 } else { 1 };
    let pieces: Vec<Piece<'static>> = (0..3).map(|_| piece(&mut numbers, factor)).collect();
    let net: Grams = pieces.iter().filter_map(|piece| piece.net_weight).sum();
    let fen: i64 = pieces.iter().filter_map(|piece| piece.value).map(|value| value.minor).sum();
    let number = S10::new("CP", index % 100_000_000, Country::parse("CN").expect("a country"));
    Declaration {
        identifier: Some(Identifier::S10(number.expect("an identifier"))),
        form: Some(Form::Cn23),
        route: Route {
            class: Some(MailClass::Parcels),
            origin: Impc::parse("CNURCA"),
            destination: Impc::parse(office),
            ..Route::default()
        },
        nature: Some(nature),
        gross_weight: Some(Grams(net.0 + 120)),
        total_value: Some(Money { minor: fen, currency: Currency::CNY }),
        postage: Some(Money { minor: 3_500, currency: Currency::CNY }),
        sender: party("深圳市某某贸易有限公司", "福田区深南大道 12 号", "深圳", "CN", kind),
        addressee: party("Айгуль Серикова", "улица Абая 12, кв. 7", city, country, PartyKind::Person),
        pieces,
        ..Declaration::default()
    }
}

fn piece(numbers: &mut Numbers, factor: i64) -> Piece<'static> {
    let (words, code, grams, yuan) = GOODS[numbers.below(8) as usize];
    let units = numbers.below(2) + 1;
    Piece {
        description: Some(words),
        units: Some(units),
        net_weight: Some(Grams(grams * u64::from(units))),
        value: Some(Money { minor: yuan * 100 * i64::from(units) * factor, currency: Currency::CNY }),
        hs: HsCode::parse(code),
        origin: Country::parse("CN"),
        ..Piece::default()
    }
}

fn party(
    name: &'static str,
    street: &'static str,
    city: &'static str,
    country: &str,
    kind: PartyKind,
) -> Party<'static> {
    Party {
        kind: Some(kind),
        name: Some(name),
        street: Some(street),
        city: Some(city),
        postcode: Some("100000"),
        country: Country::parse(country),
        ..Party::default()
    }
}
