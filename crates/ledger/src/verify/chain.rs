//! The chain: every row in its place, linked to the one before, with the hash that its content gives.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::locate::{Suspect, locate};
use super::{Finding, Place};
use crate::canonical::RawEntry;
use crate::checkpoint::Checkpoint;
use crate::entry::{Hash, Head};
use crate::limits::MAX_FINDINGS;
use crate::name::{Stream, is_plain};
use crate::store::{Header, StoreError};
use crate::time;

/// Entries whose damage is searched for bit by bit; beyond that the disk is broken, not a bit.
const MAX_LOCATED: usize = 20;

/// Takes rows in order and collects what is wrong with them.
#[derive(Debug)]
pub(crate) struct ChainCheck {
    /// How many rows there were.
    pub(super) entries: u64,
    /// How many bytes were hashed.
    pub(super) bytes: u64,
    findings: Vec<Finding>,
    /// The `seq` of the row before.
    last: u64,
    /// The hash that the row before carries.
    link: Hash,
    /// The time of the row before, as text: its width is fixed, so text compares like time.
    at: Vec<u8>,
    /// Never iterated.
    versions: HashMap<Box<[u8]>, u64, foldhash::fast::RandomState>,
    checkpoints: BTreeMap<u64, Vec<Hash>>,
    /// A row whose hash does not fit; the next row's link tells whether the content or the hash is wrong.
    suspect: Option<Suspect>,
    located: usize,
    buffer: Vec<u8>,
}

impl ChainCheck {
    pub(crate) fn new(header: &Header) -> Self {
        Self {
            entries: 0,
            bytes: 0,
            findings: Vec::new(),
            last: 0,
            link: header.genesis(),
            at: Vec::new(),
            versions: HashMap::default(),
            checkpoints: BTreeMap::new(),
            suspect: None,
            located: 0,
            buffer: Vec::with_capacity(1024),
        }
    }

    /// Notes that the entry named by a checkpoint must have its hash.
    pub(crate) fn expect_checkpoint(&mut self, checkpoint: &Checkpoint) {
        self.checkpoints.entry(checkpoint.seq).or_default().push(checkpoint.hash);
    }

    pub(crate) fn report(&mut self, place: Place, what: &str) {
        if self.findings.len() <= MAX_FINDINGS {
            self.findings.push(Finding::new(place, what));
        }
    }

    fn report_field(&mut self, seq: u64, field: &'static str, what: &str) {
        self.report(Place::Entry { seq, field: Some(field) }, what);
    }

