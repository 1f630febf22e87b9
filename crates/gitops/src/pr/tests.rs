//! The check of pull requests, over small facts.

use std::sync::Arc;

use expect_test::{Expect, expect};
use jiff::civil::date;
use playbook::{Facts, Vocabulary, Workspace};

use super::*;

const PLAYBOOK: &str = "
apiVersion: council/v1
kind: Organization
metadata: {name: example, title: Example}
spec: {purpose: P., north_star: N., currency: EUR, time_zone: Europe/Berlin}
---
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {email: ana@example.org, handles: {github: Ana-Dev}}
---
apiVersion: council/v1
kind: Person
metadata: {name: ben}
spec: {email: ben@example.org, handles: {github: ben}}
---
apiVersion: council/v1
kind: Person
metadata: {name: cleo}
spec: {handles: {github: cleo}}
---
apiVersion: council/v1
kind: Person
metadata: {name: dan}
spec: {handles: {github: dan}}
---
apiVersion: council/v1
kind: Person
metadata: {name: gone}
spec: {handles: {github: gone}, leaves: 2026-01-01}
---
apiVersion: council/v1
kind: Seat
metadata: {name: principal-sre, title: Principal SRE}
spec: {owns: Reliability., order: 1, primary: ana, backup: ben}
---
apiVersion: council/v1
kind: Seat
metadata: {name: platform, title: Platform}
spec: {owns: Platforms., order: 2, primary: ana}
---
apiVersion: council/v1
kind: Seat
metadata: {name: developer-experience, title: DevEx}
spec: {owns: Experience., order: 3, primary: cleo, backup: gone}
---
apiVersion: council/v1
kind: Seat
metadata: {name: finops, title: FinOps}
spec: {owns: Money., order: 4, primary: dan}
---
apiVersion: council/v1
kind: Seat
metadata: {name: network, title: Network}
spec: {owns: Networks., order: 5}
---
apiVersion: council/v1
kind: BranchPolicy
metadata: {name: work}
spec:
  main: main
  patterns:
    - {pattern: feat/<area>-<shortdesc>, purpose: Ordinary work.}
    - {pattern: fix/<incidentid>-<shortdesc>, purpose: A hotfix.}
---
apiVersion: council/v1
kind: ChangeTemplate
metadata: {name: short}
spec:
  sections:
    - {title: Risk, asks: What can go wrong?}
    - {title: Evidence, asks: Where was it tried?, required: false}
---
apiVersion: council/v1
kind: Repository
metadata: {name: infra-network}
spec: {purpose: Networks., branch_policy: work, seat: finops}
---
apiVersion: council/v1
kind: Repository
metadata: {name: uncovered}
spec: {purpose: Nothing.}
---
apiVersion: council/v1
kind: ChangePolicy
metadata: {name: infrastructure}
spec: {repositories: [infra-network], template: short, reviews: {at_least: 2}}
---
apiVersion: council/v1
kind: ChangePolicy
metadata: {name: playbook}
spec: {paths: ['**'], template: short, reviews: {at_least: 1, seats: [principal-sre, platform, developer-experience]}}
---
apiVersion: council/v1
kind: ChangePolicy
metadata: {name: empty}
spec: {paths: ['network/**'], reviews: {at_least: 1, seats: [network]}}
";

fn request() -> PullRequest {
    PullRequest {
        branch: Some("feat/seats-order".to_owned()),
        head: Some("abc".to_owned()),
        authors: vec![Identity::on("github", "eve")],
        description: Some("## Risk\nNone that we know.\n".to_owned()),
        files: vec!["seats/seats.yaml".to_owned()],
        reviews: Some(vec![approval("ana-dev")]),
        ..PullRequest::default()
    }
}

fn approval(login: &str) -> Review {
    Review {
        by: Identity::on("github", login),
        verdict: Verdict::Approved,
        commit: Some("abc".to_owned()),
    }
}

fn report(request: &PullRequest, evidence: &Evidence) -> Report {
    let vocabulary = crate::vocabulary(org::vocabulary(Vocabulary::new()));
    let workspace = Workspace::of_texts([("council.yaml", PLAYBOOK)], Arc::new(vocabulary));
    let facts = Facts { today: date(2026, 11, 23) };
    let errors: Vec<_> =
        workspace.check(&facts).into_iter().filter(|one| one.code.0.starts_with("PLB")).collect();
    assert!(errors.is_empty(), "{errors:?}");
    check(workspace.model(), request, evidence, &facts)
}

