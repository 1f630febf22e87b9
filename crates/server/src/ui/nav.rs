//! The rail: which pages there are and how much waits on each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use governance::views;
use jiff::civil::Date;
use reliability::views::may_see;
use serde::Serialize;

use super::frame::Page;
use crate::limits::MAX_COUNTED_VIEWERS;
use crate::{Lens, Snapshot};

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
    /// Incidents in which users may still be hurt.
    pub incidents: usize,
}

impl Counts {
    /// Counts for one page: those of the present, also beside a page of the past.
    pub(super) fn of(page: &Page) -> Self {
        let lens = page.state().lens();
        page.state().counted().get(&lens, page.viewer.person.as_ref())
    }

    fn count(lens: &Lens, person: Option<&str>) -> Self {
        let findings = lens
            .snapshot
            .diagnostics
            .iter()
            .filter(|finding| finding.severity != diag::Severity::Note)
            .count();
        let today = views::today(&lens.reading(), person);
        let incidents = lens.record.state.reliability.incidents.values();
        let open = incidents.filter(|incident| {
            incident.stage.is_open() && !incident.test && may_see(incident, person)
        });
        let incidents = open.count();
        Self { mine: today.needs_me.len(), gaps: today.gaps.len(), findings, incidents }
    }
}

/// What was counted for each viewer, until playbook, record or day change. Time within a day changes what waits only
/// through the record, which the deadlines worker writes.
#[derive(Debug, Default)]
pub(crate) struct Counted(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    snapshot: Weak<Snapshot>,
    seq: u64,
    day: Date,
    counts: BTreeMap<Option<Arc<str>>, Counts>,
}

impl Counted {
    fn get(&self, lens: &Lens, person: Option<&Arc<str>>) -> Counts {
        let (seq, day) = (lens.record.head.seq, lens.reading().today());
        let person = person.cloned();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = Weak::as_ptr(&kept.snapshot) == Arc::as_ptr(&lens.snapshot);
        if !same || kept.seq != seq || kept.day != day || kept.counts.len() >= MAX_COUNTED_VIEWERS {
            // Holding the snapshot weakly keeps its place from being taken by the next one, but not the playbook in it.
            let snapshot = Arc::downgrade(&lens.snapshot);
            *kept = Kept { snapshot, seq, day, counts: BTreeMap::new() };
        }
        if let Some(known) = kept.counts.get(&person) {
            return *known;
        }
        let counts = Counts::count(lens, person.as_deref());
        kept.counts.insert(person, counts);
        counts
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
    ("Feedback", "/feedback", "feedback"),
];
const PLATFORM: &[Row] = &[
    ("Changes", "/changes", "changes"),
    ("Freezes", "/freezes", "freezes"),
    ("Drift", "/drift", "drift"),
    ("Fleet", "/fleet", "fleet"),
    ("Inventory", "/inventory", "inventory"),
];
const OPERATIONS: &[Row] = &[
    ("Objectives", "/objectives", "objectives"),
    ("Incidents", "/incidents", "incidents"),
    ("On call", "/on-call", "on-call"),
    ("Alerts", "/alerts", "alerts"),
    ("Silences", "/silences", "silences"),
    ("Runbooks", "/runbooks", "runbooks"),
    ("Trends", "/trends", "trends"),
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
        (Some("The platform"), PLATFORM),
        (Some("Operations"), OPERATIONS),
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
    [NOW, TABLE, WORK, PLATFORM, OPERATIONS, RECORD]
        .into_iter()
        .flatten()
        .map(|&(label, path, _)| (label, path))
}

fn item(&(label, to, icon): &Row, path: &str, counts: &Counts) -> Item {
    let below = to != "/" && path.strip_prefix(to).is_some_and(|rest| rest.starts_with('/'));
    let (count, counted, gaps) = match to {
        "/" => (counts.mine, "for you", false),
        "/seats" => (counts.gaps, "gaps", true),
        "/incidents" => (counts.incidents, "going on", false),
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
