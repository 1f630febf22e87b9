//! `council can`.

use expect_test::expect;

use crate::support::Scratch;

const QUESTION: &str = "\
apiVersion: council/v1
kind: Question
metadata: { name: dns, title: Which DNS? }
spec: { owner: finops, context: Names fail. }
---
apiVersion: council/v1
kind: Person
metadata: { name: cleo }
spec: {}
";

#[test]
fn the_policies_that_decided_are_named_and_nothing_is_left_behind() {
    let scratch = Scratch::staffed();
    scratch.write("question.yaml", QUESTION);
    expect![[""]].assert_eq(&scratch.council("can ana reopen question/dns").shown());
    expect![[""]].assert_eq(&scratch.council("can cleo answer question/dns").shown());
    expect![[""]].assert_eq(&scratch.council("can ana answer question/dns --scope read --why").shown());
    assert!(!scratch.path().join(".council").exists(), "asking leaves nothing behind");
}

#[test]
fn an_own_policy_decides_and_a_wrong_one_is_found_where_it_is_wrong() {
    let scratch = Scratch::staffed();
    scratch.write("question.yaml", QUESTION);
    let own = "@id(\"quiet\") @because(\"questions rest\")\n\
        forbid (principal in Seat::\"finops\", action == Action::\"question.answer\", resource);\n";
    scratch.write("policies/own.cedar", own);
    let json = scratch.council("can ana answer question/dns --format json").json();
    assert_eq!(json["policy"]["policies"][0]["file"], "policies/own.cedar", "{json}");
    assert_eq!(scratch.council("can ben answer question/dns").code, 0, "it is about another seat");

    scratch.write("policies/own.cedar", own.replace("finops", "finopps"));
    expect![[""]].assert_eq(&scratch.council("check --quiet").shown());
}

#[test]
fn what_is_mistyped_is_a_mistake_of_the_command() {
    let scratch = Scratch::staffed();
    expect![[""]].assert_eq(&scratch.council("can ana paint seat/finops").shown());
    expect![[""]].assert_eq(&scratch.council("can anna read seat/finops").shown());
    expect![[""]].assert_eq(&scratch.council("can ana approve change/CH-7").shown());
}
