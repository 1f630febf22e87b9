//! Freezes: what is frozen now, and what will be.

use jiff::Timestamp;
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use crate::freeze::{Frozen, around};

/// What is frozen now, and what will be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FreezeList {
    /// In force now.
    pub now: Vec<FreezeRow>,
    /// Ahead.
    pub coming: Vec<FreezeRow>,
    /// Would be in force, but somebody lifted them.
    pub lifted: Vec<FreezeRow>,
}

/// One freeze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FreezeRow {
    /// The freeze with its window.
    pub freeze: Frozen,
    /// What waits, in words.
    pub applies_to: String,
    /// Who lifted it, and when.
    pub lifted_by: Option<(PersonRef, Timestamp)>,
    /// Who declared it, for a freeze that is not of the playbook.
    pub declared_by: Option<PersonRef>,
}

/// The list.
pub fn freezes(reading: &Reading<'_>) -> FreezeList {
    let mut list = FreezeList { now: Vec::new(), coming: Vec::new(), lifted: Vec::new() };
    for freeze in around(reading.model(), reading.record, reading.now()) {
        let part = match (&freeze.lifted, freeze.window.contains(reading.now())) {
            (Some(_), true) => &mut list.lifted,
            (None, true) => &mut list.now,
            (_, false) => &mut list.coming,
        };
        let state = reading.record.freezes.get(&freeze.name);
        let declared = state.and_then(|state| state.declared.as_ref());
        part.push(FreezeRow {
            applies_to: in_words(&freeze),
            lifted_by: freeze.lifted.as_ref().map(|(at, who)| (reading.person(who), *at)),
            declared_by: declared.map(|declared| reading.person(&declared.person)),
            freeze,
        });
    }
    list
}

fn in_words(freeze: &Frozen) -> String {
    let scope = &freeze.scope;
    let named = [
        ("environment", &scope.environments),
        ("site", &scope.sites),
        ("target", &scope.targets),
        ("service", &scope.services),
    ];
    let mut parts: Vec<String> = named
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(what, names)| {
            format!("{what} {}", names.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
        })
        .collect();
    if !scope.actions.is_empty() {
        let words: Vec<_> = scope.actions.iter().map(|action| action.word()).collect();
        parts.push(format!("steps that {}", words.join(", ")));
    }
    if parts.is_empty() { "everything".to_owned() } else { parts.join("; ") }
}
