//! Writing declarations as the messages of one conversion: split where a message is full, each in its wrapper.

use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_postal::{Field, Grams};

use super::document::{Document, Envelope, Values};
use super::facts::Facts;
use super::layout::{Block, Element, Message, Part};
use super::mapping::{Rules, Unit, from_declaration, head_of, line_of, map, rules, usual};
use super::wrapper::{Wrapper, wrap};
use super::write::{DOCUMENTS_MAX, WriteError, split, write};
use super::{guid, read};
use crate::compare::{Losses, lost_fields};
use crate::limits::Limits;
use crate::model::Declaration;

/// What the messages of one conversion say beside declarations.
#[derive(Debug, Clone)]
pub struct Job {
    /// The message.
    pub message: &'static Message,
    /// The GUID of the first message, 36 characters. The others are made of it: version 5 of RFC 9562 with this one as
    /// the namespace, of the names `document 1`, `document 2` ... through all messages, and `message 2`, `message 3` ...
    pub guid: String,
    /// The version of the messages, `1.0`.
    pub version: String,
    /// Values of the documents where declarations do not say them.
    pub facts: Facts,
    /// The blocks behind the documents: `BaseTransfer`, `BaseSubscribe`, `ExtendMessage`.
    pub trailer: Vec<Values<'static>>,
    /// The most lines of a document that names many items, beyond which it is split with `msgCount` and `msgSeqNo`.
    pub lines_max: Option<usize>,
    /// What carries each message; its number (`CopMsgId`) becomes the GUID of the message. In the name of the file,
    /// `{message}` stands for the number of the message.
    pub wrapper: Option<Wrapper>,
}

/// Writes the messages of one conversion item by item.
#[derive(Debug)]
pub struct Batch<'j> {
    job: &'j Job,
    rules: &'static Rules,
    namespace: [u8; 16],
    /// Documents that no message was made of yet, at most as many as one has; of a document that names many items, its
    /// lines are kept apart.
    documents: Vec<Document<'static>>,
    lines: Vec<Values<'static>>,
    /// The sum of the weights of the items in the lines.
    weight: Grams,
    /// Documents and messages so far.
    document_count: usize,
    message_count: usize,
}

/// What became of an item that was taken.
#[derive(Debug)]
pub struct Taken<'d> {
    /// What of it the message does not say.
    pub losses: Losses<'d>,
    /// The message before, when the item did not fit into it any more.
    pub message: Option<Vec<u8>>,
}

/// Why an item was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Elements that have to be there and that neither the declaration nor the envelope says.
    #[error("nothing says {}", quoted(.0))]
    Missing(Vec<String>),
    /// Something that the reader would report.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl Job {
    /// Returns whether declarations can be documents or lines of a message.
    ///
    /// The others are messages of the station or of a payer, and need what no declaration has: payments (403, 411), the
    /// number that customs gave a list (605, 623, 213, 215, 625, 701), and when an item was delivered (513). Receipts
    /// are customs' own.
    pub fn is_written(message: &Message) -> bool {
        rules(message).is_some()
    }

    /// Returns whether the schema wants a signature in the message.
    pub fn is_signed(message: &Message) -> bool {
        message.trailer_part("Signature").is_some_and(|(_, part)| part.least > 0)
    }

    /// Returns what only an envelope can say of the documents of a message that names many items: their head, and its
    /// elements that have to be there. The weight may be that of the items.
    pub(crate) fn asked_of_envelope(
        message: &'static Message,
    ) -> Option<(&'static Block, Vec<&'static str>)> {
        rules(message).filter(|rules| rules.unit == Unit::Line)?;
        let head = &message.document.block.parts[0].block;
        let is_asked = |element: &&Element| {
            element.is_required
                && !matches!(element.name, "guid" | "grossWeight")
                && usual(message, element).is_none()
        };
        Some((head, head.elements.iter().filter(is_asked).map(|element| element.name).collect()))
    }

    fn envelope(&self, guid: &str) -> Envelope {
        Envelope {
            guid: guid.to_owned(),
            version: self.version.clone(),
            trailer: self.trailer.clone(),
            signature: None,
        }
    }
}

