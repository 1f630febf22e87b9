//! What a decision's way promises, tried from outside: every stage with every command, and sequences
//! of commands that nobody would think of.

use jiff::{SignedDuration, Timestamp};
use playbook::Workspace;
use proptest::prelude::*;

use super::*;
use crate::kinds::Decision;
use crate::record::{Facts, Refusal, State as Record};
use crate::vocabulary::TRIAL;

const COUNCIL: &str = "
    Person/ana: {}
    Person/ben: {}
    Person/cleo: {}
    Person/dan: {leaves: 2026-11-24}
    Seat/sre: {owns: x, primary: ana, backup: cleo}
    Seat/net: {owns: x, primary: ben, backup: cleo}
    Seat/ops: {owns: x, primary: ana, backup: ben}
    Seat/hr: {owns: x, primary: dan, active_when: hiring}
    Seat/dev: {owns: x, primary: cleo}
    DecisionType/b: {scope: x, primaries: [sre, net, hr], consulted: [dev], rule: {lazy_consensus_after: 72h}, consult_within: 48h}
    DecisionType/two: {scope: x, primaries: [sre, net, ops], rule: {agree: {at-least: 2}}}
    DecisionType/lazy: {scope: x, primaries: [sre, net, dev], rule: {agree: {at-least: 2}, lazy_consensus_after: 72h}}
    decisions/0004-d.md: {status: proposed, type: lazy, author: ana} | # D\\n\\n## Decision Outcome\\n\\nYes.
    decisions/0001-a.md: {status: proposed, type: b, author: ana} | # A\\n\\n## Decision Outcome\\n\\nYes.
    decisions/0002-b.md: {status: proposed, type: two, author: ana, review_by: 2026-11-01} | # B\\n\\n## Decision Outcome\\n\\nYes.
    decisions/0003-c.md: {status: proposed, type: two, author: ana, supersedes: [0002-b]} | # C\\n\\n## Decision Outcome\\n\\nYes.
";

fn council() -> Workspace {
    TRIAL.read(COUNCIL)
}

/// Monday noon in Berlin.
fn start() -> Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a time")
}

fn hours(hours: i64) -> Timestamp {
    start().checked_add(SignedDuration::from_hours(hours)).expect("in range")
}

/// One decision of the council, driven by commands.
struct Drive<'w> {
    workspace: &'w Workspace,
    name: &'static str,
    record: Record,
}

impl<'w> Drive<'w> {
    fn new(workspace: &'w Workspace, name: &'static str) -> Self {
        Self { workspace, name, record: Record::default() }
    }

    fn proposed(workspace: &'w Workspace, name: &'static str) -> Self {
        let mut drive = Self::new(workspace, name);
        drive.go("ana", 0, &Command::Propose {}).expect("it can be proposed");
        drive
    }

    fn go(&mut self, actor: &str, hour: i64, command: &Command) -> Result<Stage, Refusal> {
        let now = hours(hour);
        let facts = Facts { model: self.workspace.model(), record: &self.record, now, actor };
        let events = decide(self.record.decision(self.name), self.name, command, &facts)?;
        let mut state = self.record.decision(self.name).clone();
        events.iter().for_each(|event| state.apply(event, now));
        self.record.decisions.insert(self.name.to_owned(), state);
        Ok(self.state().stage)
    }

    fn state(&self) -> &State {
        self.record.decision(self.name)
    }

    fn judge(&self, hour: i64) -> Verdict {
        let decision = self.workspace.model().get::<Decision>(self.name).expect("it is there");
        verdict(self.state(), Some(decision.spec), self.workspace.model(), hours(hour))
    }
}

fn vote(seat: &str, position: Position) -> Command {
    let reason = (position == Position::Object).then(|| "Too early.".into());
    Command::Vote { seat: seat.to_owned(), position, reason, digest: None }
}

fn advise() -> Command {
    Command::Advise { party: "seat/dev".to_owned(), text: None }
}

#[track_caller]
fn refused(result: Result<Stage, Refusal>, code: &str, reason: &str) {
    let refusal = result.expect_err("it is refused");
    assert_eq!(refusal.code, code, "{refusal}");
    assert!(refusal.to_string().contains(reason), "{refusal}");
    assert!(!refusal.would_pass_if.is_empty(), "{refusal}");
}

