//! What the papers on demand are made from: rows, also of what has long left.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use caravan_declaration::packed;
use caravan_documents::form::{CustomsForm, DepartureFolder};
use caravan_documents::label::ReceptacleLabel;
use caravan_documents::pdf::Drawn;
use caravan_postal::{Handling, Language, S8, S9, S10};
use caravan_station::{
    CONTAINER_TELLING, Config, Container, ContainerState, Custody, Departure, DepartureState, Dispatch,
    DispatchState, Item, ItemId, ItemName, Receptacle, ReceptacleState, Subject, form_number, form_sequence,
};
use caravan_store::Store;

use super::{Form, Named, PrintError, unlabelled};
use crate::forms::{Contents, Forms, Loaded, Loading, Note, differences, differing, form, in_force};

/// What the station keeps, printed as of a moment.
pub(super) struct Kept<'s> {
    pub(super) store: &'s Store,
    pub(super) config: &'s Config,
    /// The moment that was asked for.
    pub(super) asked_ms: Option<i64>,
    pub(super) now_ms: i64,
}

/// A container with the rows that its papers are made from.
pub(super) struct KeptContainer {
    container: Container,
    inside: Vec<Receptacle>,
    departure: Option<Departure>,
    /// When its papers were complete last, or said something else.
    told_ms: Option<i64>,
}

impl KeptContainer {
    fn loaded(&self, at_ms: i64) -> Loaded<'_> {
        let mut inside: Vec<&Receptacle> = self.inside.iter().collect();
        inside.sort_by_cached_key(|receptacle| receptacle.s9.map(|s9| s9.to_string()));
        Loaded { container: &self.container, inside, departure: self.departure.as_ref(), at_ms }
    }
}

