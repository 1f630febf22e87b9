//! Keys that stand more than once in a map.

use std::collections::BTreeMap;

use diag::Span;

use super::Node;

/// Up to this many keys are compared pair by pair, which is fastest for the maps that people write.
const FEW_KEYS: usize = 24;

/// A map's keys and values in the order of the file.
type Pairs<'t> = Vec<(Node<'t>, Node<'t>)>;

/// Says whether any key stands twice.
pub(super) fn any(pairs: &[(Node<'_>, Node<'_>)]) -> bool {
    if pairs.len() <= FEW_KEYS {
        let twice = |(at, (key, _)): (usize, &(Node<'_>, Node<'_>))| {
            pairs[..at].iter().any(|(earlier, _)| earlier.text() == key.text())
        };
        return pairs.iter().enumerate().any(twice);
    }
    let mut keys: Vec<&str> = pairs.iter().filter_map(|(key, _)| key.text()).collect();
    keys.sort_unstable();
    keys.windows(2).any(|two| two[0] == two[1])
}

/// Removes pairs whose key stood before in the map; returns each removed key with the first's span.
pub(super) fn remove<'t>(pairs: &mut Pairs<'t>) -> Vec<(Node<'t>, Span)> {
    if !any(pairs) {
        return Vec::new();
    }
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let mut found = Vec::new();
    pairs.retain(|(key, _)| {
        let text = key.text().unwrap_or_default();
        match first.get(text) {
            Some(&span) => {
                found.push((key.clone(), span));
                false
            }
            None => {
                first.insert(text.to_owned(), key.span);
                true
            }
        }
    });
    found
}
