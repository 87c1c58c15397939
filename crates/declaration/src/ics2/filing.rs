//! The postal filings IE3F43 and IE3F44, written for a partner in the Union who files.

use std::collections::HashSet;
use std::fmt::Display;
use std::io::Write;

use bumpalo::Bump;
use caravan_postal::{Country, Field, HsCode, Money, S9, S10};
use chrono::{NaiveDateTime, Timelike};

use super::conditions::{Circumstances, TYPE_OF_GOODS, is_eori, is_telephone};
use crate::layout::{Entry, Known, Node, check, write_head, write_record};
use crate::model::{Declaration, DocumentKind, Party, PartyKind};
use crate::place::Mark;
use crate::write::{Unwritable, WriteError};

mod writer;

pub use writer::{FilingWriter, write_ie3f43};

/// What a filing says beside its items. Codes are those of the partner who files.
#[derive(Debug, Clone)]
pub struct Filing {
    /// The local reference number, unique with the declarant (R3003).
    pub reference: String,
    /// When it is made, UTC.
    pub issued_at: NaiveDateTime,
    /// The member state that is addressed.
    pub member_state: Country,
    /// Who declares.
    pub declarant: Trader,
    /// Who files for the declarant, with the code of its capacity; another one than the declarant (R3033).
    pub representative: Option<(Trader, u8)>,
    /// The code of code list CL754 for the document of an item.
    pub transport_document: String,
    /// The role of code list CL756 under which a prepaid tax number is given.
    pub fiscal_role: String,
    /// The codes of code list CL013 for licences, certificates and invoices; a paper without a code is refused.
    pub documents: Vec<(DocumentKind, String)>,
    /// Whether the additional information has the code 10900, under which value and postage have to be told.
    pub has_value_statement: bool,
    /// Countries whose addresses may lack a postcode: those marked `C` in code list CL733.
    pub without_postcode: Vec<Country>,
}

/// Someone who takes part in a filing.
#[derive(Debug, Clone)]
pub struct Trader {
    /// The name.
    pub name: String,
    /// The EORI number (R3005).
    pub eori: String,
    /// The address.
    pub address: TraderAddress,
    /// The telephone number (R3006).
    pub telephone: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
}

/// The address of who takes part in a filing.
#[derive(Debug, Clone)]
pub struct TraderAddress {
    /// The street.
    pub street: String,
    /// The number of the house.
    pub number: String,
    /// The postcode.
    pub postcode: Option<String>,
    /// The city.
    pub city: String,
    /// The country.
    pub country: Country,
}

/// An item and the receptacle that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldItem {
    /// The item.
    pub item: S10,
    /// The receptacle.
    pub receptacle: S9,
}

/// Writes an IE3F44, which says of each item which receptacle holds it.
pub fn write_ie3f44<W: Write>(
    output: W,
    filing: &Filing,
    items: impl IntoIterator<Item = HeldItem>,
) -> Result<W, WriteError> {
    let arena = Bump::new();
    let record = &Known::Ie3f44.layout().record;
    let mut page = Page::new(record, &arena);
    filing.head(&mut page, "F44")?;
    let mut seen = HashSet::new();
    page.group("consignmentMasterLevel", |page| {
        for held in items {
            if !seen.insert(held.item) {
                // R3052.
                return Err(refused("identifier", Unwritable::Code));
            }
            page.plain("consignmentHouseLevel", |page| {
                let receptacle = held.receptacle;
                page.plain("receptacle", |page| page.value("receptacleIdentificationNumber", receptacle));
                filing.transport_document(page, held.item);
            });
        }
        Ok(())
    })?;
    write(output, Known::Ie3f44, page)
}

fn write<W: Write>(mut output: W, known: Known, page: Page<'_>) -> Result<W, WriteError> {
    let layout = known.layout();
    let entries = page.finish();
    check(&layout.record, &entries)?;
    let mut text = String::new();
    write_head(layout, &mut text);
    write_record(layout, &entries, &mut text);
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).map_err(WriteError::Output)?;
    Ok(output)
}

fn refused(field: &'static str, reason: Unwritable) -> WriteError {
    WriteError::Unwritable { field: Field::of(field), reason }
}