#[test]
fn a_proposal_asks_whom_its_type_names() {
    let workspace = council();
    let drive = Drive::proposed(&workspace, "0001-a");
    let panel = &drive.state().proposal.as_ref().unwrap().panel;
    assert_eq!(panel.must_agree, ["sre", "net"]);
    assert_eq!(panel.consulted, ["seat/dev"]);
    assert_eq!(panel.consult_until, Some(hours(48)));
    assert_eq!(
        drive.judge(46).reasons,
        [
            "waiting for sre: 26 h left; then lazy consensus",
            "waiting for net: 26 h left; then lazy consensus",
            "`seat/dev` may still be consulted: 2 h left",
            "nobody but the author has agreed yet: somebody other than `ana` must",
        ]
    );
}

#[test]
fn the_last_word_that_was_missing_accepts() {
    let workspace = council();
    let mut drive = Drive::proposed(&workspace, "0001-a");
    assert_eq!(drive.go("ana", 1, &vote("sre", Position::Agree)), Ok(Stage::Proposed));
    assert_eq!(drive.go("ben", 2, &vote("net", Position::Agree)), Ok(Stage::Proposed));
    assert_eq!(drive.go("cleo", 3, &advise()), Ok(Stage::Accepted));
    assert_eq!(
        drive.state().outcome,
        ["all 2 seats that had a say agree", "sre agrees (`ana`)", "net agrees (`ben`)"]
    );
}

#[test]
fn silence_agrees_after_its_time_but_never_alone() {
    let workspace = council();
    let mut drive = Drive::proposed(&workspace, "0001-a");
    drive.go("ana", 1, &vote("sre", Position::Agree)).unwrap();
    assert_eq!(drive.judge(100).outcome, Outcome::Waiting);
    assert_eq!(drive.go("ana", 100, &Command::Settle {}), Ok(Stage::Consulted));
    refused(drive.go("ana", 100, &Command::Settle {}), "nothing-due", "nobody but the author");
    let mut drive = Drive::proposed(&workspace, "0001-a");
    drive.go("ben", 1, &vote("net", Position::Agree)).unwrap();
    assert_eq!(drive.go("ben", 71, &Command::Settle {}), Ok(Stage::Consulted));
    refused(drive.go("ben", 71, &Command::Settle {}), "nothing-due", "1 h left");
    assert_eq!(drive.go("ben", 72, &Command::Settle {}), Ok(Stage::Accepted));
    assert!(drive.state().outcome[2].contains("lazy consensus"), "{:?}", drive.state().outcome);
}

#[test]
fn an_objection_stops_silence_until_it_is_answered() {
    let workspace = council();
    let mut drive = Drive::proposed(&workspace, "0001-a");
    drive.go("ben", 1, &vote("net", Position::Object)).unwrap();
    assert_eq!(drive.judge(200).outcome, Outcome::Blocked);
    let answer = Command::AnswerObjection { seat: "net".to_owned(), text: "We wait.".into() };
    refused(drive.go("ben", 2, &answer), "not-author", "`ana`");
    drive.go("ana", 10, &answer).unwrap();
    refused(drive.go("ana", 11, &answer), "no-objection", "waits for an answer");
    // The whole time again, from the answer on.
    assert_eq!(drive.judge(11).reasons[0], "waiting for sre: 61 h left; then lazy consensus");
    assert_eq!(drive.judge(11).seats[1].silent_until, Some(hours(82)));
    drive.go("ben", 12, &vote("net", Position::Agree)).unwrap();
    assert_eq!(drive.go("ana", 72, &Command::Settle {}), Ok(Stage::Accepted));
}

#[test]
fn silence_does_not_outvote_an_objection() {
    let workspace = council();
    let mut drive = Drive::proposed(&workspace, "0004-d");
    drive.go("ben", 1, &vote("net", Position::Agree)).unwrap();
    drive.go("cleo", 1, &vote("dev", Position::Object)).unwrap();
    assert_eq!(drive.judge(100).outcome, Outcome::Blocked);
    drive.go("cleo", 2, &vote("dev", Position::Abstain)).unwrap();
    assert_eq!(drive.judge(71).outcome, Outcome::Waiting);
    assert_eq!(drive.judge(72).outcome, Outcome::Accept);
}

