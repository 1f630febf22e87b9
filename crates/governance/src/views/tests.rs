//! The views of a small council on one day.

use jiff::civil::date;
use playbook::Workspace;

use super::*;
use crate::record::{self, Command, action, decision as votes, feedback as said};
use crate::text::Closed;
use crate::vocabulary::TRIAL;

const COUNCIL: &str = "
    Person/ana: {}
    Person/ben: {}
    Person/cleo: {}
    Seat/net: {owns: x, primary: ana, backup: ben, order: 1}
    Seat/sre: {owns: x, primary: ben, backup: cleo, order: 2}
    Seat/dev: {owns: x, primary: cleo, backup: ana, order: 3}
    DecisionType/b: {letter: B, scope: x, primaries: [net, sre], consulted: [dev], rule: {lazy_consensus_after: 72h}, consult_within: 48h}
    RaciArea/logs: {responsible: [seat/sre], accountable: [seat/net], informed: [seat/dev], topics: [logs]}
    Question/logs: {owner: sre, due: 2026-11-20, options: [ELK, Loki]}
    Question/gpus: {}
    Ritual/sync: {goal: x, cadence: FREQ=WEEKLY;BYDAY=TU, at: '10:00', agenda: [{title: Shipped, source: shipped-changes}, {title: Coming, source: upcoming-changes-and-decisions}, {title: Voices, source: developer-feedback}, {title: Actions, source: due-actions}, {title: Questions, source: open-questions}, {title: Incidents, source: incidents-and-budgets}]}
    decisions/0001-old.md: {status: accepted, date: 2026-11-18, decision-makers: ana, type: b, review_by: 2026-11-19} | # Old one\\n\\n## Context and Problem Statement\\n\\nX.\\n\\n## Decision Outcome\\n\\nY.
    decisions/0002-loki.md: {status: proposed, type: b, author: ana, answers: [logs], covers: {topics: [logs]}} | # Use Loki\\n\\n## Context and Problem Statement\\n\\nX.\\n\\n## Decision Outcome\\n\\nY.
    docs/a.md: {section: platform, owner: net, verified: 2026-01-01, stale_after: 90d} | # Layers\\n\\nX.
";

fn monday() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

/// A record in which 0002 is proposed, an action is overdue, and somebody has said something.
fn record(workspace: &Workspace) -> State {
    let mut state = State::default();
    let commands = [
        (
            "ana",
            "2026-11-16T09:00:00Z",
            Command::Action {
                id: "A-1".to_owned(),
                command: action::Command::Open {
                    title: "Write the runbook".into(),
                    owner: "seat/sre".to_owned(),
                    due: date(2026, 11, 20),
                    from: None,
                },
            },
        ),
        (
            "cleo",
            "2026-11-23T08:00:00Z",
            Command::Feedback {
                id: "F-1".to_owned(),
                command: said::Command::Give { text: "CI is slow".into(), about: None },
            },
        ),
        (
            "ana",
            "2026-11-23T09:00:00Z",
            Command::Decision { name: "0002-loki".to_owned(), command: votes::Command::Propose {} },
        ),
        (
            "ana",
            "2026-11-23T10:00:00Z",
            Command::Decision {
                name: "0002-loki".to_owned(),
                command: votes::Command::Vote {
                    seat: "net".to_owned(),
                    position: votes::Position::Agree,
                    reason: None,
                    digest: None,
                },
            },
        ),
    ];
    for (actor, at, command) in commands {
        let now: Timestamp = at.parse().expect("a time");
        let facts = Facts { model: workspace.model(), record: &state, now, actor };
        for one in record::decide(&command, &facts).expect("it is allowed") {
            let (_, id) = one.stream.split_once('/').expect("a stream has a noun");
            state.record(id, &one.event, now);
        }
    }
    state
}

