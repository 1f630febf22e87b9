//! `council init`.

use expect_test::expect;

use crate::support::Scratch;

#[test]
fn a_new_playbook_is_sound_and_shows_its_gaps() {
    let scratch = Scratch::empty();
    let made =
        scratch.run(&["init", "playbook", "--title", "Ana's \"Shop\"", "--time-zone", "UTC"]);
    expect![[r#"
        --- stderr
        made a playbook in `playbook`:
          council.yaml                     the organization: purpose, north star, hours
          people.yaml                      who works here: begin with yourself
          seats.yaml                       the council's seats, still empty
          governance.yaml                  decision types, RACI, the weekly sync
          decisions/0001-run-a-council.md  a first decision, to be proposed
          .gitignore                       keeps the record out of Git

        What now:
          council check playbook  see what is missing, with the place
          council up playbook     start the council
        --- exit 0
    "#]]
    .assert_eq(&made.shown());
    let check = scratch.council("check playbook --format json");
    assert_eq!(check.code, 0, "{check:?}");
    let json = check.json();
    let findings = json["diagnostics"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["severity"] != "error"), "{findings:#?}");
    let seats = scratch.council("--playbook playbook seats");
    expect![[r#"
        --- stdout
        Seat                          Primary  Backup  Notes
        Principal SRE                 nobody   nobody
        Network & Security Architect  nobody   nobody
        Platform Engineer             nobody   nobody
        --- exit 0
    "#]]
    .assert_eq(&seats.shown());
    let format = scratch.council("fmt playbook --check");
    assert_eq!(format.code, 0, "the templates are formatted: {}", format.out);
}

#[test]
fn nothing_is_ever_overwritten() {
    let scratch = Scratch::playbook();
    let before = std::fs::read_to_string(scratch.path().join("council.yaml")).unwrap();
    expect![[r#"
        --- stderr
        error: `./council.yaml` is there already; nothing was written
          hint: start in an empty directory, such as `council init playbook`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("init").shown());
    assert_eq!(std::fs::read_to_string(scratch.path().join("council.yaml")).unwrap(), before);
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 1);
}

#[test]
fn a_wrong_time_zone_is_refused() {
    let scratch = Scratch::empty();
    expect![[r#"
        --- stderr
        error: `Europe/Berln` is not a time zone
          hint: use a name of the time zone database, such as `Europe/Berlin`
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("init --time-zone Europe/Berln").shown());
}