    /// The place behind the last row.
    pub(crate) fn head(&self) -> Option<Head> {
        let at = time::parse(&self.at)?;
        Some(Head { seq: self.last, hash: self.link, at })
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Looks at the next row. Always wants more: a broken row says nothing about those behind it.
    pub(crate) fn row(&mut self, row: Result<RawEntry<'_>, StoreError>) -> bool {
        match row {
            Ok(raw) => self.entry(&raw),
            Err(error) => {
                let place = Place::Entry { seq: self.last + 1, field: None };
                self.report(place, &format!("the row cannot be read: {error}"));
                self.last += 1;
            }
        }
        true
    }

    fn entry(&mut self, raw: &RawEntry<'_>) {
        self.settle_suspect(Some(raw.prev_hash));
        self.place(raw);
        self.link(raw);
        self.time(raw);
        self.names(raw);
        let version = self.version(raw);
        self.hash(raw, version);
        self.checkpoint(raw.seq, raw.hash);
        self.entries += 1;
        self.last = raw.seq;
        self.at.clear();
        self.at.extend_from_slice(raw.at);
        if let Ok(hash) = raw.hash.try_into() {
            self.link = Hash(hash);
        }
    }

    fn place(&mut self, raw: &RawEntry<'_>) {
        if raw.seq > self.last + 1 {
            let place = Place::Missing { from: self.last + 1, to: raw.seq - 1 };
            self.report(place, "missing: an entry was removed, or its number was changed");
        }
    }

    fn link(&mut self, raw: &RawEntry<'_>) {
        if raw.prev_hash != self.link.0 && raw.seq == self.last + 1 {
            let what = if self.last == 0 {
                "it does not link to this ledger's beginning: the entry belongs to another ledger"
            } else {
                "it is not the hash that the entry before carries"
            };
            self.report_field(raw.seq, "prev_hash", what);
        }
    }

    fn time(&mut self, raw: &RawEntry<'_>) {
        if raw.at.len() == self.at.len() && raw.at < &*self.at {
            self.report_field(raw.seq, "at", "it lies before the time of the entry in front of it");
        }
        if time::parse(raw.at).is_none() {
            self.report_field(raw.seq, "at", "it is not a time as the ledger writes it");
        }
    }

    fn names(&mut self, raw: &RawEntry<'_>) {
        let names =
            [("kind", raw.kind), ("actor", raw.actor), ("cause", raw.cause.unwrap_or(b"-"))];
        for (field, name) in names {
            if name.is_empty() || !is_plain(name) {
                self.report_field(raw.seq, field, "it holds characters that no name has");
            }
        }
    }

    /// Counts the stream on and returns the version that the row should have.
    fn version(&mut self, raw: &RawEntry<'_>) -> u64 {
        let (expected, is_new) = match self.versions.get_mut(raw.stream) {
            Some(version) => {
                *version += 1;
                (*version, false)
            }
            None => {
                self.versions.insert(raw.stream.into(), 1);
                (1, true)
            }
        };
        if is_new && std::str::from_utf8(raw.stream).map_or(true, |name| Stream::new(name).is_err())
        {
            self.report_field(raw.seq, "stream", "it is not the name of a stream");
        }
        if raw.version != expected {
            let what = format!("it is {} where the stream counts {expected}", raw.version);
            self.report_field(raw.seq, "version", &what);
        }
        expected
    }

    fn hash(&mut self, raw: &RawEntry<'_>, version: u64) {
        let computed = raw.digest(&mut self.buffer);
        self.bytes += self.buffer.len() as u64;
        if computed.0 == raw.hash {
            return;
        }
        if self.located == MAX_LOCATED {
            self.report(
                Place::Entry { seq: raw.seq, field: None },
                "its hash does not fit its content",
            );
            return;
        }
        self.located += 1;
        let expected_link = self.link;
        self.suspect = Some(locate(raw, computed, version, expected_link, self.last + 1));
    }

    /// Says what is wrong with the suspect, given the link of the row behind it.
    fn settle_suspect(&mut self, next_link: Option<&[u8]>) {
        if let Some(suspect) = self.suspect.take() {
            let finding = suspect.judge(next_link);
            // A damaged field is often seen by its own rule as well; the located one says more.
            self.findings.retain(|known| known.place != finding.place);
            self.report(finding.place, &finding.what);
        }
    }

    fn checkpoint(&mut self, seq: u64, hash: &[u8]) {
        for vouched in self.checkpoints.remove(&seq).unwrap_or_default() {
            if vouched.0 != hash {
                self.report(
                    Place::Checkpoint { seq },
                    "the entry has another hash than the one signed: the chain was written anew, or one of the two is damaged",
                );
            }
        }
    }

    /// Looks at what only the end can tell.
    pub(crate) fn finish(&mut self) {
        self.settle_suspect(None);
        for (seq, hashes) in std::mem::take(&mut self.checkpoints) {
            let is_genesis =
                seq == 0 && self.entries == 0 && hashes.iter().all(|h| *h == self.link);
            if seq > self.last {
                let place = Place::Missing { from: self.last + 1, to: seq };
                self.report(place, "missing at the end: a signed checkpoint vouches for them");
            } else if !is_genesis && seq > 0 {
                self.report(Place::Checkpoint { seq }, "the entry that it vouches for is missing");
            }
        }
    }
}
