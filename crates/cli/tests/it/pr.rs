//! `council pr check`: in a real repository, for the playbook's own changes and for another repository's.

use expect_test::expect;

use crate::support::{Run, Scratch, git};

/// The staffed company, whose policy for its own document names three seats, in a repository.
pub(crate) fn staffed() -> Scratch {
    let scratch = Scratch::empty();
    let from = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/eustartup-staffed");
    let mut copy = std::process::Command::new("cp");
    copy.args(["-r", from, "playbook"]).current_dir(scratch.path());
    assert!(copy.status().unwrap().success());
    git(scratch.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(&scratch, "Begin");
    scratch
}

pub(crate) fn commit(scratch: &Scratch, message: &str) {
    git(scratch.path(), &["add", "--all"]);
    let author = "--author=Mads <mads.lindholm@eustartup.example>";
    git(scratch.path(), &["commit", "--quiet", author, "-m", message]);
}

/// Adds a change of the council's own document on a branch.
pub(crate) fn change(scratch: &Scratch, branch: &str, message: &str) {
    git(scratch.path(), &["checkout", "--quiet", "-b", branch]);
    let path = "playbook/document/01-purpose.md";
    let text = std::fs::read_to_string(scratch.path().join(path)).unwrap();
    scratch.write(path, text + "\nOne more sentence.\n");
    commit(scratch, message);
}

pub(crate) const DESCRIBED: &str =
    "Say it shorter\n\nDescription: fewer words.\nRisk: somebody misses one.\nRollback: revert.";

pub(crate) fn check(scratch: &Scratch, more: &str) -> Run {
    scratch.council(&format!("--playbook playbook pr check --base main {more}"))
}

#[test]
fn the_councils_own_document_needs_one_of_the_three_seats() {
    let scratch = staffed();
    change(&scratch, "feat/document-shorter", DESCRIBED);
    expect![[r#"
        --- stdout
        passed  Branch       `feat/document-shorter`: Something new
        passed  Description  every required section says something
        waits   Review       one of ana (Principal SRE & Bare-Metal Architect), marta (Platform & Virtualization Engineer), chloe (Product & Developer Experience Partner) must agree
        passed  Playbook     nothing was found
        passed  Plan         changes nothing
        passed  Guardrails   nothing was found
        passed  Secrets      nothing was found

        warning[PRQ004]: one of ana (Principal SRE & Bare-Metal Architect), marta (Platform & Virtualization Engineer), chloe (Product & Developer Experience Partner) must agree
          --> playbook/automation/changes.yaml:42:15
           |
        42 |     at_least: 1
           |               ^
           |
           = help: ask one of them for a review of the newest commit
        --- stderr
        waiting: review
        --- exit 3
    "#]].assert_eq(&check(&scratch, "").shown());
    // The network seat is none of the three.
    let other = check(&scratch, "--approved-by jonas");
    assert_eq!(other.code, 3, "{other:?}");
    for seat in ["ana", "marta", "github:chloe-d", "chloe"] {
        let approved = check(&scratch, &format!("--approved-by {seat}"));
        let expected = if seat.contains(':') { 3 } else { 0 };
        assert_eq!(approved.code, expected, "{seat}: {approved:?}");
    }
}

#[test]
fn what_is_missing_is_said_with_its_place() {
    let scratch = staffed();
    change(&scratch, "shorter", "Say it shorter");
    expect![[r#"
        --- stdout
        failed  Branch       `shorter` follows no pattern
        failed  Description  nothing is said under Description, Risk, Rollback
        passed  Review       agreed: marta (Platform & Virtualization Engineer)
        passed  Playbook     nothing was found
        passed  Plan         changes nothing
        passed  Guardrails   nothing was found
        passed  Secrets      nothing was found

        error[PRQ003]: the description says nothing under `Description`
         --> playbook/automation/changes.yaml:9:16
          |
        9 |     - { title: Description, asks: "What changes?" }
          |                ^^^^^^^^^^^ it answers: What changes?
          |
          = help: add a heading `## Description` (or a line `Description: …`) and answer below it

        error[PRQ003]: the description says nothing under `Risk`
          --> playbook/automation/changes.yaml:10:16
           |
        10 |     - { title: Risk, asks: "What could go wrong?" }
           |                ^^^^ it answers: What could go wrong?
           |
           = help: add a heading `## Risk` (or a line `Risk: …`) and answer below it

        error[PRQ003]: the description says nothing under `Rollback`
          --> playbook/automation/changes.yaml:11:16
           |
        11 |     - { title: Rollback, asks: "How do we get back?" }
           |                ^^^^^^^^ it answers: How do we get back?
           |
           = help: add a heading `## Rollback` (or a line `Rollback: …`) and answer below it

        error[PRQ001]: the branch `shorter` follows no pattern of the policy
          --> playbook/document/07-standards.md:23:16
           |
        23 |     - pattern: feat/<area>-<shortdesc>
           |                ^^^^^^^^^^^^^^^^^^^^^^^
           |
           = note: a name says what the work is for, and a hotfix names its incident
           = help: rename it after one of `feat/<area>-<shortdesc>`, `fix/<incidentid>-<shortdesc>`: `git branch -m shorter NEW`
        --- stderr
        not mergeable: branch, description
        --- exit 1
    "#]].assert_eq(&check(&scratch, "--approved-by marta").shown());
}

#[test]
fn a_change_cannot_grant_itself_its_own_approval() {
    let scratch = staffed();
    change(&scratch, "feat/policy-mine", DESCRIBED);
    let path = "playbook/automation/changes.yaml";
    let text = std::fs::read_to_string(scratch.path().join(path)).unwrap();
    let own = text.replace("[principal-sre, platform, developer-experience]", "[network-security]");
    assert_ne!(own, text);
    scratch.write(path, own);
    commit(&scratch, "Let the network seat do");
    let run = check(&scratch, "--approved-by jonas");
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains("ana (Principal SRE"), "{run:?}");
}

#[test]
fn errors_of_the_playbook_fail_it() {
    let scratch = staffed();
    change(&scratch, "feat/seats-broken", DESCRIBED);
    scratch.write("playbook/broken.yaml", "apiVersion: council/v1\nkind: Sit\n");
    commit(&scratch, "Break it");
    let run = check(&scratch, "--approved-by ana --format json");
    assert_eq!(run.code, 1, "{run:?}");
    let found = run.json();
    assert_eq!(found["state"], "failed");
    assert_eq!(found["parts"][3]["aspect"], "playbook");
    assert_eq!(found["parts"][3]["state"], "failed");
}

#[test]
fn another_repository_is_judged_by_the_playbook_beside_it() {
    let playbook = staffed();
    let scratch = Scratch::empty();
    git(scratch.path(), &["init", "--quiet", "--initial-branch=main"]);
    scratch.write("vlans.yaml", "mtu: 1500\n");
    commit(&scratch, "Begin");
    git(scratch.path(), &["checkout", "--quiet", "-b", "feat/tenants-mtu"]);
    scratch.write("vlans.yaml", "mtu: 9000\n");
    commit(&scratch, DESCRIBED);
    let place = playbook.path().join("playbook");
    let place = place.to_str().unwrap();
    let run = scratch.council(&format!("--playbook {place} pr check"));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("--repository infra-network"), "{run:?}");
    let with =
        |more: &str| scratch.council(&format!("--playbook {place} pr check --repository {more}"));
    assert!(with("infra-netwrok").err.contains("did you mean `infra-network`"), "{run:?}");
    let waits = with("infra-network");
    assert_eq!(waits.code, 3, "{waits:?}");
    // The seat of the repository's domain is named first.
    assert!(waits.out.contains("one of jonas (Network"), "{waits:?}");
    assert_eq!(with("infra-network --approved-by jonas").code, 0);
    assert_eq!(with("infra-network --approved-by mads").code, 3, "mads wrote it");
}

#[test]
fn a_pipeline_says_what_it_runs_for() {
    let scratch = staffed();
    change(&scratch, "feat/document-shorter", "Say it shorter");
    let event = serde_json::json!({"pull_request": {
        "number": 7, "body": "## Description\nx\n## Risk\ny\n## Rollback\nz", "user": {"login": "jweber"},
        "head": {"ref": "feat/document-shorter", "sha": "HEAD"}, "base": {"ref": "main", "sha": "main"},
    }});
    let event = scratch.write("event.json", event.to_string());
    let mut command = scratch.command();
    command.env("GITHUB_EVENT_PATH", event).args(["--playbook", "playbook", "pr", "check"]);
    command.args(["--comment", "comment.md", "--output", "report.sarif", "--format", "sarif"]);
    let run = Run::of(&command.output().unwrap(), scratch.path());
    assert_eq!(run.code, 0, "{run:?}");
    let comment = std::fs::read_to_string(scratch.path().join("comment.md")).unwrap();
    assert!(comment.starts_with(gitops::pr::MARKER), "{comment}");
    assert!(comment.contains("| ✅ passed | Description |"), "{comment}");
    let sarif = std::fs::read_to_string(scratch.path().join("report.sarif")).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
}

#[test]
fn codeowners_is_written_compared_and_its_drift_is_found() {
    let scratch = staffed();
    let written = scratch.council("--playbook playbook pr codeowners");
    assert_eq!(written.code, 0, "{written:?}");
    assert!(written.out.contains("\n/playbook/** @anaferreira "), "{written:?}");
    change(&scratch, "feat/document-shorter", DESCRIBED);
    scratch.write(".github/CODEOWNERS", &written.out);
    let compare = "--playbook playbook pr codeowners --check .github/CODEOWNERS";
    assert_eq!(scratch.council(compare).shown(), "--- exit 0\n");
    let drifted = written.out.replace("\n/playbook/** @anaferreira ", "\n/playbook/** @mallory ");
    scratch.write(".github/CODEOWNERS", drifted);
    let found = scratch.council(compare);
    assert_eq!(found.code, 1, "{found:?}");
    assert!(found.out.contains(".github/CODEOWNERS:2: `/playbook/**` is owned by"), "{found:?}");
    let checked = check(&scratch, "--approved-by ana");
    assert!(checked.out.contains("warning[PRQ010]"), "{checked:?}");
    assert_eq!(checked.code, 0, "a warning does not stop it: {checked:?}");
}

#[test]
fn a_pipeline_is_written_where_its_system_looks_for_it() {
    let scratch = staffed();
    let pipeline = "apiVersion: council/v1\nkind: Pipeline\nmetadata: { name: network }\n\
        spec: { repository: infra-network, system: gitlab-ci }\n";
    scratch.write("playbook/pipeline.yaml", pipeline);
    let unknown = scratch.council("--playbook playbook pr pipeline netwrok");
    assert!(unknown.code == 2 && unknown.err.contains("did you mean `network`"), "{unknown:?}");
    let run = scratch.council("--playbook playbook pr pipeline network --into .");
    assert_eq!(run.code, 0, "{run:?}");
    let text = std::fs::read_to_string(scratch.path().join(".gitlab-ci.yml")).unwrap();
    assert!(text.contains("council pr check --repository infra-network"), "{text}");
}

/// The vendors' schemas, where the folder of published interface facts is at hand.
fn vendors(name: &str) -> Option<jsonschema::Validator> {
    let path = format!("{}/../../../shared/specs/{name}", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = std::fs::read(path) else {
        println!("LEFT OUT: the schema {name} is not at hand");
        return None;
    };
    Some(jsonschema::validator_for(&serde_json::from_slice(&text).unwrap()).unwrap())
}

#[test]
fn pipelines_are_as_their_vendors_schemas_say() {
    let scratch = staffed();
    let steps = "checks: [{ name: 'lint: all', run: \"yamllint -c 'x: y' .\" }], \
        apply: { environment: production, run: council apply --wait, mode: gated }";
    for (system, file, schema) in [
        ("github-actions", ".github/workflows/council.yml", "github-actions/github-workflow.json"),
        ("gitlab-ci", ".gitlab-ci.yml", "gitlab-ci/gitlab-ci.json"),
    ] {
        let pipeline = format!(
            "apiVersion: council/v1\nkind: Pipeline\nmetadata: {{ name: network }}\n\
             spec: {{ repository: infra-network, system: {system}, {steps} }}\n"
        );
        scratch.write("playbook/pipeline.yaml", pipeline);
        let run = scratch.council("--playbook playbook pr pipeline network --into .");
        assert_eq!(run.code, 0, "{run:?}");
        let text = std::fs::read_to_string(scratch.path().join(file)).unwrap();
        let value = playbook::data(&text).unwrap();
        assert!(text.contains("lint: all") && value.is_object(), "{text}");
        let Some(schema) = vendors(schema) else { continue };
        let errors: Vec<String> = schema.iter_errors(&value).map(|it| it.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{text}");
        // The schema does look: a job that is no job is refused.
        let mut broken = value.clone();
        broken.as_object_mut().unwrap().insert("jobs".to_owned(), serde_json::json!(7));
        assert!(!schema.is_valid(&broken), "{system}");
    }
}

#[test]
fn a_target_keeps_the_codeowners_of_its_repository_and_drift_from_it_is_planned() {
    let scratch = staffed();
    let target = "apiVersion: council/v1\nkind: Target\nmetadata: { name: owners, annotations: { council/below: playbook/ } }\n\
        spec:\n  via: { directory: { path: owners } }\n  owner: automation-gitops\n\
        \x20 artefacts: [{ name: codeowners, to: .github/CODEOWNERS }]\n";
    change(&scratch, "feat/codeowners-kept", DESCRIBED);
    scratch.write("playbook/automation/owners.yaml", target);
    commit(&scratch, "Keep CODEOWNERS at a target");
    let run = check(&scratch, "--format json");
    assert_eq!(run.json()["plan"]["creates"], 1, "{run:?}");
    git(scratch.path(), &["checkout", "--quiet", "main"]);
    git(scratch.path(), &["merge", "--quiet", "--no-ff", "-m", "Merge", "feat/codeowners-kept"]);
    git(scratch.path(), &["checkout", "--quiet", "-b", "feat/seat-handed"]);
    let path = "playbook/seats/seats.yaml";
    let seats = std::fs::read_to_string(scratch.path().join(path)).unwrap();
    let handed = seats.replacen("primary: jonas", "primary: mads", 1);
    assert_ne!(handed, seats);
    scratch.write(path, handed);
    commit(&scratch, DESCRIBED);
    let run = check(&scratch, "--format json");
    assert_eq!(run.json()["plan"]["updates"], 1, "the file follows the seat: {run:?}");
}