impl<'j> Batch<'j> {
    /// Begins a conversion; nothing when declarations cannot be the message, or its GUID is none.
    pub fn new(job: &'j Job) -> Option<Self> {
        let (rules, namespace) = (rules(job.message)?, guid::parse(&job.guid)?);
        Some(Self {
            job,
            rules,
            namespace,
            documents: Vec::new(),
            lines: Vec::new(),
            weight: Grams(0),
            document_count: 0,
            message_count: 0,
        })
    }

    /// Takes an item, or nothing of it when its document cannot be written.
    ///
    /// # Errors
    ///
    /// When the document lacks something, or has what the schema does not admit.
    pub fn item<'d>(&mut self, declaration: &'d Declaration<'d>) -> Result<Taken<'d>, Refusal> {
        match self.rules.unit {
            Unit::Document => self.document(declaration),
            Unit::Line => self.line(declaration),
        }
    }

    /// Ends the conversion and returns the messages that are left; none when no item was taken.
    ///
    /// # Errors
    ///
    /// When the head of a document that names many items lacks something.
    pub fn finish(mut self) -> Result<Vec<Vec<u8>>, Refusal> {
        if !self.lines.is_empty() {
            return self.split_lines();
        }
        let last = if self.documents.is_empty() { None } else { Some(self.flush()?) };
        Ok(last.into_iter().collect())
    }

    fn document<'d>(&mut self, declaration: &'d Declaration<'d>) -> Result<Taken<'d>, Refusal> {
        let number = self.document_count + 1;
        let guid = guid::named(self.namespace, &format!("document {number}"));
        let message = self.job.message;
        let (document, extras) = {
            let converted = from_declaration(declaration, message, &self.job.facts, number, &guid)
                .expect("the rules of the message were asked for before");
            let extras = extras(declaration, &converted.losses.extras);
            (converted.document.into_owned(), extras)
        };
        missing(message, &document)?;
        let fields = self.proof(&document, declaration)?;
        let is_full = self.documents.len() == DOCUMENTS_MAX;
        let message = is_full.then(|| self.flush()).transpose()?;
        self.documents.push(document);
        self.document_count = number;
        Ok(Taken { losses: Losses { fields, extras }, message })
    }

    fn line<'d>(&mut self, declaration: &'d Declaration<'d>) -> Result<Taken<'d>, Refusal> {
        let message = self.job.message;
        let part = &message.document.block.parts[1];
        let number = self.lines.len() + 1;
        let (line, unused) = line_of(declaration, message, &part.block, &self.job.facts, number)
            .expect("the rules of the message were asked for before");
        let (line, extras) = (line.into_owned(), extras(declaration, &unused));
        let mut proof = Document { message, blocks: vec![self.head(&self.job.guid), line.clone()] };
        let weight = declaration.gross_weight.map(|weight| self.weight + weight);
        if !self.is_weight_said() {
            match weight {
                Some(weight) => proof.blocks[0].set("grossWeight", weight.kg().to_string()),
                None => proof.blocks[0].remove("grossWeight"),
            };
        }
        missing(message, &proof)?;
        let fields = self.proof(&proof, declaration)?;
        self.weight = weight.unwrap_or(self.weight);
        self.lines.push(line);
        Ok(Taken { losses: Losses { fields, extras }, message: None })
    }

    /// Returns whether the envelope says the weight of all items together, which a scale may have told.
    fn is_weight_said(&self) -> bool {
        let head = &self.job.message.document.block.parts[0].block;
        self.job.facts.get(head, "grossWeight").is_some()
    }

