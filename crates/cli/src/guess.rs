//! "Did you mean": the names that somebody who mistyped one may have had in mind.

/// At most this many guesses: more is a list, and lists have a command of their own.
const GUESSES: usize = 3;

/// One slip of the finger for every so many letters typed, and always at least one: `netwrok` is
/// understood, and short names do not resemble each other by accident.
const LETTERS_A_SLIP: usize = 4;

/// Writes "did you mean …?" from the candidates that resemble a name, or nothing.
pub(crate) fn did_you_mean<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<String> {
    let name = name.to_lowercase();
    let slips = (name.chars().count() / LETTERS_A_SLIP).max(1);
    let mut alike: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|candidate| (distance(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= slips)
        .collect();
    alike.sort_unstable();
    alike.dedup_by_key(|(_, candidate)| candidate.to_lowercase());
    let quoted: Vec<String> =
        alike.iter().take(GUESSES).map(|(_, candidate)| format!("`{candidate}`")).collect();
    (!quoted.is_empty()).then(|| format!("did you mean {}?", quoted.join(" or ")))
}

/// Counts the slips between two names; a name that was only begun counts as one slip.
fn distance(typed: &str, candidate: &str) -> usize {
    let begun = !typed.is_empty() && candidate.starts_with(typed) && candidate != typed;
    if begun { 1 } else { strsim::damerau_levenshtein(typed, candidate) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood_and_noise_is_not() {
        let seats = ["seat/network-security", "seat/finops", "person/ana"];
        assert_eq!(
            did_you_mean("seat/netwrok-security", seats).as_deref(),
            Some("did you mean `seat/network-security`?")
        );
        assert_eq!(did_you_mean("quux", seats), None);
    }
}