#[test]
fn a_quorum_outvotes_an_objection_and_two_seats_are_one_person() {
    let workspace = council();
    let mut drive = Drive::proposed(&workspace, "0002-b");
    drive.go("ana", 1, &vote("sre", Position::Agree)).unwrap();
    assert_eq!(drive.go("ana", 1, &vote("ops", Position::Agree)), Ok(Stage::Proposed));
    assert!(drive.judge(1).reasons[0].contains("nobody but the author"));
    drive.go("ben", 1, &vote("net", Position::Object)).unwrap();
    // The author leaves one of the seats to its backup, who is somebody else.
    drive.go("ana", 2, &vote("sre", Position::Delegate)).unwrap();
    assert_eq!(drive.go("cleo", 3, &vote("sre", Position::Agree)), Ok(Stage::Accepted));
    assert!(drive.state().outcome.contains(&"net is outvoted".to_owned()));
}

#[test]
fn votes_are_for_holders_of_seats_on_the_panel() {
    let workspace = council();
    let mut drive = Drive::proposed(&workspace, "0001-a");
    let agree = |seat: &str| vote(seat, Position::Agree);
    refused(drive.go("cleo", 1, &agree("dev")), "no-vote", "`sre`, `net`");
    refused(drive.go("dan", 1, &agree("hr")), "no-vote", "no vote");
    refused(drive.go("ben", 1, &agree("sre")), "not-holder", "`ana` votes");
    refused(drive.go("cleo", 1, &agree("net")), "not-holder", "`ben` delegates");
    refused(drive.go("dan", 30, &agree("net")), "not-here", "`dan` has left");
    refused(drive.go("eve", 1, &agree("net")), "not-here", "no person `eve`");
    let silent = Command::Vote {
        seat: "net".to_owned(),
        position: Position::Object,
        reason: None,
        digest: None,
    };
    refused(drive.go("ben", 1, &silent), "no-reason", "needs a reason");
    drive.go("ben", 1, &agree("net")).unwrap();
    refused(drive.go("ben", 1, &agree("net")), "voted-already", "said that already");
    refused(drive.go("cleo", 1, &vote("net", Position::Delegate)), "not-holder", "is here");
    let stale = Command::Vote {
        seat: "net".to_owned(),
        position: Position::Abstain,
        reason: None,
        digest: Some("0000".to_owned()),
    };
    refused(drive.go("ben", 1, &stale), "text-changed", "read it again");
}

#[test]
fn a_seat_becomes_active_and_votes_only_while_its_condition_holds() {
    let workspace = TRIAL.read(&COUNCIL.replace("active_when: hiring", "active_when: hired"));
    let mut drive = Drive::new(&workspace, "0001-a");
    drive.go("ana", 0, &Command::Propose {}).unwrap();
    let mut state = drive.state().clone();
    state.proposal.as_mut().unwrap().panel.must_agree.push("hr".to_owned());
    drive.record.decisions.insert("0001-a".to_owned(), state);
    refused(drive.go("dan", 1, &vote("hr", Position::Agree)), "inactive-seat", "`hired`");
    assert_eq!(drive.judge(1).seats[2].stance, Stance::Inactive);
}

#[test]
fn votes_for_an_old_text_are_void() {
    let workspace = council();
    let mut drive = Drive::proposed(&workspace, "0001-a");
    drive.go("ben", 1, &vote("net", Position::Agree)).unwrap();
    let changed = TRIAL.read(&COUNCIL.replace("# A", "# Another"));
    let mut drive = Drive { workspace: &changed, name: "0001-a", record: drive.record };
    assert_eq!(drive.judge(2).outcome, Outcome::Void);
    assert_eq!(
        drive.judge(2).reasons,
        ["the text changed after it was proposed: 1 vote is void, and it must be proposed again"]
    );
    refused(drive.go("ana", 2, &vote("sre", Position::Agree)), "text-changed", "void");
    refused(drive.go("ana", 100, &Command::Settle {}), "text-changed", "void");
    drive.go("ana", 3, &Command::Propose {}).unwrap();
    assert_eq!((drive.state().votes.len(), drive.state().void_votes), (0, 1));
}

