//! One declaration while it is being read: values go in by the element they belong to, findings come out in order.
//!
//! The builder knows the model and the rules of single values; it does not know in which format they arrive.

use std::mem;

use bumpalo::Bump;
use caravan_postal::{Code, Field, Finding, Grams, Severity, Volume};

use crate::findings::{self, FINDINGS_MORE};
use crate::format::{BatterySlot, Element, Occurs, PartySlot, PieceSlot, Side, Slot};
use crate::limits::Limits;
use crate::model::{Battery, Declaration, Document, DocumentKind, Identifier, Party, Piece, PrepaidTax};
use crate::place::{Mark, Resolver, Spot};

mod value;

pub(crate) use value::{clip, is_blank, is_control, length_limit, parse_date};

/// A declaration under construction. Text lives in the input or in the arena.
#[derive(Debug)]
pub(crate) struct Builder<'a> {
    pub(crate) declaration: Declaration<'a>,
    arena: &'a Bump,
    limits: &'a Limits,
    notes: Notes<'a>,
    /// The content piece that is open, counted from 1; 0 outside of pieces.
    open_piece: u16,
    piece: Piece<'a>,
    battery: HalfBattery,
    tax: (Option<&'a str>, Option<&'a str>),
    document: (Option<DocumentKind>, Option<&'a str>),
    /// Length, width and height in millimetres.
    sides: [Option<u64>; 3],
    computed_volume: Option<(Mark, u64)>,
}

/// What is written down about an item beside its values.
#[derive(Debug)]
pub(crate) struct Notes<'a> {
    /// Where each element was seen; the vector is used again for every item.
    pub(crate) spots: &'a mut Vec<Spot>,
    findings: Vec<(Mark, Finding)>,
    /// Findings beyond the limit.
    surplus: u32,
    /// Findings that are more than a remark.
    doubts: u32,
}

/// The parts of a battery as far as they were read.
#[derive(Debug, Default)]
struct HalfBattery {
    un_number: Option<u16>,
    energy_mwh: u32,
    count: u16,
    is_installed: bool,
}

/// One value as it stands in the input.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw<'a> {
    /// The text, with references resolved.
    pub(crate) text: &'a str,
    /// The currency of an amount, the name of an extra field.
    pub(crate) attribute: Option<&'a str>,
    /// Where it is.
    pub(crate) mark: Mark,
}

impl<'a> Builder<'a> {
    /// Begins an item.
    pub(crate) fn new(arena: &'a Bump, limits: &'a Limits, spots: &'a mut Vec<Spot>) -> Self {
        spots.clear();
        Self {
            declaration: Declaration::default(),
            arena,
            limits,
            notes: Notes { spots, findings: Vec::new(), surplus: 0, doubts: 0 },
            open_piece: 0,
            piece: Piece::default(),
            battery: HalfBattery::default(),
            tax: (None, None),
            document: (None, None),
            sides: [None; 3],
            computed_volume: None,
        }
    }

