//! What `council pr check` says about the plan, the guardrails and secrets of a change.

use expect_test::expect;

use crate::pr::{DESCRIBED, check, commit, staffed};
use crate::support::{Run, Scratch, git};

/// A branch of the staffed company on which one file is edited.
fn edited(path: &str, from: &str, to: &str, message: &str) -> Scratch {
    let scratch = staffed();
    git(scratch.path(), &["checkout", "--quiet", "-b", "feat/network-edit"]);
    edit(&scratch, path, from, to);
    commit(&scratch, message);
    scratch
}

fn edit(scratch: &Scratch, path: &str, from: &str, to: &str) {
    let path = format!("playbook/{path}");
    let text = std::fs::read_to_string(scratch.path().join(&path)).unwrap();
    let new = text.replacen(from, to, 1);
    assert_ne!(new, text, "{path} holds `{from}`");
    scratch.write(&path, new);
}

/// What a run showed, without what every run has anew: the plan's hash, the commit and its time.
fn steady(text: &str) -> String {
    let line = |line: &str| match line.split_once("Plan ") {
        Some((before, after)) if after.contains("· generation 1 ·") => {
            format!("{before}Plan HASH\n")
        }
        Some(_) | None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// The lines of the report that name one of these.
fn lines(run: &Run, parts: &[&str]) -> String {
    let shown = run.out.lines().filter(|line| parts.iter().any(|part| line.contains(part)));
    steady(&shown.map(|line| format!("{line}\n")).collect::<String>())
}

#[test]
fn the_plan_of_a_vlan_change_is_shown_and_one_seat_of_the_domain_may_approve_it() {
    let scratch = edited("network/vlans.yaml", "id: 20", "id: 21", DESCRIBED);
    let run = check(&scratch, "--approved-by jonas");
    assert_eq!(run.code, 0, "{run:?}");
    expect![[r#"
        --- stdout
        passed  Branch       `feat/network-edit`: Something new
        passed  Description  every required section says something
        passed  Review       agreed: jonas (Network & Security Architect)
        passed  Playbook     nothing was found
        passed  Plan         2 changed
        passed  Guardrails   nothing was found
        passed  Secrets      nothing was found

        Plan HASH
        2 steps: 2 update

        By site                        update  disruptive
          eu-1                              1           0
          eu-2                              1           0

        Everything else (2)
          ~ update  network-eu-1/file/group_vars/all/vlans.yaml  vlans.storage.id: 20 -> 21
          ~ update  network-eu-2/file/group_vars/all/vlans.yaml  vlans.storage.id: 20 -> 21
        --- stderr
        ready to merge
        --- exit 0
    "#]]
    .assert_eq(&steady(&run.shown()));
    let json = check(&scratch, "--approved-by jonas --format json").json();
    assert_eq!(json["plan"]["updates"], 2, "{json:#}");
    // The same commits give the same plan, so a comment is not replaced for nothing.
    let again = check(&scratch, "--approved-by jonas --format json").json();
    assert_eq!(json["plan"]["hash"], again["plan"]["hash"]);
    check(&scratch, "--comment comment.md");
    let comment = std::fs::read_to_string(scratch.path().join("comment.md")).unwrap();
    assert!(comment.contains("<details><summary>Plan: 2 changed</summary>"), "{comment}");
}

/// Takes the VLANs of a site in production away.
fn taken_away(message: &str) -> Scratch {
    let placed = "  artefacts:\n    - { name: network/vlans, to: group_vars/all/vlans.yaml }\n";
    edited("automation/targets.yaml", placed, "", message)
}

#[test]
fn a_guardrail_denies_what_no_decision_covers() {
    let scratch = taken_away(DESCRIBED);
    let run = check(&scratch, "--approved-by jonas");
    assert_eq!(run.code, 1, "{run:?}");
    expect![[r#"
        passed  Plan         1 destroyed
        failed  Guardrails   1 error
        error[PRQ012]: `network-eu-1/file/group_vars/all/vlans.yaml`: it would destroy something in production, and the change cites no decision
          --> playbook/automation/targets.yaml:10:9
        Plan HASH
        Destroys, and what cannot be taken back (1)
    "#]].assert_eq(&lines(&run, &["Plan ", "Guardrails", "PRQ012", "-->", "Destroys"]));
    let sarif = check(&scratch, "--approved-by jonas --format sarif").json();
    let rules: Vec<&str> = sarif["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|result| result["ruleId"].as_str())
        .collect();
    assert!(rules.contains(&"PRQ012"), "{rules:?}");
    let decided =
        taken_away(&format!("{DESCRIBED}\n\nAs decision/0002-openstack-for-tenants says."));
    let run = check(&decided, "--approved-by jonas");
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn a_change_cannot_loosen_the_guardrails_that_judge_it() {
    let scratch = staffed();
    let policy = "package main\n\ndeny contains msg if {\n\tsome step in input.steps\n\t\
        some field in step.fields\n\tfield.name == \"vlans.storage.id\"\n\tmsg := \"nobody renumbers storage\"\n}\n";
    scratch.write("playbook/policies/storage.rego", policy);
    commit(&scratch, "Keep storage where it is");
    git(scratch.path(), &["checkout", "--quiet", "-b", "feat/network-edit"]);
    edit(&scratch, "network/vlans.yaml", "id: 20", "id: 21");
    std::fs::remove_file(scratch.path().join("playbook/policies/storage.rego")).unwrap();
    commit(&scratch, DESCRIBED);
    let run = check(&scratch, "--approved-by jonas");
    assert!(run.code == 1 && run.out.contains("nobody renumbers storage"), "{run:?}");
}

#[test]
fn what_cannot_be_rendered_is_no_plan() {
    let scratch =
        edited("automation/targets.yaml", "name: network/vlans", "name: network/vlan", DESCRIBED);
    let run = check(&scratch, "--approved-by jonas");
    assert_eq!(run.code, 1, "{run:?}");
    expect![[r#"
        failed   Plan         1 file cannot be rendered
        skipped  Guardrails   there is no plan that they could judge
        error[PRQ011]: `group_vars/all/vlans.yaml` of target `network-eu-1` cannot be rendered: no artefact is called `network/vlan`; there are: alertmanager/config, ansible/inventory, codeowners, network/vlans, prometheus/rules
    "#]].assert_eq(&lines(&run, &["Plan ", "Guardrails", "PRQ011"]));
}

#[test]
fn a_secret_is_found_in_what_is_added_and_never_repeated() {
    let secret = ["hunter2", "hunter3x"].concat();
    let scratch = staffed();
    git(scratch.path(), &["checkout", "--quiet", "-b", "feat/network-edit"]);
    scratch.write("deploy/app.env", format!("A=1\nDB_PASSWORD={secret}\n"));
    commit(&scratch, DESCRIBED);
    let found = check(&scratch, "--approved-by jonas --approved-by ana");
    assert_eq!(found.code, 1, "{found:?}");
    expect![[r#"
        failed   Secrets      1 error
        error[SCN001]: a password of 15 characters stands in plain text (rule `password`, fingerprint cb02377d)
         --> deploy/app.env:2:13
        2 | DB_PASSWORD=***************
    "#]].assert_eq(&lines(&found, &["Secrets", "SCN001", "-->", "PASSWORD"]));
    std::fs::remove_file(scratch.path().join("deploy/app.env")).unwrap();
    commit(&scratch, "Take it out again");
    let gone = check(&scratch, "--approved-by jonas --approved-by ana");
    assert!(gone.code == 1 && gone.out.contains("the history keeps it"), "{gone:?}");
    for format in ["human", "json", "sarif", "github", "gitlab"] {
        let shown = check(&scratch, &format!("--format {format} --comment c.md")).shown();
        assert!(!shown.contains(&secret), "{format}: {shown}");
    }
    assert!(!std::fs::read_to_string(scratch.path().join("c.md")).unwrap().contains(&secret));
}
