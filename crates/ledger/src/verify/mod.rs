//! Proving the ledger, and saying where the proof breaks.
//!
//! Three layers, each catching what the one below cannot see: the bytes of the file (page sums, SQLite's own
//! check), the chain (places, links, hashes, time, names), and the signed checkpoints (a chain cut short or written
//! anew). Verification never stops at the first break: whoever repairs wants to know all of them.

mod chain;
mod locate;

use std::fmt;
use std::path::Path;

pub(crate) use chain::ChainCheck;

use crate::checkpoint::Checkpoint;
use crate::entry::Head;
use crate::keys::{Keys, PublicKey};
use crate::ledger::Ledger;
use crate::limits::MAX_FINDINGS;
use crate::open::{OpenError, Options};
use crate::sqlite::SqliteStore;
use crate::store::{Header, Store, StoreError};

/// Where something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// An entry, and the field if it can be told.
    Entry {
        /// The entry.
        seq: u64,
        /// The field.
        field: Option<&'static str>,
    },
    /// A stretch of missing entries.
    Missing {
        /// The first one.
        from: u64,
        /// The last one.
        to: u64,
    },
    /// A signed checkpoint.
    Checkpoint {
        /// The entry that it vouches for.
        seq: u64,
    },
    /// A page of the database file.
    Page {
        /// Its number, from 1.
        number: u32,
        /// Its first byte in the file.
        from: u64,
        /// Its last byte in the file.
        to: u64,
    },
    /// One of the ledger's files as a whole.
    File(&'static str),
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What was expected and what was found.
    pub what: String,
}

impl Finding {
    pub(crate) fn new(place: Place, what: &str) -> Self {
        Self { place, what: what.to_owned() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Entry { seq, field: Some(field) } => write!(f, "entry {seq}, `{field}`: ")?,
            Place::Entry { seq, field: None } => write!(f, "entry {seq}: ")?,
            Place::Missing { from, to } if from == to => write!(f, "entry {from}: ")?,
            Place::Missing { from, to } => write!(f, "entries {from} to {to}: ")?,
            Place::Checkpoint { seq } => write!(f, "checkpoint of entry {seq}: ")?,
            Place::Page { number, from, to } => {
                write!(f, "page {number} (bytes {from} to {to} of the file): ")?;
            }
            Place::File(name) => write!(f, "{name}: ")?,
        }
        f.write_str(&self.what)
    }
}

/// What a verification has seen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Verification {
    /// How many entries were hashed.
    pub entries: u64,
    /// How many bytes of canonical JSON that was.
    pub bytes: u64,
    /// The last entry, as found.
    pub head: Option<Head>,
    /// How many signed checkpoints fit.
    pub checkpoints: u64,
    /// What is wrong, at most [`MAX_FINDINGS`].
    pub findings: Vec<Finding>,
    /// Whether there was more to list.
    pub more: bool,
    /// Who writes the ledger at this moment, so that the bytes below the entries could not be held against their sums.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_by: Option<String>,
}

impl Verification {
    /// Whether everything is as it was written.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.findings.is_empty()
    }

    fn add(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            if self.findings.len() < MAX_FINDINGS {
                self.findings.push(finding);
            } else {
                self.more = true;
            }
        }
    }
}

/// Whose signatures count, and what is known from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Keys that may have signed checkpoints, besides the ledger's own.
    pub keys: Vec<PublicKey>,
    /// Checkpoints that were kept elsewhere: the ledger must still contain what they vouch for.
    pub checkpoints: Vec<Checkpoint>,
}

impl Ledger {
    /// Proves the ledger while others go on using it.
    ///
    /// # Errors
    /// When the store cannot be read at all. Damage is not an error but a finding.
    pub fn verify(&self, trust: &Trust) -> Result<Verification, StoreError> {
        verify_store(self.store(), Some(self.keys()), trust)
    }
}

/// Proves a ledger, however damaged its file may be. While another process writes it, what was written is proven as
/// entries, and the bytes below them are not.
///
/// # Errors
/// When there is no such file, or it cannot be read.
pub fn verify_file(path: &Path, trust: &Trust) -> Result<Verification, OpenError> {
    let unreadable = |source| OpenError::Store { path: path.to_owned(), source };
    if let Err(error) = std::fs::metadata(path) {
        return Err(unreadable(StoreError::from_io(error)));
    }
    if let Some(by) = SqliteStore::written_by(path)? {
        let store = SqliteStore::open_to_read(path)?;
        let keys = Keys::load(&crate::sqlite::beside(path, "-keys"))?;
        let report = verify_store(&store, keys.as_ref(), trust).map_err(unreadable)?;
        return Ok(Verification { written_by: Some(by), ..report });
    }
    // Before SQLite touches the file: opening may mend what should be reported.
    let in_bytes = SqliteStore::check_file(path).map_err(unreadable)?;
    let nameless = Header::new([0; 16]);
    let opened = SqliteStore::open(path, &Options::default(), &nameless).and_then(|store| {
        let lost = store.lost_tail().map_err(unreadable)?;
        Ok((store, lost))
    });
    let (store, lost) = match opened {
        Ok(opened) => opened,
        Err(error) if is_damage(&error, &in_bytes) => return Ok(unopenable(in_bytes, &error)),
        Err(error) => return Err(error),
    };
    let keys = Keys::load(&crate::sqlite::beside(path, "-keys"))?;
    let mut report = match verify_store(&store, keys.as_ref(), trust) {
        Ok(report) => report,
        Err(error) => return Ok(unopenable(in_bytes, &error)),
    };
    report
        .add(in_bytes.into_iter().filter(|new| !report.findings.contains(new)).collect::<Vec<_>>());
    if let Some(tail) = lost {
        let place = Place::Missing { from: tail.found + 1, to: tail.acknowledged };
        let what = "acknowledged to a caller, but gone: the log was damaged or removed, or an old copy was put in place";
        report.add([Finding::new(place, what)]);
    }
    Ok(report)
}

