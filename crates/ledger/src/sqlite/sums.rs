//! A sum for every page of the database file, and the newest head that was acknowledged.
//!
//! SQLite does not notice a flipped bit: not in a row (the chain does), and nobody would notice one in free space or
//! in a field of the file's header. The file `<ledger>-sums` makes every byte count. Pages change only when the log
//! moves into the main file, which is ours to start, so the protocol is short:
//!
//! 1. write the sums of the pages in the log to `<ledger>-sums-next`, and fsync it;
//! 2. let SQLite move the log;
//! 3. write the sums into `<ledger>-sums`, fsync it, remove the other.
//!
//! A crash anywhere in between leaves pages that match one of the two files; opening the ledger finishes the job.
//! The head is written after each commit, without an fsync of its own: it is never ahead of the database, and if the
//! database is ever behind it, acknowledged entries are gone (a damaged or removed log, an old copy).
//!
//! Deleting the file is safe: it is made anew from the pages as they are.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::beside;
use crate::entry::Hash;
use crate::verify::{Finding, Place};

/// SQLite's page size; set when the file is made.
pub(super) const PAGE: usize = 4096;

/// Half a SHA-256: nobody forges it (the chain is what resists forgers), no accident meets it.
pub(super) type Sum = [u8; 16];

const SUM: usize = size_of::<Sum>();
const MAGIC: &[u8; 16] = b"council-sums/1\n\0";
const HEAD: usize = 8 + 32 + 8;
const HEADER: usize = MAGIC.len() + HEAD;

/// The sum of a page.
pub(super) fn sum(page: &[u8]) -> Sum {
    let digest: [u8; 32] = Sha256::digest(page).into();
    let mut sum = [0; SUM];
    sum.copy_from_slice(&digest[..SUM]);
    sum
}

/// The open sums of a ledger.
#[derive(Debug)]
pub(super) struct Sums {
    ledger: PathBuf,
    file: File,
}

impl Sums {
    /// Opens the sums beside a ledger, if there are any.
    pub(super) fn open(ledger: &Path) -> std::io::Result<Option<Self>> {
        let path = beside(ledger, "-sums");
        let mut file = match OpenOptions::new().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut magic = [0; MAGIC.len()];
        if file.read_exact(&mut magic).is_err() || magic != *MAGIC {
            return Ok(None);
        }
        Ok(Some(Self { ledger: ledger.to_owned(), file }))
    }

    /// Makes the sums anew from the pages as they are; the log must have been moved.
    pub(super) fn build(ledger: &Path) -> std::io::Result<Self> {
        let path = beside(ledger, "-sums");
        let unfinished = beside(ledger, "-sums-new");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&unfinished)?;
        let mut content = Vec::from(MAGIC);
        content.resize(HEADER, 0);
        each_page(ledger, |_, page| content.extend_from_slice(&sum(page)))?;
        file.write_all(&content)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, &path)?;
        remove_next(ledger)?;
        crate::keys::sync_directory_of(&path)?;
        Ok(Self { ledger: ledger.to_owned(), file })
    }

    /// Step 1: announces what the pages will be, on top of what was announced and never settled. Returns all that
    /// is announced now.
    pub(super) fn announce(
        &self,
        pages: BTreeMap<u32, Sum>,
    ) -> std::io::Result<BTreeMap<u32, Sum>> {
        let mut announced = read_next(&self.ledger)?;
        if pages.is_empty() {
            return Ok(announced);
        }
        announced.extend(pages);
        self.reserve(&announced)?;
        let mut content = Vec::with_capacity(announced.len() * (4 + SUM) + 32);
        for (number, sum) in &announced {
            content.extend_from_slice(&number.to_le_bytes());
            content.extend_from_slice(sum);
        }
        let whole: [u8; 32] = Sha256::digest(&content).into();
        content.extend_from_slice(&whole);
        let unfinished = beside(&self.ledger, "-sums-new");
        let mut file = File::create(&unfinished)?;
        file.write_all(&content)?;
        file.sync_data()?;
        std::fs::rename(unfinished, beside(&self.ledger, "-sums-next"))?;
        crate::keys::sync_directory_of(&self.ledger)?;
        Ok(announced)
    }

    /// Takes the space that settling will need, while nothing has changed yet and a full disk does no harm.
    fn reserve(&self, pages: &BTreeMap<u32, Sum>) -> std::io::Result<()> {
        let needed = pages.keys().next_back().map_or(0, |last| place_of(*last) + SUM as u64);
        let length = self.file.metadata()?.len();
        let missing = usize::try_from(needed.saturating_sub(length)).unwrap_or(usize::MAX);
        self.file.write_all_at(&vec![0; missing], length)
    }

    /// Step 3: the pages are what was announced.
    pub(super) fn settle(&self, pages: &BTreeMap<u32, Sum>) -> std::io::Result<()> {
        for (number, sum) in pages {
            self.file.write_all_at(sum, place_of(*number))?;
        }
        self.file.sync_data()?;
        remove_next(&self.ledger)
    }

    /// Instead of step 3 when step 2 failed half-way: the pages are what they are now.
    pub(super) fn settle_as_found(&self, pages: &BTreeMap<u32, Sum>) -> std::io::Result<()> {
        let database = File::open(&self.ledger)?;
        let mut found = BTreeMap::new();
        let mut page = vec![0; PAGE];
        for number in pages.keys() {
            match database.read_exact_at(&mut page, (u64::from(*number) - 1) * PAGE as u64) {
                Ok(()) => drop(found.insert(*number, sum(&page))),
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => {}
                Err(error) => return Err(error),
            }
        }
        self.settle(&found)
    }

    /// Notes the newest head that callers know to be durable.
    pub(super) fn acknowledge(&self, seq: u64, hash: &Hash) -> std::io::Result<()> {
        self.file.write_all_at(&head_record(seq, hash), MAGIC.len() as u64)
    }

    /// The newest head that was noted; `None` if none was, or the note itself is damaged.
    pub(super) fn acknowledged(&self) -> std::io::Result<Option<(u64, Hash)>> {
        let mut record = [0; HEAD];
        match self.file.read_exact_at(&mut record, MAGIC.len() as u64) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        let (seq, rest) = record.split_at(8);
        let seq = u64::from_le_bytes(seq.try_into().expect("BUG: eight bytes"));
        let hash = Hash(rest[..32].try_into().expect("BUG: 32 bytes"));
        Ok((record == head_record(seq, &hash)).then_some((seq, hash)))
    }
}

