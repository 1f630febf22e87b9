//! The CODEOWNERS file of the repository, where there is one, compared with the playbook.

use diag::{Diagnostic, Place};
use gitops::pr::CODEOWNERS;
use gitops::render::codeowners::{Scope, drift};

use super::Case;
use crate::context::Context;
use crate::repository::Repository;

/// Where forges look for the file, and whose handles stand in it.
const PLACES: [(&str, &str); 5] = [
    (".github/CODEOWNERS", "github"),
    (".gitlab/CODEOWNERS", "gitlab"),
    (".forgejo/CODEOWNERS", "forgejo"),
    (".gitea/CODEOWNERS", "gitea"),
    ("CODEOWNERS", "github"),
];

/// Where the file differs; `None` when there is none.
pub(super) fn codeowners(case: &Case<'_>, context: &Context) -> Option<Vec<Diagnostic>> {
    let top = Repository::at(&context.environment.directory).ok()?.top()?;
    let below = case.below.as_deref()?;
    let read = |(place, system): (&'static str, &'static str)| {
        Some((place, system, std::fs::read_to_string(top.join(place)).ok()?))
    };
    let (place, system, text) = PLACES.into_iter().find_map(read)?;
    let model = case.head.model();
    let scope = Scope { repository: None, below, system, today: context.facts(model).today };
    let drifts = drift(model, &scope, &text).into_iter().map(|drift| {
        let line = drift.line.map_or_else(String::new, |line| format!(" (line {line})"));
        // Findings are placed from the playbook's directory.
        let file = "../".repeat(below.matches('/').count()) + place;
        Diagnostic::new(&CODEOWNERS, Place::whole_file(file), drift.text + &line)
            .hint(format!("write it anew: `council pr codeowners --for {system} > {place}`"))
    });
    Some(drifts.collect())
}
