//! Rows of which each country has its own, at hand by country.

use caravan_postal::Country;

use super::ordinal;
use super::scope::Countries;

/// How many places a table by country has: see [`Country::ordinal`].
const COUNTRIES: usize = 676;

/// Rows in the order of their table.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    all: Vec<T>,
    /// The places of the rows of each country; at the end, those of an unknown one.
    by_country: Vec<Box<[u16]>>,
}

impl<T> Rows<T> {
    /// Lays out rows by the countries that each is for.
    pub(crate) fn of(all: Vec<T>, countries: impl Fn(&T) -> Countries) -> Self {
        let sets: Vec<Countries> = all.iter().map(countries).collect();
        let places = |is_in: &dyn Fn(&Countries) -> bool| {
            let of_country = (0..).zip(&sets).filter(|(_, set)| is_in(set)).map(|(at, _): (u16, _)| at);
            of_country.collect()
        };
        let ordinals = (0..COUNTRIES).map(|ordinal| places(&|set| set.holds(ordinal)));
        let unknown = places(&|set| set.contains(None));
        Self { by_country: ordinals.chain([unknown]).collect(), all }
    }

    /// Returns every row.
    pub(crate) fn all(&self) -> &[T] {
        &self.all
    }

    /// Returns the rows that are for a country.
    pub(crate) fn of_country(&self, country: Option<Country>) -> impl Iterator<Item = &T> {
        let places: &[u16] = match self.by_country.get(country.map_or(COUNTRIES, ordinal)) {
            Some(places) => places,
            None => &[],
        };
        places.iter().map(|at| &self.all[usize::from(*at)])
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { all: Vec::new(), by_country: Vec::new() }
    }
}
