//! The built-in guardrails, each with what it finds and what it lets pass; and policies of teams as
//! conftest knows them.

mod peers;

use serde_json::{Value, json};

use crate::{Finding, Guardrails, Severity};

fn guardrails(policies: &[(&str, &str)]) -> Guardrails {
    let policies: Vec<(String, String)> =
        policies.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Guardrails::new(&policies).expect("the policies are sound")
}

/// A plan with one step, as JSON.
fn plan(action: &str, kind: &str, name: &str, fields: &Value) -> Value {
    let fields: Vec<Value> = fields
        .as_object()
        .expect("fields are an object")
        .iter()
        .map(|(name, after)| json!({ "name": name, "before": null, "after": after }))
        .collect();
    json!({ "hash": "aa", "revision": "r1", "steps": [{
        "id": 1,
        "resource": { "target": "edge", "kind": kind, "name": name },
        "action": action,
        "fields": fields,
        "labels": { "owner": "seat/network-security" },
    }]})
}

/// What council says about the target of these plans.
fn council(tier: &str, cites: &[&str]) -> Value {
    json!({ "targets": { "edge": { "tier": tier } }, "cites": cites })
}

fn shown(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|it| format!("{}: {}", it.package, it.message)).collect()
}

/// Which packages find something in fields of an updated file.
#[track_caller]
fn check(fields: &Value, expected: &[&str]) {
    let input = plan("update", "file", "x.yaml", fields);
    let findings = guardrails(&[]).judge(&input, &council("production", &[]));
    let found: Vec<_> = findings.iter().map(|it| it.package.as_str()).collect();
    assert_eq!(found, expected, "{fields}: {findings:#?}");
    assert!(!findings.iter().any(|it| it.unjudged), "{fields}: {findings:#?}");
}

#[test]
fn secrets_in_plain_text_are_found() {
    const SECRET: &[&str] = &["guardrails.plain_text_secret"];
    check(&json!({ "database.password": "hunter2" }), SECRET);
    check(&json!({ "api_key": "1234" }), SECRET);
    check(&json!({ "content": "-----BEGIN OPENSSH PRIVATE KEY-----" }), SECRET);
    check(&json!({ "note": format!("use {}{}", "AKIA", "ABCDEFGHIJKLMNOP") }), SECRET);
    check(&json!({ "database.password": "(secret, sha256 1f2e3d4c)" }), &[]);
    check(&json!({ "database.password": "vault:kv/data/db#password" }), &[]);
    check(&json!({ "database.password": "${DB_PASSWORD}" }), &[]);
    check(&json!({ "database.password": "ENC[AES256_GCM,data:x]" }), &[]);
    check(&json!({ "password_policy": "long", "tokens_per_second": 4 }), &[]);
}

#[test]
fn ssh_that_is_open_to_the_world_is_found() {
    const SSH: &[&str] = &["guardrails.public_ssh"];
    check(&json!({ "rules.0.port": 22, "rules.0.source": "0.0.0.0/0" }), SSH);
    check(&json!({ "rules.0.ports": "20-25", "rules.0.cidr": "::/0" }), SSH);
    check(&json!({ "rules.0.service": "ssh", "rules.0.from": "any" }), SSH);
    check(&json!({ "ports": [443, 22], "source": ["10.0.0.0/8", "0.0.0.0/0"] }), SSH);
    check(&json!({ "rules.0.port": 22, "rules.1.source": "0.0.0.0/0" }), &[]);
    check(&json!({ "rules.0.port": 22, "rules.0.source": "10.10.0.0/22" }), &[]);
    check(&json!({ "rules.0.port": 443, "rules.0.source": "0.0.0.0/0" }), &[]);
    check(&json!({ "rules.0.port": 22, "rules.0.source": "any", "rules.0.action": "drop" }), &[]);
    // Numbers and the like stand where texts are usual.
    check(&json!({ "ports": [80, 443], "source": ["any", 7] }), &[]);
    check(&json!({ "ports": [22], "source": [7, "any"], "action": true }), SSH);
}

