//! Patterns of branch names: literal text and `<placeholders>`.
//!
//! A placeholder stands for letters, digits and hyphens, at least one, and never for a slash. Where a hyphen
//! follows a placeholder a name may be read in several ways (`fix/INC-2026-0012-mtu`); all of them are given,
//! because only the caller knows which value is a real one.
//!
//! Matching remembers what cannot lead to an end, so its cost is bounded by the name's length squared.

use std::collections::{BTreeMap, BTreeSet};

/// Most readings of one name that are looked at: names with more hyphens than this say nothing any more.
const MOST_READINGS: usize = 64;

/// Longest name that is matched; Git's own limit is that of a file name.
const LONGEST_NAME: usize = 255;

/// A pattern, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Placeholder(String),
}

/// What the placeholders stand for in one reading of a name.
pub type Reading = BTreeMap<String, String>;

impl Pattern {
    /// Takes a pattern apart; `None` when a placeholder does not end or begin.
    pub fn parse(pattern: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = pattern;
        while !rest.is_empty() {
            let (literal, after) = rest.split_once('<').unwrap_or((rest, ""));
            if literal.contains('>') {
                return None;
            }
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            if literal.len() == rest.len() {
                break;
            }
            let (name, behind) = after.split_once('>')?;
            if name.is_empty() || name.contains('<') {
                return None;
            }
            parts.push(Part::Placeholder(name.to_owned()));
            rest = behind;
        }
        Some(Self { parts })
    }

    /// All ways to read a name by the pattern; none when it does not match.
    pub fn readings(&self, name: &str) -> Vec<Reading> {
        let mut search = Search { parts: &self.parts, found: Vec::new(), dead: BTreeSet::new() };
        if name.len() <= LONGEST_NAME && name.is_ascii() {
            search.walk(0, 0, name, &mut Vec::new());
        }
        search.found
    }
}

struct Search<'p> {
    parts: &'p [Part],
    found: Vec<Reading>,
    /// Part and offset from which no end is reached.
    dead: BTreeSet<(usize, usize)>,
}

impl<'p> Search<'p> {
    fn walk(&mut self, at: usize, offset: usize, name: &str, taken: &mut Vec<(&'p str, String)>) {
        if self.found.len() >= MOST_READINGS || self.dead.contains(&(at, offset)) {
            return;
        }
        let before = self.found.len();
        let rest = name.get(offset..).unwrap_or_default();
        match self.parts.get(at) {
            None if rest.is_empty() => {
                let reading = taken.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
                self.found.push(reading.collect());
            }
            Some(Part::Literal(literal)) if rest.starts_with(literal.as_str()) => {
                self.walk(at + 1, offset + literal.len(), name, taken);
            }
            None | Some(Part::Literal(_)) => {}
            Some(Part::Placeholder(placeholder)) => {
                let stands =
                    |character: char| character.is_ascii_alphanumeric() || character == '-';
                let longest = rest.find(|one| !stands(one)).unwrap_or(rest.len());
                for length in 1..=longest {
                    let value = rest.get(..length).unwrap_or_default().to_owned();
                    taken.push((placeholder, value));
                    self.walk(at + 1, offset + length, name, taken);
                    taken.pop();
                }
            }
        }
        if self.found.len() == before {
            self.dead.insert((at, offset));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, name: &str, expected: &[&[(&str, &str)]]) {
        let pattern = Pattern::parse(pattern).expect("a pattern");
        let expected: Vec<Reading> = expected
            .iter()
            .map(|reading| {
                let pairs = reading.iter().map(|(key, value)| (key.to_string(), value.to_string()));
                pairs.collect()
            })
            .collect();
        assert_eq!(pattern.readings(name), expected);
    }

    #[test]
    fn a_name_is_read_in_every_possible_way() {
        check(
            "fix/<incidentid>-<shortdesc>",
            "fix/INC-12-mtu",
            &[
                &[("incidentid", "INC"), ("shortdesc", "12-mtu")],
                &[("incidentid", "INC-12"), ("shortdesc", "mtu")],
            ],
        );
        check(
            "feat/<area>-<shortdesc>",
            "feat/net-mtu",
            &[&[("area", "net"), ("shortdesc", "mtu")]],
        );
        check("release", "release", &[&[]]);
    }

    #[test]
    fn what_a_placeholder_does_not_stand_for_does_not_match() {
        check("feat/<area>-<shortdesc>", "feat/net", &[]);
        check("feat/<area>-<shortdesc>", "feat/-", &[]);
        check("feat/<area>-<shortdesc>", "feat/net-a/b", &[]);
        check("feat/<area>-<shortdesc>", "feature/net-mtu", &[]);
        check("feat/<area>-<shortdesc>", "feat/net-mtü", &[]);
        check("release", "release-2", &[]);
    }

    #[test]
    fn a_name_of_hyphens_alone_does_not_take_long() {
        let pattern = Pattern::parse("<a>-<b>-<c>-<d>-<e>-<f>/x").expect("a pattern");
        assert!(pattern.readings(&"-".repeat(LONGEST_NAME)).is_empty());
        let pattern = Pattern::parse("<a>-<b>-<c>-<d>-<e>-<f>").expect("a pattern");
        assert_eq!(pattern.readings(&"-".repeat(LONGEST_NAME)).len(), MOST_READINGS);
    }

    #[test]
    fn a_broken_pattern_is_none() {
        for broken in ["a<b", "a>b", "<>", "<a<b>>"] {
            assert_eq!(Pattern::parse(broken), None, "{broken}");
        }
    }
}