/// Computes something from the council's reading on Monday noon.
fn read<T>(look: impl FnOnce(&Reading<'_>) -> T) -> T {
    let workspace = TRIAL.read(COUNCIL);
    let state = record(&workspace);
    let revisions = [Revision {
        id: "0123456789abcdef".to_owned(),
        at: "2026-11-20T10:00:00Z".parse().expect("a time"),
        summary: "network: a VLAN".to_owned(),
        author: None,
    }];
    let incident = AgendaEntry {
        what: "INC-1".to_owned(),
        subject: None,
        note: None,
        day: None,
        urgency: Urgency::Info,
    };
    let late = |at: &str| Contribution {
        source: AgendaSource::IncidentsAndBudgets,
        at: Some(at.parse().expect("a time")),
        entry: incident.clone(),
    };
    look(&Reading {
        model: workspace.model(),
        record: &state,
        now: monday(),
        texts: &Closed,
        revisions: &revisions,
        contributions: &[
            late("2026-11-19T10:00:00Z"),
            late("2026-11-10T10:00:00Z"),
            // On the day of the meeting before: in its time, and in the evening.
            late("2026-11-17T09:10:00Z"),
            late("2026-11-17T20:00:00Z"),
        ],
    })
}

#[test]
fn today_says_what_needs_each_of_them() {
    let needs = |viewer: &str| {
        read(|reading| {
            let page = today(reading, Some(viewer));
            let line = |need: &Need| format!("{:?} {} {}", need.kind, need.subject, need.overdue);
            page.needs_me.iter().map(line).collect::<Vec<_>>()
        })
    };
    assert_eq!(needs("ana"), ["Advice decision/0002-loki false"]);
    assert_eq!(
        needs("ben"),
        ["Action action/A-1 true", "Question question/logs true", "Vote decision/0002-loki false"]
    );
    assert_eq!(
        needs("cleo"),
        [
            "Action action/A-1 true",
            "Question question/logs true",
            "Advice decision/0002-loki false",
        ]
    );
    let page = read(|reading| today(reading, None));
    assert!(page.needs_me.is_empty());
    assert_eq!(page.next_meetings[0].local, "Tue 24 Nov 2026, 10:00 CET");
    let changes: Vec<_> = page.changed.iter().map(|change| change.what.as_str()).collect();
    assert_eq!(changes, ["0002 proposed: Use Loki", "playbook: network: a VLAN"]);
    let days: Vec<_> =
        page.deadlines.iter().map(|it| format!("{} {}", it.day, it.subject)).collect();
    assert_eq!(
        days,
        [
            "2026-11-19 decision/0001-old",
            "2026-11-20 action/A-1",
            "2026-11-20 question/logs",
            "2026-11-25 decision/0002-loki",
        ]
    );
}

#[test]
fn an_agenda_is_generated_from_what_is_known() {
    let view = read(|reading| agenda(reading, "sync", date(2026, 11, 24)).expect("a ritual"));
    let line = |entry: &AgendaEntry| format!("{:?}: {}", entry.urgency, entry.what);
    let part = |index: usize| view.parts[index].entries.iter().map(line).collect::<Vec<_>>();
    assert_eq!((view.since, view.is_regular), (date(2026, 11, 17), true));
    assert_eq!(part(0), ["Info: Decision 0001: Old one", "Info: network: a VLAN"]);
    assert_eq!(
        part(1),
        [
            "Overdue: Section Layers",
            "Overdue: Review of decision 0001: Old one",
            "Due: Decision 0002: Use Loki",
        ]
    );
    assert_eq!(part(2), ["Info: CI is slow"]);
    assert_eq!(part(3), ["Overdue: Write the runbook"]);
    assert_eq!(part(4), ["Overdue: logs", "Info: gpus"]);
    assert_eq!(part(5), ["Info: INC-1", "Info: INC-1"]);
    let before = read(|reading| agenda(reading, "sync", date(2026, 11, 17)).expect("a ritual"));
    assert_eq!(before.parts[5].entries.len(), 2, "what came in its time, and the week before");
    let text = crate::render::agenda::to_markdown(&view);
    assert!(
        text.contains("- **overdue since 2026-11-20**: Write the runbook (sre (ben))\n"),
        "{text}"
    );
    assert!(text.contains("| net | ana |  |\n"), "{text}");
    // Nothing has to be carried over: the next agenda says it again.
    let next = read(|reading| agenda(reading, "sync", date(2026, 12, 1)).expect("a ritual"));
    assert_eq!(next.parts[3].entries.len(), 1);
}

#[test]
fn a_decision_shows_votes_reasons_and_what_the_viewer_may_do() {
    let detail = read(|reading| decision(reading, "2", Some("ben")).expect("a decision"));
    assert_eq!(detail.row.title, "Use Loki");
    assert_eq!(detail.row.decision_type.as_ref().map(|it| it.title.as_str()), Some("Type B: b"));
    assert_eq!(detail.row.reasons[0], "waiting for sre: 70 h left; then lazy consensus");
    let stances: Vec<_> = detail.votes.iter().map(|vote| vote.stance.clone()).collect();
    assert_eq!(stances, [votes::Stance::Agrees, votes::Stance::Silent]);
    assert_eq!(detail.may_vote_for, ["sre"]);
    assert_eq!(detail.answers[0].reference, "question/logs");
    let seats: Vec<_> = detail.consulted.iter().map(|row| row.party.title.as_str()).collect();
    assert_eq!(seats, ["dev"]);
    assert!(read(|reading| decision(reading, "0009", None)).is_none());
}

#[test]
fn lists_are_in_the_order_in_which_they_are_needed() {
    let names: Vec<_> =
        read(|reading| decisions(reading).rows.iter().map(|row| row.name.clone()).collect());
    assert_eq!(names, ["0002-loki", "0001-old"]);
    let active = read(active_set);
    assert_eq!(active.groups[0].decisions[0].name, "0001-old");
    assert!(active.groups[0].decisions[0].review_is_due);
    let list = read(questions);
    assert_eq!((list.open[0].name.as_str(), list.open[0].overdue), ("logs", true));
    assert_eq!(list.open[0].proposals[0].reference, "decision/0002-loki");
    assert_eq!(list.open[1].gap.as_deref(), Some("no owner and no due date"));
    let matrix = read(|reading| raci(reading.model));
    let columns: Vec<_> = matrix.columns.iter().map(|party| party.title.as_str()).collect();
    assert_eq!(
        (columns, matrix.rows[0].cells.join(",")),
        (vec!["net", "sre", "dev"], "A,R,I".to_owned())
    );
    let stale = |gap: &Gap| gap.what == "stale: last verified on 2026-01-01";
    assert!(read(gaps).iter().any(stale));
}

#[test]
fn file_and_record_that_disagree_are_shown_side_by_side() {
    let workspace = TRIAL.read(COUNCIL);
    let mut state = record(&workspace);
    let accepted = votes::Event::Accepted { reasons: vec!["x".to_owned()] };
    state.record("0002-loki", &record::Event::Decision(accepted), monday());
    let reading = Reading {
        model: workspace.model(),
        record: &state,
        now: monday(),
        texts: &Closed,
        revisions: &[],
        contributions: NO_CONTRIBUTIONS,
    };
    let row = decision(&reading, "0002", None).expect("a decision").row;
    assert_eq!(
        row.mismatch.as_deref(),
        Some(
            "the record says accepted, the file says proposed: write `status: accepted` into `decisions/0002-loki.md`"
        )
    );
    assert_eq!(questions(&reading).answered[0].name, "logs");
}
