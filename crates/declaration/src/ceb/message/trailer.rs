//! What stands behind the documents: blocks that say who sends, and the signature.

use super::{Child, Hearer, MessageReader};
use crate::ceb::block::BlockReader;
use crate::ceb::layout::Message;
use crate::findings;
use crate::place::Mark;
use crate::xml::events::{Events, Stop};
use crate::xml::item::leave_out;

impl MessageReader<'_> {
    /// Reads one block of the trailer.
    pub(super) fn trailer<'w>(
        &mut self,
        message: &'static Message,
        local: &str,
        child: &Child<'_, '_>,
        events: &mut Events<'w>,
        bytes: &'w [u8],
        hearer: &mut Hearer<'_, '_>,
    ) -> Result<(), Stop> {
        let (index, part) = message.trailer_part(local).expect("the caller has found it");
        let mut reader = BlockReader::new(events, bytes, self.limits, &self.prefix);
        let values = reader.block(&part.block, child.start, child.is_empty, child.mark)?;
        let notes = reader.notes;
        for (mark, finding) in notes.findings {
            hearer.report(mark, finding);
        }
        let same = self.envelope.trailer.iter().find(|kept| kept.block.name == part.block.name);
        if part.most == Some(1)
            && let Some(first) = same
        {
            let code =
                if *first == values { &findings::CEB_BLOCK_DOUBLED } else { &findings::ELEMENT_DUPLICATE };
            hearer.report(child.mark, code.finding([part.block.name]));
            return Ok(());
        }
        self.arrive(index, part.block.name, child.mark, hearer);
        self.counts[index] += 1;
        if let Some(most) = part.most.filter(|most| self.counts[index] > *most) {
            if self.counts[index] == most + 1 {
                let found = [part.block.name.to_owned(), most.to_string()];
                hearer.report(child.mark, findings::CEB_BLOCK_SURPLUS.finding(found));
            }
            return Ok(());
        }
        self.envelope.trailer.push(values.into_owned());
        Ok(())
    }

    /// Keeps a signature as it stands; whether it is good is not asked here.
    pub(super) fn signature<'w>(
        &mut self,
        child: &Child<'_, '_>,
        events: &mut Events<'w>,
        bytes: &'w [u8],
        hearer: &mut Hearer<'_, '_>,
    ) -> Result<(), Stop> {
        for (at, finding) in leave_out(events, child.mark, child.is_empty, None, self.limits)? {
            hearer.report(at, finding);
        }
        let signature = &bytes[child.taken..events.position()];
        if let Some(first) = &self.envelope.signature {
            let code =
                if first == signature { &findings::CEB_BLOCK_DOUBLED } else { &findings::ELEMENT_DUPLICATE };
            hearer.report(child.mark, code.finding(["Signature"]));
            return Ok(());
        }
        hearer.report(child.mark, findings::CEB_SIGNATURE_KEPT.finding::<&str>([]));
        self.envelope.signature = Some(signature.to_vec());
        let part = self.message.and_then(|message| message.trailer_part("Signature"));
        if let Some((index, part)) = part.filter(|_| self.is_settled) {
            self.arrive(index, part.block.name, child.mark, hearer);
            self.counts[index] += 1;
        }
        Ok(())
    }

    /// Notes that a part of the trailer is there, and whether it is behind one that should follow it.
    fn arrive(&mut self, index: usize, name: &str, mark: Mark, hearer: &mut Hearer<'_, '_>) {
        if index + 1 < self.next {
            hearer.report(mark, findings::ELEMENT_ORDER.finding([name]));
        }
        self.next = self.next.max(index + 1);
    }
}