#[test]
fn nothing_is_destroyed_in_production_without_a_decision() {
    let judge = |action: &str, council: &Value| {
        let input = plan(action, "file", "x.yaml", &json!({}));
        shown(&guardrails(&[]).judge(&input, council))
    };
    let denied = "guardrails.destroy_undecided: it would destroy something in production, and the change cites no decision";
    assert_eq!(judge("destroy", &council("production", &[])), [denied]);
    // A target of which nothing is known may be production.
    assert_eq!(judge("destroy", &json!({})), [denied]);
    assert_eq!(judge("replace", &council("production", &[])).len(), 1);
    assert!(judge("destroy", &council("production", &["0001-x"])).is_empty());
    assert!(judge("destroy", &council("staging", &[])).is_empty());
    assert!(judge("update", &council("production", &[])).is_empty());
}

#[test]
fn what_is_made_is_labelled_and_named() {
    let judge = |kind: &str, name: &str, council: &Value| {
        let input = plan("create", kind, name, &json!({}));
        shown(&guardrails(&[]).judge(&input, council)).len()
    };
    let usual = council("staging", &[]);
    assert_eq!(judge("vlan", "tenants", &usual), 0);
    assert_eq!(judge("vlan", "Tenants 2", &usual), 1);
    assert_eq!(judge("file", "CODEOWNERS", &usual), 0);
    assert_eq!(judge("file", "../etc/passwd", &usual), 1);
    assert_eq!(judge("file", "a b", &usual), 1);
    let wants = json!({ "required_labels": ["owner", "service"], "targets": {} });
    assert_eq!(judge("vlan", "tenants", &wants), 1);
}

/// A policy as a team has it for conftest: package `main`, helpers, both grades, an exception.
const TEAM: &str = r#"package main

import rego.v1

deny contains msg if {
	some step in input.steps
	step.action == "destroy"
	msg := sprintf("%s goes away", [step.resource.name])
}

deny_public contains {"msg": msg, "details": {"resource": step.resource.name}} if {
	some step in input.steps
	some field in step.fields
	field.name == "public"
	field.after
	msg := "it is public"
}

warn_new contains "something new" if {
	some step in input.steps
	step.action == "create"
}

exception contains rules if {
	some step in input.steps
	step.resource.name == "website"
	rules := ["public"]
}
"#;

#[test]
fn teams_bring_their_conftest_policies() {
    let guardrails = guardrails(&[("policies/team.rego", TEAM)]);
    let judge = |action: &str, name: &str, fields: Value| {
        let findings = guardrails.judge(&plan(action, "vlan", name, &fields), &council("lab", &[]));
        findings
            .into_iter()
            .map(|it| format!("{:?} {} {} {:?}", it.severity, it.rule, it.message, it.resource))
            .collect::<Vec<_>>()
    };
    assert_eq!(judge("destroy", "old", json!({})), ["Deny deny old goes away None"]);
    assert_eq!(
        judge("update", "bucket", json!({ "public": true })),
        ["Deny deny_public it is public Some(\"bucket\")"]
    );
    assert!(judge("update", "website", json!({ "public": true })).is_empty());
    assert_eq!(judge("create", "new", json!({})), ["Warn warn_new something new None"]);
}

#[test]
fn one_plan_leaves_nothing_behind_for_the_next() {
    let guardrails = guardrails(&[("policies/team.rego", TEAM)]);
    let gone = plan("destroy", "vlan", "old", &json!({}));
    let kept = plan("update", "vlan", "old", &json!({}));
    assert_eq!(guardrails.judge(&gone, &council("lab", &[])).len(), 1);
    assert!(guardrails.judge(&kept, &council("lab", &[])).is_empty());
    assert_eq!(guardrails.judge(&gone, &council("production", &[])).len(), 2);
}

#[track_caller]
fn refused(text: &str, expected: &str) {
    let policies = [("policies/bad.rego".to_owned(), text.to_owned())];
    let faults = Guardrails::new(&policies).expect_err("the policy is wrong");
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    assert!(faults.len() == 1 && faults[0].starts_with(expected), "{faults:?}");
}

#[test]
fn a_policy_that_cannot_be_read_is_refused_with_its_place() {
    refused("package main\n\ndeny contains msg if {\n\tmsg := \n}\n", "policies/bad.rego:4:9: ");
    refused(
        "package main\n\nallow := missing_thing(1)\ndeny contains 1 if allow\n",
        "policies/bad.rego:3:",
    );
    refused("deny contains 1 if true\n", "policies/bad.rego:1:1: ");
}

