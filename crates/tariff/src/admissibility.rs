//! May the contents go: articles by commodity code and by word, and lithium batteries by way of carriage.
//!
//! A rule of the UPU, of the country of dispatch or of the carrier counts on the day of filing; one of the country of
//! destination on the day of acceptance there. A rule that is not confirmed holds where it would refuse, and warns
//! where it would hold.

mod battery;

use caravan_declaration::Piece;
use caravan_postal::{Country, Field, HsCode};
use smallvec::SmallVec;

use crate::book::Book;
use crate::checks::{self, Figures, Words, Worth};
use crate::codes::{
    ARTICLE_CONDITIONAL, ARTICLE_DOCUMENTED, ARTICLE_DOUBTFUL, ARTICLE_PROHIBITED, ARTICLE_SENSITIVE,
    ARTICLE_UNKNOWN, RELIEF_UNSURE,
};
use crate::facts::Facts;
use crate::lexicon::{Hit, Use};
use crate::tables::{Article, ByCountry, Misfit, Standing, Tables, Touch, Weight};
use crate::{Flow, PhysicalOutcome, tables};

/// Judges every piece: its commodity code, its words, its battery.
pub(crate) fn judge(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    let mut worth = Worth::default();
    checks::check_figures(tables, facts, &mut worth, book);
    for (index, piece) in facts.declaration.pieces.iter().enumerate() {
        let mut matches = Matches::default();
        let mut figures = Figures::default();
        if let Some(hs) = piece.hs {
            matches.take_code(tables, hs);
        }
        matches.take_goods(tables, facts, piece);
        if let Some(text) = piece.description {
            let hits = tables.lexicon.hits(text);
            let mut words = Words::default();
            for hit in &hits {
                for wanted in hit.uses {
                    match *wanted {
                        Use::Vague(rule) => words.note(tables, facts, rule, hit),
                        Use::Article(article) => matches.take_word(article, hit),
                        Use::Likely(rule) => figures.take(rule, hit),
                        Use::Name(_) | Use::Except(_) | Use::Personal(_) | Use::Unlikely(_) => {}
                    }
                }
            }
            matches.drop_harmless(&hits);
            figures.drop_others(&hits);
            checks::check_description(tables, facts, index, text, &words, book);
        }
        for (article, matched) in matches.settled() {
            let article = &tables.articles.rows[usize::from(*article)];
            judge_article(article, piece.hs, matched, index, facts, book);
        }
        checks::check_piece(tables, facts, index, &figures, &mut worth, book);
    }
    judge_places(tables, facts, book);
    battery::judge(tables, facts, book);
}

