//! Bech32 (BIP 173) without its limit on length: the text form of age's keys.

/// The alphabet of data characters.
const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/// The generator of the checksum's code.
const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];

/// Writes bytes behind a prefix, in lower case.
pub(super) fn encode(prefix: &str, bytes: &[u8]) -> String {
    let mut data = regroup(bytes, 8, 5, true).unwrap_or_default();
    let mut checked = expand(prefix);
    checked.extend(&data);
    checked.extend([0; 6]);
    let checksum = polymod(&checked) ^ 1;
    data.extend((0..6).map(|at| five_bits(checksum >> (5 * (5 - at)))));
    let characters = data.iter().map(|value| char::from(ALPHABET[usize::from(*value)]));
    format!("{prefix}1{}", characters.collect::<String>())
}

/// Reads bytes behind a prefix, all of it in one case; `None` when anything is not as it should be.
pub(super) fn decode(prefix: &str, text: &str) -> Option<Vec<u8>> {
    let lower = text.to_ascii_lowercase();
    if text != lower && text != text.to_ascii_uppercase() {
        return None;
    }
    let (found, data) = lower.rsplit_once('1')?;
    if found != prefix.to_ascii_lowercase() {
        return None;
    }
    let value = |byte: u8| ALPHABET.iter().position(|one| *one == byte);
    let values: Option<Vec<u8>> =
        data.bytes().map(|byte| u8::try_from(value(byte)?).ok()).collect();
    let values = values?;
    let mut checked = expand(found);
    checked.extend(&values);
    if polymod(&checked) != 1 {
        return None;
    }
    let (data, _checksum) = values.split_at_checked(values.len().checked_sub(6)?)?;
    regroup(data, 5, 8, false)
}

/// The prefix as it goes into the checksum.
fn expand(prefix: &str) -> Vec<u8> {
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 31);
    high.chain([0]).chain(low).collect()
}

fn polymod(values: &[u8]) -> u32 {
    values.iter().fold(1, |check: u32, value| {
        let top = check >> 25;
        let next = (check & 0x01ff_ffff) << 5 ^ u32::from(*value);
        let terms = GENERATOR.iter().enumerate().filter(|(at, _)| top >> at & 1 == 1);
        terms.fold(next, |next, (_, term)| next ^ term)
    })
}

fn five_bits(value: u32) -> u8 {
    u8::try_from(value & 31).unwrap_or_default()
}

/// Regroups bits from groups of one size to groups of another; `None` when bits are left over that must not be.
fn regroup(values: &[u8], from: u32, to: u32, pad: bool) -> Option<Vec<u8>> {
    let (mut waiting, mut bits) = (0_u32, 0_u32);
    let mut groups = Vec::new();
    let most = (1 << to) - 1;
    for value in values {
        waiting = waiting << from | u32::from(*value);
        bits += from;
        while bits >= to {
            bits -= to;
            groups.push(u8::try_from(waiting >> bits & most).ok()?);
        }
        waiting &= (1 << bits) - 1;
    }
    if pad && bits > 0 {
        groups.push(u8::try_from(waiting << (to - bits) & most).ok()?);
    } else if !pad && (bits >= from || waiting != 0) {
        return None;
    }
    Some(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_specification_are_read() {
        assert_eq!(decode("a", "A12UEL5L"), Some(Vec::new()));
        assert_eq!(
            decode("abcdef", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw").map(|all| all.len()),
            Some(20)
        );
        // The checksum is wrong, the case is mixed, the separator is missing.
        for broken in ["A12UEL5M", "a12UEL5L", "pzry9x0s0muk", "1pzry9x0s0muk"] {
            assert_eq!(decode("a", broken), None, "{broken}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for length in [0, 1, 31, 32, 33, 100] {
            let bytes: Vec<u8> = (0..length).map(|at: u8| at.wrapping_mul(37)).collect();
            assert_eq!(decode("age", &encode("age", &bytes)), Some(bytes));
        }
    }
}
