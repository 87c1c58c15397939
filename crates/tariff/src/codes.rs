//! What this crate can say about an item.
//!
//! *Invariant:* an argument is a figure, a code, a row or a term of our own tables, never a text of the sender.

use caravan_postal::Code;
use caravan_postal::text::Source;

caravan_postal::codes! {
    // The identifier and the offices.
    /// An item with goods and no identifier.
    S10_MISSING = "s10-missing", Hold, [];
    /// The identifier was issued by another country than the sender's.
    S10_ISSUER = "s10-issuer", Warning, [issuer, sender];
    /// The service indicator is not assigned.
    S10_UNASSIGNED = "s10-unassigned", Warning, [];
    /// The service indicator needs an agreement between the posts.
    S10_BILATERAL = "s10-bilateral", Warning, [];
    /// The service indicator belongs to another mail class than the declared one.
    S10_CLASS = "s10-class", Hold, [indicated, declared];
    /// The office is neither in the list nor configured.
    OFFICE_UNKNOWN = "office-unknown", Warning, [office];

    // Data and sums.
    /// A mandatory field is empty.
    DATA_MISSING = "data-missing", Hold, [field];
    /// A piece of no units.
    UNITS_ZERO = "units-zero", Hold, [];
    /// A piece without weight.
    NET_WEIGHT_ZERO = "net-weight-zero", Hold, [];
    /// An item without weight.
    GROSS_WEIGHT_ZERO = "gross-weight-zero", Hold, [];
    /// A value below zero.
    VALUE_NEGATIVE = "value-negative", Hold, [];
    /// A piece worth nothing.
    VALUE_ZERO = "value-zero", Warning, [];
    /// The pieces are heavier than the whole.
    NET_ABOVE_GROSS = "net-above-gross", Hold, [net, gross];
    /// The pieces' values do not add up to the total.
    VALUE_SUM = "value-sum", Hold, [sum, total];
    /// Values of pieces in more than one currency: each is converted by itself.
    CURRENCY_MIXED = "currency-mixed", Warning, [first, other];
    /// The total is in another currency than the values of the pieces.
    TOTAL_CURRENCY = "total-currency", Hold, [currency, total];

    // Commodity codes.
    /// A commodity code is asked for and missing.
    HS_MISSING = "hs-missing", Hold, [row];
    /// A commodity code is asked for, and this one does not exist.
    HS_UNKNOWN = "hs-unknown", Hold, [hs];
    /// The commodity code does not exist; nobody asked for it.
    HS_DOUBTFUL = "hs-doubtful", Warning, [hs];

    // Forms, limits, plausibility.
    /// Worth more than CN 22 allows.
    CN22_LIMIT = "cn22-limit", Hold, [value, limit];
    /// A parcel or an EMS item on CN 22.
    CN22_CLASS = "cn22-class", Hold, [class];
    /// Heavier than the destination takes in this class.
    WEIGHT_LIMIT = "weight-limit", Hold, [weight, limit];
    /// Larger than any shape that the destination takes in this class.
    VOLUME_LIMIT = "volume-limit", Hold, [volume, limit];
    /// Worth more per kilogram than is likely.
    VALUE_DENSITY = "value-density", Warning, [limit];
    /// More equal units than a private item usually has.
    UNITS_MANY = "units-many", Warning, [units, limit];

    // Descriptions.
    /// The whole description is a term that the destination does not accept.
    DESCRIPTION_VAGUE = "description-vague", Hold, [term];
    /// A vague term as or in the description.
    DESCRIPTION_UNCLEAR = "description-unclear", Warning, [term];
    /// The description says nothing by its shape.
    DESCRIPTION_PATTERN = "description-pattern", Hold, [pattern];
    /// The name of a party is a stopgap.
    NAME_VAGUE = "name-vague", Hold, [term];
    /// The name of a party may be a stopgap.
    NAME_UNCLEAR = "name-unclear", Warning, [term];

    // Articles.
    /// Not admitted.
    ARTICLE_PROHIBITED = "article-prohibited", Refuse, [class, matched, row];
    /// Not admitted by a rule that is not confirmed.
    ARTICLE_DOUBTFUL = "article-doubtful", Hold, [class, matched, row];
    /// Admitted with papers that are not there.
    ARTICLE_CONDITIONAL = "article-conditional", Hold, [class, matched, documents, row];
    /// Admitted with papers, and papers are there: someone compares them.
    ARTICLE_DOCUMENTED = "article-documented", Remark, [class, matched, documents, row];
    /// Admitted; someone should look.
    ARTICLE_SENSITIVE = "article-sensitive", Warning, [class, matched, row];
    /// There is a rule on the article, and its content is not known.
    ARTICLE_UNKNOWN = "article-unknown", Remark, [class, matched, row];
    /// A lithium battery that the way of carriage does not take.
    BATTERY_PROHIBITED = "battery-prohibited", Refuse, [un, row];
    /// A lithium battery that may not go as it is.
    BATTERY_CONDITIONAL = "battery-conditional", Hold, [un, row];
    /// A lithium battery that someone should look at.
    BATTERY_SENSITIVE = "battery-sensitive", Warning, [un, row];
    /// Details of the battery are missing that decide whether it goes.
    BATTERY_DETAILS = "battery-details", Hold, [row];

    // Procedure.
    /// Worth more than passes as personal articles.
    PERSONAL_LIMIT = "personal-limit", Hold, [value, limit, row];
    /// Worth more than passes, but one article that cannot be divided.
    PERSONAL_INDIVISIBLE = "personal-indivisible", Warning, [value, limit, row];

    // Charges.
    /// The charge stands on something that is not confirmed.
    CHARGE_UNVERIFIED = "charge-unverified", Remark, [row];
    /// There is a charge, and how much is not known.
    CHARGE_UNKNOWN = "charge-unknown", Remark, [row];
    /// How the destination takes the item is not known.
    REGIME_UNKNOWN = "regime-unknown", Remark, [row];
    /// The tables say nothing about the destination.
    REGIME_MISSING = "regime-missing", Remark, [country];
    /// The rule can be read in two ways, and the other gives another amount.
    READING_UNSURE = "reading-unsure", Remark, [reading, row, amount];
    /// No exchange rate.
    RATE_MISSING = "rate-missing", Remark, [authority, currency, date];
    /// The latest exchange rate is used, and too old to count on the day.
    RATE_OLD = "rate-old", Remark, [authority, currencies, date, days];
    /// The exchange rate is made up so that the program can be tried.
    RATE_EXAMPLE = "rate-example", Remark, [authority, currencies];
    /// No rate of duty for the commodity code.
    DUTY_MISSING = "duty-missing", Remark, [hs];
    /// A rate of duty that value, weight and units do not decide.
    DUTY_COMPOSITE = "duty-composite", Remark, [hs, expression];
    /// Postage belongs to the base of a charge and is not declared.
    POSTAGE_MISSING = "postage-missing", Remark, [];
    /// The value is beyond any amount that can be reckoned.
    AMOUNT_OUT_OF_REACH = "amount-out-of-reach", Remark, [];
    /// A row would be decided by a commodity code that is not declared.
    CODE_UNDECIDED = "code-undecided", Remark, [row];
    /// The limit is one of a person and a period, and was held against this item alone.
    LIMIT_ALONE = "limit-alone", Remark, [row, period];
    /// No rate of tax on the day.
    TAX_RATE_MISSING = "tax-rate-missing", Remark, [country, date];
    /// Some of such goods pay another rate of the tax, and which is not known.
    TAX_REDUCED = "tax-reduced", Remark, [row];
    /// The rate of tax is one of regions, and no region is declared.
    TAX_REGION_MISSING = "tax-region-missing", Remark, [row];
    /// No amount of the name on the day.
    AMOUNT_MISSING = "amount-missing", Remark, [name, date];
    /// What is due must be paid before, and nothing shows that it was.
    PREPAYMENT_MISSING = "prepayment-missing", Hold, [row];
    /// The same, by a row that is not confirmed.
    PREPAYMENT_UNSURE = "prepayment-unsure", Warning, [row];

    // What an item says about a reading.
    /// The item itself answers a reading; the station's setting does not count.
    READING_OF_ITEM = "reading-of-item", Remark, [row, choice];
    /// The item answers a reading by a choice that it does not have; the station's setting counts.
    READING_INVALID = "reading-invalid", Hold, [row, choices];
    /// An extra field is named like a reading, and an item can answer none of that name.
    READING_STRANGE = "reading-strange", Hold, [readings];

    // What rows that are not confirmed ask for, and what the destination's customs wants before arrival.
    /// A field is empty that the destination may ask for.
    DATA_WANTED = "data-wanted", Warning, [field, row];
    /// More content pieces than the destination's post may take in one declaration.
    PIECES_MANY = "pieces-many", Warning, [pieces, limit, row];
    /// A description longer than the destination's post may take.
    DESCRIPTION_LONG = "description-long", Warning, [limit, row];
    /// A commodity code of more digits is asked for than there are.
    HS_SHORT = "hs-short", Hold, [digits, row];
    /// A commodity code may be asked for, and there is none of so many digits.
    HS_WANTED = "hs-wanted", Warning, [digits, row];
    /// The list of commodity codes does not cover the day: none was checked.
    HS_EDITION = "hs-edition", Warning, [row, first, last];
    /// Words name goods that a relief leaves out, and no commodity code says whether they are.
    RELIEF_UNSURE = "relief-unsure", Warning, [class, matched, row];
    /// Worth more than CN 22 allows, or of a class that it is not for, by a rule that is not confirmed.
    CN22_DOUBTFUL = "cn22-doubtful", Warning, [row];
    /// Heavier or larger than the destination may take.
    LIMIT_DOUBTFUL = "limit-doubtful", Warning, [figure, limit, row];
    /// Worth more than may pass as personal articles, by a rule that is not confirmed.
    PERSONAL_DOUBTFUL = "personal-doubtful", Warning, [value, limit, row];
    /// A filing before arrival would fail: a condition of it is not met.
    FILING_CONDITION = "filing-condition", Hold, [asked, rule, row];
    /// The number of prepaid tax does not look like one of its scheme.
    PREPAID_NUMBER = "prepaid-number", Warning, [scheme, shape, row];
    /// A piece states no value, or another currency: nothing that stands on the value is reckoned.
    VALUE_UNKNOWN = "value-unknown", Remark, [];
    /// A filing before arrival may fail.
    FILING_DOUBTFUL = "filing-doubtful", Warning, [asked, rule, row];

    // Figures and words that are hard to believe.
    /// Worth less or more by the kilogram than goods of the chapter are.
    VALUE_UNLIKELY = "value-unlikely", Warning, [least, most, row];
    /// A unit weighs less or more than such goods do.
    UNIT_WEIGHT = "unit-weight", Warning, [least, most, row];
    /// A unit is worth less or more than such goods are.
    UNIT_VALUE = "unit-value", Warning, [least, most, row];
    /// An address is a stopgap.
    ADDRESS_VAGUE = "address-vague", Hold, [term];
    /// An address may be a stopgap.
    ADDRESS_UNCLEAR = "address-unclear", Warning, [term];

    // Batteries by what no declaration says.
    /// As many batteries as go only where each of them is a single cell.
    BATTERY_CELLS = "battery-cells", Hold, [un, row];
    /// Something about the battery that only papers can show.
    BATTERY_PAPERS = "battery-papers", Warning, [un, asked, row];

    // Feeds of exchange rates.
    /// Longer than any file of its kind.
    FEED_LARGE = "feed-large", Fatal, [limit];
    /// Not of the shape of its kind from here on.
    FEED_UNREADABLE = "feed-unreadable", Fatal, [expected];
    /// One entry that is not of the shape of its kind.
    FEED_ENTRY_WRONG = "feed-entry-wrong", Warning, [expected];
    /// A day that is none.
    FEED_DATE_WRONG = "feed-date-wrong", Warning, [found];
    /// A rate that is none.
    FEED_RATE_WRONG = "feed-rate-wrong", Warning, [currencies, found];
    /// A currency that ISO 4217 does not list today.
    FEED_CURRENCY_UNKNOWN = "feed-currency-unknown", Remark, [found];
    /// A currency with two rates for one day.
    FEED_RATES_DIFFER = "feed-rates-differ", Warning, [currencies, date];
    /// More rates than are kept.
    FEED_MANY = "feed-many", Warning, [limit];
    /// Of the right shape, with nothing in it.
    FEED_EMPTY = "feed-empty", Warning, [];

    // Imports of official tariffs.
    /// Longer than any file of its kind.
    IMPORT_LARGE = "import-large", Fatal, [limit];
    /// Not in the expected encoding.
    IMPORT_UNREADABLE = "import-unreadable", Fatal, [expected];
    /// A column without which nothing can be read.
    IMPORT_COLUMN_MISSING = "import-column-missing", Fatal, [column];
    /// A row that is not of the shape of its file.
    IMPORT_ROW_WRONG = "import-row-wrong", Warning, [expected];
    /// A code that is none.
    IMPORT_CODE_WRONG = "import-code-wrong", Warning, [found];
    /// Rows that say something else than a general rate.
    IMPORT_LEFT_OUT = "import-left-out", Remark, [count];
    /// Nothing that could be taken.
    IMPORT_EMPTY = "import-empty", Fatal, [];
}

/// What says that a charge was not reckoned although there may be one.
pub(crate) const UNRECKONED: &[&Code] = &[
    &CHARGE_UNKNOWN,
    &REGIME_UNKNOWN,
    &REGIME_MISSING,
    &RATE_MISSING,
    &DUTY_MISSING,
    &DUTY_COMPOSITE,
    &POSTAGE_MISSING,
    &AMOUNT_OUT_OF_REACH,
    &AMOUNT_MISSING,
    &TAX_RATE_MISSING,
    &VALUE_UNKNOWN,
];

/// The codes with what they say in each language.
pub const MESSAGES: Source = Source {
    codes: CODES,
    messages: [
        include_str!("../messages/en.toml"),
        include_str!("../messages/ru.toml"),
        include_str!("../messages/zh.toml"),
    ],
};
