//! Silences, found by what they ask for: each is filed under the rarest pair of label and value that it names.
//!
//! An alert looks only at the silences under its own pairs, and at those that name none. So 10,000 alerts meet 10,000 silences
//! in the time of a few hundred thousand comparisons and not of a hundred million.

use std::collections::BTreeMap;

use super::matcher::Ready;
use super::{Labels, Matcher, Operator};

/// Matchers that are ready to match.
#[derive(Clone, Debug)]
pub struct Compiled(Vec<Ready>);

impl Compiled {
    /// Compiles matchers.
    ///
    /// # Errors
    /// What is wrong with a regular expression, in a clause.
    pub fn of(matchers: &[Matcher]) -> Result<Self, String> {
        let ready: Result<Vec<_>, _> = matchers.iter().map(Ready::of).collect();
        ready.map(Self)
    }

    /// Says whether all of them hold.
    pub fn matches(&self, labels: &Labels) -> bool {
        self.0.iter().all(|matcher| matcher.holds(labels))
    }

    /// Says whether they hold for an alert without any label, and so for nearly everything.
    pub fn matches_everything(&self) -> bool {
        self.0.iter().all(Ready::holds_for_empty)
    }

    /// The pairs of label and value that an alert must have.
    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let equal = self
            .0
            .iter()
            .map(|ready| &ready.matcher)
            .filter(|matcher| matcher.operator == Operator::Equal && !matcher.value.is_empty());
        equal.map(|matcher| (matcher.name.as_str(), matcher.value.as_str()))
    }
}

/// Silences by what they ask for.
#[derive(Clone, Debug, Default)]
pub struct Silences {
    all: Vec<(String, Compiled)>,
    filed: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
    unfiled: Vec<usize>,
}

impl Silences {
    /// Files silences with their ids.
    pub fn of(silences: impl IntoIterator<Item = (String, Compiled)>) -> Self {
        let all: Vec<_> = silences.into_iter().collect();
        let mut frequency: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for pair in all.iter().flat_map(|(_, compiled)| compiled.pairs()) {
            *frequency.entry(pair).or_default() += 1;
        }
        let mut filed: BTreeMap<String, BTreeMap<String, Vec<usize>>> = BTreeMap::new();
        let mut unfiled = Vec::new();
        for (place, (_, compiled)) in all.iter().enumerate() {
            match compiled.pairs().min_by_key(|pair| frequency.get(pair)) {
                Some((name, value)) => filed
                    .entry(name.to_owned())
                    .or_default()
                    .entry(value.to_owned())
                    .or_default()
                    .push(place),
                None => unfiled.push(place),
            }
        }
        Self { all, filed, unfiled }
    }

    /// The ids of the silences that match an alert, in order.
    pub fn matching(&self, labels: &Labels) -> Vec<String> {
        let under = self.filed.iter().filter_map(|(name, values)| values.get(labels.get(name)));
        let places = under.flatten().chain(&self.unfiled);
        let matching = places.filter_map(|place| self.all.get(*place));
        let mut ids: Vec<_> = matching
            .filter(|(_, compiled)| compiled.matches(labels))
            .map(|(id, _)| id.clone())
            .collect();
        ids.sort_unstable();
        ids
    }

    /// Says whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::alerts::parse_matchers;

    fn compiled(text: &str) -> Compiled {
        Compiled::of(&parse_matchers(text).expect("matchers")).expect("matchers")
    }

    proptest! {
        #[test]
        fn the_index_finds_what_looking_at_each_finds(
            silences in proptest::collection::vec(
                proptest::collection::vec(("[abc]", "=|!=|=~|!~", "[xy]{0,1}"), 1..4), 0..12),
            alert in proptest::collection::btree_map("[abc]", "[xyz]", 0..4),
        ) {
            let texts: Vec<String> = silences.iter().map(|silence| {
                let matchers: Vec<_> =
                    silence.iter().map(|(name, sign, value)| format!("{name}{sign}{value}")).collect();
                matchers.join(",")
            }).collect();
            let all: Vec<_> = texts.iter().enumerate()
                .map(|(number, text)| (format!("{number:02}"), compiled(text))).collect();
            let labels = Labels(alert);
            let expected: Vec<_> = all.iter().filter(|(_, one)| one.matches(&labels))
                .map(|(id, _)| id.clone()).collect();
            prop_assert_eq!(Silences::of(all).matching(&labels), expected);
        }
    }

    #[test]
    fn a_label_that_is_not_there_is_empty() {
        let labels = Labels::of([("a", "x")]);
        for (text, expected) in [
            ("b=\"\"", true),
            ("b!=x", true),
            ("b=~\".*\"", true),
            ("b=~\".+\"", false),
            ("a=~\"x|y\"", true),
            ("a=~\"x.\"", false),
        ] {
            assert_eq!(compiled(text).matches(&labels), expected, "{text}");
        }
        assert!(compiled("a=~\".*\"").matches_everything());
        assert!(!compiled("a=x").matches_everything());
    }
}