impl<'s> Kept<'s> {
    fn forms(&self) -> Forms<'s> {
        Forms::of(self.config)
    }

    /// Returns the moment of a paper: the one asked for, else that of the step that it belongs to.
    fn moment(&self, step_ms: Option<i64>) -> i64 {
        self.asked_ms.or(step_ms).unwrap_or(self.now_ms)
    }

    /// Returns when something of these happened to a subject last.
    async fn last(&self, subject: Subject, codes: &[&str]) -> Result<Option<i64>> {
        let happened = self.store.happened_to(subject).await?;
        let last = happened.iter().rev().find(|one| codes.contains(&one.code.as_str()));
        Ok(last.map(|one| one.at_ms))
    }

    fn loaded<'k>(&self, kept: &'k KeptContainer) -> Loaded<'k> {
        kept.loaded(self.moment(kept.told_ms))
    }

    /// Draws a paper of each key; CN 46 of all of them together.
    pub(super) async fn drawn(&self, form: Form, keys: &[String], language: Language) -> Result<Vec<Drawn>> {
        if form == Form::Cn46 {
            return Ok(vec![self.substitute(keys, language).await?]);
        }
        let mut drawn = Vec::new();
        for key in keys {
            drawn.push(self.one(form, key, language).await?);
        }
        Ok(drawn)
    }

    async fn one(&self, form: Form, key: &str, language: Language) -> Result<Drawn> {
        let forms = self.forms();
        let none = |why| PrintError::Nothing { key: key.to_owned(), why };
        Ok(match form {
            Form::Cn22 => self.customs_form(key, language).await?,
            Form::Cn24 => self.damage_report(key, language).await?,
            Form::Label => self.label(key).await?.draw(language).map_err(|error| unlabelled(key, &error))?,
            Form::Bill => {
                let contents = self.contents(key).await?;
                let is_own = contents.dispatch.series.origin == self.config.office.code;
                if is_own && contents.dispatch.closed_ms.is_none() {
                    return Err(none("the dispatch is not closed yet").into());
                }
                forms.bill(&contents).draw(language)
            }
            Form::Cancellation => self.cancellation(key, language).await?,
            Form::Cn33 => {
                let list = forms.special(&self.in_force(key).await?);
                list.ok_or_else(|| none("it has no registered letters"))?.draw(language)
            }
            Form::Cn16 => {
                let list = forms.insured(&self.in_force(key).await?);
                list.ok_or_else(|| none("it has no insured items"))?.draw(language)
            }
            Form::Cp88 => {
                let bill = forms.transit(&self.in_force(key).await?);
                bill.ok_or_else(|| none("it has no parcels in open transit"))?.draw(language)
            }
            Form::Cn43 => self.verification_note(key, language).await?,
            Form::Cn37 => forms.draw_delivery_bill(&self.loaded(&self.container(key).await?), language),
            Form::Cn47 => {
                let kept = self.container(key).await?;
                let bill = forms.empty_bill(&self.loaded(&kept));
                let bill = bill.ok_or_else(|| none("no empty receptacles are in it"))?;
                in_force(&kept.container, bill.draw(language))
            }
            Form::LoadingList => {
                let kept = self.container(key).await?;
                in_force(&kept.container, self.loading(key, &kept)?.list().draw(language))
            }
            Form::TransferSheet => {
                forms.draw_transfer_sheet(&self.loaded(&self.container(key).await?), language)
            }
            Form::CimSmgs => forms.draw_rail_note(&self.loaded(&self.container(key).await?), language),
            Form::Cmr => forms.draw_road_note(&self.loaded(&self.container(key).await?), language),
            Form::RoadBill => self.road_bill(key, language).await?,
            Form::Cn46 | Form::Folder | Form::Outbox => {
                return Err(none("it is made of all keys together").into());
            }
        })
    }

    /// Returns what a dispatch holds that is not cancelled.
    async fn in_force(&self, key: &str) -> Result<Contents> {
        let contents = self.contents(key).await?;
        if contents.dispatch.state == DispatchState::Cancelled {
            let why = "the dispatch is cancelled, and its number void";
            return Err(PrintError::Nothing { key: key.to_owned(), why }.into());
        }
        Ok(contents)
    }

    async fn cancellation(&self, key: &str, language: Language) -> Result<Drawn> {
        let (dispatch, _) = self.dispatch(key).await?;
        if dispatch.state != DispatchState::Cancelled {
            return Err(
                PrintError::Nothing { key: key.to_owned(), why: "the dispatch is not cancelled" }.into()
            );
        }
        let mut happened = self.store.happened_to(Subject::Dispatch(dispatch.id)).await?.into_iter();
        let reason = happened.rfind(|one| one.code == "reopened");
        let reason = reason.map_or_else(String::new, |reason| reason.detail);
        Ok(self.forms().cancellation(&dispatch, reason).draw(language))
    }

    async fn item(&self, key: &str) -> Result<Item> {
        let found = self.store.items(&[ItemName::parse(key)]).await?;
        // An identifier may come again after a year: the last one is meant.
        Ok(found.into_iter().next_back().ok_or_else(|| unknown(Named::Item, key))?)
    }

    async fn customs_form(&self, key: &str, language: Language) -> Result<Drawn> {
        let item = self.item(key).await?;
        let kept =
            self.store.declaration_of(item.id).await?.ok_or_else(|| unknown(Named::DeclarationOf, key))?;
        let declaration = packed::decode(&kept.packed).context("cannot unpack a declaration")?;
        let operator = if item.origin.is_none_or(|origin| origin == self.config.home()) {
            self.config.office.operator.as_str()
        } else {
            ""
        };
        let is_synthetic = self.config.office.is_synthetic;
        Ok(of_item(&item, CustomsForm { declaration: &declaration, operator, is_synthetic }.draw(language)))
    }

    async fn damage_report(&self, key: &str, language: Language) -> Result<Drawn> {
        let item = self.item(key).await?;
        let kept = self.store.declaration_of(item.id).await?;
        let declared = kept.as_ref().map(|kept| packed::decode(&kept.packed)).transpose();
        let declared = declared.context("cannot unpack a declaration")?;
        let came_in = match item.receptacle {
            Some(id) => self.store.receptacles().await?.into_iter().find(|one| one.id == id),
            None => None,
        };
        let came_in = came_in.and_then(|receptacle| receptacle.s9);
        let number = self.number("CN 24", Subject::Item(item.id)).await?;
        let at_ms = self.moment(self.last(Subject::Item(item.id), &["damaged"]).await?);
        let report = self.forms().damage_report(&item, number, declared.as_ref(), came_in, at_ms);
        Ok(of_item(&item, report.draw(language)))
    }

    /// Returns the receptacle that an S9 names: of another office the last that came.
    async fn receptacle(&self, key: &str) -> Result<Receptacle> {
        let named = S9::parse(key).ok_or_else(|| unknown(Named::Receptacle, key))?;
        let name = |s9: S9| (s9.dispatch, s9.serial());
        let all = self.store.receptacles().await?.into_iter();
        let mut found = all.filter(|one| one.s9.is_some_and(|s9| name(s9) == name(named)));
        Ok(found.next_back().ok_or_else(|| unknown(Named::Receptacle, key))?)
    }

    pub(super) async fn label(&self, key: &str) -> Result<ReceptacleLabel> {
        let receptacle = self.receptacle(key).await?;
        if receptacle.state == ReceptacleState::Voided {
            let why = "the receptacle is put away, and its number void";
            return Err(PrintError::Nothing { key: key.to_owned(), why }.into());
        }
        let dispatch = match receptacle.s9 {
            Some(s9) => self.store.dispatch_sent(s9.dispatch).await?.map(|(dispatch, _)| dispatch),
            None => None,
        };
        let departures = self.store.departures().await?;
        let label = self.forms().label(&receptacle, dispatch.as_ref(), departures.iter());
        Ok(label.ok_or_else(|| unknown(Named::Receptacle, key))?)
    }

    async fn substitute(&self, keys: &[String], language: Language) -> Result<Drawn> {
        let mut came = Vec::new();
        for key in keys {
            let receptacle = self.receptacle(key).await?;
            let s9 = receptacle.s9.filter(|s9| s9.dispatch.series().origin != self.config.office.code);
            if s9.is_none() {
                let why = "it is a receptacle of this office";
                return Err(PrintError::Nothing { key: key.clone(), why }.into());
            }
            came.push(receptacle);
        }
        let bill = self.forms().substitute_bill(&came, self.moment(None));
        Ok(bill.ok_or_else(|| unknown(Named::Receptacle, ""))?.draw(language))
    }

    /// Returns a dispatch, of this office or for it, with its receptacles.
    async fn dispatch(&self, key: &str) -> Result<(Dispatch, Vec<Receptacle>)> {
        let s8 = S8::parse(key).ok_or_else(|| unknown(Named::Dispatch, key))?;
        Ok(self.store.dispatch_sent(s8).await?.ok_or_else(|| unknown(Named::Dispatch, key))?)
    }

    async fn contents(&self, key: &str) -> Result<Contents> {
        let (dispatch, receptacles) = self.dispatch(key).await?;
        self.contents_of(dispatch, receptacles).await
    }

    async fn contents_of(&self, dispatch: Dispatch, mut receptacles: Vec<Receptacle>) -> Result<Contents> {
        receptacles.retain(|receptacle| receptacle.items > 0 && receptacle.state != ReceptacleState::Voided);
        let ids: Vec<_> = receptacles.iter().map(|receptacle| receptacle.id).collect();
        let mut items: BTreeMap<_, Vec<Item>> = BTreeMap::new();
        for item in self.store.items_in(&ids).await? {
            if let Some(receptacle) = item.receptacle {
                items.entry(receptacle).or_default().push(item);
            }
        }
        let insured = items.values().flatten().filter(|item| item.handling == Handling::Insured);
        let insured: Vec<(ItemId, u32)> = insured.map(|item| (item.id, item.version)).collect();
        let insured = Contents::insured(self.store, &insured).await?;
        let inside = receptacles.into_iter().map(|receptacle| {
            let mut items = items.remove(&receptacle.id).unwrap_or_default();
            items.sort_by(|a, b| a.name.cmp(&b.name));
            (receptacle, items)
        });
        Ok(Contents { dispatch, inside: inside.collect(), insured })
    }

    /// Draws the note with all that differs; where nothing is known to, its lines are left to be filled in.
    async fn verification_note(&self, key: &str, language: Language) -> Result<Drawn> {
        if let Some(note) = self.note_beyond(key).await? {
            return Ok(self.forms().verification_note(note).draw(language));
        }
        let of = S9::parse(key).map_or_else(|| key.to_owned(), |s9| s9.dispatch.to_string());
        let (dispatch, receptacles) = self.dispatch(&of).await?;
        let is_own = dispatch.series.origin == self.config.office.code;
        let found = if is_own {
            let found = self.store.differences_of(dispatch.id).await?;
            let found: Vec<_> = found.into_iter().map(|row| (row.code, row.arguments)).collect();
            let came = receptacles.iter().filter(|one| one.state == ReceptacleState::Acknowledged);
            differences(&found, &came.map(Receptacle::name).collect())
        } else {
            let advised = receptacles.iter().flat_map(|one| &one.advice).flat_map(|advice| &advice.items);
            let names: Vec<ItemName> = advised.map(|s10| ItemName::S10(*s10)).collect();
            let missing = self.store.items(&names).await?.into_iter();
            let missing = missing.filter(|item| item.custody == Custody::Missing).map(|item| item.name);
            let missing: BTreeSet<ItemName> = missing.collect();
            let is_missing = |s10: S10| missing.contains(&ItemName::S10(s10));
            let forms = self.forms();
            receptacles.iter().flat_map(|one| forms.irregularities(one, is_missing)).collect()
        };
        let to = if is_own { dispatch.series.destination } else { dispatch.series.origin };
        // Of one received, its note is of the answer; of one sent, of the last word that something differs.
        let step_ms = if is_own {
            self.last(Subject::Dispatch(dispatch.id), &["answered", "settled"]).await?
        } else {
            dispatch.closed_ms
        };
        let form = form(dispatch.series.subclass.class());
        let note = Note {
            number: self.number(form, Subject::Dispatch(dispatch.id)).await?,
            s8: dispatch.s8,
            to: self.forms().office(to),
            at_ms: self.moment(step_ms),
            own: is_own.then_some(&dispatch),
            irregularities: found.iter().map(crate::forms::Difference::irregularity).collect(),
            is_forwarded: false,
        };
        Ok(self.forms().verification_note(note).draw(language))
    }

    /// Returns the number under which a form was drawn up; nothing where it never was, to be filled in.
    async fn number(&self, form: &str, subject: Subject) -> Result<String> {
        let kept = self.store.sequence(&form_sequence(form, subject)).await?;
        Ok(kept.map_or_else(String::new, |kept| form_number(self.config, kept)))
    }

    /// Returns the note about another office's receptacle that passes through, or about all of its dispatch that do.
    async fn note_beyond(&self, key: &str) -> Result<Option<Note<'_>>> {
        let named = S9::parse(key);
        let Some(s8) = named.map(|s9| s9.dispatch).or_else(|| S8::parse(key)) else { return Ok(None) };
        if s8.series().origin == self.config.office.code {
            return Ok(None);
        }
        let is_named = |s9: S9| s9.dispatch == s8 && named.is_none_or(|one| one.serial() == s9.serial());
        let all = self.store.receptacles().await?.into_iter();
        let beyond = all.filter(|one| one.is_through() && one.dispatch.is_none());
        let (mut irregularities, mut number, mut step_ms) = (None, String::new(), None);
        let form = form(s8.series().subclass.class());
        for receptacle in beyond {
            let Some(s9) = receptacle.s9.filter(|s9| is_named(*s9)) else { continue };
            let happened = self.store.happened_to(Subject::Receptacle(receptacle.id)).await?;
            let act = happened.iter().rfind(|event| event.code == "customs-opened");
            let step = happened.iter().rfind(|event| ["customs-opened", "received"].contains(&&*event.code));
            step_ms = step_ms.max(step.map(|step| step.at_ms));
            if number.is_empty() {
                number = self.number(form, Subject::Receptacle(receptacle.id)).await?;
            }
            let lines = differing(&receptacle, s9, act.map(|act| act.detail.as_str()));
            irregularities.get_or_insert_with(Vec::new).extend(lines);
        }
        Ok(irregularities.map(|irregularities| Note {
            number,
            s8,
            to: self.forms().office(s8.series().origin),
            at_ms: self.moment(step_ms),
            own: None,
            irregularities,
            is_forwarded: true,
        }))
    }

    /// Returns the container of a number, the last one, or of a CN 37.
    pub(super) async fn container(&self, key: &str) -> Result<KeptContainer> {
        let is_named = |one: &Container| one.number == key || one.cn37.as_deref() == Some(key);
        let mut found = self.store.containers().await?.into_iter().filter(is_named);
        let container = found.next_back().ok_or_else(|| unknown(Named::Container, key))?;
        let mut departures = self.store.departures().await?.into_iter();
        let departure = departures.find(|departure| departure.key == container.departure);
        let inside = self.store.receptacles_in(container.id).await?;
        self.kept(container, inside, departure).await
    }

    async fn kept(
        &self,
        container: Container,
        inside: Vec<Receptacle>,
        departure: Option<Departure>,
    ) -> Result<KeptContainer> {
        let told_ms = self.last(Subject::Container(container.id), &CONTAINER_TELLING).await?;
        Ok(KeptContainer { container, inside, departure, told_ms })
    }

    pub(super) fn loading(&self, key: &str, kept: &KeptContainer) -> Result<Loading<'s>, PrintError> {
        let why = "nothing is known to lie in it, or its type is not known";
        let loading = self.forms().loading(&self.loaded(kept));
        loading.ok_or_else(|| PrintError::Nothing { key: key.to_owned(), why })
    }

    async fn road_bill(&self, key: &str, language: Language) -> Result<Drawn> {
        let run = run(key);
        let mut items = self.store.items_on_run(&run).await?;
        if items.is_empty() {
            return Err(unknown(Named::Run, key).into());
        }
        items.sort_by(|a, b| a.name.cmp(&b.name));
        let ids: Vec<ItemId> = items.iter().map(|item| item.id).collect();
        let happened = self.store.events_of(&ids).await?;
        let forwarded = happened.values().flatten().filter(|one| one.code == "EMF");
        let at_ms = self.moment(forwarded.map(|one| one.at_ms).max());
        Ok(self.forms().road_bill(&run, items.iter(), at_ms).draw(language))
    }

    /// Returns the folder of a departure, gone or ahead, as far as its containers are loaded.
    pub(super) async fn folder(&self, key: &str, language: Language) -> Result<DepartureFolder> {
        let mut departures = self.store.departures().await?.into_iter();
        let departure = departures.find(|departure| departure.key == key);
        let departure = departure.ok_or_else(|| unknown(Named::Departure, key))?;
        let none = |why| PrintError::Nothing { key: key.to_owned(), why };
        if departure.state == DepartureState::Missed {
            return Err(none("the departure was missed: nothing left by it").into());
        }
        let mut kept = Vec::new();
        let containers = self.store.containers().await?.into_iter().filter(|container| {
            container.departure == key
                && container.receptacles > 0
                && container.state != ContainerState::Withdrawn
        });
        for container in containers {
            let inside = self.store.receptacles_in(container.id).await?;
            kept.push(self.kept(container, inside, Some(departure.clone())).await?);
        }
        if kept.is_empty() {
            return Err(none("nothing is loaded for the departure").into());
        }
        let own = kept.iter().flat_map(|kept| &kept.inside).filter(|one| one.dispatch.is_some());
        let named: BTreeSet<String> = own.filter_map(|one| Some(one.s9?.dispatch.to_string())).collect();
        let mut contents = Vec::new();
        for s8 in named {
            contents.push(self.contents(&s8).await?);
        }
        contents.sort_by_key(|contents| contents.dispatch.id);
        let left_ms = self.last(Subject::Departure(departure.id), &["departed"]).await?;
        let loaded = |kept| -> Loaded<'_> { KeptContainer::loaded(kept, self.moment(left_ms)) };
        let loaded: Vec<Loaded<'_>> = kept.iter().map(loaded).collect();
        Ok(self.forms().folder(&departure, &loaded, &contents, language))
    }
}

/// Returns a paper of an item, void where the item never was.
fn of_item(item: &Item, drawn: Drawn) -> Drawn {
    if item.custody == Custody::Voided { drawn.void() } else { drawn }
}

/// Returns the name of a run as it is kept: its file in the outbox has the day first.
fn run(key: &str) -> String {
    let day = |text: &str| text.parse::<chrono::NaiveDate>().is_ok();
    match key.split_once('/') {
        Some((first, name)) if day(first) => format!("{name}/{first}"),
        _ => key.to_owned(),
    }
}

fn unknown(what: Named, key: &str) -> PrintError {
    PrintError::Unknown { what, key: key.to_owned() }
}