impl Filing {
    fn circumstances(&self) -> Circumstances<'_> {
        let without_postcode = &self.without_postcode;
        Circumstances { has_value_statement: self.has_value_statement, without_postcode }
    }

    fn head(&self, page: &mut Page<'_>, kind: &str) -> Result<(), WriteError> {
        page.value("LRN", &self.reference);
        let issued_at = self.issued_at.with_nanosecond(0).unwrap_or(self.issued_at);
        page.value("documentIssueDate", issued_at.format("%Y-%m-%dT%H:%M:%SZ"));
        page.value("SpecificCircumstanceIndicator", kind);
        page.plain("addressedMemberState", |page| page.value("country", self.member_state));
        page.group("declarant", |page| trader(page, &self.declarant, None))?;
        let Some((representative, status)) = &self.representative else { return Ok(()) };
        if representative.eori == self.declarant.eori {
            return Err(refused("identificationNumber", Unwritable::Code));
        }
        page.group("representative", |page| trader(page, representative, Some(*status)))
    }

    fn house(&self, page: &mut Page<'_>, declaration: &Declaration<'_>, item: S10) -> Result<(), WriteError> {
        page.optional("totalGrossMass", declaration.gross_weight.map(caravan_postal::Grams::kg));
        if let Some(tax) = declaration.prepaid_tax {
            page.plain("additionalFiscalReferences", |page| {
                page.value("VATIdentificationNumber", tax.number);
                page.value("role", &self.fiscal_role);
            });
        }
        for document in &declaration.documents {
            let kind = self.documents.iter().find(|(kind, _)| *kind == document.kind);
            let Some((_, code)) = kind else { return Err(refused("document-kind", Unwritable::Code)) };
            page.plain("supportingDocuments", |page| {
                page.value("referenceNumber", document.number);
                page.value("type", code);
            });
        }
        if self.has_value_statement {
            page.plain("additionalInformation", |page| page.value("code", "10900"));
        }
        page.plain("consignee", |page| party(page, &declaration.addressee));
        page.plain("consignor", |page| party(page, &declaration.sender));
        for index in 0..declaration.pieces.len() {
            page.plain("goodsItem", |page| goods(page, declaration, index));
        }
        if let Some(postage) = declaration.postage {
            page.plain("postalCharges", |page| money(page, postage));
        }
        page.optional("referenceNumberUCR", declaration.sender_reference);
        self.transport_document(page, item);
        Ok(())
    }

    fn transport_document(&self, page: &mut Page<'_>, item: S10) {
        page.plain("transportDocumentHouseLevel", |page| {
            page.value("documentNumber", item);
            page.value("type", &self.transport_document);
        });
    }
}

fn trader(page: &mut Page<'_>, trader: &Trader, status: Option<u8>) -> Result<(), WriteError> {
    if !is_eori(&trader.eori) {
        return Err(refused("identificationNumber", Unwritable::Code));
    }
    page.value("name", &trader.name);
    page.value("identificationNumber", &trader.eori);
    page.optional("status", status);
    page.plain("address", |page| {
        page.value("city", &trader.address.city);
        page.value("country", trader.address.country);
        page.value("street", &trader.address.street);
        page.value("number", &trader.address.number);
        page.optional("postCode", trader.address.postcode.as_ref());
    });
    if trader.telephone.as_deref().is_some_and(|number| !is_telephone(number)) {
        return Err(refused("communication", Unwritable::Code));
    }
    communication(page, trader.telephone.as_deref(), trader.email.as_deref());
    Ok(())
}

fn party(page: &mut Page<'_>, party: &Party<'_>) {
    page.optional("name", party.name.or(party.business));
    // CL729: 1 is a natural person and 2 a legal one.
    page.optional("typeOfPerson", party.kind.map(|kind| if kind == PartyKind::Person { 1 } else { 2 }));
    page.plain("address", |page| {
        page.optional("city", party.city);
        page.optional("country", party.country);
        page.optional("subDivision", party.region);
        page.optional("postCode", party.postcode);
        let mut lines = party.street.unwrap_or_default().splitn(2, '\n');
        let street = lines.next().map(str::trim).filter(|line| !line.is_empty());
        page.optional("street", street);
        page.optional("number", party.street.and_then(house_number));
        page.optional("streetAdditionalLine", lines.next().map(|rest| rest.replace('\n', ", ")));
    });
    communication(page, party.telephone, party.email);
}

