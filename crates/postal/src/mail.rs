//! What kind of mail: category, class, subclass, handling, receptacle.

use crate::ascii::{ascii_code, exact};

/// Declares a closed code list of the UPU: each variant with its code.
macro_rules! code_list {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the value for its code.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// Returns the code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
pub(crate) use code_list;

code_list! {
    /// Mail category, UPU code list 115: how fast and on which kind of carriage.
    MailCategory {
        /// Airmail or priority mail.
        A = "A",
        /// Surface air lifted, non-priority by air.
        B = "B",
        /// Surface: non-priority by land or sea.
        C = "C",
        /// Priority mail carried by surface: the quick trucks and trains.
        D = "D",
    }
}

code_list! {
    /// Mail class, the first letter of the subclass.
    MailClass {
        /// Letter post, small packets included.
        Letters = "U",
        /// Parcels.
        Parcels = "C",
        /// Express (EMS).
        Ems = "E",
        /// Empty receptacles.
        Empty = "T",
    }
}

code_list! {
    /// Handling class of an item, and whether its receptacle counts as registered or insured.
    Handling {
        /// No special handling.
        Normal = "N",
        /// Registered: handed over against signature.
        Registered = "R",
        /// Insured for a value.
        Insured = "V",
    }
}

code_list! {
    /// Kind of receptacle, UPU code list 121.
    ReceptacleKind {
        /// A bag.
        Bag = "BG",
        /// A container that is itself the receptacle.
        Container = "CN",
        /// A parcel out of bag, its own receptacle.
        OutsidePiece = "PC",
        /// A tray.
        Tray = "PU",
    }
}

impl MailCategory {
    /// Returns whether mail of the category goes by land or sea, on the delivery bill CN 37.
    pub fn is_surface(self) -> bool {
        matches!(self, Self::C | Self::D)
    }
}

ascii_code! {
    /// Mail subclass, UPU code list 117: the mail class and a second letter, here also a digit, which some posts use.
    MailSubclass, 2
}

impl MailSubclass {
    /// Returns the subclass when its first letter is a mail class.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = exact::<2>(text, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())?;
        MailClass::parse(&text[..1]).map(|_| Self(bytes))
    }

    /// Returns the ordinary subclass of a class: `UN`, `CN`, `EN` or `TT`.
    pub fn ordinary(class: MailClass) -> Self {
        match class {
            MailClass::Letters => Self(*b"UN"),
            MailClass::Parcels => Self(*b"CN"),
            MailClass::Ems => Self(*b"EN"),
            MailClass::Empty => Self(*b"TT"),
        }
    }

    /// Returns the mail class that the subclass belongs to.
    pub fn class(self) -> MailClass {
        MailClass::parse(&self.as_str()[..1]).expect("a subclass begins with its class")
    }
}
