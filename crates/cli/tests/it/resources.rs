//! `council list` and `council show`.

use expect_test::expect;

use crate::support::Scratch;

#[test]
fn resources_are_listed_all_or_of_a_kind() {
    let scratch = Scratch::staffed();
    expect![[r#"
        --- stdout
        organization/example   Example                       council.yaml
        person/ana             Ana Silva                     people.yaml
        person/ben             Ben Okoro                     people.yaml
        seat/finops            FinOps & Capacity Planner     seats.yaml
        seat/network-security  Network & Security Architect  seats.yaml
        service/api            Public API                    seats.yaml
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("list").shown());
    expect![[r#"
        --- stdout
        seat/finops            FinOps & Capacity Planner     seats.yaml
        seat/network-security  Network & Security Architect  seats.yaml
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("list seats").shown());
    expect![[r#"
        --- stderr
        the playbook declares no site
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("list site").shown());
    expect![[r#"
        --- stderr
        error: there is no kind `setas`
          hint: did you mean `seat`?
          hint: list all with `council kinds`
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("list setas").shown());
    let rows = scratch.council("list person --format json").json();
    assert_eq!(rows[0]["id"], "person/ana");
    assert_eq!(rows[0]["title"], "Ana Silva");
}

#[test]
fn a_resource_is_shown_with_what_it_is_tied_to() {
    let scratch = Scratch::staffed();
    expect![[r#"
        --- stdout
        person/ben  Ben Okoro
        people.yaml:8

            apiVersion: council/v1
            kind: Person
            metadata: { name: ben, title: Ben Okoro }
            spec: { email: ben@example.org }

        referred to by: seat/network-security
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("show person/ben").shown());
    expect![[r#"
        --- stdout
        seat/finops  FinOps & Capacity Planner
        seats.yaml:13

            apiVersion: council/v1
            kind: Seat
            metadata: { name: finops, title: FinOps & Capacity Planner }
            spec:
              order: 2
              owns: Capacity and cost.
              topics: [cost, capacity, buying GPUs]
              primary: ana

        refers to: person/ana
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("show finops").shown());
}

#[test]
fn a_name_that_is_not_there_is_guessed() {
    let scratch = Scratch::staffed();
    expect![[r#"
        --- stderr
        error: the playbook declares no `seat/finpos`
          hint: did you mean `seat/finops`?
          hint: list what it declares with `council list`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("show seat/finpos").shown());
    expect![[r#"
        --- stderr
        error: the playbook declares no `amna`
          hint: did you mean `ana`?
          hint: list what it declares with `council list`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("show amna").shown());
}

#[test]
fn answers_from_a_broken_playbook_carry_a_warning() {
    let scratch = Scratch::staffed();
    scratch.write("broken.yaml", "kind: [\n");
    let run = scratch.council("show person/ben");
    assert_eq!(run.code, 0);
    assert!(run.err.starts_with("warning: the playbook has"), "{run:?}");
}