/// Whether a ledger cannot be opened because it is damaged, and not because the machine or somebody is in the way.
fn is_damage(error: &OpenError, in_bytes: &[Finding]) -> bool {
    match error {
        OpenError::Store { source: StoreError::Damaged { .. }, .. } => true,
        OpenError::Locked { .. } | OpenError::Keys(_) | OpenError::System(_) => false,
        OpenError::NotALedger { .. }
        | OpenError::Newer { .. }
        | OpenError::UnknownFormat { .. }
        | OpenError::TailLost { .. }
        | OpenError::Store { .. } => !in_bytes.is_empty(),
    }
}

fn unopenable(in_bytes: Vec<Finding>, error: &dyn std::error::Error) -> Verification {
    let mut what = format!("the entries could not be read: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        what.push_str(&format!(": {error}"));
        cause = error.source();
    }
    let mut report = nothing_seen();
    report.add(in_bytes);
    report.add([Finding::new(Place::File("database"), &what)]);
    report
}

fn nothing_seen() -> Verification {
    Verification {
        entries: 0,
        bytes: 0,
        head: None,
        checkpoints: 0,
        findings: Vec::new(),
        more: false,
        written_by: None,
    }
}

fn verify_store(
    store: &dyn Store,
    keys: Option<&Keys>,
    trust: &Trust,
) -> Result<Verification, StoreError> {
    let mut report = nothing_seen();
    // Two disks' worth of work that do not touch each other: the bytes below, the chain above.
    let (medium, chain) = std::thread::scope(|scope| {
        let medium = scope.spawn(|| store.check_medium());
        let chain = verify_chain(store, keys, trust);
        (medium.join(), chain)
    });
    let in_medium = match medium {
        Ok(Ok(findings)) => findings,
        Ok(Err(StoreError::Damaged { what })) => vec![Finding::new(Place::File("database"), &what)],
        Ok(Err(error)) => return Err(error),
        Err(panic) => std::panic::resume_unwind(panic),
    };
    report.add(in_medium);
    let (check, rows_read, vouched) = chain?;
    report.entries = check.entries;
    report.bytes = check.bytes;
    report.head = check.head();
    report.checkpoints = vouched;
    report.add(check.into_findings());
    if let Err(error) = rows_read {
        report.add([Finding::new(Place::File("database"), &error.to_string())]);
    }
    Ok(report)
}

type ChainOutcome = (ChainCheck, Result<(), StoreError>, u64);

fn verify_chain(
    store: &dyn Store,
    keys: Option<&Keys>,
    trust: &Trust,
) -> Result<ChainOutcome, StoreError> {
    let header = store.header();
    let mut check = ChainCheck::new(header);
    let mut stored = Vec::new();
    match store.checkpoints() {
        Ok(checkpoints) => stored = checkpoints,
        Err(StoreError::Damaged { what }) => {
            check.report(Place::File("checkpoints"), &what);
        }
        Err(error) => return Err(error),
    }
    let mut trusted = trust.keys.clone();
    trusted.extend(keys.map(Keys::public));
    let mut vouched = 0;
    for checkpoint in stored.into_iter().chain(trust.checkpoints.iter().cloned()) {
        match doubt(&checkpoint, header, &trusted) {
            Some(doubt) => check.report(Place::Checkpoint { seq: checkpoint.seq }, doubt),
            None => vouched += 1,
        }
        check.expect_checkpoint(&checkpoint);
    }
    let read = match store.each_row(&mut |row| check.row(row)) {
        Err(error @ StoreError::Damaged { .. }) => Err(error),
        Err(error) => return Err(error),
        Ok(()) => Ok(()),
    };
    check.finish();
    Ok((check, read, vouched))
}

fn doubt(checkpoint: &Checkpoint, header: &Header, trusted: &[PublicKey]) -> Option<&'static str> {
    if !checkpoint.is_signed(header) {
        return Some(
            "the signature does not fit: it was not signed like this, or not for this ledger",
        );
    }
    // A copy without its keys still shows that whoever signed did so once and knew this very ledger.
    let is_known = trusted.is_empty() || trusted.contains(&checkpoint.key);
    (!is_known).then_some("it is signed by a key that is not trusted here")
}
