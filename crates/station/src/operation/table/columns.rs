//! Where the columns of a table of operations are.

#[derive(Debug)]
pub(super) struct Columns {
    pub(super) at: Option<usize>,
    pub(super) operation: Option<usize>,
    pub(super) subject: Option<usize>,
    pub(super) value: Option<usize>,
    pub(super) departure: Option<usize>,
    pub(super) seal: Option<usize>,
    pub(super) note: Option<usize>,
    pub(super) origin: Option<usize>,
    pub(super) destination: Option<usize>,
    pub(super) equipment: Option<usize>,
    pub(super) tare: Option<usize>,
}

impl Columns {
    pub(super) fn of(headings: &csv::StringRecord) -> Self {
        let column =
            |name: &str| headings.iter().position(|heading| heading.trim_start_matches('\u{feff}') == name);
        Self {
            at: column("at"),
            operation: column("operation"),
            subject: column("subject"),
            value: column("value"),
            departure: column("departure"),
            seal: column("seal"),
            note: column("note"),
            origin: column("origin"),
            destination: column("destination"),
            equipment: column("equipment"),
            tare: column("tare"),
        }
    }

    /// Returns the name of the column whose cell is not in UTF-8; nothing when it is none of ours.
    pub(super) fn broken(&self, error: &csv::Error) -> &'static str {
        let csv::ErrorKind::Utf8 { err, .. } = error.kind() else { return "" };
        let names = [
            ("at", self.at),
            ("operation", self.operation),
            ("subject", self.subject),
            ("value", self.value),
            ("departure", self.departure),
            ("seal", self.seal),
            ("note", self.note),
            ("origin", self.origin),
            ("destination", self.destination),
            ("equipment", self.equipment),
            ("tare", self.tare),
        ];
        names.iter().find(|(_, index)| *index == Some(err.field())).map_or("", |(name, _)| name)
    }
}
