//! Compiles the rows on data, descriptions, limits, articles, batteries and procedure.

use caravan_declaration::ics2;
use caravan_postal::{Grams, MailClass, MailSubclass, Volume};

use super::{Compiler, named, of_row, prefixes};
use crate::lexicon::{Builder, Use};
use crate::tables::article::{
    Article, Articles, Battery, BatteryRules, ByCode, ByCountry, Documents, HsPrefix, Touch, Weight,
};
use crate::tables::prepaid::{PrepaidNumber, Shape};
use crate::tables::raw::{Placed, RawArticle, RawBattery, RawPlausibility, RawRow};
use crate::tables::row::{Row, Status};
use crate::tables::rows::Rows;
use crate::tables::rule::{
    ChannelRule, DataField, Filing, Form, HsRequired, Limit, Mandatory, Pattern, PatternRule, PersonalLimit,
    Plausibility, UnitFigures, Vague, VagueEffect,
};
use crate::tables::scope::Countries;
use crate::tables::{TableError, threshold};
use crate::{Channel, Flow, PhysicalOutcome};

/// Everything but regimes.
pub(super) struct Rules {
    pub(super) mandatory: Vec<Mandatory>,
    pub(super) hs_required: Vec<HsRequired>,
    pub(super) forms: Vec<Form>,
    pub(super) limits: Vec<Limit>,
    pub(super) plausibility: Vec<Plausibility>,
    pub(super) vague: Vec<Vague>,
    pub(super) patterns: Vec<PatternRule>,
    pub(super) channels: Vec<ChannelRule>,
    pub(super) personal_limits: Vec<PersonalLimit>,
    pub(super) articles: Articles,
    pub(super) batteries: BatteryRules,
    pub(super) filings: Vec<Filing>,
    pub(super) prepaid_numbers: Vec<PrepaidNumber>,
}

