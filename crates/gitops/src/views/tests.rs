//! The views over a small record: what the board, a change's page, freezes and agendas show.

use governance::record::State as Council;
use governance::text::Closed;
use governance::views::Reading as CouncilReading;
use jiff::ToSpan;
use plan::{Action, Content, Held, Observations, Plan, Purpose, ResourceId, Step, StepId};
use playbook::Workspace;

use super::*;
use crate::record::change::trial;
use crate::testing::{council, noon};

struct Seen {
    workspace: Workspace,
    record: State,
    council: Council,
    gate: GateFacts,
    now: Timestamp,
}

impl Seen {
    fn of(changes: Vec<(&str, change::State)>) -> Self {
        let mut record = State::default();
        record.changes.extend(changes.into_iter().map(|(id, state)| (id.to_owned(), state)));
        let lines = "Freeze/weekly: {reason: Nobody is here., windows: [{recurs: {rule: FREQ=WEEKLY;BYDAY=MO, at: '11:30', for: 2h}}], applies_to: {environments: [staging], actions: [destroy]}}";
        Self {
            workspace: council(lines),
            record,
            council: Council::default(),
            gate: GateFacts::default(),
            now: noon(),
        }
    }

    fn reading(&self) -> Reading<'_> {
        let council = CouncilReading {
            model: self.workspace.model(),
            record: &self.council,
            now: self.now,
            texts: &Closed,
            revisions: &[],
            contributions: governance::views::NO_CONTRIBUTIONS,
        };
        Reading { council, record: &self.record, gate: &self.gate }
    }

    /// What comes to agendas: the source, the entry and its note.
    fn agenda(&self) -> Vec<String> {
        let found = contributions(&self.reading()).into_iter();
        found
            .map(|it| {
                let note = it.entry.note.unwrap_or_default();
                format!("{:?} {:?} {} ({note})", it.source, it.entry.urgency, it.entry.what)
            })
            .collect()
    }
}

const ID: &str = "CHG-2026-0001";

#[test]
fn the_board_shows_each_change_at_its_stage_with_why_it_waits() {
    let seen = Seen::of(vec![(ID, trial::awaiting())]);
    let board = board(&seen.reading());
    let stages: Vec<_> =
        board.columns.iter().map(|it| (it.stage.as_str(), it.cards.len())).collect();
    assert_eq!(stages.len(), 10);
    assert_eq!(stages[2], ("awaiting-approval", 1));
    let card = &board.columns[2].cards[0];
    assert_eq!((card.title.as_str(), card.author.name.as_str()), ("A larger MTU", "mads"));
    assert_eq!(card.asked, ["seat/net", "seat/platform", "seat/sre"]);
    assert!(card.waits.iter().any(|it| it.contains("0 of 1 seat approved")), "{:?}", card.waits);
    assert!(!card.overdue);
    let late = Seen { now: noon().checked_add(73.hours()).expect("in range"), ..seen };
    assert!(super::board(&late.reading()).columns[2].cards[0].overdue);
}

#[test]
fn a_change_shows_what_a_viewer_may_do() {
    let seen = Seen::of(vec![(ID, trial::awaiting())]);
    let may = |viewer: &str| {
        let detail = detail(&seen.reading(), ID, Some(viewer)).expect("it is there");
        (detail.may_approve_for.join(" "), detail.is_author)
    };
    assert_eq!(may("jonas"), ("net".to_owned(), false));
    assert_eq!(may("mads"), (String::new(), true));
    assert_eq!(may("ines"), (String::new(), false));
    let detail = detail(&seen.reading(), ID, None).expect("it is there");
    assert_eq!(detail.risk.as_deref(), Some("Packets are dropped."));
    assert!(detail.verdict.is_some_and(|verdict| !verdict.approved));
    assert!(super::detail(&seen.reading(), "CHG-2026-0009", None).is_none());
}

#[test]
fn broken_glass_returns_on_agendas_until_somebody_has_reviewed_it() {
    let seen = Seen::of(vec![(ID, trial::approved_and_broken())]);
    let due = "UpcomingChangesAndDecisions Due Review of break-glass, CHG-2026-0001: A larger MTU (jonas broke the glass; somebody else reviews it)";
    assert!(seen.agenda().contains(&due.to_owned()), "{:#?}", seen.agenda());
    let late = Seen { now: noon().checked_add(100.hours()).expect("in range"), ..seen };
    let overdue = late.agenda().into_iter().find(|it| it.contains("break-glass"));
    assert!(overdue.is_some_and(|it| it.contains("Overdue")), "{:#?}", late.agenda());
    assert_eq!(board(&late.reading()).reviews_due.len(), 1);
    let reviewed = Seen::of(vec![(ID, trial::reviewed())]);
    assert!(
        !reviewed.agenda().iter().any(|it| it.contains("Review of")),
        "{:#?}",
        reviewed.agenda()
    );
}

#[test]
fn agendas_hear_of_what_was_shipped_and_of_freezes() {
    let seen = Seen::of(vec![(ID, trial::done())]);
    let agenda = seen.agenda();
    assert_eq!(agenda[0], "ShippedChanges Info CHG-2026-0001: A larger MTU (applied)");
    assert!(agenda[1].contains("Info Freeze: weekly (Nobody is here.; until "), "{agenda:#?}");
}

#[test]
fn freezes_say_what_waits_in_words() {
    let seen = Seen::of(Vec::new());
    let list = freezes(&seen.reading());
    assert_eq!((list.now.len(), list.coming.len()), (1, 2));
    assert_eq!(list.now[0].applies_to, "environment staging; steps that destroy");
}

#[test]
fn drift_is_a_plan_by_target() {
    let id = |target: &str| ResourceId::new(target, "file", "x");
    let held = Held {
        resource: id("silent"),
        would: None,
        reason: plan::Reason::Silent,
        text: "It does not answer.".to_owned(),
    };
    let plan = Plan::seal(Content {
        parent: None,
        generation: 1,
        revision: "r1".to_owned(),
        at: noon(),
        purpose: Purpose::Change,
        steps: vec![Step::new(StepId(1), id("edge"), Action::Update)],
        report: vec![held],
    });
    let mut observations = Observations::complete("edge", noon());
    observations.extend(Observations::silent("silent", None, "connection refused"));
    let view = drift(&plan, &observations);
    let shown: Vec<_> = view
        .targets
        .iter()
        .map(|it| (it.target.as_str(), it.differs, it.held_back, it.silent.is_some()))
        .collect();
    assert_eq!(shown, [("edge", 1, 0, false), ("silent", 0, 1, true)]);
    assert_eq!(view.targets[0].resources, [("edge/file/x".to_owned(), "update".to_owned())]);
}
