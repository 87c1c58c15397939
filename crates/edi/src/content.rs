//! What an operational message says, whatever kind it is: the one door for messages that come in.

use std::collections::BTreeMap;

use caravan_postal::Finding;

use crate::consignment::Consignment;
use crate::emsevt::Lists;
use crate::profile::{Known, Profile, ProfileError};
use crate::{Interchange, Message, codes, consignment, emsevt, predes, rescon, resdes, resdit};

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A dispatch is announced.
    Predes(predes::Advice),
    /// A dispatch is answered for.
    Resdes(resdes::Response),
    /// A consignment is announced.
    Precon(Consignment),
    /// A consignment is answered for.
    Rescon(rescon::Response),
    /// A carrier is handed a consignment.
    Cardit(Consignment),
    /// A carrier reports.
    Resdit(resdit::Report),
    /// Items had events.
    Emsevt(emsevt::Report),
}

/// The layouts and lists that hold with a partner: the built-in ones, and its own in their place.
#[derive(Debug, Default)]
pub struct Layouts {
    own: BTreeMap<Known, Profile>,
    lists: Option<Lists>,
}

impl Layouts {
    /// Puts a partner's own layout, a TOML file, in the place of the built-in one.
    pub fn set(&mut self, known: Known, text: &str) -> Result<(), ProfileError> {
        self.own.insert(known, known.variant(text)?);
        Ok(())
    }

    /// Puts lists of reasons in the place of the built-in ones.
    pub fn set_lists(&mut self, lists: Lists) {
        self.lists = Some(lists);
    }

    /// Returns the layout of a message.
    pub fn profile(&self, known: Known) -> &Profile {
        self.own.get(&known).unwrap_or_else(|| known.profile())
    }

    /// Returns the lists of reasons.
    pub fn lists(&self) -> &Lists {
        self.lists.as_ref().unwrap_or_else(|| Lists::built_in())
    }
}

/// How far into a file its first message begins at the latest: behind UNA and UNB.
const HEAD_BYTES: usize = 1024;
/// How far behind its tag UNH gives the type at the latest: behind a reference of fourteen characters.
const TYPE_BYTES: usize = 20;

impl Content {
    /// Returns which message the first one of an interchange is, by the beginning of its bytes; `None` when it is none that
    /// is known, or no interchange at all.
    pub fn sniff(bytes: &[u8]) -> Option<Known> {
        let head = &bytes[..bytes.len().min(HEAD_BYTES)];
        if !Interchange::is_recognised(head) {
            return None;
        }
        let at = head.windows(3).position(|window| window == b"UNH")?;
        let is_first = |kind: &str| {
            head[at..].windows(kind.len()).take(TYPE_BYTES).any(|window| window == kind.as_bytes())
        };
        Known::ALL.into_iter().find(|known| {
            let profile = known.profile();
            is_first(&profile.message_type.kind) || profile.also.iter().any(|kind| is_first(kind))
        })
    }

