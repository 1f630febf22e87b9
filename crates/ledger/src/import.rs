//! Restoring an export: every line is proven before it is written, and nothing appears unless all of it is right.
//!
//! The new ledger is built under another name and takes its place at the end, so that an import that fails or is
//! interrupted leaves the target as it was.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use crate::canonical::canonical;
use crate::checkpoint::Checkpoint;
use crate::entry::{Body, Entry, Hash, Head};
use crate::export::Line;
use crate::keys::sync_directory_of;
use crate::limits::{MAX_BODY_BYTES, MAX_GROUP};
use crate::name::{Stream, check_cause, check_name};
use crate::open::{OpenError, Options};
use crate::sqlite::{SqliteStore, beside};
use crate::store::{FORMAT, Header, Store as _, StoreError, Write};
use crate::time;

/// Longest line: a body, and room for the rest of the entry.
const MAX_LINE_BYTES: u64 = MAX_BODY_BYTES as u64 + 4096;

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Imported {
    /// Which ledger it is.
    pub header: Header,
    /// Its last entry.
    pub head: Head,
    /// How many signed checkpoints came with it.
    pub checkpoints: u64,
    /// How many keys of sealed texts came with it. They are of use only with the key file they were wrapped under:
    /// put it beside the ledger as `<ledger>-keys`.
    pub stream_keys: u64,
}