#[test]
fn an_old_policy_is_refused_with_what_rewrites_it() {
    let old = "package main\n\ndeny[msg] {\n\tinput.x\n\tmsg := \"x\"\n}\n";
    let faults = Guardrails::new(&[("old.rego".to_owned(), old.to_owned())]).expect_err("is old");
    assert!(faults[0].to_string().contains("`opa fmt --write --rego-v1`"), "{faults:?}");
}

#[test]
fn what_council_knows_is_read_by_policies_and_written_by_none() {
    let text = "package main\n\nwarn contains data.council.targets[input.steps[0].resource.target].tier if true\n";
    let findings = guardrails(&[("tier.rego", text)])
        .judge(&plan("update", "vlan", "x", &json!({})), &council("lab", &[]));
    assert_eq!(shown(&findings), ["main: lab"]);
    let text = "package council\n\ncites := [\"everything\"]\n";
    let faults = Guardrails::new(&[("own.rego".to_owned(), text.to_owned())]).expect_err("is ours");
    assert!(faults[0].to_string().starts_with("own.rego: the package `council` is"), "{faults:?}");
}

#[test]
fn a_policy_that_never_ends_denies_and_says_so() {
    let endless = "package main\n\ndeny contains \"never\" if {\n\tsome a in numbers.range(1, 3000)\n\tsome b in numbers.range(1, 3000)\n\tsome c in numbers.range(1, 3000)\n\ta + b + c == 0\n}\n";
    let policy = [("slow.rego".to_owned(), endless.to_owned())];
    let patience = std::time::Duration::from_millis(20);
    let guardrails = Guardrails::within(patience, &policy).expect("it is good Rego");
    let findings = guardrails.judge(&plan("update", "vlan", "x", &json!({})), &council("lab", &[]));
    let slow: Vec<_> = findings.iter().filter(|it| it.policy == "slow.rego").collect();
    assert_eq!(slow.len(), 1, "{findings:#?}");
    assert!(slow[0].severity == Severity::Deny && slow[0].unjudged, "{findings:#?}");
    assert!(slow[0].message.starts_with("it could not be evaluated"), "{findings:#?}");
}

#[test]
fn several_processors_find_what_one_finds() {
    let mut policies: Vec<(String, String)> = (0..40)
        .map(|number| {
            let text = format!(
                "package main\n\nimport rego.v1\n\ndeny contains msg if {{\n\tsome n in numbers.range(1, 4)\n\tlimit < 5\n\tmsg := sprintf(\"{number}: %d\", [n])\n}}\n"
            );
            (format!("limit_{number}.rego"), text)
        })
        .collect();
    let helper = "package main\n\nlimit := 4\n\nexception contains {\"passes\"}\n\ndeny_passes contains \"x\"\n";
    policies.push(("limits.rego".to_owned(), helper.to_owned()));
    let failing = "package main\n\nimport rego.v1\n\nwarn contains msg if {\n\tmsg := to_number(input.hash)\n}\n";
    policies.push(("failing.rego".to_owned(), failing.to_owned()));
    let judge = |shares| {
        let guardrails = Guardrails::new(&policies).expect("it is good Rego").on(shares);
        guardrails.judge(&plan("update", "vlan", "x", &json!({})), &council("lab", &[]))
    };
    let one = judge(1);
    assert!(one.iter().any(|it| it.message == "and 60 more of the same rule"), "{one:#?}");
    assert!(one.iter().any(|it| it.message == "10: 3"), "{one:#?}");
    assert_eq!((judge(2), judge(3)), (one.clone(), one));
}

#[test]
fn a_policy_that_floods_is_cut_and_says_so() {
    let flood = "package main\n\nwarn contains n if {\n\tsome n in numbers.range(1, 250)\n}\n";
    let findings = guardrails(&[("flood.rego", flood)])
        .judge(&plan("update", "vlan", "x", &json!({})), &council("lab", &[]));
    assert_eq!(findings.len(), 101);
    assert!(findings.iter().any(|it| it.message == "and 150 more of the same rule"));
}

#[test]
fn tests_of_policies_judge_no_plan() {
    let tested = guardrails(&[("a_test.rego", "package main\n\ndeny contains \"x\" if true\n")]);
    assert_eq!(tested.len(), guardrails(&[]).len());
}
