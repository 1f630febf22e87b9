//! "Did you mean": names that somebody may have meant instead.

/// Most suggestions that are of help; more would be a list to read.
const MOST: usize = 3;

/// Longest name for which something similar is looked for, in characters. Legal names have at most 63;
/// whatever is longer than twice that is a paste, and comparing it would cost its length a thousand times.
const LONGEST: usize = 128;

/// Finds the candidates that are similar to a name, most similar first.
pub(crate) fn similar<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Vec<&'c str> {
    let name = name.to_lowercase();
    let length = name.chars().count();
    if length > LONGEST {
        return Vec::new();
    }
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            distance(&name, length, candidate).map(|distance| (distance, candidate))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.truncate(MOST);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// How far a candidate is away, when it is near enough to be meant: a typing mistake in every third
/// letter, or one name being the beginning or end of the other.
fn distance(name: &str, length: usize, candidate: &str) -> Option<usize> {
    let allowed = (length / 3).max(1);
    // Comparing letter counts first spares most of the costly comparisons among thousands of names.
    if candidate.len().abs_diff(name.len()) <= 4 * allowed
        && letters_apart(name, candidate) <= allowed
    {
        let distance = strsim::osa_distance(name, &candidate.to_lowercase());
        if distance <= allowed {
            return Some(distance);
        }
    }
    let contains = |long: &str, short: &str| {
        short.len() >= 3 && (long.starts_with(short) || long.ends_with(short))
    };
    (contains(candidate, name) || contains(name, candidate)).then_some(allowed + 1)
}

/// How many letters one of two names has that the other lacks: never more than their distance.
fn letters_apart(left: &str, right: &str) -> usize {
    let mut counts = [0_isize; 128];
    // Letters beyond ASCII are not counted, which only makes the bound weaker.
    for (text, step) in [(left, 1), (right, -1)] {
        for byte in text.bytes().filter(u8::is_ascii) {
            counts[usize::from(byte.to_ascii_lowercase())] += step;
        }
    }
    let apart =
        |sign: isize| counts.iter().map(|count| usize::try_from(count * sign).unwrap_or(0)).sum();
    let (more, less): (usize, usize) = (apart(1), apart(-1));
    more.max(less)
}

/// Words a hint: `did you mean a or b?`
pub(crate) fn did_you_mean(similar: &[impl AsRef<str>]) -> Option<String> {
    let quoted: Vec<String> = similar.iter().map(|one| diag::words::quote(one.as_ref())).collect();
    match quoted.as_slice() {
        [] => None,
        all => Some(format!("did you mean {}?", either(all))),
    }
}

/// Joins alternatives: `a`, `b` or `c`.
pub(crate) fn either(alternatives: &[impl AsRef<str>]) -> String {
    match alternatives {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [all @ .., last] => {
            let all: Vec<&str> = all.iter().map(AsRef::as_ref).collect();
            format!("{} or {}", all.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_come_first() {
        let names = ["ana", "anna", "bob", "network-security", "hannah"];
        assert_eq!(similar("anna", names), ["anna", "ana"]);
        assert_eq!(similar("network", names), ["network-security"]);
        assert_eq!(similar("Bbo", names), ["bob"]);
        assert!(similar("zzzzzz", names).is_empty());
    }

    #[test]
    fn counting_letters_never_hides_a_near_name() {
        for (left, right) in [("ana", "anna"), ("bbo", "Bob"), ("zürich", "zurich"), ("ab", "ba")]
        {
            assert!(
                letters_apart(left, right) <= strsim::osa_distance(left, &right.to_lowercase()),
                "{left} {right}"
            );
        }
        assert_eq!(letters_apart("abc", "xyz"), 3);
        assert_eq!(similar("zurich", ["zürich"]), ["zürich"]);
    }

    #[test]
    fn suggestions_read_as_a_question() {
        assert_eq!(
            did_you_mean(&["a", "b", "c"]).as_deref(),
            Some("did you mean `a`, `b` or `c`?")
        );
        assert_eq!(did_you_mean(&[""; 0]), None);
    }
}
