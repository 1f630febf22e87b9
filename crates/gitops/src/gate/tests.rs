//! The gate, case by case: routes, approvals, and every hold with its opposite.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::kinds::StepAction;
use crate::testing::{council, noon};

/// A change of one VLAN in production, complete, with a plan.
fn vlan_change(model: &Model) -> Subject {
    let mut touched = Touched::default();
    touched.path("network/vlans.yaml");
    touched.kinds.insert("vlan".to_owned());
    touched.target(model, "switches");
    touched.step(StepAction::Update);
    Subject {
        name: "CHG-2026-0001".to_owned(),
        author: "mads".to_owned(),
        revision: "r1".to_owned(),
        plan: Some("aaaa".to_owned()),
        planned_at: Some(noon()),
        touched,
        said: Said { description: true, risk: true, rollback: true, ..Said::default() },
        approvals: Vec::new(),
        break_glass: None,
    }
}

/// What is known about the world when nothing is wrong.
fn calm() -> GateFacts {
    let observed = ["switches", "lab"].map(|name| (name.to_owned(), noon()));
    GateFacts { observed: BTreeMap::from(observed), guardrails_ran: true, ..GateFacts::default() }
}

fn approval(seat: &str, person: &str) -> Approval {
    Approval {
        seat: seat.to_owned(),
        person: person.to_owned(),
        plan: Some("aaaa".to_owned()),
        revision: "r1".to_owned(),
        at: noon(),
        expires: "2026-11-24T11:00:00Z".parse().expect("a moment"),
    }
}

/// Judges the VLAN change after something was changed about it and the world.
#[track_caller]
fn judged(lines: &str, change: impl FnOnce(&Model, &mut Subject, &mut GateFacts)) -> Verdict {
    let workspace = council(lines);
    let (mut subject, mut facts) = (vlan_change(workspace.model()), calm());
    change(workspace.model(), &mut subject, &mut facts);
    let verdict = judge(&subject, workspace.model(), &facts, noon());
    assert!(!verdict.reasons.is_empty(), "a verdict has reasons");
    for reason in verdict.held_by() {
        assert!(reason.would_change.is_some(), "`{}` says what would change it", reason.code);
    }
    verdict
}

/// The outcome and the codes of what holds.
fn held(verdict: &Verdict) -> String {
    let codes: Vec<_> = verdict.held_by().map(|reason| reason.code.as_str()).collect();
    format!("{} {}", verdict.outcome, codes.join(" ")).trim_end().to_owned()
}

/// What the gate says of an approved VLAN change after something was changed.
#[track_caller]
fn approved(
    lines: &str,
    change: impl FnOnce(&Model, &mut Subject, &mut GateFacts),
    expected: &str,
) {
    let verdict = judged(lines, |model, subject, facts| {
        subject.approvals.push(approval("net", "jonas"));
        change(model, subject, facts);
    });
    assert_eq!(held(&verdict), expected, "{verdict:#?}");
}

/// What the gate says of approvals by these seats and people.
#[track_caller]
fn check(author: &str, by: &[(&str, &str)], prepare: fn(&mut Subject), expected: &str) {
    let verdict = judged("", |_, subject, _| {
        author.clone_into(&mut subject.author);
        subject.approvals.extend(by.iter().map(|(seat, person)| approval(seat, person)));
        prepare(subject);
    });
    assert_eq!(held(&verdict), expected, "{verdict:#?}");
}

fn everyday(_: &mut Subject) {}

fn destroys(subject: &mut Subject) {
    subject.touched.step(StepAction::Destroy);
}

#[test]
fn one_seat_of_the_domain_is_enough_for_everyday_work() {
    check("mads", &[], everyday, "wait approvals approvals");
    check("mads", &[("net", "jonas")], everyday, "allow");
    // Marta carries the decision type, but the network is not her domain.
    check("mads", &[("platform", "marta")], everyday, "wait approvals");
}

#[test]
fn what_is_touched_decides_whose_word_is_needed() {
    check("mads", &[("net", "jonas")], destroys, "wait approvals");
    check("mads", &[("net", "jonas"), ("sre", "ana")], destroys, "wait approvals");
    let all = [("net", "jonas"), ("sre", "ana"), ("platform", "marta")];
    check("mads", &all, destroys, "allow");
    let costs = |subject: &mut Subject| subject.touched.monthly_cost_micros = 500_000_001;
    check("mads", &[("net", "jonas")], costs, "wait approvals");
    check("mads", &[("net", "jonas"), ("finops", "pieter")], costs, "allow");
    let cheap = |subject: &mut Subject| subject.touched.monthly_cost_micros = 500_000_000;
    check("mads", &[("net", "jonas")], cheap, "allow");
}