#[track_caller]
fn shows(request: &PullRequest, evidence: &Evidence, aspect: Aspect, expected: &Expect) {
    let report = report(request, evidence);
    let part = report.parts.iter().find(|part| part.aspect == aspect).expect("the part is there");
    let mut shown = format!("{:?}: {}\n", part.state, part.text);
    for finding in report.findings.iter().filter(|finding| concerns(finding.code.0, aspect)) {
        shown += &format!("{} {}\n", finding.code, finding.message);
    }
    expected.assert_eq(&shown);
}

fn concerns(code: &str, aspect: Aspect) -> bool {
    match aspect {
        Aspect::Branch => matches!(code, "PRQ001" | "PRQ002"),
        Aspect::Description => code == "PRQ003",
        Aspect::Review => matches!(code, "PRQ004" | "PRQ005" | "PRQ006" | "PRQ007" | "PRQ008"),
        Aspect::Playbook
        | Aspect::Plan
        | Aspect::Guardrails
        | Aspect::Secrets
        | Aspect::Codeowners
        | Aspect::History => false,
    }
}

#[track_caller]
fn reviewed(reviews: Vec<Review>, expected: &Expect) {
    let request = PullRequest { reviews: Some(reviews), ..request() };
    shows(&request, &Evidence::default(), Aspect::Review, expected);
}