/// Rules on articles that one piece touches, and by what.
#[derive(Debug, Default)]
struct Matches<'a> {
    found: SmallVec<[(u16, Matched<'a>); 4]>,
}

/// What of a piece touched a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Matched<'a> {
    /// Its commodity code.
    Code(HsCode),
    /// A word of its description, by the table's term, and where it stands.
    Word(&'a str, usize, usize),
    /// The country in which it was made.
    Origin(Country),
    /// That it is goods.
    Goods,
    /// The place of the sender, by the table's term.
    Place(&'a str),
}

impl<'a> Matches<'a> {
    fn take_code(&mut self, tables: &Tables, hs: HsCode) {
        tables.articles.by_code.rows(hs).for_each(|article| self.found.push((article, Matched::Code(hs))));
    }

    fn take_word(&mut self, article: u16, hit: &Hit<'a>) {
        self.found.push((article, Matched::Word(hit.term, hit.span.start, hit.span.end)));
    }

    /// Takes rules on goods of any code and word, and on goods of a country.
    fn take_goods(&mut self, tables: &Tables, facts: &Facts<'_>, piece: &Piece<'_>) {
        if facts.is_documents {
            return;
        }
        for at in tables.articles.of_any_goods.of_country(facts.destination) {
            let article = &tables.articles.rows[usize::from(*at)];
            let matched = match (&article.touch, piece.origin) {
                (Touch::AnyGoods, _) => Matched::Goods,
                (Touch::GoodsOf(countries), Some(origin)) if countries.contains(Some(origin)) => {
                    Matched::Origin(origin)
                }
                _ => continue,
            };
            self.found.push((*at, matched));
        }
    }

    /// Drops words that stand inside a harmless phrase of the same rule: the gun of a massage gun.
    fn drop_harmless(&mut self, hits: &[Hit<'_>]) {
        if self.found.is_empty() {
            return;
        }
        for hit in hits {
            for wanted in hit.uses {
                let Use::Except(harmless) = *wanted else { continue };
                self.found.retain(|(article, matched)| match matched {
                    Matched::Word(_, start, end) => {
                        *article != harmless || hit.span.start > *start || *end > hit.span.end
                    }
                    _ => true,
                });
            }
        }
    }

    /// Returns each rule once, with its surest match: the code before a word, an earlier word before a later.
    fn settled(&mut self) -> &[(u16, Matched<'a>)] {
        if self.found.len() > 1 {
            self.found.sort();
            self.found.dedup_by_key(|(article, _)| *article);
        }
        &self.found
    }
}

/// Judges rules on senders of a place by the sender's region and city, once for the item.
fn judge_places(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    let sender = &facts.declaration.sender;
    for at in tables.articles.of_any_goods.of_country(facts.destination) {
        let article = &tables.articles.rows[usize::from(*at)];
        if article.touch != Touch::SenderPlace {
            continue;
        }
        let texts = [("sender-region", sender.region), ("sender-city", sender.city)];
        for (field, text) in texts.into_iter().filter_map(|(field, text)| Some((field, text?))) {
            let hits = tables.articles.places.hits(text);
            let hit = hits.iter().find(|hit| hit.uses.contains(&Use::Article(*at)));
            if let (Some(hit), false) = (hit, facts.is_documents) {
                let matched = Matched::Place(hit.term);
                judge_matched(article, None, &matched, Field::of(field), facts, book);
                break;
            }
        }
    }
}

fn judge_article(
    article: &Article,
    hs: Option<HsCode>,
    matched: &Matched<'_>,
    index: usize,
    facts: &Facts<'_>,
    book: &mut Book,
) {
    let field = match *matched {
        Matched::Code(_) => "hs",
        Matched::Origin(_) => "origin",
        _ => "description",
    };
    judge_matched(article, hs, matched, Field::of_piece(index, field), facts, book);
}

fn judge_matched(
    article: &Article,
    hs: Option<HsCode>,
    matched: &Matched<'_>,
    field: Field,
    facts: &Facts<'_>,
    book: &mut Book,
) {
    let standing = match applies(article, hs, facts) {
        Ok(standing) => standing,
        Err(why) => return book.pass(&article.row, why),
    };
    let matched = match *matched {
        Matched::Code(hs) => format!("HS {hs}"),
        Matched::Word(term, ..) | Matched::Place(term) => term.to_owned(),
        Matched::Origin(country) => country.as_str().to_owned(),
        Matched::Goods => "@goods".to_owned(),
    };
    let row = article.row.id.as_str();
    let arguments = [&*article.class, matched.as_str(), row];
    let has_documents =
        facts.declaration.documents.iter().any(|paper| article.documents.contains(paper.kind));
    let documented = [&*article.class, matched.as_str(), article.documents.term(), row];
    if article.asks_code {
        if hs.is_none() {
            book.find(field, RELIEF_UNSURE.finding(arguments));
        }
        return;
    }
    let is_known = standing != Standing::Unknown;
    book.is_dangerous |= is_known && article.outcome == PhysicalOutcome::DangerousGoodsCage;
    match (standing, article.weight) {
        (Standing::Unknown, _) => book.find(field, ARTICLE_UNKNOWN.finding(arguments)),
        (Standing::Sure, Weight::Prohibited) => {
            book.put(article.outcome);
            book.find(field, ARTICLE_PROHIBITED.finding(arguments));
        }
        (Standing::Unsure, Weight::Prohibited) => book.find(field, ARTICLE_DOUBTFUL.finding(arguments)),
        (_, Weight::Conditional) if has_documents => book.find(field, ARTICLE_DOCUMENTED.finding(documented)),
        (Standing::Sure, Weight::Conditional) => book.find(field, ARTICLE_CONDITIONAL.finding(documented)),
        (Standing::Unsure, Weight::Conditional) | (_, Weight::Warn) => {
            book.find(field, ARTICLE_SENSITIVE.finding(arguments));
        }
    }
}

fn applies(article: &Article, hs: Option<HsCode>, facts: &Facts<'_>) -> Result<Standing, Misfit> {
    let is_export = facts.flow == Flow::Export;
    let (date, is_concerned) = match article.by {
        ByCountry::Union => (facts.filed_on, true),
        ByCountry::Origin => (facts.filed_on, is_export && article.countries.contains(facts.origin)),
        ByCountry::Either if is_export && article.countries.contains(facts.origin) => (facts.filed_on, true),
        ByCountry::Destination | ByCountry::Either => {
            (facts.accepted_on, article.countries.contains(facts.destination))
        }
        ByCountry::Carriage => (facts.filed_on, facts.flow != Flow::Import),
    };
    if !is_concerned {
        return Err(Misfit::Country);
    }
    if hs.is_some_and(|hs| article.except_hs.iter().any(|prefix| prefix.fits(hs))) {
        return Err(Misfit::Code);
    }
    let standing =
        article.row.standing(date, facts.options).ok_or_else(|| tables::not_on(&article.row, date))?;
    article.when.misfit(facts).map_or(Ok(standing), Err)
}