#[test]
fn the_author_never_counts_and_the_backup_stands_in() {
    check("jonas", &[("net", "jonas")], everyday, "wait approvals approvals");
    check("jonas", &[("net", "ines")], everyday, "allow");
    // Both holders of the domain's seat: the author is one, the other approves.
    check("ines", &[("net", "jonas")], everyday, "allow");
}

#[test]
fn a_seat_that_only_the_author_holds_is_passed_over_and_somebody_else_reviews() {
    let costs = |subject: &mut Subject| subject.touched.monthly_cost_micros = 900_000_000;
    check("pieter", &[("net", "jonas")], costs, "allow");
    check("pieter", &[], costs, "wait approvals approvals approvals");
    check("pieter", &[("finops", "pieter"), ("net", "jonas")], costs, "allow");
}

#[test]
fn two_seats_of_one_person_count_once() {
    let lines = "DecisionType/two: {scope: x, primaries: [sre, both], rule: {agree: all}}
        Seat/both: {owns: x, primary: ana, backup: tomas}
        ChangeRule/two: {touches: {targets: [lab]}, decision_type: two}";
    let say = |by: &[(&str, &str)]| {
        let verdict = judged(lines, |model, subject, _| {
            subject.touched = Touched::default();
            subject.touched.target(model, "lab");
            subject.approvals.extend(by.iter().map(|(seat, person)| approval(seat, person)));
        });
        held(&verdict)
    };
    assert_eq!(say(&[("sre", "ana"), ("both", "ana")]), "wait counted-once");
    assert_eq!(say(&[("sre", "ana"), ("both", "tomas")]), "allow");
    // Ana is engaged for one of her seats, so the backup of the other may speak as well.
    let verdict = judged(lines, |model, subject, _| {
        subject.touched = Touched::default();
        subject.touched.target(model, "lab");
        subject.approvals.push(approval("sre", "ana"));
    });
    let need = verdict.needed.iter().find(|need| need.party == "seat/both").expect("is asked");
    assert_eq!(need.people, ["ana", "tomas"]);
}

#[test]
fn an_empty_seat_says_so() {
    let lines = "ChangeRule/v: {touches: {kinds: [vlan]}, decision_type: b, also: [vacant]}";
    let verdict = judged(lines, |_, subject, _| {
        for (seat, person) in [("net", "jonas"), ("sre", "ana"), ("platform", "marta")] {
            subject.approvals.push(approval(seat, person));
        }
    });
    assert_eq!(held(&verdict), "wait seat-empty");
    assert!(verdict.summary().contains("nobody can speak for `vacant`"), "{}", verdict.summary());
}

#[test]
fn approvals_that_do_not_fit_do_not_count() {
    let with = |change: fn(&mut Approval)| {
        let verdict = judged("", |_, subject, _| {
            let mut given = approval("net", "jonas");
            change(&mut given);
            subject.approvals.push(given);
        });
        assert_eq!(held(&verdict), "wait approvals approvals");
        let void = verdict.reasons.iter().find(|reason| reason.code == "approval-void");
        void.expect("it is said why").text.clone()
    };
    assert!(with(|it| it.plan = Some("bbbb".to_owned())).contains("the plan bbbb"));
    assert!(with(|it| it.revision = "r0".to_owned()).contains("another revision"));
    assert!(with(|it| it.expires = noon()).contains("expired"));
    assert!(with(|it| it.person = "gone".to_owned()).contains("do not work here"));
    assert!(with(|it| it.person = "mads".to_owned()).contains("the author's own"));
}

#[test]
fn a_change_says_what_could_go_wrong_and_how_to_get_back() {
    approved("", |_, _, _| {}, "allow");
    approved("", |_, subject, _| subject.said.risk = false, "deny risk-missing");
    approved("", |_, subject, _| subject.said.rollback = false, "deny rollback-missing");
    approved("", |_, subject, _| subject.plan = None, "wait no-plan approvals approvals");
}

#[test]
fn checks_must_have_passed() {
    let lines = "Repository/infra: {purpose: x}
        ChangePolicy/p: {repositories: [infra], reviews: {at_least: 1}, validation: [lint, tests]}";
    let with = |states: &'static [(&str, CheckState)], expected: &str| {
        approved(
            lines,
            |_, subject, facts| {
                subject.touched.repositories.insert("infra".to_owned());
                facts
                    .checks
                    .extend(states.iter().map(|(name, it)| ((*name).to_owned(), it.clone())));
            },
            expected,
        );
    };
    with(&[("lint", CheckState::Passed), ("tests", CheckState::Passed)], "allow");
    with(&[("lint", CheckState::Passed)], "wait check-missing");
    with(&[("lint", CheckState::Running), ("tests", CheckState::Passed)], "wait check-running");
    let fails = |_: &Model, _: &mut Subject, facts: &mut GateFacts| {
        facts.checks.insert("lint".to_owned(), CheckState::Failed("x".to_owned()));
    };
    approved(lines, fails, "deny check-failed");
}

