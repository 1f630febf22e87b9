//! "Did you mean": the known words that are spelt most like an unknown one.

/// How alike two words must be (Jaro-Winkler, from 0 to 1): below it, suggestions puzzle more than
/// they help. `netwrok` and `network` reach 0.97, `storage` and `network` 0.43.
const ALIKE: f64 = 0.82;

/// How many suggestions are read before the eye gives up.
const AT_MOST: usize = 3;

/// The known words closest to an unknown one, best first; none when all are far from it.
pub(crate) fn closest(unknown: &str, known: impl Iterator<Item = String>) -> Vec<String> {
    let unknown = unknown.trim().to_lowercase();
    let name_of = |word: &str| word.rsplit_once('/').map_or(word, |(_, name)| name).to_owned();
    let mut found: Vec<_> = known
        .filter_map(|word| {
            let lower = word.to_lowercase();
            // Names only: two services are not alike because both are services.
            let alike = strsim::jaro_winkler(&name_of(&unknown), &name_of(&lower));
            (alike >= ALIKE).then_some((alike, word))
        })
        .collect();
    found.sort_by(|(left, left_word), (right, right_word)| {
        right.total_cmp(left).then_with(|| left_word.cmp(right_word))
    });
    found.dedup();
    found.into_iter().take(AT_MOST).map(|(_, word)| word).collect()
}

/// The end of a message: "; did you mean `x`?", or nothing.
pub(crate) fn hint(unknown: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let found = closest(unknown, known);
    let found: Vec<_> = found.iter().map(|word| format!("`{word}`")).collect();
    (!found.is_empty()).then(|| format!("did you mean {}?", found.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(unknown: &str, expected: &[&str]) {
        let known = ["seat/network", "service/checkout", "vlan", "Europe/Berlin"];
        assert_eq!(closest(unknown, known.iter().map(|word| (*word).to_owned())), expected);
    }

    #[test]
    fn typing_errors_are_recognized() {
        check("netwrok", &["seat/network"]);
        check("service/chekout", &["service/checkout"]);
        check("VLNA", &["vlan"]);
        check("Europe/berlni", &["Europe/Berlin"]);
        check("postgres", &[]);
    }
}
