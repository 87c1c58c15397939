//! Papers as PDF, where the station prints them. What could not be printed as it was meant is found.

use anyhow::Result;
use caravan_documents::pdf::{self, Drawn};
use caravan_postal::{Handling, Language};
use caravan_station::{
    ContainerId, ContainerState, DepartureId, Dispatch, DispatchId, Item, ItemId, Receptacle, Subject,
};
use caravan_store::Outbound;

use super::Flow;
use super::papers::outbound;
use crate::forms::{Contents, Forms, Loaded, folder_name};

impl Flow {
    /// Returns what makes the forms.
    pub(super) fn forms(&self) -> Forms<'_> {
        Forms::of(&self.desk.config)
    }

    /// Prints a form about a subject in the language of the office; nothing where the station prints none.
    pub(super) fn printed(
        &mut self,
        subject: Subject,
        key: String,
        draw: impl FnOnce(&Self, Language) -> Drawn,
    ) -> Option<Outbound> {
        if !self.desk.config.papers.pdf {
            return None;
        }
        let drawn = draw(self, self.desk.config.office.language);
        self.print(subject, key, &drawn)
    }

    /// The same for several forms, each in a file of its own in a folder.
    pub(super) fn all_printed(
        &mut self,
        subject: Subject,
        folder: &str,
        draw: impl FnOnce(&Self, Language) -> Vec<(&'static str, Drawn)>,
    ) -> Vec<Outbound> {
        if !self.desk.config.papers.pdf {
            return Vec::new();
        }
        let drawn = draw(self, self.desk.config.office.language);
        let print = |(name, drawn): (_, Drawn)| self.print(subject, format!("{folder}/{name}.pdf"), &drawn);
        drawn.into_iter().filter_map(print).collect()
    }

    fn print(&mut self, subject: Subject, key: String, drawn: &Drawn) -> Option<Outbound> {
        for finding in &drawn.findings {
            self.station.find(subject, finding.clone());
        }
        match pdf::print(&drawn.name, self.desk.config.office.language, std::slice::from_ref(drawn)) {
            Ok(body) => Some(Outbound { key, body }),
            Err(error) => {
                self.not_written(subject, &drawn.name, &error);
                None
            }
        }
    }

    /// Prints where everything lies in a container that was loaded here, with the picture beside it.
    pub(super) fn loading_list(&mut self, id: ContainerId, folder: &str) -> Vec<Outbound> {
        let mut svg = None;
        let drawn = self.all_printed(Subject::Container(id), folder, |flow, language| {
            let Some(loading) = flow.forms().loading(&flow.loaded_container(id)) else { return Vec::new() };
            svg = Some(loading.list().svg(language));
            vec![("loading", loading.list().draw(language))]
        });
        let svg = svg.map(|svg| outbound(format!("{folder}/loading.svg"), svg));
        drawn.into_iter().chain(svg).collect()
    }

    /// Prints the customs transfer sheet of a container, and what the carrier's note is filled in from.
    pub(super) fn container_papers(&mut self, id: ContainerId) -> Vec<Outbound> {
        let folder = format!("container/{}", self.station.state().containers[&id].name());
        self.all_printed(Subject::Container(id), &folder, |flow, language| {
            flow.forms().container_papers(&flow.loaded_container(id), language).into()
        })
    }

    /// Prints all papers of a departure that has left.
    pub(super) async fn departure_folder(&mut self, id: DepartureId) -> Result<Option<Outbound>> {
        let state = self.station.state();
        let departure = state.departures[&id].clone();
        let gone = state.containers.values().filter(|container| {
            container.departure == departure.key && container.state == ContainerState::Departed
        });
        let containers: Vec<Loaded<'_>> = gone.map(|container| self.loaded_container(container.id)).collect();
        let inside = containers.iter().flat_map(|loaded| &loaded.inside);
        let mut dispatches: Vec<DispatchId> = inside.filter_map(|receptacle| receptacle.dispatch).collect();
        dispatches.sort_unstable();
        dispatches.dedup();
        let mut contents = Vec::new();
        for id in dispatches {
            let inside = self.contents_of(self.whole(id).await?).await?;
            contents.push(self.contents(state.dispatches[&id].clone(), inside).await?);
        }
        let language = self.desk.config.office.language;
        let folder = self.forms().folder(&departure, &containers, &contents, language);
        match folder.print(language) {
            Ok(body) => {
                Ok(Some(Outbound { key: format!("{}/folder.pdf", folder_name(&departure.key)), body }))
            }
            Err(error) => {
                self.not_written(Subject::Departure(id), "folder", &error);
                Ok(None)
            }
        }
    }

    /// Returns all receptacles of a dispatch, also those that have gone before.
    pub(super) async fn whole(&self, id: DispatchId) -> Result<Vec<Receptacle>> {
        let mut receptacles = self.store.receptacles_of(id).await?;
        let state = self.station.state();
        receptacles.retain(|receptacle| !state.receptacles.contains_key(&receptacle.id));
        receptacles.extend(state.receptacles.values().filter(|one| one.dispatch == Some(id)).cloned());
        Ok(receptacles)
    }

    /// Returns what the forms of a dispatch are made from: where the station prints, with the insured values.
    pub(super) async fn contents(
        &self,
        dispatch: Dispatch,
        inside: Vec<(Receptacle, Vec<Item>)>,
    ) -> Result<Contents> {
        let items = inside.iter().flat_map(|(_, items)| items);
        let is_asked = |item: &&Item| self.desk.config.papers.pdf && item.handling == Handling::Insured;
        let versions: Vec<(ItemId, u32)> =
            items.filter(is_asked).map(|item| (item.id, item.version)).collect();
        let insured = Contents::insured(&self.store, &versions).await?;
        Ok(Contents { dispatch, inside, insured })
    }
}
