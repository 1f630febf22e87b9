//! `council fleet`: what it brings in, and what it refuses.

use expect_test::expect;

use crate::support::Scratch;

#[test]
fn a_list_of_machines_becomes_a_file_of_the_playbook_once() {
    let scratch = Scratch::staffed();
    let list = "name,site,role,rack,unit,owner\neu-2-new,eu-2,compute,8,20,team/platform\n";
    scratch.write("new.csv", list);
    let import = "fleet import machines new.csv --output platform/new.yaml";
    expect![[r#"
        --- stderr
        wrote 1 resource to `platform/new.yaml`; look at it with `council check`
        --- exit 0
    "#]]
    .assert_eq(&scratch.council(import).shown());
    let read = scratch.council("show machine/eu-2-new --format json").json();
    assert!(read["text"].as_str().is_some_and(|text| text.contains("unit: 20")), "{read}");
    expect![[r#"
        --- stderr
        error: `platform/new.yaml` exists already
          why: what people have written there would be lost
          hint: choose another name, or move the old file away
        --- exit 1
    "#]]
    .assert_eq(&scratch.council(import).shown());
}

#[test]
fn mistakes_are_told_with_their_lines_and_nothing_is_written() {
    let scratch = Scratch::staffed();
    scratch.write("new.csv", "name,site,role,unit\na,eu-2,compute,x\nB,eu-2,compute,1\n");
    expect![[r#"
        --- stderr
        error: `new.csv` has 2 mistakes
          why: nothing was written
          hint: new.csv:2: `unit`: `x` is no whole number
          hint: new.csv:3: `name`: `B` is no name: lower-case letters, digits, `-` and `.`, such as `eu-1-cmp-01`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("fleet import machines new.csv -o platform/new.yaml").shown());
    assert!(!scratch.path().join("platform/new.yaml").exists());
}
