//! What this crate's tests of schedules and records share: a small playbook with its clock in Berlin.

use playbook::Workspace;

use crate::vocabulary::TRIAL;

/// Reads resources in the short form `Kind/name: {spec}`, one a line, beside an organization in Berlin
/// that keeps Germany's public holidays.
#[track_caller]
pub(crate) fn table(lines: &str) -> Workspace {
    let organization = "Organization/example: {purpose: x, north_star: Up., currency: EUR, \
                        time_zone: Europe/Berlin, public_holidays: [DE]}";
    let workspace = TRIAL.read(&format!("{organization}\n{lines}"));
    let problems = trial::findings(&workspace);
    let unread = problems.iter().filter(|problem| problem.code.0.starts_with("PLB"));
    let unread: Vec<_> = unread.map(|problem| problem.message.as_str()).collect();
    assert!(unread.is_empty(), "{unread:#?}");
    workspace
}
