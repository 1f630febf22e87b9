//! `council check`.

use expect_test::expect;

use crate::support::Scratch;

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
}
