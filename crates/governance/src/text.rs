//! Free text that may name people: plain on its way in, sealed in the ledger.
//!
//! Commands and events carry [`Text::Plain`]; whoever appends to the ledger seals every text of an
//! event first (see [`Recorded::texts`](crate::record::Recorded::texts)) under the key of its stream.
//! Folds therefore hold sealed text only, and views read it through [`Texts`].

use ledger::Sealed;
use serde::{Deserialize, Serialize};

/// A text that people wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Text {
    /// Readable; never stored so.
    Plain(String),
    /// Sealed under the key of its stream.
    Sealed(Sealed),
}

impl Text {
    /// Takes a text, or nothing when it is blank.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self::Plain(text.to_owned()))
    }

    /// Says whether there is nothing to read; a sealed text is taken to say something.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Plain(text) => text.trim().is_empty(),
            Self::Sealed(_) => false,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

/// Who can open sealed texts. The server implements it over its ledger.
pub trait Texts {
    /// Opens a text of a stream; a text that was erased reads as a remark that it was.
    fn read(&self, stream: &str, text: &Text) -> String;

    /// Opens a text of a stream; nothing where it was erased or cannot be opened. For readers who are told nothing of the record.
    fn open(&self, stream: &str, text: &Text) -> Option<String>;
}

/// Opens nothing: for places without a ledger's keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct Closed;

impl Texts for Closed {
    fn read(&self, _: &str, text: &Text) -> String {
        match text {
            Text::Plain(text) => text.clone(),
            Text::Sealed(_) => "(sealed)".to_owned(),
        }
    }

    fn open(&self, _: &str, text: &Text) -> Option<String> {
        match text {
            Text::Plain(text) => Some(text.clone()),
            Text::Sealed(_) => None,
        }
    }
}
