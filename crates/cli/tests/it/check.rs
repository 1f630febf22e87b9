//! `council check`.

use expect_test::expect;

use crate::support::Scratch;

const LONELY_SEAT: &str = "\
apiVersion: council/v1
kind: Seat
metadata:
  name: network-security
spec:
  owns: The network.
  primary: ana
";

#[test]
fn a_sound_playbook_has_no_findings() {
    let scratch = Scratch::playbook();
    expect![[r#"
        --- stderr
        checked 1 resource in 1 file: no findings
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("check").shown());
}

#[test]
fn without_a_playbook_it_says_how_to_get_one() {
    let scratch = Scratch::empty();
    expect![[r#"
        --- stderr
        error: there is no playbook here
          why: neither `SCRATCH` nor a directory above it holds a `council.yaml`
          hint: name one with `--playbook DIR`, or start one with `council init`
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("check").shown());
    scratch.write("notes/readme.txt", "no playbook");
    expect![[r#"
        --- stderr
        error: `notes` is not a playbook
          why: it holds no `council.yaml`
          hint: start a playbook there with `council init notes`
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("check notes").shown());
    expect![[r#"
        --- stderr
        error: `elsewhere` is not a directory
          hint: name the directory that holds the playbook's `council.yaml`
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("check elsewhere").shown());
}

#[test]
fn the_playbook_is_found_from_below() {
    let scratch = Scratch::playbook();
    scratch.write("seats/network/seat.yaml", LONELY_SEAT);
    let mut command = scratch.command();
    command.current_dir(scratch.path().join("seats")).args(["check", "--format", "github"]);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("file=../seats/network/seat.yaml"), "{text}");
}

#[test]
fn errors_exit_with_1_and_warnings_only_when_denied() {
    let scratch = Scratch::playbook();
    scratch.write("seat.yaml", LONELY_SEAT.replace("  primary: ana\n", ""));
    assert_eq!(scratch.council("check").code, 0);
    assert_eq!(scratch.council("check --deny warnings").code, 1);
    scratch.write("seat.yaml", LONELY_SEAT.replace("owns", "own"));
    assert_eq!(scratch.council("check").code, 1);
}

#[test]
fn findings_come_in_every_format() {
    let scratch = Scratch::playbook();
    scratch.write("seat.yaml", LONELY_SEAT);
    let json = scratch.council("check --format json").json();
    let findings = json["diagnostics"].as_array().unwrap();
    let first = findings.iter().find(|finding| finding["severity"] == "error").unwrap();
    assert_eq!(first["file"], "seat.yaml");

    let sarif = scratch.council("check --format sarif").json();
    assert_eq!(sarif["version"], "2.1.0");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|result| result["ruleId"] == first["code"]), "{results:?}");
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule["id"] == first["code"]), "{rules:?}");

    let gitlab = scratch.council("check --format gitlab").json();
    assert_eq!(gitlab[0]["location"]["path"], "seat.yaml");

    let github = scratch.council("check --format github");
    assert!(github.out.contains("::error file=seat.yaml,line=7,"), "{github:?}");
}

#[test]
fn findings_can_be_written_to_a_file() {
    let scratch = Scratch::playbook();
    scratch.write("seat.yaml", LONELY_SEAT);
    let run = scratch.council("check --format sarif --output reports/council.sarif");
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    let text = std::fs::read_to_string(scratch.path().join("reports/council.sarif")).unwrap();
    assert!(text.contains("\"2.1.0\""), "{text}");
    scratch.write("taken", "");
    expect![[r#"
        --- stderr
        error: `SCRATCH/taken` cannot be made
          why: File exists (os error 17)
          hint: check that the path is right and that you may use it
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("check --output taken/file").shown());
}

#[test]
fn the_organizations_own_policies_are_checked_and_explained() {
    let scratch = Scratch::staffed();
    scratch.write("policies/own.cedar", "permit (principal, action resource);\n");
    let run = scratch.council("check");
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("POL001") && run.out.contains("policies/own.cedar:1:"), "{run:?}");
    assert!(run.err.contains("in 4 files: 1 error"), "{run:?}");
    let sarif = scratch.council("check --format sarif").json();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].to_string();
    assert!(rules.contains("POL001"), "{rules}");
    assert_eq!(scratch.council("explain POL001").code, 0);
    let refused = scratch.council("up --listen 127.0.0.1:0");
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("permit (principal, action resource)"), "{refused:?}");
}

#[test]
fn files_that_are_broken_are_counted_and_miss_nothing_beside() {
    let scratch = Scratch::empty();
    scratch.write(
        "council.yaml",
        "apiVersion: council/v1\nkind: Organization\nmetadata: {name: a}\nspec: {}\n",
    );
    let run = scratch.council("check");
    assert!(run.err.contains("checked 0 resources in 1 file: "), "{run:?}");
    assert!(!run.out.contains("ORG001"), "it is declared, if badly: {run:?}");
}