#[test]
fn one_of_the_three_seats_approves_the_councils_own_document() {
    assert_eq!(report(&request(), &Evidence::default()).state(), State::Passed);
    reviewed(
        vec![approval("ana-dev")],
        &expect![[r#"
            Passed: agreed: ana (Principal SRE)
        "#]],
    );
    reviewed(
        vec![approval("cleo")],
        &expect![[r#"
            Passed: agreed: cleo (DevEx)
        "#]],
    );
    reviewed(
        vec![approval("dan")],
        &expect![[r#"
            Waiting: one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ004 one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ007 the approval by `dan` does not count: they hold none of the seats that count: Principal SRE, Platform, DevEx
        "#]],
    );
}

#[test]
fn the_author_a_stranger_a_backup_and_who_has_left_do_not_count() {
    reviewed(
        vec![approval("nobody")],
        &expect![[r#"
            Waiting: one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ004 one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ007 the approval by `nobody` does not count: nobody of the playbook has this name (a person's `handles: {github: nobody}` would say who it is)
        "#]],
    );
    reviewed(
        vec![approval("ben")],
        &expect![[r#"
            Waiting: one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ004 one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ007 the approval by `ben` does not count: backs up Principal SRE, and speaks only while its primary is away
        "#]],
    );
    reviewed(
        vec![approval("gone")],
        &expect![[r#"
            Waiting: one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ004 one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ007 the approval by `gone` does not count: they have left
        "#]],
    );
    let own = PullRequest { authors: vec![Identity::plain("ana@example.org")], ..request() };
    shows(
        &own,
        &Evidence::default(),
        Aspect::Review,
        &expect![[r#"
            Waiting: one of cleo (DevEx) must agree
            PRQ004 one of cleo (DevEx) must agree
            PRQ007 the approval by `ana-dev` does not count: they wrote a part of the change
        "#]],
    );
}

#[test]
fn an_approval_of_an_older_commit_does_not_count() {
    let stale = Review { commit: Some("0123456789abcdef".to_owned()), ..approval("ana-dev") };
    reviewed(
        vec![stale],
        &expect![[r#"
            Waiting: one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ004 one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ007 the approval by `ana-dev` does not count: it was given to commit 0123456789, and the newest is abc
        "#]],
    );
}

#[test]
fn the_newest_verdict_counts_and_a_comment_takes_nothing_back() {
    let says = |verdict| Review { verdict, ..approval("ana-dev") };
    reviewed(
        vec![approval("ana-dev"), says(Verdict::Commented)],
        &expect![[r#"
        Passed: agreed: ana (Principal SRE)
    "#]],
    );
    reviewed(
        vec![approval("ana-dev"), says(Verdict::Dismissed)],
        &expect![[r#"
            Waiting: one of ana (Principal SRE), cleo (DevEx) must agree
            PRQ004 one of ana (Principal SRE), cleo (DevEx) must agree
        "#]],
    );
    // Dan's seat is none of the three, and its objection holds all the same.
    let objection = Review { verdict: Verdict::ChangesRequested, ..approval("dan") };
    reviewed(
        vec![approval("ana-dev"), objection],
        &expect![[r#"
        Failed: dan (FinOps) asks for changes
        PRQ005 dan (FinOps) asks for changes
    "#]],
    );
    reviewed(
        vec![says(Verdict::ChangesRequested), approval("ana-dev")],
        &expect![[r#"
        Passed: agreed: ana (Principal SRE)
    "#]],
    );
}

#[test]
fn two_seats_of_one_person_count_once() {
    let request = PullRequest { repository: Some("infra-network".to_owned()), ..request() };
    shows(
        &request,
        &Evidence::default(),
        Aspect::Review,
        &expect![[r#"
        Waiting: one more of dan (FinOps), cleo (DevEx) must agree; agreed so far: ana (Platform)
        PRQ004 one more of dan (FinOps), cleo (DevEx) must agree; agreed so far: ana (Platform)
    "#]],
    );
    let twice = vec![approval("ana-dev"), Review { by: Identity::plain("ana"), ..approval("") }];
    let request = PullRequest { reviews: Some(twice), ..request };
    shows(
        &request,
        &Evidence::default(),
        Aspect::Review,
        &expect![[r#"
        Waiting: one more of dan (FinOps), cleo (DevEx) must agree; agreed so far: ana (Platform)
        PRQ004 one more of dan (FinOps), cleo (DevEx) must agree; agreed so far: ana (Platform)
    "#]],
    );
    let both = vec![approval("ana-dev"), approval("dan")];
    let request = PullRequest { reviews: Some(both), ..request };
    shows(
        &request,
        &Evidence::default(),
        Aspect::Review,
        &expect![[r#"
        Passed: agreed: ana (Platform), dan (FinOps)
    "#]],
    );
}

#[test]
fn empty_seats_are_said_and_no_policy_means_one_seat() {
    let files = vec!["network/vlans.yaml".to_owned()];
    let request = PullRequest { files, ..request() };
    shows(
        &request,
        &Evidence::default(),
        Aspect::Review,
        &expect![[r#"
        Waiting: 1 more reviewer must agree, and nobody who could is left: Network
        PRQ006 1 more reviewer must agree, and nobody who could is left: Network
        PRQ007 the approval by `ana-dev` does not count: they hold none of the seats that count: Network
    "#]],
    );
    let uncovered = PullRequest {
        repository: Some("uncovered".to_owned()),
        reviews: Some(Vec::new()),
        ..request
    };
    shows(
        &uncovered,
        &Evidence::default(),
        Aspect::Review,
        &expect![[r#"
            Waiting: one of ana (Principal SRE), cleo (DevEx), dan (FinOps) must agree
            PRQ004 one of ana (Principal SRE), cleo (DevEx), dan (FinOps) must agree
            PRQ008 no change policy covers this change, so one seat of the council must agree
        "#]],
    );
}

#[test]
fn a_hotfix_names_an_incident_that_exists() {
    let known = |ids: &[&str]| Evidence {
        incidents: Incidents::Known(ids.iter().map(|id| (*id).to_owned()).collect()),
        ..Evidence::default()
    };
    let hotfix = PullRequest { branch: Some("fix/inc-2026-0012-mtu".to_owned()), ..request() };
    shows(
        &hotfix,
        &known(&["INC-2026-0012"]),
        Aspect::Branch,
        &expect![[r#"
        Passed: `fix/inc-2026-0012-mtu`: A hotfix, for inc-2026-0012
    "#]],
    );
    shows(
        &hotfix,
        &known(&["INC-2026-0011"]),
        Aspect::Branch,
        &expect![[r#"
        Failed: there is no incident `inc-2026-0012`
        PRQ002 there is no incident `inc-2026-0012`
    "#]],
    );
    shows(
        &hotfix,
        &Evidence::default(),
        Aspect::Branch,
        &expect![[r#"
        Passed: `fix/inc-2026-0012-mtu`: whether the incident exists could not be looked up, because no record is at hand
        PRQ002 `fix/inc-2026-0012-mtu`: whether the incident exists could not be looked up, because no record is at hand
    "#]],
    );
}

#[test]
fn a_branch_without_a_pattern_fails() {
    let named = |name: &str| PullRequest { branch: Some(name.to_owned()), ..request() };
    shows(
        &named("hotfix"),
        &Evidence::default(),
        Aspect::Branch,
        &expect![[r#"
        Failed: `hotfix` follows no pattern
        PRQ001 the branch `hotfix` follows no pattern of the policy
    "#]],
    );
    shows(
        &named("main"),
        &Evidence::default(),
        Aspect::Branch,
        &expect![[r#"
        Failed: `main` follows no pattern
        PRQ001 `main` is the main branch: work happens on a branch of its own
    "#]],
    );
}

#[test]
fn a_description_without_the_risk_fails() {
    let request = PullRequest { description: Some("Reorders seats.".to_owned()), ..request() };
    shows(
        &request,
        &Evidence::default(),
        Aspect::Description,
        &expect![[r#"
        Failed: nothing is said under Risk
        PRQ003 the description says nothing under `Risk`
    "#]],
    );
    assert_eq!(report(&request, &Evidence::default()).state(), State::Failed);
}

#[test]
fn findings_of_other_tools_count_and_notes_stay_out() {
    let place = diag::Place::whole_file("a.yaml");
    let error = diag::Diagnostic::new(&HISTORY, place, "broken");
    let note = diag::Diagnostic { severity: diag::Severity::Note, ..error.clone() };
    let evidence = Evidence {
        playbook: Some(vec![note.clone()]),
        secrets: Some(vec![error.clone()]),
        ..Evidence::default()
    };
    let report = report(&request(), &evidence);
    let parts: Vec<_> = report.parts.iter().map(|part| (part.aspect, part.state)).collect();
    assert_eq!(parts[3], (Aspect::Playbook, State::Passed));
    assert_eq!(parts[6], (Aspect::Secrets, State::Failed));
    assert!(report.findings.contains(&error), "{:?}", report.findings);
    assert!(!report.findings.contains(&note), "{:?}", report.findings);
}

#[test]
fn the_comment_shows_everything_and_nothing_breaks_out_of_it() {
    let plan = PlanSummary {
        hash: "ab12".to_owned(),
        updates: 2,
        destroys: 1,
        screen: "destroy vlan `120`\n``` </details> @everyone\n".to_owned(),
        ..PlanSummary::default()
    };
    let request = PullRequest {
        branch: Some("x|y`<b>@all".to_owned()),
        reviews: Some(vec![approval("a|b*[x](y)")]),
        ..request()
    };
    let evidence = Evidence { plan: Some(plan), ..Evidence::default() };
    expect![[r#"
        <!-- council: pull request check -->
        ### council: not mergeable: branch

        | | | |
        |---|---|---|
        | ❌ failed | Branch | \`x\|y\`&lt;b>@<!-- -->all\` follows no pattern |
        | ✅ passed | Description | every required section says something |
        | ⏳ waits | Review | one of ana (Principal SRE), cleo (DevEx) must agree |
        | ⬜ not looked at | Playbook | was not looked at |
        | ✅ passed | Plan | 1 destroyed, 2 changed |
        | ⬜ not looked at | Guardrails | was not looked at |
        | ⬜ not looked at | Secrets | was not looked at |

        **Findings**

        - `PRQ001` the branch \`x\|y\`&lt;b>@<!-- -->all\` follows no pattern of the policy. *rename it after one of \`feat/&lt;area>-&lt;shortdesc>\`, \`fix/&lt;incidentid>-&lt;shortdesc>\`: \`git branch -m x\|y\`&lt;b>@<!-- -->all NEW\`* (council.yaml)
        - `PRQ004` one of ana (Principal SRE), cleo (DevEx) must agree. *ask one of them for a review of the newest commit* (council.yaml)
        - `PRQ007` the approval by `a\|b*[x](y)` does not count: nobody of the playbook has this name (a person's `handles: {github: a\|b*[x](y)}` would say who it is). (council.yaml)

        <details><summary>Plan: 1 destroyed, 2 changed</summary>

        ````text
        destroy vlan `120`
        ``` </details> @everyone
        ````

        Plan ab12

        </details>
    "#]].assert_eq(&comment(&report(&request, &evidence)));
}