    /// Reads a message by its type. `None` when it is of a kind that is not read here, which is a finding; ITMATT is read
    /// by `caravan-declaration`.
    pub fn read(layouts: &Layouts, message: &Message<'_>, findings: &mut Vec<Finding>) -> Option<Self> {
        let known = Known::of(&message.message_type).filter(|known| *known != Known::Itmatt);
        let Some(known) = known else {
            let foreign = codes::MESSAGE_FOREIGN.finding([message.message_type.to_string()]);
            findings.push(foreign.at(message.header.place()));
            return None;
        };
        let profile = layouts.profile(known);
        match known {
            Known::Predes => Some(Self::Predes(predes::read(profile, message, findings))),
            Known::Resdes => Some(Self::Resdes(resdes::read(profile, message, findings))),
            Known::Precon => Some(Self::Precon(consignment::read(profile, message, findings))),
            Known::Rescon => Some(Self::Rescon(rescon::read(profile, message, findings))),
            Known::Cardit => Some(Self::Cardit(consignment::read(profile, message, findings))),
            Known::Resdit => Some(Self::Resdit(resdit::read(profile, message, findings))),
            Known::Emsevt => Some(Self::Emsevt(emsevt::read(profile, layouts.lists(), message, findings))),
            Known::Itmatt => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, Layouts};
    use crate::profile::Known;
    use crate::sample::read_all;

    /// Reads a message of a type with these segments.
    fn check(layouts: &Layouts, kind: &str, segments: &str) -> (Option<Content>, Vec<&'static str>) {
        let count = segments.matches('\'').count() + 2;
        let text = format!("UNB+UNOA:1+A+B+120301:0900+R'UNH+M+{kind}'{segments}UNT+{count}+M'UNZ+1+R'");
        let (mut read, findings) =
            read_all(text.as_bytes(), |message, findings| Content::read(layouts, message, findings));
        (read.remove(0), findings.iter().map(|finding| finding.code.name).collect())
    }

    #[test]
    fn reads_each_message_by_its_type() {
        let layouts = Layouts::default();
        for known in Known::ALL {
            let profile = known.profile();
            let (content, findings) = check(&layouts, &profile.message_type.to_string(), "");
            let read = content.as_ref().map(|content| match content {
                Content::Predes(_) => Known::Predes,
                Content::Resdes(_) => Known::Resdes,
                Content::Precon(_) => Known::Precon,
                Content::Rescon(_) => Known::Rescon,
                Content::Cardit(_) => Known::Cardit,
                Content::Resdit(_) => Known::Resdit,
                Content::Emsevt(_) => Known::Emsevt,
            });
            assert_eq!(read, (known != Known::Itmatt).then_some(known), "{}", profile.name);
            assert_eq!(findings.contains(&"edi-message-foreign"), known == Known::Itmatt, "{findings:?}");
        }
        let (content, findings) = check(&layouts, "CONTRL:2:2:UN", "");
        assert_eq!((content, findings), (None, vec!["edi-message-foreign"]));
    }

    #[test]
    fn the_first_message_tells_what_an_interchange_is() {
        for (head, expected) in [
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+RESDES:1:912:UP'", Some(Known::Resdes)),
            (
                "UNA:+.? '\r\nUNB+UNOA:1+A+B+261120:0900+1'\r\nUNH+12345678901234+RESDIT:1:1:UP'",
                Some(Known::Resdit),
            ),
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+IFTSTA:D:96A:UN'", Some(Known::Resdit)),
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+RESCON:1:1:UP'", Some(Known::Rescon)),
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+EMSEVT:3:0:UP'", Some(Known::Emsevt)),
            ("UNB+UNOA:1+RESDES+B+261120:0900+1'UNH+1+ITMATT:1:500:UP'", Some(Known::Itmatt)),
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+PREDES:2:1:UP'", Some(Known::Predes)),
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+CONTRL:2:2:UN'UNH+2+RESDES", None),
            ("UNB+UNOA:1+A+B+261120:0900+1'", None),
            ("RESDES", None),
            ("at,operation,subject\n", None),
            ("", None),
        ] {
            assert_eq!(Content::sniff(head.as_bytes()), expected, "{head}");
        }
    }

    #[test]
    fn reads_by_a_partners_own_layout() {
        let segments = "BGM+ITMXPAFRCYMADCN20106'GID++1'PCI+++CW:ITMXPAFRCYMADCN20106001001455'RFF+ACU:31'\
                        DTM+7:1203010838:201'";
        let (_, findings) = check(&Layouts::default(), "RESDES:1:912:UP", segments);
        assert!(findings.contains(&"edi-value-missing"), "{findings:?}");
        let own = include_str!("../profiles/resdes-1.1.toml").replace("BGM++{s8}", "BGM+{s8}");
        let code = "\n[[code]]\nfield = \"status\"\nmessage = \"31\"\nmodel = \"20\"\n";
        let mut layouts = Layouts::default();
        layouts.set(Known::Resdes, &format!("{own}{code}")).unwrap();
        let (content, findings) = check(&layouts, "RESDES:1:912:UP", segments);
        assert_eq!(findings, [""; 0]);
        let Some(Content::Resdes(response)) = content else { panic!("a response") };
        assert_eq!(response.receptacles[0].status.as_deref(), Some("20"));
        assert!(layouts.set(Known::Rescon, &own).is_err());
        assert_eq!(layouts.profile(Known::Rescon).name, "rescon-1.1");
    }
}