/// Returns what is most likely the number of the house or of the post-office box: the last word of the first line that
/// begins with a digit, else any word that has one. The lines are written whole, so nothing is lost when it is
/// something else.
fn house_number(street: &str) -> Option<&str> {
    let first = street.split('\n').next().unwrap_or_default();
    let mut words = first.split([' ', ',']).rev();
    let begins = |word: &&str| word.starts_with(|character: char| character.is_ascii_digit());
    words.find(begins).or_else(|| street.split([' ', ',', '\n']).find(|word| word.contains(char::is_numeric)))
}

fn communication(page: &mut Page<'_>, telephone: Option<&str>, email: Option<&str>) {
    // CL707 has the codes of UN/EDIFACT data element 3155: TE telephone, EM electronic mail.
    for (number, code) in [(telephone, "TE"), (email, "EM")] {
        let Some(number) = number else { continue };
        page.plain("communication", |page| {
            page.value("identifier", number);
            page.value("type", code);
        });
    }
}

fn goods(page: &mut Page<'_>, declaration: &Declaration<'_>, index: usize) {
    let piece = &declaration.pieces[index];
    // R3017: from 1 without gaps.
    page.value("goodsItemNumber", index + 1);
    if let Some(value) = piece.value {
        page.plain("postalValue", |page| money(page, value));
    }
    let kind = declaration.extras.iter().find(|(name, _)| *name == TYPE_OF_GOODS);
    page.optional("typeOfGoods", kind.map(|(_, text)| text));
    page.plain("commodity", |page| {
        page.optional("descriptionOfGoods", piece.description);
        if let Some(hs) = piece.hs {
            page.plain("commodityCode", |page| commodity(page, hs));
        }
    });
    if let Some(weight) = piece.net_weight {
        page.plain("weight", |page| page.value("netMass", weight.kg()));
    }
    if let Some(origin) = piece.origin {
        page.plain("countryOfOrigin", |page| page.value("country", origin));
    }
    // A postal item is one package, whatever is in it.
    page.plain("packaging", |page| page.value("numberOfPackages", 1));
}

fn commodity(page: &mut Page<'_>, hs: HsCode) {
    let digits = hs.to_string();
    let (subheading, rest) = digits.split_at(6);
    page.value("harmonizedSystemSubHeadingCode", subheading);
    page.optional("combinedNomenclatureCode", (!rest.is_empty()).then_some(rest));
}

fn money(page: &mut Page<'_>, money: Money) {
    page.value("value", money.decimal());
    page.value("currency", money.currency);
}

/// The entries of a group while they are put together, in any order.
struct Page<'a> {
    node: &'static Node,
    arena: &'a Bump,
    entries: Vec<Entry<'a>>,
}

impl<'a> Page<'a> {
    fn new(node: &'static Node, arena: &'a Bump) -> Self {
        Self { node, arena, entries: Vec::new() }
    }

    fn child(&self, name: &str) -> &'static Node {
        self.node.child(name).expect("the profile has the elements that are written")
    }

    fn value(&mut self, name: &str, value: impl Display) {
        let text = self.arena.alloc_str(&value.to_string());
        self.entries.push(Entry::value(self.child(name), Mark::default(), text));
    }

    fn optional(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.value(name, value);
        }
    }

    fn group(
        &mut self,
        name: &str,
        fill: impl FnOnce(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let mut inner = Self::new(self.child(name), self.arena);
        fill(&mut inner)?;
        let node = inner.node;
        self.entries.push(Entry::group(node, Mark::default(), inner.finish()));
        Ok(())
    }

    /// Adds a group that nothing refuses.
    fn plain(&mut self, name: &str, fill: impl FnOnce(&mut Self)) {
        let mut inner = Self::new(self.child(name), self.arena);
        fill(&mut inner);
        let node = inner.node;
        self.entries.push(Entry::group(node, Mark::default(), inner.finish()));
    }

    fn finish(mut self) -> Vec<Entry<'a>> {
        self.entries.sort_by_key(|entry| entry.node.position);
        self.entries
    }
}