#[test]
fn guardrails_must_have_looked_and_denied_nothing() {
    let finding = |denies| GuardrailFinding {
        policy: "no-public-ssh.rego".to_owned(),
        message: "port 22 is open to the world".to_owned(),
        denies,
        resource: None,
    };
    approved("", |_, _, facts| facts.guardrails_ran = false, "wait guardrails-missing");
    approved("", |_, _, facts| facts.findings.push(finding(true)), "deny guardrail");
    approved("", |_, _, facts| facts.findings.push(finding(false)), "allow");
}

#[test]
fn a_plan_is_for_the_world_as_it_was_seen() {
    let drifted = |target: &str| BTreeMap::from([(target.to_owned(), vec!["file/x".to_owned()])]);
    approved("", |_, _, facts| facts.drift = drifted("switches"), "deny drift");
    approved("", |_, _, facts| facts.drift = drifted("lab"), "allow");
    approved("", |_, _, facts| facts.observed.clear(), "wait never-observed");
    let seen = |at: &str| BTreeMap::from([("switches".to_owned(), at.parse().expect("a moment"))]);
    approved(
        "",
        |_, _, facts| facts.observed = seen("2026-11-23T09:59:59Z"),
        "wait observation-too-old",
    );
    approved("", |_, _, facts| facts.observed = seen("2026-11-23T10:00:00Z"), "allow");
}

#[test]
fn a_freeze_holds_what_it_is_about_while_it_lasts() {
    let with = |freeze: &str, expected: &str| {
        let lines = format!("Freeze/f: {freeze}");
        approved(
            &lines,
            |model, _, facts| {
                facts.freezes =
                    crate::freeze::around(model, &crate::record::State::default(), noon());
            },
            expected,
        );
    };
    let now = "windows: [{between: {from: 2026-11-23T11:00, until: 2026-11-23T13:00}}]";
    with(&format!("{{reason: x, {now}}}"), "wait freeze");
    with(&format!("{{reason: x, {now}, applies_to: {{environments: [staging]}}}}"), "allow");
    with(&format!("{{reason: x, {now}, applies_to: {{actions: [destroy]}}}}"), "allow");
    with(&format!("{{reason: x, {now}, applies_to: {{services: [checkout]}}}}"), "wait freeze");
    with(&format!("{{reason: x, {now}, passes: [b]}}"), "allow");
    let over = "windows: [{between: {from: 2026-11-23T11:00, until: 2026-11-23T12:00}}]";
    with(&format!("{{reason: x, {over}}}"), "allow");
    let mondays = "windows: [{recurs: {rule: FREQ=WEEKLY;BYDAY=MO, at: '11:30', for: 1h}}]";
    with(&format!("{{reason: x, {mondays}}}"), "wait freeze");
    let fridays = "windows: [{recurs: {rule: FREQ=WEEKLY;BYDAY=FR, at: '15:00', for: 70h}}]";
    with(&format!("{{reason: x, {fridays}}}"), "wait freeze");
}

#[test]
fn a_change_keeps_to_its_maintenance_windows() {
    let window = |from: &str, until: &str| Window {
        from: from.parse().expect("a moment"),
        until: until.parse().expect("a moment"),
    };
    let now = window("2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z");
    let later = window("2026-11-23T22:00:00Z", "2026-11-24T02:00:00Z");
    let past = window("2026-11-22T22:00:00Z", "2026-11-23T02:00:00Z");
    approved("", |_, subject, _| subject.said.windows = vec![now], "allow");
    approved("", |_, subject, _| subject.said.windows = vec![past, later], "wait outside-window");
    approved("", |_, subject, _| subject.said.windows = vec![past], "deny window-missed");
}

#[test]
fn a_spent_error_budget_lets_only_reliability_work_pass() {
    let policy = "GatePolicy/g: {budget_spent_passes: [a]}";
    let spent = |facts: &mut GateFacts| {
        facts.budgets.insert("checkout".to_owned(), Budget::Spent(None));
    };
    approved(policy, |_, _, facts| spent(facts), "wait error-budget");
    approved(
        policy,
        |_, subject, facts| {
            spent(facts);
            subject.said.decision_types.insert("a".to_owned());
            subject.approvals.extend([approval("sre", "ana"), approval("platform", "marta")]);
        },
        "allow",
    );
    let other = |_: &Model, _: &mut Subject, facts: &mut GateFacts| {
        facts.budgets.insert("search".to_owned(), Budget::Spent(None));
        facts.budgets.insert("checkout".to_owned(), Budget::Unknown("no metrics".to_owned()));
    };
    approved(policy, other, "allow");
}

