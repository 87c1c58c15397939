//! The layouts of messages that hold with each partner and carrier: the built-in ones, and in their place what the
//! settings name.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use caravan_edi::Layouts;
use caravan_edi::profile::{Known, Profile};
use caravan_station::Config;

use crate::correspondent::CorrespondentError;

/// The layouts of a station's partners and carriers by EDI address.
#[derive(Debug, Default)]
pub struct Exchanges {
    by_address: BTreeMap<String, Layouts>,
    usual: Layouts,
}

impl Exchanges {
    /// Reads what the settings name; files lie beside them in `folder`.
    pub fn read(config: &Config, folder: &Path) -> Result<Self> {
        let partners =
            config.partners.iter().map(|partner| (partner.edi_address.as_ref(), &partner.exchange.layouts));
        let carriers =
            config.routes.iter().map(|route| (route.carrier_edi_address.as_ref(), &route.carrier_layouts));
        let mut exchanges = Self::default();
        for (address, names) in partners.chain(carriers) {
            let Some(address) = address.filter(|_| !names.is_empty()) else { continue };
            let layouts = exchanges.by_address.entry(address.clone()).or_default();
            for name in names {
                let path = folder.join(name);
                let text =
                    fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
                let wrong = |error| CorrespondentError::Layout(path.clone(), error);
                let profile = Profile::parse(&text).map_err(wrong)?;
                // What an item declares is laid out by the reader of declarations.
                let known = Known::of(&profile.message_type).filter(|known| *known != Known::Itmatt);
                let known = known.ok_or_else(|| CorrespondentError::LayoutForeign(path.clone()))?;
                layouts.set(known, &text).map_err(wrong)?;
            }
        }
        Ok(exchanges)
    }

    /// Returns the layouts that hold with an EDI address.
    pub fn of(&self, address: &str) -> &Layouts {
        self.by_address.get(address).unwrap_or(&self.usual)
    }
}
