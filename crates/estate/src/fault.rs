//! What is wrong with some machines from the beginning.

use serde::Deserialize;

/// What is wrong with a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Its management controller shows a certificate that the provisioner does not trust.
    Certificate,
    /// A memory module is missing.
    Memory,
    /// Its installer has not called back for too long.
    Silent,
    /// It is powered off and should not be.
    Dark,
}

/// In the order in which an estate gets them, so that a small one has the telling ones.
const ORDER: [Fault; 4] = [Fault::Certificate, Fault::Memory, Fault::Silent, Fault::Dark];

/// One machine of so many has a fault: often enough to have something to look at, seldom enough to find it.
const ONE_OF: usize = 6;

/// Says which machines have which fault; the same names and seed give the same faults.
pub(crate) fn deal(names: &[&str], seed: u64) -> Vec<Option<Fault>> {
    let mut places: Vec<usize> = (0..names.len()).collect();
    places.sort_by_key(|place| names.get(*place).map(|name| mixed(name, seed)));
    let mut faults = vec![None; names.len()];
    let unlucky = places.into_iter().take(names.len().div_ceil(ONE_OF));
    for (place, fault) in unlucky.zip(ORDER.iter().cycle()) {
        if let Some(slot) = faults.get_mut(place) {
            *slot = Some(*fault);
        }
    }
    faults
}

/// A number that nobody can guess from a name and that is always the same (FNV-1a, then the finisher of SplitMix64).
fn mixed(name: &str, seed: u64) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ seed;
    let hash = name
        .bytes()
        .fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_deals_the_same_and_one_of_six_is_unlucky() {
        let names: Vec<String> = (0..60).map(|number| format!("m{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let faults = deal(&names, 7);
        assert_eq!(faults, deal(&names, 7));
        assert_ne!(faults, deal(&names, 8));
        assert_eq!(faults.iter().flatten().count(), 10);
    }
}
