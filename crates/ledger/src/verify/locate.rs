//! Finds out what in an entry is damaged when its content and its hash do not fit.
//!
//! A hash only says that something is wrong. But the ledger is redundant (the next entry repeats the hash, a
//! stream's versions count up, the numbers have no gaps), and real damage is small: most often one bit. So each
//! explanation is tried until one makes the hash fit again.

use super::{Finding, Place};
use crate::canonical::RawEntry;
use crate::entry::Hash;

use sha2::{Digest as _, Sha256};

/// Longest canonical entry in which single bits are tried. The search hashes the entry once for each of its bits:
/// 8 KiB take about half a second.
const MAX_SEARCHED: usize = 8 << 10;

/// An entry whose hash does not fit, and the explanation so far.
#[derive(Debug)]
pub(super) struct Suspect {
    seq: u64,
    computed: Hash,
    explanation: Option<(&'static str, String)>,
}

/// Tries to explain why the stored hash is not the computed one.
pub(super) fn locate(
    raw: &RawEntry<'_>,
    computed: Hash,
    version: u64,
    link: Hash,
    seq: u64,
) -> Suspect {
    let mut buffer = Vec::new();
    let mut fits = |repaired: RawEntry<'_>| repaired.digest(&mut buffer).0 == raw.hash;
    let explanation = if bits_apart(&computed.0, raw.hash) == Some(1) {
        Some(("hash", format!("one bit of it has flipped: the content gives {computed}")))
    } else if raw.prev_hash != link.0 && fits(RawEntry { prev_hash: &link.0, ..*raw }) {
        Some(("prev_hash", format!("it is damaged; with {link} the hash fits")))
    } else if raw.version != version && fits(RawEntry { version, ..*raw }) {
        Some(("version", format!("it is {}; with {version} the hash fits", raw.version)))
    } else if raw.seq != seq && fits(RawEntry { seq, ..*raw }) {
        Some(("seq", format!("it is {}; with {seq} the hash fits", raw.seq)))
    } else {
        flipped_bit(raw)
    };
    Suspect { seq: raw.seq, computed, explanation }
}

fn bits_apart(one: &[u8], other: &[u8]) -> Option<u32> {
    (one.len() == other.len())
        .then(|| one.iter().zip(other).map(|(a, b)| (a ^ b).count_ones()).sum())
}

fn flipped_bit(raw: &RawEntry<'_>) -> Option<(&'static str, String)> {
    let mut canonical = Vec::new();
    raw.write_canonical(&mut canonical);
    if canonical.len() > MAX_SEARCHED {
        return None;
    }
    for place in 0..canonical.len() {
        for bit in 0..8 {
            canonical[place] ^= 1 << bit;
            if Sha256::digest(&canonical)[..] == *raw.hash {
                let (field, offset) = field_at(raw, place)?;
                let right = char::from(canonical[place]);
                canonical[place] ^= 1 << bit;
                let wrong = char::from(canonical[place]);
                let what = format!(
                    "byte {offset} is {wrong:?} and was {right:?}: bit {bit} has flipped; with it back the hash fits"
                );
                return Some((field, what));
            }
            canonical[place] ^= 1 << bit;
        }
    }
    None
}

/// Which field a byte of the canonical form belongs to, and which byte of the field it is.
fn field_at(raw: &RawEntry<'_>, place: usize) -> Option<(&'static str, usize)> {
    let mut from = "{\"actor\":\"".len();
    for (name, length, gap) in [
        ("actor", raw.actor.len(), "\",\"at\":\"".len()),
        ("at", raw.at.len(), "\",\"body\":".len()),
        ("body", raw.body.len(), ",\"cause\":\"".len()),
        ("cause", raw.cause.map_or(0, <[u8]>::len), "\",\"kind\":\"".len()),
        ("kind", raw.kind.len(), "\",\"prev_hash\":\"".len()),
    ] {
        // Without a cause the text is `null`, two bytes more than the quotes it lacks; none of them is stored.
        if name == "cause" && raw.cause.is_none() {
            from += "null".len() - 2;
        }
        if (from..from + length).contains(&place) {
            return Some((name, place - from));
        }
        from += length + gap;
    }
    let after_hash = from + 2 * raw.prev_hash.len() + "\",\"seq\":".len();
    let stream = after_hash + raw.seq.to_string().len() + ",\"stream\":\"".len();
    (stream..stream + raw.stream.len()).contains(&place).then(|| ("stream", place - stream))
}

impl Suspect {
    /// Decides between a damaged content and a damaged hash; `next_link` is the hash that the next entry knows.
    pub(super) fn judge(self, next_link: Option<&[u8]>) -> Finding {
        let Self { seq, computed, explanation } = self;
        let (field, what) = match explanation {
            _ if next_link == Some(&computed.0) => {
                ("hash", format!("it is damaged: content and next entry agree on {computed}"))
            }
            Some((field, what)) => (field, what),
            None => {
                let place = Place::Entry { seq, field: None };
                let what = format!("its hash does not fit its content, which gives {computed}");
                return Finding { place, what };
            }
        };
        Finding { place: Place::Entry { seq, field: Some(field) }, what }
    }
}