impl Compiler<'_> {
    pub(super) fn rules(&mut self) -> Result<Rules, TableError> {
        Ok(Rules {
            mandatory: self.mandatory()?,
            hs_required: self.hs_required()?,
            forms: self.forms()?,
            limits: self.limits()?,
            plausibility: self.plausibility()?,
            vague: self.vague()?,
            patterns: self.patterns()?,
            channels: self.channels()?,
            personal_limits: self.personal_limits()?,
            articles: self.articles()?,
            batteries: self.batteries()?,
            filings: self.filings()?,
            prepaid_numbers: self.prepaid_numbers()?,
        })
    }

    /// Checks the head of a row and keeps it; returns it unless its content is not known, and then it has none.
    fn acting_row(&mut self, raw: &Placed<impl RawRow>) -> Result<Option<Row>, TableError> {
        let row = self.row(raw)?;
        Ok((row.status != Status::Unknown).then_some(row))
    }

    fn mandatory(&mut self) -> Result<Vec<Mandatory>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.mandatory {
            let Some(row) = self.acting_row(raw)? else { continue };
            let fields = raw.fields.iter().map(|name| named(DataField::parse(name), name)).collect();
            rules.push(Mandatory {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                when: of_row(&raw.id, self.plain_condition(&raw.when))?,
                fields: of_row(&raw.id, fields)?,
                pieces_max: raw.pieces_max,
                description_max: raw.description_max,
            });
        }
        Ok(rules)
    }

    fn hs_required(&mut self) -> Result<Vec<HsRequired>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.hs_required {
            let Some(row) = self.acting_row(raw)? else { continue };
            rules.push(HsRequired {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                when: of_row(&raw.id, self.plain_condition(&raw.when))?,
                digits: raw.digits.unwrap_or(6),
            });
        }
        Ok(rules)
    }

    fn forms(&mut self) -> Result<Vec<Form>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.form {
            let Some(row) = self.acting_row(raw)? else { continue };
            let class = |name: &String| named(MailClass::parse(name), name).map(|class| 1 << class as u8);
            let classes =
                raw.cn23_classes.iter().map(class).try_fold(0, |mask, bit| bit.map(|bit: u8| mask | bit));
            rules.push(Form {
                row,
                value_max: of_row(&raw.id, threshold(&raw.value_max))?,
                authority: of_row(&raw.id, self.authority(&raw.authority))?,
                cn23_classes: of_row(&raw.id, classes)?,
            });
        }
        Ok(rules)
    }

    fn limits(&mut self) -> Result<Vec<Limit>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.limit {
            let Some(row) = self.acting_row(raw)? else { continue };
            let weight = Grams::parse_kg(&raw.weight_max_kg).map_err(|error| error.to_string());
            let subclasses = raw.subclasses.iter().map(|name| named(MailSubclass::parse(name), name));
            rules.push(Limit {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                when: of_row(&raw.id, self.plain_condition(&raw.when))?,
                weight_max: of_row(&raw.id, weight)?,
                volume_max: raw.volume_max_dm3.map(|litres| Volume(litres.saturating_mul(1000))),
                subclasses: of_row(&raw.id, subclasses.collect())?,
                only_hs: of_row(&raw.id, prefixes(&raw.only_hs))?,
            });
        }
        rules.sort_by_key(|rule| (rule.countries == Countries::Any, !rule.is_narrow()));
        Ok(rules)
    }

    fn plausibility(&mut self) -> Result<Vec<Plausibility>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.plausibility {
            let Some(row) = self.acting_row(raw)? else { continue };
            let at = index(rules.len());
            of_row(&raw.id, self.terms(&raw.words, Use::Likely(at)))?;
            of_row(&raw.id, self.terms(&raw.except, Use::Unlikely(at)))?;
            let unit = of_row(&raw.id, self.unit_figures(raw))?;
            let by_chapter = raw.by_chapter.then(|| self.authority(&raw.authority)).transpose();
            let value = match &raw.value_per_kg_max {
                Some(text) => Some((
                    of_row(&raw.id, threshold(text))?,
                    of_row(&raw.id, self.authority(&raw.authority))?,
                )),
                None => None,
            };
            rules.push(Plausibility {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                when: of_row(&raw.id, self.plain_condition(&raw.when))?,
                value_per_kg_max: value,
                equal_units_max: raw.equal_units_max,
                by_chapter: of_row(&raw.id, by_chapter)?,
                unit,
            });
        }
        Ok(rules)
    }

    fn unit_figures(&self, raw: &RawPlausibility) -> Result<Option<UnitFigures>, String> {
        let threshold = |text: &Option<String>| text.as_deref().map(threshold).transpose();
        if raw.hs.is_empty() && raw.words.is_empty() {
            return Ok(None);
        }
        Ok(Some(UnitFigures {
            hs: prefixes(&raw.hs)?,
            grams: (raw.unit_grams_min, raw.unit_grams_max),
            value: (threshold(&raw.unit_value_min)?, threshold(&raw.unit_value_max)?),
            authority: self.authority(&raw.authority)?,
        }))
    }

    fn filings(&mut self) -> Result<Vec<Filing>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.filing {
            let condition = |number: &String| {
                named(ics2::CONDITIONS.iter().find(|condition| condition.number == *number), number)
            };
            rules.push(Filing {
                row: self.row(raw)?,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                when: of_row(&raw.id, self.plain_condition(&raw.when))?,
                conditions: of_row(&raw.id, raw.conditions.iter().map(condition).collect())?,
            });
        }
        Ok(rules)
    }

    fn prepaid_numbers(&mut self) -> Result<Vec<PrepaidNumber>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.prepaid_number {
            let Some(row) = self.acting_row(raw)? else { continue };
            let shape = Shape::parse(&raw.shape).ok_or_else(|| format!("`{}` is not a shape", raw.shape));
            let shape = of_row(&raw.id, shape)?;
            rules.push(PrepaidNumber { row, scheme: Box::from(raw.scheme.as_str()), shape });
        }
        Ok(rules)
    }

    fn vague(&mut self) -> Result<Vec<Vague>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.vague {
            let Some(row) = self.acting_row(raw)? else { continue };
            let index = index(rules.len());
            of_row(&raw.id, self.terms(&raw.terms, Use::Vague(index)))?;
            let reading = raw.within_holds_by.as_deref().map(|text| self.reading(text)).transpose();
            let names = of_row(&raw.id, named(VagueEffect::parse(&raw.names), &raw.names))?;
            if names != VagueEffect::Nothing {
                of_row(&raw.id, self.terms(&raw.terms, Use::Name(index)))?;
            }
            rules.push(Vague {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                whole: of_row(&raw.id, named(VagueEffect::parse(&raw.whole), &raw.whole))?,
                within: of_row(&raw.id, named(VagueEffect::parse(&raw.within), &raw.within))?,
                names,
                within_holds_by: of_row(&raw.id, reading)?,
            });
        }
        Ok(rules)
    }

    fn patterns(&mut self) -> Result<Vec<PatternRule>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.pattern {
            let Some(row) = self.acting_row(raw)? else { continue };
            rules.push(PatternRule {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                pattern: of_row(&raw.id, named(Pattern::parse(&raw.kind), &raw.kind))?,
            });
        }
        Ok(rules)
    }

    fn channels(&mut self) -> Result<Vec<ChannelRule>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.channel {
            // A row whose content is not known decides nothing; where it names a procedure, it is told as one that might.
            let row = self.row(raw)?;
            if row.status == Status::Unknown && raw.channel.is_empty() {
                continue;
            }
            // The procedure is what these rows decide.
            let fault =
                (!raw.when.channels.is_empty()).then(|| "`channels` cannot decide the procedure".to_owned());
            of_row(&raw.id, fault.map_or(Ok(()), Err))?;
            rules.push(ChannelRule {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                flow: of_row(&raw.id, flow(&raw.flow))?,
                order: raw.order,
                channel: of_row(&raw.id, named(Channel::parse(&raw.channel), &raw.channel))?,
                when: of_row(&raw.id, self.moneyless_condition(&raw.when))?,
            });
        }
        rules.sort_by_key(|rule| rule.order);
        Ok(rules)
    }

    fn personal_limits(&mut self) -> Result<Vec<PersonalLimit>, TableError> {
        let mut rules = Vec::new();
        for raw in &self.raw.personal_limit {
            let Some(row) = self.acting_row(raw)? else { continue };
            rules.push(PersonalLimit {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                flow: of_row(&raw.id, flow(&raw.flow))?,
                limit: of_row(&raw.id, threshold(&raw.limit))?,
                authority: of_row(&raw.id, self.authority(&raw.authority))?,
                admits_one_indivisible: raw.admits_one_indivisible,
                when: of_row(&raw.id, self.moneyless_condition(&raw.when))?,
            });
        }
        Ok(rules)
    }

    fn articles(&mut self) -> Result<Articles, TableError> {
        let (mut rows, mut by_code, mut of_any_goods) =
            (Vec::<Article>::new(), ByCode::default(), Vec::new());
        let mut places = Builder::default();
        for raw in &self.raw.article {
            let at = index(rows.len());
            of_row(&raw.id, self.terms(&raw.words, Use::Article(at)))?;
            of_row(&raw.id, self.terms(&raw.except, Use::Except(at)))?;
            for prefix in of_row(&raw.id, prefixes(&raw.hs))? {
                by_code.add(prefix, at);
            }
            for place in &raw.sender_places {
                of_row(&raw.id, places.add(place, Use::Article(at)))?;
            }
            let article = self.article(raw)?;
            if article.touch != Touch::Nothing {
                of_any_goods.push(at);
            }
            rows.push(article);
        }
        let countries = |at: &u16| rows[usize::from(*at)].countries;
        let of_any_goods = Rows::of(of_any_goods, countries);
        Ok(Articles { of_any_goods, rows, by_code, places: places.build() })
    }

    fn article(&mut self, raw: &Placed<RawArticle>) -> Result<Article, TableError> {
        Ok(Article {
            row: self.row(raw)?,
            by: of_row(&raw.id, named(ByCountry::parse(&raw.by), &raw.by))?,
            countries: of_row(&raw.id, self.countries(&raw.countries))?,
            class: format!("@{}", raw.class).into_boxed_str(),
            weight: of_row(&raw.id, weight(&raw.decision, raw.status))?,
            outcome: of_row(&raw.id, outcome(&raw.outcome))?,
            documents: of_row(
                &raw.id,
                Documents::parse(&raw.documents).ok_or_else(|| "unknown document".to_owned()),
            )?,
            except_hs: of_row(&raw.id, prefixes(&raw.except_hs))?,
            when: of_row(&raw.id, self.plain_condition(&raw.when))?,
            touch: of_row(&raw.id, self.touch(raw))?,
            asks_code: raw.asks_code,
        })
    }

    fn touch(&self, raw: &RawArticle) -> Result<Touch, String> {
        match (raw.any_goods, raw.goods_of.is_empty(), raw.sender_places.is_empty()) {
            (false, true, true) => Ok(Touch::Nothing),
            _ if raw.by != "destination" => {
                Err("only a rule of the destination touches goods of any kind".to_owned())
            }
            (true, true, true) => Ok(Touch::AnyGoods),
            (false, false, true) => self.countries(&raw.goods_of).map(Touch::GoodsOf),
            (false, true, false) => Ok(Touch::SenderPlace),
            _ => Err("only one of `any_goods`, `goods_of` and `sender_places` goes".to_owned()),
        }
    }

    fn batteries(&mut self) -> Result<BatteryRules, TableError> {
        let mut rules = BatteryRules::default();
        for raw in &self.raw.battery {
            let at = index(rules.rows.len());
            let asks: Vec<HsPrefix> = of_row(&raw.id, prefixes(&raw.asks_details_for_hs))?;
            for prefix in asks {
                rules.asks.add(prefix, at);
            }
            let battery = self.battery(raw)?;
            rules.rows.push(battery);
        }
        Ok(rules)
    }

    fn battery(&mut self, raw: &Placed<RawBattery>) -> Result<Battery, TableError> {
        Ok(Battery {
            row: self.row(raw)?,
            un_numbers: raw.un.clone(),
            weight: of_row(&raw.id, weight(&raw.decision, raw.status))?,
            outcome: of_row(&raw.id, outcome(&raw.outcome))?,
            energy_max_mwh: raw.energy_max_wh.map(|energy| energy.saturating_mul(1000)),
            count_max: raw.count_max,
            is_installed: raw.is_installed,
            cell_max_mwh: raw.cell_max_wh.map(|energy| energy.saturating_mul(1000)),
            cells_max: raw.cells_max,
            asks: raw.asks.iter().map(|asked| format!("@{asked}").into_boxed_str()).collect(),
            when: of_row(&raw.id, self.plain_condition(&raw.when))?,
        })
    }
}

fn index(count: usize) -> u16 {
    u16::try_from(count).expect("a table has less than 65,536 rows")
}

fn flow(name: &str) -> Result<Flow, String> {
    named(Flow::ALL.into_iter().find(|flow| flow.as_str() == name), name)
}

/// A row whose content is not known says at most that someone should look.
fn weight(name: &str, status: Status) -> Result<Weight, String> {
    if name.is_empty() && status == Status::Unknown {
        Ok(Weight::Warn)
    } else {
        named(Weight::parse(name), name)
    }
}

/// Back to the sender is where an item goes when its row names no other place.
fn outcome(name: &str) -> Result<PhysicalOutcome, String> {
    if name.is_empty() {
        Ok(PhysicalOutcome::BackToSender)
    } else {
        named(PhysicalOutcome::parse(name), name)
    }
}
