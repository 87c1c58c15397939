//! The content of one element: a text, or XML kept as it stands.

use std::borrow::Cow;

use quick_xml::events::Event;

use super::BlockReader;
use crate::builder::clip;
use crate::ceb::layout::Element;
use crate::findings;
use crate::place::Mark;
use crate::xml::events::Stop;
use crate::xml::item::{borrowed, deeper, resolve};

impl<'w> BlockReader<'_, 'w> {
    /// Returns the text of the open element; nothing when a part of it cannot be known.
    pub(super) fn text(
        &mut self,
        element: &'static Element,
        mark: Mark,
    ) -> Result<Option<Cow<'w, str>>, Stop> {
        let mut text = Cow::Borrowed("");
        let mut is_known = true;
        loop {
            let at = self.events.mark();
            let part: Cow<'w, str> = match self.events.next()? {
                Event::Text(part) => line_feeds(borrowed(part.into_inner())),
                Event::CData(part) => line_feeds(borrowed(part.into_inner())),
                Event::End(_) => break,
                Event::GeneralRef(reference) => {
                    let Some(character) = resolve(&reference) else {
                        self.report(element, at, findings::XML_ENTITY.finding([clip(&reference)]));
                        is_known = false;
                        continue;
                    };
                    Cow::Owned(character.to_string())
                }
                Event::Start(start) => {
                    self.stranger(element.name, &start, false, at)?;
                    continue;
                }
                Event::Empty(start) => {
                    self.stranger(element.name, &start, true, at)?;
                    continue;
                }
                other => {
                    self.aside(&other, at)?;
                    continue;
                }
            };
            if part.contains("]]>") {
                self.report(element, mark, findings::XML_SEQUENCE.finding(["]]>"]));
            }
            if text.is_empty() {
                text = part;
            } else {
                text.to_mut().push_str(&part);
            }
        }
        self.depth -= 1;
        Ok(is_known.then_some(text))
    }

    /// Returns the content of the open element as it stands.
    pub(super) fn raw(&mut self) -> Result<Option<Cow<'w, str>>, Stop> {
        let (from, outer) = (self.events.position(), self.depth);
        while self.depth >= outer {
            let at = self.events.mark();
            match self.events.next()? {
                Event::Start(_) => self.depth = deeper(self.depth, self.limits.depth, at)?,
                Event::End(_) => self.depth -= 1,
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) | Event::Empty(_) => {}
                other => self.aside(&other, at)?,
            }
        }
        let inside = &self.bytes[from..self.events.position()];
        let end = inside.windows(2).rposition(|pair| pair == b"</").unwrap_or(inside.len());
        // The events have taken these bytes as UTF-8.
        Ok(std::str::from_utf8(&inside[..end]).ok().map(|text| Cow::Borrowed(text.trim())))
    }
}

/// Returns a text with its line breaks as line feeds (XML 1.0, fifth edition, 2.11).
fn line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        return Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
    }
    Cow::Borrowed(text)
}
