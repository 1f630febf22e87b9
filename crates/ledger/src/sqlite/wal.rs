//! Reads SQLite's write-ahead log: which pages it holds, as they will be once moved into the main file.
//!
//! The format is SQLite's own, documented and frozen (`fileformat2.html`, section 4). Frames count only as far as
//! SQLite itself would believe them: same salts, right running checksum, up to the last commit.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use super::sums::{PAGE, Sum, sum};

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
const FRAME: usize = FRAME_HEADER + PAGE;

/// First word of a log whose checksums read words in little-endian order; the next number means big-endian.
const MAGIC_LITTLE_ENDIAN: u32 = 0x377f_0682;
const MAGIC_BIG_ENDIAN: u32 = MAGIC_LITTLE_ENDIAN + 1;

/// The pages in the log, by number, with the sum of each one's newest committed content.
pub(super) fn pages_in_log(log: &Path) -> std::io::Result<BTreeMap<u32, Sum>> {
    let file = match File::open(log) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(error),
    };
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let mut header = [0; HEADER];
    if !fill(&mut reader, &mut header)? {
        return Ok(BTreeMap::new());
    }
    let big_endian = match word(&header, 0) {
        MAGIC_LITTLE_ENDIAN => false,
        MAGIC_BIG_ENDIAN => true,
        _ => return Ok(BTreeMap::new()),
    };
    let committed = if big_endian {
        committed_frames::<true>(&mut reader, &header)?
    } else {
        committed_frames::<false>(&mut reader, &header)?
    };
    sums_of(log, committed)
}

/// Sums the newest content of each page; what it replaced in the log need not be hashed.
fn sums_of(log: &Path, frames: BTreeMap<u32, u64>) -> std::io::Result<BTreeMap<u32, Sum>> {
    if frames.is_empty() {
        return Ok(BTreeMap::new());
    }
    let log = File::open(log)?;
    let mut page = vec![0; PAGE];
    frames
        .into_iter()
        .map(|(number, frame)| {
            let place = HEADER as u64 + frame * FRAME as u64 + FRAME_HEADER as u64;
            log.read_exact_at(&mut page, place)?;
            Ok((number, sum(&page)))
        })
        .collect()
}

/// Whether the log in use is at least so long. A log that is written over keeps its file's length; the salts of
/// the frame at that place tell whether it belongs to this round.
pub(super) fn reaches(log: &Path, length: u64) -> std::io::Result<bool> {
    let frame = FRAME as u64;
    let file = File::open(log)?;
    if file.metadata()?.len() < length + frame {
        return Ok(false);
    }
    let (mut ours, mut theirs) = ([0; 8], [0; 8]);
    file.read_exact_at(&mut ours, 16)?;
    file.read_exact_at(&mut theirs, HEADER as u64 + length / frame * frame + 8)?;
    Ok(ours == theirs)
}

/// Finds the newest committed frame of each page.
fn committed_frames<const BIG_ENDIAN: bool>(
    reader: &mut impl Read,
    header: &[u8; HEADER],
) -> std::io::Result<BTreeMap<u32, u64>> {
    let (mut committed, mut open) = (BTreeMap::new(), BTreeMap::new());
    let mut running = Checksum::<BIG_ENDIAN>::default();
    running.add(&header[..24]);
    if !running.is(word(header, 24), word(header, 28)) {
        return Ok(committed);
    }
    let mut frame = vec![0; FRAME];
    for number in 0.. {
        if !fill(reader, &mut frame)? {
            break;
        }
        running.add(&frame[..8]);
        running.add(&frame[FRAME_HEADER..]);
        let same_salts = frame[8..16] == header[16..24];
        if !same_salts || !running.is(word(&frame, 16), word(&frame, 20)) {
            break;
        }
        open.insert(word(&frame, 0), number);
        let is_commit = word(&frame, 4) != 0;
        if is_commit {
            committed.append(&mut open);
        }
    }
    Ok(committed)
}

/// Fills the buffer, or says that the file ends before.
fn fill(reader: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<bool> {
    match reader.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

fn word(bytes: &[u8], from: usize) -> u32 {
    let four = bytes[from..from + 4].try_into().expect("BUG: a word is four bytes");
    u32::from_be_bytes(four)
}

/// The running checksum of a log, over words in the byte order that its header names.
#[derive(Default)]
struct Checksum<const BIG_ENDIAN: bool> {
    first: u32,
    second: u32,
}

impl<const BIG_ENDIAN: bool> Checksum<BIG_ENDIAN> {
    fn add(&mut self, bytes: &[u8]) {
        let read =
            |word| if BIG_ENDIAN { u32::from_be_bytes(word) } else { u32::from_le_bytes(word) };
        let (mut first, mut second) = (self.first, self.second);
        let (pairs, _) = bytes.as_chunks::<8>();
        for [a, b, c, d, e, f, g, h] in pairs {
            first = first.wrapping_add(read([*a, *b, *c, *d])).wrapping_add(second);
            second = second.wrapping_add(read([*e, *f, *g, *h])).wrapping_add(first);
        }
        (self.first, self.second) = (first, second);
    }

    fn is(&self, first: u32, second: u32) -> bool {
        (self.first, self.second) == (first, second)
    }
}
