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
    expect![[r#"
        --- stdout
        no: ana may not reopen a question: question/dns
          permitted by seats-answer-questions (built in)
          the procedure refuses: the question is open
          it would pass if it was answered before
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("can ana reopen question/dns").shown());
    expect![[r#"
        --- stdout
        no: cleo may not answer a question: question/dns
          no policy permits cleo to answer a question
          not permitted by seats-answer-questions (built in)
          it would pass for the holder or backup of a seat
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("can cleo answer question/dns").shown());
    expect![[r#"
        --- stdout
        no: ana may not answer a question: question/dns
          the token does not have the scope `record`
          forbidden by tokens-need-the-scope-record (built in)
            @id("tokens-need-the-scope-record")
            @because("the token does not have the scope `record`")
            forbid (principal, action in Action::"record", resource)
            when { principal.by_token && !principal.scopes.contains("record") };
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("can ana answer question/dns --scope read --why").shown());
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
    let run = scratch.council("check");
    assert_eq!(run.code, 1, "{run:?}");
    let found: Vec<_> = run.out.lines().filter(|line| line.starts_with("error")).collect();
    assert_eq!(found, ["error[POL007]: the playbook declares no `seat/finopps`"]);
    assert!(run.out.contains("policies/own.cedar:2:22"), "{run:?}");
    assert!(run.out.contains("did you mean `finops`?"), "{run:?}");
}

#[test]
fn what_is_mistyped_is_a_mistake_of_the_command() {
    let scratch = Scratch::staffed();
    expect![[r#"
        --- stderr
        error: `paint` is not something that is done with a seat
          hint: actions are listed in docs/policies.cedarschema, such as `change.approve`
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("can ana paint seat/finops").shown());
    expect![[r#"
        --- stderr
        error: the playbook declares no person `anna`
          hint: did you mean `ana`?
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("can anna read seat/finops").shown());
    expect![[r#"
        --- stderr
        error: there is no `change/CH-7`
          hint: name it as lists do, such as `change/CH-7` or `decision/0012-vlans`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("can ana approve change/CH-7").shown());
}