    /// Returns the arena for text that does not stand in the input as it is meant.
    pub(crate) fn arena(&self) -> &'a Bump {
        self.arena
    }

    /// Reports about a field.
    pub(crate) fn report(&mut self, element: &'static Element, mark: Mark, finding: Finding) {
        let finding = finding.on(self.field(element));
        self.push(mark, finding);
    }

    /// Reports about the item as a whole, or something in it that is no field.
    pub(crate) fn push(&mut self, mark: Mark, finding: Finding) {
        if finding.severity() > Severity::Remark {
            self.notes.doubts = self.notes.doubts.saturating_add(1);
        }
        if self.notes.findings.len() < self.limits.findings_per_item as usize {
            self.notes.findings.push((mark, finding));
        } else {
            self.notes.surplus = self.notes.surplus.saturating_add(1);
        }
    }

    /// Takes one value; returns whether nothing is wrong with it.
    pub(crate) fn accepts(&mut self, element: &'static Element, raw: Raw<'a>) -> bool {
        let before = self.notes.doubts;
        self.set(element, raw);
        self.notes.doubts == before
    }

    /// Opens a group.
    pub(crate) fn open(&mut self, element: &'static Element, mark: Mark) {
        match element.slot {
            Slot::Piece => {
                self.open_piece = u16::try_from(self.declaration.pieces.len() + 1).unwrap_or(u16::MAX);
                self.piece = Piece::default();
            }
            Slot::Battery => self.battery = HalfBattery::default(),
            Slot::PrepaidTax => self.tax = (None, None),
            Slot::Document => self.document = (None, None),
            Slot::Dimensions => self.sides = [None; 3],
            _ => {}
        }
        self.note(element, mark);
    }

    /// Closes a group: what was read of it becomes part of the declaration. `seen` has a bit for each child that
    /// was there.
    pub(crate) fn close(&mut self, element: &'static Element, seen: u64, mark: Mark) {
        for (index, child) in element.children().iter().enumerate() {
            if child.occurs == Occurs::Required && seen >> index & 1 == 0 {
                let finding = findings::PART_MISSING.finding([child.name, element.name]);
                self.report(child, mark, finding);
            }
        }
        match element.slot {
            Slot::Piece => {
                self.open_piece = 0;
                let piece = mem::take(&mut self.piece);
                self.close_piece(piece, mark);
            }
            Slot::Battery => {
                let HalfBattery { un_number, energy_mwh, count, is_installed } = self.battery;
                self.piece.battery =
                    un_number.map(|un_number| Battery { un_number, energy_mwh, count, is_installed });
            }
            Slot::PrepaidTax => {
                if let (Some(scheme), Some(number)) = self.tax {
                    self.declaration.prepaid_tax = Some(PrepaidTax { scheme, number });
                }
            }
            Slot::Document => self.close_document(mark),
            Slot::Dimensions => {
                if let [Some(length), Some(width), Some(height)] = self.sides {
                    // Each side is at most 20 m in millimetres, so the product fits.
                    let cubic_centimetres = (length * width * height).div_ceil(1000);
                    self.computed_volume = Some((mark, cubic_centimetres));
                }
            }
            _ => {}
        }
    }

    /// Takes one value.
    pub(crate) fn set(&mut self, element: &'static Element, raw: Raw<'a>) {
        self.note(element, raw.mark);
        match element.slot {
            Slot::PartyField(side, slot) => self.set_party(element, side, slot, raw),
            Slot::PieceField(slot) => self.set_piece(element, slot, raw),
            Slot::BatteryField(slot) => self.set_battery(element, slot, raw),
            Slot::TaxScheme => self.tax.0 = self.word(element, raw),
            Slot::TaxNumber => self.tax.1 = self.text(element, raw),
            Slot::DocumentKind => self.document.0 = self.code(element, raw, value::document_kind),
            Slot::DocumentNumber => self.document.1 = self.text(element, raw),
            Slot::Length => self.sides[0] = self.whole(element, raw),
            Slot::Width => self.sides[1] = self.whole(element, raw),
            Slot::Height => self.sides[2] = self.whole(element, raw),
            _ => self.set_item(element, raw),
        }
    }

    fn set_item(&mut self, element: &'static Element, raw: Raw<'a>) {
        match element.slot {
            Slot::Identifier => self.declaration.identifier = self.identifier(element, raw),
            Slot::LocalIdentifier => self.set_local_identifier(element, raw),
            Slot::DomesticWaybill => self.declaration.domestic_waybill = self.text(element, raw),
            Slot::Form => self.declaration.form = self.code(element, raw, value::form),
            Slot::Class => self.declaration.route.class = self.code(element, raw, value::class),
            Slot::Category => self.declaration.route.category = self.code(element, raw, value::category),
            Slot::Subclass => self.declaration.route.subclass = self.subclass(element, raw),
            Slot::Handling => self.declaration.route.handling = self.code(element, raw, value::handling),
            Slot::OriginOffice => self.declaration.route.origin = self.office(element, raw),
            Slot::DestinationOffice => self.declaration.route.destination = self.office(element, raw),
            Slot::PostedOn => self.declaration.posted_on = self.date(element, raw),
            Slot::Nature => self.declaration.nature = self.code(element, raw, value::nature),
            Slot::NatureText => self.declaration.nature_text = self.text(element, raw),
            Slot::GrossWeight => self.declaration.gross_weight = self.kilograms(element, raw),
            Slot::Volume => self.declaration.volume = self.whole(element, raw).map(Volume),
            Slot::TotalValue => self.declaration.total_value = self.money(element, raw),
            Slot::Postage => self.declaration.postage = self.money(element, raw),
            Slot::InsuredValue => self.declaration.insured_value = self.money(element, raw),
            Slot::SenderReference => self.declaration.sender_reference = self.text(element, raw),
            Slot::ImporterReference => self.declaration.importer_reference = self.text(element, raw),
            Slot::Comments => self.declaration.comments = self.lines(element, raw),
            Slot::SignedOn => self.declaration.signed_on = self.date(element, raw),
            Slot::ReturnIfUndeliverable => self.declaration.return_if_undeliverable = self.flag(element, raw),
            Slot::Extra => self.set_extra(element, raw),
            _ => unreachable!("`{}` is set by the function of its group", element.field),
        }
    }

    fn set_party(&mut self, element: &'static Element, side: Side, slot: PartySlot, raw: Raw<'a>) {
        match slot {
            PartySlot::Kind => self.party(side).kind = self.code(element, raw, value::party_kind),
            PartySlot::Name => self.party(side).name = self.text(element, raw),
            PartySlot::Business => self.party(side).business = self.text(element, raw),
            PartySlot::Street => self.party(side).street = self.lines(element, raw),
            PartySlot::City => self.party(side).city = self.text(element, raw),
            PartySlot::Region => self.party(side).region = self.text(element, raw),
            PartySlot::Postcode => self.party(side).postcode = self.text(element, raw),
            PartySlot::Country => self.party(side).country = self.country(element, raw),
            PartySlot::Telephone => self.party(side).telephone = self.text(element, raw),
            PartySlot::Email => self.party(side).email = self.text(element, raw),
            PartySlot::Identity => self.party(side).identity = self.text(element, raw),
        }
    }

    fn set_piece(&mut self, element: &'static Element, slot: PieceSlot, raw: Raw<'a>) {
        match slot {
            PieceSlot::Description => self.piece.description = self.text(element, raw),
            PieceSlot::Units => self.piece.units = self.whole_as(element, raw),
            PieceSlot::NetWeight => self.piece.net_weight = self.kilograms(element, raw),
            PieceSlot::Value => self.piece.value = self.money(element, raw),
            PieceSlot::Hs => self.piece.hs = self.hs(element, raw),
            PieceSlot::Origin => self.piece.origin = self.country(element, raw),
        }
    }

    fn set_battery(&mut self, element: &'static Element, slot: BatterySlot, raw: Raw<'a>) {
        match slot {
            BatterySlot::UnNumber => self.battery.un_number = self.code(element, raw, value::un_number),
            BatterySlot::Energy => {
                // Watt-hours and kilograms both have three decimals.
                let energy = self.kilograms(element, raw).map_or(0, |Grams(thousandths)| thousandths);
                self.battery.energy_mwh = u32::try_from(energy).expect("at most 100,000 and three decimals");
            }
            BatterySlot::Count => self.battery.count = self.whole_as(element, raw).unwrap_or(0),
            BatterySlot::Installed => self.battery.is_installed = self.flag(element, raw).unwrap_or(false),
        }
    }

    fn set_local_identifier(&mut self, element: &'static Element, raw: Raw<'a>) {
        let Some(number) = self.text(element, raw) else { return };
        if matches!(self.declaration.identifier, Some(Identifier::S10(_))) {
            self.report(element, raw.mark, findings::LOCAL_IDENTIFIER_UNUSED.finding::<&str>([]));
        } else {
            self.declaration.identifier = Some(Identifier::Other(number));
        }
    }

    fn set_extra(&mut self, element: &'static Element, raw: Raw<'a>) {
        let limit = self.limits.extras;
        if self.declaration.extras.len() >= usize::from(limit) {
            return self.report_once(&findings::EXTRAS_TOO_MANY, element.field, raw.mark, limit);
        }
        let Some(text) = self.text(element, raw) else { return };
        let name = raw.attribute.and_then(|name| self.text(element, Raw { text: name, ..raw }));
        if let Some(name) = name {
            return self.declaration.extras.push((name, text));
        }
        self.report(element, raw.mark, findings::PART_MISSING.finding(["name", element.name]));
    }

    fn close_piece(&mut self, piece: Piece<'a>, mark: Mark) {
        let limit = self.limits.pieces;
        if self.declaration.pieces.len() < usize::from(limit) {
            return self.declaration.pieces.push(piece);
        }
        self.report_once(&findings::PIECES_TOO_MANY, "piece", mark, limit);
    }

    fn close_document(&mut self, mark: Mark) {
        let (Some(kind), Some(number)) = self.document else { return };
        let limit = self.limits.documents;
        if self.declaration.documents.len() < usize::from(limit) {
            return self.declaration.documents.push(Document { kind, number });
        }
        self.report_once(&findings::DOCUMENTS_TOO_MANY, "document", mark, limit);
    }

    /// Reports a limit of the item where it is first exceeded.
    fn report_once(&mut self, code: &'static Code, field: &'static str, mark: Mark, limit: u16) {
        if !self.notes.findings.iter().any(|(_, finding)| std::ptr::eq(finding.code, code)) {
            self.push(mark, code.finding([limit.to_string()]).on(Field::of(field)));
        }
    }

    /// Ends the item: the declaration, and its findings ordered by place and code.
    pub(crate) fn finish(
        mut self,
        ordinal: u32,
        item: Mark,
        resolver: Resolver<'_>,
    ) -> (Declaration<'a>, Vec<Finding>, &'a [Spot]) {
        self.settle_volume();
        let surplus = self.notes.surplus;
        let mut findings = resolve(self.notes.findings, ordinal, resolver);
        if surplus > 0 {
            let more = FINDINGS_MORE.finding([surplus.to_string()]);
            findings.push(more.of(ordinal).at(resolver.place(item)));
        }
        (self.declaration, findings, self.notes.spots)
    }

    fn settle_volume(&mut self) {
        let Some((mark, computed)) = self.computed_volume else { return };
        match self.declaration.volume {
            None => self.declaration.volume = Some(Volume(computed)),
            Some(Volume(stated)) if stated != computed => {
                let finding = findings::VOLUME_DIFFERS.finding([stated.to_string(), computed.to_string()]);
                self.push(mark, finding.on(Field::of("volume")));
            }
            Some(_) => {}
        }
    }

    fn party(&mut self, side: Side) -> &mut Party<'a> {
        match side {
            Side::Sender => &mut self.declaration.sender,
            Side::Addressee => &mut self.declaration.addressee,
        }
    }

    fn field(&self, element: &'static Element) -> Field {
        let piece = (self.open_piece > 0).then_some(self.open_piece);
        let name = if element.slot == Slot::Piece { "" } else { element.field };
        Field { piece, name }
    }

    #[inline]
    fn note(&mut self, element: &'static Element, mark: Mark) {
        self.notes.spots.push(Spot { mark, element, piece: self.open_piece });
    }
}

/// Orders findings by place and code and turns their marks into places.
pub(crate) fn resolve(
    mut marked: Vec<(Mark, Finding)>,
    ordinal: u32,
    resolver: Resolver<'_>,
) -> Vec<Finding> {
    marked.sort_by(|(a_mark, a), (b_mark, b)| a_mark.cmp(b_mark).then_with(|| a.cmp(b)));
    marked.into_iter().map(|(mark, finding)| finding.of(ordinal).at(resolver.place(mark))).collect()
}
