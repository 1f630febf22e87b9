//! Secrets in what a change adds, also in what it adds and takes away again: the history keeps both.

use std::collections::{BTreeMap, BTreeSet};

use diag::Diagnostic;
use gitops::secrets::{Leak, cover, excuse, leak_diagnostic, scan, scan_diff};

use super::{Case, Range, Texts};
use crate::context::Context;
use crate::repository::EMPTY_TREE;

/// Looks at every line that the change adds; `None` where there are no commits to look at.
pub(super) fn secrets(
    case: &Case<'_>,
    context: &Context,
    texts: &mut Texts<'_>,
) -> Option<Vec<Diagnostic>> {
    let range = case.range.as_ref()?;
    let base = range.base.as_deref();
    let now = scan_diff(&range.git.diff(base.unwrap_or(EMPTY_TREE), &range.head).ok()?);
    let there: BTreeSet<_> = now.iter().map(key).collect();
    let mut gone = scan_diff(&range.git.patches(base, &range.head).unwrap_or_default());
    let mut seen = BTreeSet::new();
    gone.retain(|leak| !there.contains(&key(leak)) && seen.insert(key(leak)));
    let model = case.base.model();
    let today = context.facts(model).today;
    let excused = |leaks: Vec<Leak>| excuse(placed(leaks, range.below), model, today).leaks;
    let mut findings = stand(excused(now), range, texts);
    findings.extend(excused(gone).iter().map(|leak| {
        let mut finding = leak_diagnostic(&Leak { span: None, ..leak.clone() });
        finding.message.push_str("; a later commit takes it out, and the history keeps it");
        finding.hint("change it where it is used, and squash these commits before they are merged")
    }));
    Some(findings)
}

fn key(leak: &Leak) -> (String, String) {
    (leak.path.clone(), leak.fingerprint.clone())
}

/// The leaks with their files as findings name them: from the playbook's directory, or from the other repository's root.
fn placed(leaks: Vec<Leak>, below: &str) -> Vec<Leak> {
    let up = "../".repeat(below.matches('/').count());
    let placed = |leak: Leak| {
        let inside = leak.path.strip_prefix(below).map(str::to_owned);
        let path = inside.unwrap_or_else(|| format!("{up}{}", leak.path));
        Leak { path, ..leak }
    };
    leaks.into_iter().map(placed).collect()
}

/// Findings at their lines in the files as the change leaves them, which are shown with the secrets covered.
fn stand(leaks: Vec<Leak>, range: &Range<'_>, texts: &mut Texts<'_>) -> Vec<Diagnostic> {
    let below = range.below;
    let mut whole: BTreeMap<String, Vec<Leak>> = BTreeMap::new();
    let mut findings = Vec::new();
    for leak in leaks {
        let all = whole.entry(leak.path.clone()).or_insert_with(|| {
            let outside = leak.path.trim_start_matches("../");
            let inside = outside.len() == leak.path.len();
            let path = if inside { format!("{below}{}", leak.path) } else { outside.to_owned() };
            let Some(text) = range.git.show(&range.head, &path) else { return Vec::new() };
            let all = scan(&leak.path, &text);
            texts.cover(leak.path.clone(), cover(&text, &all));
            all
        });
        let same = |one: &&Leak| one.line == leak.line && one.fingerprint == leak.fingerprint;
        findings.push(leak_diagnostic(all.iter().find(same).unwrap_or(&leak)));
    }
    findings
}