#[test]
fn an_open_incident_holds_everything_but_what_mends_it() {
    let incident = |services: &[&str], severity: &str, mended_by: &[&str]| OpenIncident {
        id: "INC-2026-0001".to_owned(),
        severity: severity.to_owned(),
        services: services.iter().map(|it| (*it).to_owned()).collect(),
        mended_by: mended_by.iter().map(|it| (*it).to_owned()).collect(),
    };
    let with = |incident: OpenIncident, expected: &str| {
        approved("", |_, _, facts| facts.incidents.push(incident), expected);
    };
    with(incident(&[], "sev-1", &[]), "wait incident");
    with(incident(&["checkout"], "sev-1", &[]), "wait incident");
    with(incident(&["search"], "sev-1", &[]), "allow");
    with(incident(&[], "sev-2", &[]), "allow");
    with(incident(&[], "sev-1", &["CHG-2026-0001"]), "allow");
}

#[test]
fn a_decision_that_is_not_in_force_is_no_ground() {
    let decision = |number: &str, status: &str| {
        format!(
            "decisions/{number}.md: {{status: {status}, date: 2026-01-01}} | # T\\n\\n## Decision Outcome\\n\\nYes."
        )
    };
    let lines = [
        decision("0001-old", "superseded by 0002-new"),
        decision("0002-new", "accepted"),
        decision("0003-open", "proposed"),
        decision("0004-no", "rejected"),
    ]
    .join("\n");
    let cites = |name: &'static str, expected: &str| {
        let cite = |_: &Model, subject: &mut Subject, _: &mut GateFacts| {
            subject.said.cites = BTreeSet::from([name.to_owned()]);
        };
        approved(&lines, cite, expected);
    };
    cites("0002-new", "allow");
    cites("0001-old", "deny decision-superseded");
    cites("0003-open", "wait decision-open");
    cites("0004-no", "deny decision-not-in-force");
    cites("0009-none", "deny decision-unknown");
}

#[test]
fn breaking_the_glass_lifts_everything_but_a_missing_plan() {
    let glass = |plan: &str| BreakGlass {
        person: "ana".to_owned(),
        seat: "sre".to_owned(),
        plan: Some(plan.to_owned()),
        review_due: noon(),
    };
    let verdict = judged("", |_, subject, facts| {
        subject.break_glass = Some(glass("aaaa"));
        subject.said.risk = false;
        facts.observed.clear();
    });
    assert_eq!(held(&verdict), "allow");
    assert!(verdict.broke_glass && !verdict.approved);
    let overridden: Vec<_> =
        verdict.reasons.iter().filter(|it| it.overridden).map(|it| it.code.as_str()).collect();
    assert_eq!(overridden, ["risk-missing", "never-observed", "approvals", "approvals"]);
    let verdict = judged("", |_, subject, _| subject.break_glass = Some(glass("bbbb")));
    assert_eq!(held(&verdict), "wait approvals approvals");
    assert!(!verdict.broke_glass);
}

#[test]
fn raci_says_who_is_consulted_and_told() {
    let verdict = judged("", |_, _, _| {});
    let of = |kind| {
        let needs = verdict.needed.iter().filter(|need| need.kind == kind);
        needs.map(|need| need.party.as_str()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of(NeedKind::Approve), "seat/net seat/platform seat/sre");
    assert_eq!(of(NeedKind::Consult), "seat/finops");
    assert_eq!(of(NeedKind::Inform), "audience/everyone");
    assert_eq!(verdict.decision_types, ["b"]);
}

#[test]
fn without_a_rule_the_decision_types_say_what_they_cover() {
    let verdict = judged("", |model, subject, _| {
        subject.touched = Touched::default();
        subject.touched.kinds.insert("stack".to_owned());
        subject.touched.target(model, "lab");
    });
    assert_eq!(verdict.decision_types, ["b"]);
    assert_eq!(verdict.quorums[0].needed, 2);
}

#[test]
fn the_policy_whose_pattern_says_most_covers_a_file() {
    let lines = "ChangePolicy/all: {paths: ['**'], reviews: {at_least: 1, seats: [finops]}}
        ChangePolicy/net: {paths: ['network/**'], reviews: {at_least: 1, seats: [net]}}";
    approved(lines, |_, _, _| {}, "allow");
    approved(lines, |_, subject, _| subject.touched.path("README.md"), "wait approvals");
}
