//! "Did you mean": names that somebody may have meant instead.

/// Most suggestions that are of help; more would be a list to read.
const MOST: usize = 3;

/// Finds the candidates that are similar to a name, most similar first.
pub(crate) fn similar<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Vec<&'c str> {
    let name = name.to_lowercase();
    let length = name.chars().count();
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
    let near = candidate.chars().count().abs_diff(length) <= allowed;
    if near {
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
    fn suggestions_read_as_a_question() {
        assert_eq!(
            did_you_mean(&["a", "b", "c"]).as_deref(),
            Some("did you mean `a`, `b` or `c`?")
        );
        assert_eq!(did_you_mean(&[""; 0]), None);
    }
}
