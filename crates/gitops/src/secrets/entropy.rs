//! How surprising a text is: Shannon's entropy in hundredths of a bit a character.
//!
//! Whole hundredths, because thresholds are compared and printed, and two machines must agree.

use std::collections::BTreeMap;

/// Computes it. English words reach about 300, hexadecimal keys 400, base64 keys 450 and more.
pub(super) fn entropy(text: &str) -> u32 {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for character in text.chars() {
        *counts.entry(character).or_default() += 1;
    }
    let length: u32 = counts.values().sum();
    if length == 0 {
        return 0;
    }
    let share = |count: u32| f64::from(count) / f64::from(length);
    let bits: f64 = counts.values().map(|count| -share(*count) * share(*count).log2()).sum();
    hundredths(bits)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the entropy of a text is between 0 and 32 bits, there being fewer than 2^32 characters"
)]
fn hundredths(bits: f64) -> u32 {
    (bits.clamp(0.0, 32.0) * 100.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_more_surprising_than_words_and_repetition_is_not_at_all() {
        assert_eq!(entropy(""), 0);
        assert_eq!(entropy("aaaaaaaa"), 0);
        assert_eq!(entropy("abab"), 100);
        assert_eq!(entropy("0123456789abcdef"), 400);
        assert!(entropy("correcthorse") < entropy("kX9vQz2LmT7w"));
    }
}