/// Says why nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is something at the target already.
    #[error("`{}` already holds {entries} entries; import into a new file", .path.display())]
    NotEmpty {
        /// The target.
        path: PathBuf,
        /// How many entries it has.
        entries: u64,
    },
    /// A line is not what the export wrote.
    #[error("line {line} is refused: {why}; nothing was imported")]
    Line {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The export ends too early.
    #[error(
        "the export ends after line {lines} without its last line, the head: it was cut off; nothing was imported"
    )]
    CutOff {
        /// How many lines there were.
        lines: u64,
    },
    /// The export could not be read.
    #[error("the export could not be read; nothing was imported")]
    Read(#[source] std::io::Error),
    /// The target could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The target could not be written.
    #[error("the ledger could not be written; nothing was imported")]
    Store(#[from] StoreError),
}

/// Restores an export into a new ledger file at `path`.
///
/// # Errors
/// When the target is not empty, a line is wrong, the export is cut off, or the target cannot be written.
pub fn import(path: &Path, input: &mut dyn BufRead) -> Result<Imported, ImportError> {
    refuse_unless_empty(path)?;
    let unfinished = beside(path, "-import");
    remove_with_companions(&unfinished)?;
    let result = import_into(&unfinished, input);
    if result.is_ok() {
        remove_with_companions(path)?;
        std::fs::rename(&unfinished, path)
            .and_then(|()| sync_directory_of(path))
            .map_err(StoreError::from_io)?;
    }
    remove_with_companions(&unfinished)?;
    result
}

fn refuse_unless_empty(path: &Path) -> Result<(), ImportError> {
    let exists = std::fs::metadata(path).is_ok_and(|file| file.len() > 0);
    if exists {
        let store = SqliteStore::open(path, &Options::default(), &Header::new([0; 16]))?;
        let entries = store.head()?.seq;
        if entries > 0 {
            return Err(ImportError::NotEmpty { path: path.to_owned(), entries });
        }
    }
    Ok(())
}

fn remove_with_companions(path: &Path) -> Result<(), StoreError> {
    for suffix in ["", "-wal", "-shm", "-sums", "-sums-next", "-lock"] {
        match std::fs::remove_file(beside(path, suffix)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::from_io(error));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn import_into(path: &Path, input: &mut dyn BufRead) -> Result<Imported, ImportError> {
    let mut lines = Lines { input, number: 0, text: Vec::new() };
    let header = match lines.next()? {
        Some(AnyLine::Other(Line::Header(header))) => header,
        Some(_) => return Err(lines.refuse("the first line does not name the ledger")),
        None => return Err(ImportError::CutOff { lines: 0 }),
    };
    let is_hex = |id: &str| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
    if header.format != FORMAT || !is_hex(&header.id) {
        return Err(lines.refuse("it names a format or an id that this program does not know"));
    }
    let store = SqliteStore::open(path, &Options::throw_away(), &header)?;
    let mut imported =
        Imported { head: header.empty_head(), header, checkpoints: 0, stream_keys: 0 };
    let mut done = false;
    while !done {
        let mut failure = Ok(());
        let written = store.write(&mut |write| {
            for _ in 0..MAX_GROUP {
                match import_line(&mut lines, write, &mut imported) {
                    Ok(more) if more => {}
                    Ok(_) => {
                        done = true;
                        break;
                    }
                    Err(error) => {
                        failure = Err(error);
                        return Err(StoreError::GivenUp);
                    }
                }
            }
            Ok(())
        });
        failure?;
        written?;
    }
    if lines.next()?.is_some() {
        return Err(lines.refuse("there is more behind the head, which is the last line"));
    }
    drop(store);
    // The log is gone with the store; this makes its content durable, which no commit above has waited for.
    std::fs::File::open(path).and_then(|file| file.sync_all()).map_err(StoreError::from_io)?;
    Ok(imported)
}

/// Writes one line; says whether there are more.
fn import_line(
    lines: &mut Lines<'_>,
    write: &mut dyn Write,
    imported: &mut Imported,
) -> Result<bool, ImportError> {
    let Some(line) = lines.next()? else {
        return Err(ImportError::CutOff { lines: lines.number });
    };
    match line {
        AnyLine::Entry(raw, hash) => {
            let entry = lines.prove(raw, hash, &imported.head, write)?;
            write.insert(&entry)?;
            imported.head = entry.head();
        }
        AnyLine::Other(Line::Checkpoint(checkpoint)) => {
            lines.prove_checkpoint(&checkpoint, imported)?;
            write.put_checkpoint(&checkpoint)?;
            imported.checkpoints += 1;
        }
        AnyLine::Other(Line::StreamKey(key)) => {
            write.put_stream_key(&key)?;
            imported.stream_keys += 1;
        }
        AnyLine::Other(Line::Head(head)) if head == imported.head => return Ok(false),
        AnyLine::Other(Line::Head(head)) => {
            let why = format!(
                "it says that the ledger ends at entry {}, but entry {} came last",
                head.seq, imported.head.seq
            );
            return Err(lines.refuse(&why));
        }
        AnyLine::Other(Line::Header(_)) => {
            return Err(lines.refuse("a second ledger begins here"));
        }
    }
    Ok(true)
}

/// An entry as a line spells it, its fields not judged yet.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryLine {
    actor: String,
    at: String,
    body: Value,
    cause: Option<String>,
    kind: String,
    prev_hash: Hash,
    seq: u64,
    stream: Stream,
    version: u64,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct HashedLine {
    entry: EntryLine,
    hash: Hash,
}

enum AnyLine {
    Entry(Box<EntryLine>, Hash),
    Other(Line),
}

struct Lines<'a> {
    input: &'a mut dyn BufRead,
    number: u64,
    text: Vec<u8>,
}

impl Lines<'_> {
    fn refuse(&self, why: &str) -> ImportError {
        ImportError::Line { line: self.number, why: why.to_owned() }
    }

    fn next(&mut self) -> Result<Option<AnyLine>, ImportError> {
        use std::io::{BufRead as _, Read as _};
        self.text.clear();
        let mut limited = (&mut *self.input).take(MAX_LINE_BYTES);
        let length = limited.read_until(b'\n', &mut self.text).map_err(ImportError::Read)?;
        if length == 0 {
            return Ok(None);
        }
        self.number += 1;
        if !self.text.ends_with(b"\n") {
            if length as u64 == MAX_LINE_BYTES {
                return Err(self.refuse("it is longer than any entry can be"));
            }
            return Err(ImportError::CutOff { lines: self.number - 1 });
        }
        let malformed = |error: serde_json::Error| self.refuse(&error.to_string());
        let parsed = if self.text.starts_with(b"{\"entry\":") {
            let HashedLine { entry, hash } =
                serde_json::from_slice(&self.text).map_err(malformed)?;
            AnyLine::Entry(Box::new(entry), hash)
        } else {
            AnyLine::Other(serde_json::from_slice(&self.text).map_err(malformed)?)
        };
        Ok(Some(parsed))
    }

    fn prove(
        &self,
        raw: Box<EntryLine>,
        hash: Hash,
        head: &Head,
        write: &mut dyn Write,
    ) -> Result<Entry, ImportError> {
        let EntryLine { actor, at, body, cause, kind, prev_hash, seq, stream, version } = *raw;
        let body = canonical(&body).map_err(|error| self.refuse(&error.to_string()))?;
        let at: Timestamp = time::parse(at.as_bytes())
            .ok_or_else(|| self.refuse("`at` is not a time as the ledger writes it"))?;
        check_name("kind", &kind)
            .and_then(|()| check_name("actor", &actor))
            .and_then(|()| cause.as_deref().map_or(Ok(()), check_cause))
            .map_err(|error| self.refuse(&error.to_string()))?;
        let expected = write.version(&stream)? + 1;
        let body = Body::from_canonical(body);
        let entry = Entry { seq, stream, version, kind, at, actor, cause, body, prev_hash, hash };
        if entry.seq != head.seq + 1 {
            return Err(self.refuse(&format!("entry {seq} follows entry {}", head.seq)));
        }
        if entry.prev_hash != head.hash {
            return Err(self.refuse("`prev_hash` is not the hash of the entry before"));
        }
        if entry.version != expected {
            let why = format!("`version` is {version} where the stream counts {expected}");
            return Err(self.refuse(&why));
        }
        if entry.at < head.at {
            return Err(self.refuse("`at` lies before the time of the entry in front of it"));
        }
        if entry.raw(&time::format(at)).digest(&mut Vec::new()) != hash {
            return Err(self.refuse("the hash does not fit the content"));
        }
        Ok(entry)
    }

    fn prove_checkpoint(
        &self,
        checkpoint: &Checkpoint,
        imported: &Imported,
    ) -> Result<(), ImportError> {
        if !checkpoint.is_signed(&imported.header) {
            return Err(self.refuse("the signature of the checkpoint does not fit"));
        }
        if checkpoint.seq > imported.head.seq {
            return Err(self.refuse("the checkpoint vouches for entries that are missing"));
        }
        if checkpoint.seq == imported.head.seq && checkpoint.hash != imported.head.hash {
            return Err(self.refuse("the checkpoint vouches for another entry"));
        }
        Ok(())
    }
}