/// A command of each sort, as the author or another holder would give it.
fn commands() -> [(&'static str, Command); 9] {
    [
        ("propose", Command::Propose {}),
        ("vote", vote("ops", Position::Abstain)),
        ("answer", Command::AnswerObjection { seat: "net".to_owned(), text: "x".into() }),
        ("advise", advise()),
        ("withdraw", Command::Withdraw { reason: None }),
        ("reject", Command::Reject { reason: None }),
        ("settle", Command::Settle {}),
        ("supersede", Command::Supersede { by: "0003-c".to_owned() }),
        ("expire", Command::Expire {}),
    ]
}

#[test]
fn every_stage_allows_what_it_allows() {
    let workspace = council();
    let allowed = Stage::ALL.map(|stage| {
        let mut drive = Drive::proposed(&workspace, "0002-b");
        drive.go("ben", 1, &vote("net", Position::Object)).expect("it can be objected to");
        let mut state = drive.state().clone();
        state.stage = stage;
        if stage == Stage::Draft {
            state = State::default();
        }
        drive.record.decisions.insert("0002-b".to_owned(), state);
        let successor = State { stage: Stage::Accepted, ..State::default() };
        drive.record.decisions.insert("0003-c".to_owned(), successor);
        let record = drive.record.clone();
        let list = commands().into_iter().filter_map(|(word, command)| {
            drive.record = record.clone();
            drive.go("ana", 2, &command).ok().map(|after| format!("{word}>{}", after.word()))
        });
        format!("{}: {}", stage.word(), list.collect::<Vec<_>>().join(" "))
    });
    let expected = [
        "draft: propose>proposed",
        "proposed: vote>proposed answer>proposed withdraw>withdrawn reject>rejected",
        "consulted: vote>consulted answer>consulted withdraw>withdrawn reject>rejected",
        "accepted: supersede>superseded expire>expired",
        "rejected: ",
        "withdrawn: propose>proposed",
        "superseded: ",
        "expired: propose>proposed",
    ];
    assert_eq!(allowed, expected);
}

#[test]
fn an_overdue_decision_ends_by_itself_and_says_why() {
    let workspace = council();
    let mut drive = Drive::new(&workspace, "0002-b");
    let accepted = State { stage: Stage::Accepted, ..State::default() };
    drive.record.decisions.insert("0002-b".to_owned(), accepted);
    assert_eq!(drive.go(crate::record::ITSELF, 2, &Command::Expire {}), Ok(Stage::Expired));
    assert_eq!(
        drive.judge(3).reasons,
        ["it is expired", "its review was due on 2026-11-01, and nobody renewed it"]
    );
    // Nothing else happens without a person.
    let mut drive = Drive::proposed(&workspace, "0003-c");
    let vote = vote("net", Position::Agree);
    refused(drive.go(crate::record::ITSELF, 2, &vote), "not-here", "works here today");
}

#[test]
fn an_accepted_decision_supersedes_and_answers_what_it_names() {
    use crate::record::{Command as Any, Event as AnyEvent, question};
    let lines = COUNCIL.replace("supersedes: [0002-b]", "supersedes: [0002-b], answers: [logs]")
        + "Question/logs: {}";
    let workspace = TRIAL.read(&lines);
    let mut drive = Drive::proposed(&workspace, "0003-c");
    let accepted = State { stage: Stage::Accepted, ..State::default() };
    drive.record.decisions.insert("0002-b".to_owned(), accepted);
    drive.go("ana", 1, &vote("sre", Position::Agree)).unwrap();
    let record = drive.record.clone();
    let facts = Facts { model: workspace.model(), record: &record, now: hours(2), actor: "ben" };
    let command =
        Any::Decision { name: "0003-c".to_owned(), command: vote("net", Position::Agree) };
    let recorded = crate::record::decide(&command, &facts).unwrap();
    let streams: Vec<_> = recorded.iter().map(|one| one.stream.as_str()).collect();
    assert_eq!(streams, ["decision/0003-c", "decision/0003-c", "decision/0002-b", "question/logs"]);
    let answered = question::Event::Answered { decision: "0003-c".to_owned() };
    assert_eq!(recorded[3].event, AnyEvent::Question(answered));
}

fn any_command() -> impl Strategy<Value = Command> {
    let seat = prop::sample::select(vec!["sre", "net", "ops", "dev", "hr"]);
    let position = prop::sample::select(vec![
        Position::Agree,
        Position::Object,
        Position::Abstain,
        Position::Delegate,
    ]);
    prop_oneof![
        6 => (seat.clone(), position).prop_map(|(seat, position)| vote(seat, position)),
        1 => seat.prop_map(|seat| Command::AnswerObjection {
            seat: seat.to_owned(),
            text: "x".into(),
        }),
        1 => Just(advise()),
        1 => Just(Command::Propose {}),
        1 => Just(Command::Settle {}),
        1 => Just(Command::Withdraw { reason: None }),
    ]
}

proptest! {
    #[test]
    fn the_author_alone_never_accepts(
        commands in prop::collection::vec((any_command(), 0_i64..200), 1..40),
        name in prop::sample::select(vec!["0001-a", "0002-b"]),
    ) {
        let workspace = council();
        let mut drive = Drive::proposed(&workspace, name);
        for (command, hour) in commands {
            let _refused = drive.go("ana", hour, &command);
            prop_assert_ne!(drive.state().stage, Stage::Accepted);
        }
    }

    #[test]
    fn acceptance_always_has_somebody_else_behind_it(
        commands in prop::collection::vec(
            (any_command(), prop::sample::select(vec!["ana", "ben", "cleo", "dan", "eve"]), 0_i64..200),
            1..40,
        ),
    ) {
        let workspace = council();
        let mut drive = Drive::proposed(&workspace, "0001-a");
        for (command, actor, hour) in commands {
            let _refused = drive.go(actor, hour, &command);
            let votes = &drive.state().votes;
            if drive.state().stage == Stage::Accepted {
                let other = |vote: &Vote| vote.position == Position::Agree && vote.person != "ana";
                prop_assert!(votes.values().any(other));
            }
            prop_assert!(!votes.contains_key("hr") && !votes.contains_key("dev"));
            prop_assert!(votes.values().all(|vote| vote.person != "eve" && vote.person != "dan"));
        }
    }

    #[test]
    fn the_order_of_votes_does_not_matter(
        positions in prop::collection::vec(
            prop::sample::select(vec![Position::Agree, Position::Object, Position::Abstain]), 3,
        ),
        order in Just(vec![0_usize, 1, 2]).prop_shuffle(),
        hour in 0_i64..200,
    ) {
        let workspace = council();
        let seats = [("sre", "ana"), ("net", "ben"), ("ops", "ana")];
        let judged = |order: &[usize]| {
            let mut drive = Drive::proposed(&workspace, "0002-b");
            let mut state = drive.state().clone();
            for &index in order {
                let (seat, person) = seats[index];
                let event = Event::Voted {
                    seat: seat.to_owned(),
                    person: person.to_owned(),
                    position: positions[index],
                    reason: None,
                    digest: String::new(),
                };
                state.apply(&event, hours(1));
            }
            drive.record.decisions.insert("0002-b".to_owned(), state);
            drive.judge(hour)
        };
        prop_assert_eq!(judged(&order), judged(&[0, 1, 2]));
    }

    #[test]
    fn time_alone_only_moves_forward(
        commands in prop::collection::vec(
            (any_command(), prop::sample::select(vec!["ana", "ben", "cleo"])), 0..20,
        ),
        first in 0_i64..200,
        later in 0_i64..200,
    ) {
        let workspace = council();
        let mut drive = Drive::proposed(&workspace, "0001-a");
        for (command, actor) in commands {
            let _refused = drive.go(actor, 1, &command);
        }
        let (before, after) = (drive.judge(first), drive.judge(first + later));
        prop_assert!(before.outcome <= after.outcome, "{:?} then {:?}", before, after);
        if let Some(at) = before.next_change_at.filter(|at| *at > hours(first + later)) {
            prop_assert_eq!(before.outcome, after.outcome, "nothing was announced before {}", at);
        }
        prop_assert!(!before.reasons.is_empty() && !after.reasons.is_empty());
    }
}
