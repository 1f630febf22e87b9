//! `--as-of`: the playbook as it was.

use std::process::Command;

use expect_test::expect;

use crate::support::Scratch;

fn git(scratch: &Scratch, arguments: &[&str]) {
    let status = Command::new("git")
        .current_dir(scratch.path())
        .args(["-c", "user.name=Ana", "-c", "user.email=ana@example.org"])
        .args(arguments)
        .env("GIT_AUTHOR_DATE", "2026-06-01T10:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-06-01T10:00:00Z")
        .output()
        .unwrap();
    assert!(status.status.success(), "git {arguments:?}: {status:?}");
}

/// A playbook below a repository's root, of which one revision was committed in June.
fn with_history() -> Scratch {
    let scratch = Scratch::empty();
    scratch.write_staffed("playbook");
    git(&scratch, &["init", "--quiet"]);
    git(&scratch, &["add", "."]);
    git(&scratch, &["commit", "--quiet", "--message", "first"]);
    let seats = scratch.path().join("playbook/seats.yaml");
    let text = std::fs::read_to_string(&seats).unwrap();
    std::fs::write(seats, text.replace("  primary: ana\n", "")).unwrap();
    scratch
}

#[test]
fn the_table_of_seats_is_shown_as_it_was() {
    let scratch = with_history();
    let now = scratch.council("--playbook playbook seats");
    assert!(!now.out.contains("Ana Silva"), "{now:?}");
    for moment in ["HEAD", "2026-06-01", "2026-11-22"] {
        let then = scratch.run(&["--playbook", "playbook", "seats", "--as-of", moment]);
        assert!(then.out.contains("Ana Silva"), "{moment}: {then:?}");
    }
}

#[test]
fn places_of_the_past_name_their_revision() {
    let scratch = with_history();
    let run = scratch.council("--playbook playbook show person/ana --as-of HEAD --format json");
    let file = run.json()["file"].as_str().unwrap().to_owned();
    let (revision, path) = file.split_once(':').unwrap();
    assert_eq!(path, "people.yaml");
    assert!(revision.len() >= 7 && revision.chars().all(|c| c.is_ascii_hexdigit()), "{file}");
}

#[test]
fn a_past_that_is_not_there_is_refused() {
    let scratch = with_history();
    expect![[r#"
        --- stderr
        error: the playbook has no revision as old as 2020-01-01
          hint: see its revisions with `git log`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("--playbook playbook seats --as-of 2020-01-01").shown());
    expect![[r#"
        --- stderr
        error: `v9` is neither a day nor a revision of the playbook
          hint: write a day as `2026-11-22`, or see the revisions with `git log`
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("--playbook playbook seats --as-of v9").shown());
    let plain = Scratch::staffed();
    let run = plain.council("seats --as-of 2026-06-01");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("`--as-of` needs a playbook that is kept in Git"), "{run:?}");
}