    /// Makes the head of a document that names many items. Its weight is that of the items, unless the envelope says
    /// another.
    fn head(&self, guid: &str) -> Values<'static> {
        let block = &self.job.message.document.block.parts[0].block;
        let nobody = Declaration::default();
        let mut head = head_of(&nobody, self.job.message, block, &self.job.facts, guid)
            .expect("the rules of the message were asked for before")
            .into_owned();
        if !self.is_weight_said() {
            // A block without such an element takes none.
            head.set("grossWeight", self.weight.kg().to_string());
        }
        head
    }

    fn split_lines(mut self) -> Result<Vec<Vec<u8>>, Refusal> {
        let message = self.job.message;
        let mut blocks = vec![self.head("")];
        blocks.append(&mut self.lines);
        let whole = Document { message, blocks };
        missing(message, &whole)?;
        let mut messages = Vec::new();
        for mut part in split(whole, self.job.lines_max.unwrap_or(usize::MAX)) {
            self.document_count += 1;
            let guid = guid::named(self.namespace, &format!("document {}", self.document_count));
            part.blocks[0].set("guid", guid);
            self.documents.push(part);
            messages.push(self.flush()?);
        }
        Ok(messages)
    }

    /// Makes a message of the documents that wait for it; they wait on when it cannot be written.
    fn flush(&mut self) -> Result<Vec<u8>, Refusal> {
        let number = self.message_count + 1;
        let guid = match number {
            1 => self.job.guid.to_ascii_uppercase(),
            number => guid::named(self.namespace, &format!("message {number}")),
        };
        let mut message = one_message(self.job, &guid, &self.documents)?;
        if let Some(wrapper) = &self.job.wrapper {
            let file_name = wrapper.file_name.as_ref();
            let file_name = file_name.map(|name| name.replace("{message}", &number.to_string()));
            message = wrap(&Wrapper { message_id: guid, file_name, ..wrapper.clone() }, &message)?;
        }
        self.documents.clear();
        self.message_count = number;
        Ok(message)
    }

    /// Writes a document alone and reads it again; returns the fields that are lost on the way.
    fn proof(
        &self,
        document: &Document<'static>,
        declaration: &Declaration<'_>,
    ) -> Result<Vec<Field>, Refusal> {
        let bytes = one_message(self.job, &self.job.guid, std::slice::from_ref(document))?;
        let (arena, mut fields) = (Bump::new(), Vec::new());
        let limits = Limits { pieces: u16::MAX, extras: u16::MAX, ..Limits::standard() };
        let again = read(bytes.as_slice(), &limits, |again| {
            if let Some(mapped) = map(&again.document, &arena, &limits) {
                fields = lost_fields(declaration, &mapped.declaration);
            }
            ControlFlow::Break(())
        });
        again.expect("memory does not fail");
        Ok(fields)
    }
}

/// Returns the names of the extra fields of a declaration that are among those given.
fn extras<'d>(declaration: &Declaration<'d>, lost: &[&str]) -> Vec<&'d str> {
    declaration.extras.iter().map(|(name, _)| *name).filter(|name| lost.contains(name)).collect()
}

fn one_message(job: &Job, guid: &str, documents: &[Document<'_>]) -> Result<Vec<u8>, WriteError> {
    let mut messages = write(job.message, &job.envelope(guid), documents, |_| guid.to_owned())?;
    Ok(messages.pop().expect("at least one message is written"))
}

/// Refuses a document that lacks elements, naming all of them.
fn missing(message: &'static Message, document: &Document<'_>) -> Result<(), Refusal> {
    let mut missing = Vec::new();
    for values in &document.blocks {
        let lacks = |name: &str| values.text(name).is_none();
        let elements = values.block.elements.iter().filter(|element| element.is_required);
        let names = elements.map(|element| element.name).filter(|name| lacks(name));
        for name in names.map(|name| format!("{}.{name}", values.block.name)) {
            if !missing.contains(&name) {
                missing.push(name);
            }
        }
    }
    let is_absent = |part: &&Part| {
        part.least > 0 && !document.blocks.iter().any(|values| values.block.name == part.block.name)
    };
    missing
        .extend(message.document.block.parts.iter().filter(is_absent).map(|part| part.block.name.to_owned()));
    if missing.is_empty() { Ok(()) } else { Err(Refusal::Missing(missing)) }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
