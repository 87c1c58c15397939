//! What may lie together in one receptacle.

use std::fmt;

use caravan_postal::{DispatchSeries, Handling, Impc, MailCategory, MailClass, MailSubclass};

/// The mail that may share a receptacle: one destination, one kind of mail, one way of handling it.
///
/// The class is the first letter of the subclass, so that the two cannot disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stream {
    /// The office of exchange that opens the receptacle.
    pub destination: Impc,
    /// The mail category.
    pub category: MailCategory,
    /// The mail subclass.
    pub subclass: MailSubclass,
    /// Whether the receptacle bears a red label.
    pub handling: HandlingGroup,
    /// The letter format; `None` where formats are not kept apart.
    pub format: Option<Format>,
}

/// How the receptacle as a whole is handled: registered and insured items travel under a red label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandlingGroup {
    /// Nothing inside is registered or insured.
    Normal,
    /// Registered or insured items only; marked on the label, in the receptacle identifier and on the CN 37.
    RedLabel,
}

/// The format of letter-post items, where an office keeps formats apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Small letters, `P`.
    Small,
    /// Large letters, `G`.
    Large,
    /// Bulky letters and small packets, `E`.
    Bulky,
}

impl Stream {
    /// Returns the mail class.
    pub fn class(self) -> MailClass {
        self.subclass.class()
    }

    /// Returns the series in which the stream's dispatches from `origin` are numbered.
    ///
    /// Streams that differ only in handling or format share one series, and so one dispatch.
    pub fn series(self, origin: Impc) -> DispatchSeries {
        DispatchSeries {
            origin,
            destination: self.destination,
            category: self.category,
            subclass: self.subclass,
        }
    }

    /// Returns whether the receptacle counts as registered or insured, as its identifier says (S9, position 25).
    pub fn is_registered(self) -> bool {
        self.handling == HandlingGroup::RedLabel
    }

    /// Reads what [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let stream = Self {
            destination: Impc::parse(parts.next()?)?,
            category: MailCategory::parse(parts.next()?)?,
            subclass: MailSubclass::parse(parts.next()?)?,
            handling: HandlingGroup::parse(parts.next()?)?,
            format: match parts.next() {
                Some(format) => Some(Format::parse(format)?),
                None => None,
            },
        };
        parts.next().is_none().then_some(stream)
    }
}

impl From<Handling> for HandlingGroup {
    fn from(handling: Handling) -> Self {
        match handling {
            Handling::Normal => Self::Normal,
            Handling::Registered | Handling::Insured => Self::RedLabel,
        }
    }
}

impl HandlingGroup {
    /// Returns the group for its letter.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "N" => Some(Self::Normal),
            "R" => Some(Self::RedLabel),
            _ => None,
        }
    }

    /// Returns the letter: `N`, or `R` as in the remarks of the CN 37.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "N",
            Self::RedLabel => "R",
        }
    }
}

impl Format {
    /// Returns the format for its letter.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "P" => Some(Self::Small),
            "G" => Some(Self::Large),
            "E" => Some(Self::Bulky),
            _ => None,
        }
    }

    /// Returns the letter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Small => "P",
            Self::Large => "G",
            Self::Bulky => "E",
        }
    }
}

/// Writes the stream as one word: `KZALAA-C-CN-N`, with the format behind it where there is one.
impl fmt::Display for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}-{}", self.destination, self.category, self.subclass, self.handling.as_str())?;
        match self.format {
            Some(format) => write!(f, "-{}", format.as_str()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use caravan_postal::{Handling, Impc, MailClass};

    use super::{HandlingGroup, Stream};

    #[test]
    fn reads_and_writes_its_word() {
        for text in
            ["KZALAA-C-CN-N", "KGFRUA-D-UN-R", "PLWAWA-C-UN-N-E", "PKISBA-D-EN-R-P", "UZTASA-C-UR-R-G"]
        {
            assert_eq!(Stream::parse(text).map(|stream| stream.to_string()).as_deref(), Some(text));
        }
        for wrong in [
            "",
            "KZALAA-C-CN",
            "KZALAA-C-CN-N-",
            "KZALAA-C-CN-N-E-",
            "KZALAA-C-CN-V",
            "KZALAA-C-CN-N-X",
            "KZALAA-X-CN-N",
            "KZALAA-C-XN-N",
            "ZZALAA-C-CN-N",
            "kzalaa-C-CN-N",
            "KZALAA-C-CN-N ",
        ] {
            assert_eq!(Stream::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn shares_a_series_across_handling_and_format() {
        let origin = Impc::parse("CNURCA").unwrap();
        let series = |text| Stream::parse(text).unwrap().series(origin).to_string();
        assert_eq!(series("KZALAA-C-UN-N-E"), "CNURCAKZALAACUN");
        assert_eq!(series("KZALAA-C-UN-R"), series("KZALAA-C-UN-N-P"));
        assert_ne!(series("KZALAA-C-UN-N"), series("KZALAA-D-UN-N"));
        assert_eq!(Stream::parse("KZALAA-C-EN-N").unwrap().class(), MailClass::Ems);
    }

    #[test]
    fn puts_registered_and_insured_under_the_red_label() {
        let registered = Handling::ALL
            .iter()
            .filter(|handling| HandlingGroup::from(**handling) == HandlingGroup::RedLabel);
        assert_eq!(registered.collect::<Vec<_>>(), [&Handling::Registered, &Handling::Insured]);
    }
}
