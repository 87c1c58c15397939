//! Lines about what comes from other offices, about scans that were none, and about what happens to an item in hand.

use caravan_postal::{Grams, Impc, ReceptacleKind};

use super::{Line, Unreadable, digits, is_container};
use crate::item::ItemName;
use crate::operation::{Act, AnnouncedAs, Consigned};

impl Line<'_> {
    /// Reads what comes from other offices, and what was no item; nothing where the name is another operation's.
    pub(super) fn coming(&self, name: &str) -> Result<Option<Act>, Unreadable> {
        Ok(Some(match name {
            "receive-receptacle" => {
                let is_told = !self.cell(self.columns.seal).is_empty();
                let seal = is_told.then(|| self.printable("seal")).transpose()?;
                Act::ReceiveReceptacle { s9: self.s9()?, scale: self.grams()?, seal }
            }
            "void" | "damage-report" | "with-customs" | "lost" | "destroyed" => {
                self.needed("note")?;
                let item = ItemName::parse(self.subject()?);
                match name {
                    "void" => Act::VoidItem { item },
                    "damage-report" => Act::DamageReport { item },
                    "with-customs" => Act::WithCustoms { item },
                    "lost" => Act::Lose { item },
                    _ => Act::Destroy { item },
                }
            }
            "receive-container" => Act::ReceiveContainer {
                container: self.container()?,
                departure: self.needed("departure")?.to_owned(),
                gross: self.grams()?,
                receptacles: self.note_count()?,
                seal: self.printable("seal")?,
                consigned: self.consigned()?,
            },
            "list-receptacle" => {
                let into = self.needed("value")?;
                if !is_container(into) {
                    return Err(("value", into.to_owned()));
                }
                let kind = match self.cell(self.columns.equipment) {
                    "" => ReceptacleKind::Bag,
                    code => ReceptacleKind::parse(code).ok_or_else(|| ("equipment", code.to_owned()))?,
                };
                Act::ListReceptacle { s9: self.s9()?, kind, container: into.to_owned() }
            }
            _ => return Ok(None),
        }))
    }

    /// Reads as which vehicle a container is announced: `extra` for its value, and its type.
    pub(super) fn announced_as(&self) -> Result<AnnouncedAs, Unreadable> {
        let is_extra = match self.cell(self.columns.value) {
            "" => false,
            "extra" => true,
            other => return Err(("value", other.to_owned())),
        };
        let equipment = Some(self.cell(self.columns.equipment)).filter(|text| !text.is_empty());
        Ok(AnnouncedAs { is_extra, equipment: equipment.map(str::to_owned) })
    }

    /// Reads what the papers of another office's container say of it, as far as the table has columns for it.
    fn consigned(&self) -> Result<Consigned, Unreadable> {
        let told = |column| Some(self.cell(column)).filter(|text| !text.is_empty());
        let office = |name, column| {
            told(column).map(|text| Impc::parse(text).ok_or_else(|| (name, text.to_owned()))).transpose()
        };
        let columns = self.columns;
        let tare = told(columns.tare).map(|text| {
            let grams = digits(text).filter(|grams| *grams <= Grams::MAX.0);
            grams.map(Grams).ok_or_else(|| ("tare", text.to_owned()))
        });
        Ok(Consigned {
            origin: office("origin", columns.origin)?,
            destination: office("destination", columns.destination)?,
            equipment: told(columns.equipment).map(str::to_owned),
            tare: tare.transpose()?,
        })
    }
}