fn head_record(seq: u64, hash: &Hash) -> [u8; HEAD] {
    let mut record = [0; HEAD];
    record[..8].copy_from_slice(&seq.to_le_bytes());
    record[8..40].copy_from_slice(&hash.0);
    let check: [u8; 32] = Sha256::digest(&record[..40]).into();
    record[40..].copy_from_slice(&check[..8]);
    record
}

fn place_of(page: u32) -> u64 {
    HEADER as u64 + (u64::from(page) - 1) * SUM as u64
}

fn remove_next(ledger: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(beside(ledger, "-sums-next")) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Reads an announcement; an incomplete one was never acted on and counts as none.
fn read_next(ledger: &Path) -> std::io::Result<BTreeMap<u32, Sum>> {
    let content = match std::fs::read(beside(ledger, "-sums-next")) {
        Ok(content) => content,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error),
    };
    let Some((pages, whole)) = content.split_last_chunk::<32>() else {
        return Ok(BTreeMap::new());
    };
    if <[u8; 32]>::from(Sha256::digest(pages)) != *whole {
        return Ok(BTreeMap::new());
    }
    let (records, _) = pages.as_chunks::<{ 4 + SUM }>();
    Ok(records
        .iter()
        .map(|record| {
            let (number, sum) = record.split_at(4);
            let number = u32::from_le_bytes(number.try_into().expect("BUG: four bytes"));
            (number, sum.try_into().expect("BUG: a sum's length"))
        })
        .filter(|(number, _)| *number > 0)
        .collect())
}

fn each_page(ledger: &Path, mut visit: impl FnMut(u32, &[u8])) -> std::io::Result<()> {
    let mut database = BufReader::with_capacity(1 << 20, File::open(ledger)?);
    let mut page = vec![0; PAGE];
    for number in 1.. {
        match database.read_exact(&mut page) {
            Ok(()) => visit(number, &page),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Compares every byte of the database file with the sums. Needs no SQLite and changes nothing, so that it can run
/// before a damaged file is opened. Says nothing if there are no sums.
pub(super) fn check(ledger: &Path) -> std::io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut file = match File::open(beside(ledger, "-sums")) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(findings),
        Err(error) => return Err(error),
    };
    let mut header = [0; HEADER];
    let beside_it = |what: &str| Finding::new(Place::File("sums"), what);
    if file.read_exact(&mut header).is_err() || header[..MAGIC.len()] != *MAGIC {
        findings.push(beside_it("the file of page sums is damaged at its beginning; delete it once the rest is proven, it will be made anew"));
        return Ok(findings);
    }
    let record = &header[MAGIC.len()..];
    let never_acknowledged = record.iter().all(|byte| *byte == 0);
    let hash = Hash(record[8..40].try_into().expect("BUG: 32 bytes"));
    let seq = u64::from_le_bytes(record[..8].try_into().expect("BUG: eight bytes"));
    if !never_acknowledged && *record != head_record(seq, &hash) {
        findings.push(beside_it("the note of the newest acknowledged entry is damaged"));
    }
    file.seek(SeekFrom::Start(HEADER as u64))?;
    let mut sums = Vec::new();
    file.read_to_end(&mut sums)?;
    let (sums, _) = sums.as_chunks::<SUM>();
    // What was reserved at the end speaks of no page yet.
    let used = sums.iter().rposition(|sum| *sum != [0; SUM]).map_or(0, |last| last + 1);
    let sums = &sums[..used];
    let next = read_next(ledger)?;
    let mut pages = 0;
    each_page(ledger, |number, page| {
        pages = number;
        let index = number as usize - 1;
        let found = sum(page);
        let known = sums.get(index).filter(|sum| **sum != [0; SUM]);
        // Page 262,145 (the lock bytes at 1 GiB) is never written: no sum, all zeros.
        let unwritten = known.is_none() && page.iter().all(|byte| *byte == 0);
        if known != Some(&found) && next.get(&number) != Some(&found) && !unwritten {
            findings.push(page_finding(number, known.is_some()));
        }
    })?;
    let length = std::fs::metadata(ledger)?.len();
    if length % PAGE as u64 != 0 || (pages as usize) < sums.len() {
        let what = format!(
            "the file has {length} bytes; its sums speak of {} pages of {PAGE} bytes",
            sums.len()
        );
        findings.push(Finding::new(Place::File("database"), &what));
    }
    Ok(findings)
}

fn page_finding(number: u32, known: bool) -> Finding {
    let from = (u64::from(number) - 1) * PAGE as u64;
    let place = Place::Page { number, from, to: from + PAGE as u64 - 1 };
    let what = if known {
        "the bytes are not those that were written (their sum differs)"
    } else {
        "there is no sum for these bytes: they were not written by the ledger"
    };
    Finding::new(place, what)
}
