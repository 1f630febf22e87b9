//! The rail: which pages there are and how much waits on each.

use governance::views;
use serde::Serialize;

use super::frame::Page;

/// Pages that belong together.
#[derive(Debug, Serialize)]
pub(super) struct Group {
    title: Option<&'static str>,
    items: Vec<Item>,
}

#[derive(Debug, Serialize)]
struct Item {
    path: &'static str,
    label: &'static str,
    icon: &'static str,
    current: bool,
    count: Option<usize>,
    /// What is counted, for those who do not see where the number stands.
    counted: &'static str,
    gaps: bool,
}

/// What waits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Things that need the viewer.
    pub mine: usize,
    /// Gaps in the seats.
    pub gaps: usize,
    /// Errors and warnings.
    pub findings: usize,
}

impl Counts {
    /// Counts for one page.
    pub(super) fn of(page: &Page) -> Self {
        let findings = page
            .snapshot()
            .diagnostics
            .iter()
            .filter(|finding| finding.severity != diag::Severity::Note)
            .count();
        let reading = page.reading();
        let today = views::today(&reading, page.viewer.person.as_deref());
        Self { mine: today.needs_me.len(), gaps: today.gaps.len(), findings }
    }
}

/// Name, path, icon of each page by group.
type Row = (&'static str, &'static str, &'static str);

const NOW: &[Row] = &[("Today", "/", "today")];
const TABLE: &[Row] =
    &[("Seats", "/seats", "seats"), ("People", "/people", "people"), ("RACI", "/raci", "raci")];
const WORK: &[Row] = &[
    ("Decisions", "/decisions", "decisions"),
    ("Rituals", "/rituals", "rituals"),
    ("Questions", "/questions", "questions"),
];
const RECORD: &[Row] = &[
    ("Playbook", "/playbook", "playbook"),
    ("Diagnostics", "/diagnostics", "findings"),
    ("Who", "/who", "who"),
    ("Ledger", "/ledger", "ledger"),
];

/// The rail for a page at `path`.
pub(super) fn groups(path: &str, counts: &Counts) -> Vec<Group> {
    [
        (None, NOW),
        (Some("The table"), TABLE),
        (Some("The work"), WORK),
        (Some("The record"), RECORD),
    ]
    .into_iter()
    .map(|(title, rows)| Group {
        title,
        items: rows.iter().map(|row| item(row, path, counts)).collect(),
    })
    .collect()
}

/// The pages of the static site.
const SITE: &[Row] = &[
    ("Playbook", "/", "playbook"),
    ("Seats", "/seats", "seats"),
    ("People", "/people", "people"),
    ("RACI", "/raci", "raci"),
    ("Decisions", "/decisions", "decisions"),
    ("Rituals", "/rituals", "rituals"),
    ("Questions", "/questions", "questions"),
    ("Resources", "/playbook/resources", "who"),
];

/// The rail of the static site.
pub(super) fn site_groups(path: &str) -> Vec<Group> {
    let counts = Counts::default();
    vec![Group { title: None, items: SITE.iter().map(|row| item(row, path, &counts)).collect() }]
}

/// The name and path of every page of the rail.
pub(super) fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    [NOW, TABLE, WORK, RECORD].into_iter().flatten().map(|&(label, path, _)| (label, path))
}

fn item(&(label, to, icon): &Row, path: &str, counts: &Counts) -> Item {
    let below = to != "/" && path.strip_prefix(to).is_some_and(|rest| rest.starts_with('/'));
    let (count, counted, gaps) = match to {
        "/" => (counts.mine, "for you", false),
        "/seats" => (counts.gaps, "gaps", true),
        "/diagnostics" => (counts.findings, "findings", true),
        _ => (0, "", false),
    };
    Item {
        path: to,
        label,
        icon,
        current: path == to || below,
        count: (count > 0).then_some(count),
        counted,
        gaps,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &str) {
        let groups = groups(path, &Counts::default());
        let current: Vec<_> =
            groups.iter().flat_map(|group| &group.items).filter(|item| item.current).collect();
        assert_eq!(current.iter().map(|item| item.label).collect::<Vec<_>>(), [expected]);
    }

    #[test]
    fn every_item_has_its_icon() {
        for item in groups("/", &Counts::default()).iter().flat_map(|group| &group.items) {
            assert!(!crate::ui::icons::paths(item.icon).is_empty(), "{}", item.icon);
        }
    }

    #[test]
    fn exactly_one_item_is_current() {
        check("/", "Today");
        check("/seats", "Seats");
        check("/seats/network-security", "Seats");
        check("/playbook/site/eu-1", "Playbook");
    }
}
