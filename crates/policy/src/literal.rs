//! Whom policies name: `Team::"payments"`, `Seat::"finops"`, with the place of each name.
//!
//! Cedar's schema knows that there are teams, not which. A policy that forbids something to a team that nobody declared
//! forbids it to nobody, so whoever knows the playbook compares the two. Things (`Thing::"decision/0001"`) are not
//! listed: those of the record may come later.

use std::collections::BTreeMap;

use crate::check::read;

/// The types whose members stand in the playbook, with the slug of their kind there.
const DECLARED: [(&str, &str); 4] =
    [("Person", "person"), ("Seat", "seat"), ("Team", "team"), ("Office", "office")];

/// Somebody whom a policy names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal {
    /// The file, as it was named.
    pub file: String,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The slug of the kind: `team`.
    pub slug: &'static str,
    /// The name.
    pub name: String,
}

/// Lists whom policy files, given as name and text, name; files that are not Cedar name nobody.
pub fn literals(files: &[(&str, &str)]) -> Vec<Literal> {
    files.iter().flat_map(|(file, text)| of_file(file, text)).collect()
}

fn of_file(file: &str, text: &str) -> Vec<Literal> {
    let policies = read(file, text, &mut BTreeMap::new()).policies;
    let named = policies.iter().flat_map(cedar_policy::Policy::entity_literals);
    let mut found: Vec<Literal> = named
        .filter_map(|uid| {
            let kind = uid.type_name().to_string();
            let (_, slug) = DECLARED.iter().find(|(name, _)| *name == kind)?;
            let (start, end) = place(text, &uid.to_string());
            let name = uid.id().unescaped().to_owned();
            Some(Literal { file: file.to_owned(), start, end, slug, name })
        })
        .collect();
    found.sort_by_key(|literal| (literal.start, literal.end));
    found.dedup();
    found
}

/// Where a text stands outside comments; the whole file when it is written in a way of its own.
fn place(text: &str, wanted: &str) -> (usize, usize) {
    let outside = |at: &usize| {
        let line = text.get(..*at).and_then(|before| before.rsplit('\n').next()).unwrap_or("");
        !line.contains("//")
    };
    let start = text.match_indices(wanted).map(|(at, _)| at).find(outside);
    start.map_or((0, text.len()), |start| (start, start + wanted.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_whom_a_policy_names_are_found_where_they_stand() {
        let text = "// Team::\"payments\" once was called so\n\
            permit (principal in Team::\"payments\", action, resource)\n\
            when { resource.seats.contains(Seat::\"finops\") && resource != Thing::\"x\" };\n";
        let found = literals(&[("policies/own.cedar", text)]);
        let seen: Vec<_> = found
            .iter()
            .map(|literal| {
                (literal.slug, literal.name.as_str(), text.get(literal.start..literal.end).unwrap())
            })
            .collect();
        assert_eq!(
            seen,
            [("team", "payments", "Team::\"payments\""), ("seat", "finops", "Seat::\"finops\"")]
        );
        assert!(found[0].start > text.find('\n').expect("two lines"), "not in the comment");
    }

    #[test]
    fn a_broken_file_names_nobody() {
        assert_eq!(literals(&[("policies/own.cedar", "permit (principal in Team::\"a\"")]), []);
    }
}
