//! `council explain`, `council kinds`, `council schema`.

use expect_test::expect;

use crate::support::Scratch;

#[test]
fn everything_that_is_listed_can_be_explained() {
    let scratch = Scratch::empty();
    let everything = scratch.council("explain --format json").json();
    let rules = everything["rules"].as_array().unwrap();
    let kinds = everything["kinds"].as_array().unwrap();
    assert!(rules.len() > 3 && kinds.len() > 10, "{} and {}", rules.len(), kinds.len());
    let names = rules.iter().flat_map(|rule| [&rule["code"], &rule["name"]]);
    for name in names.chain(kinds.iter().map(|kind| &kind["slug"])) {
        let run = scratch.run(&["explain", name.as_str().unwrap()]);
        assert_eq!(run.code, 0, "{name}: {run:?}");
        assert!(run.out.lines().count() > 3, "{name} has no page: {}", run.out);
    }
}

#[test]
fn a_kind_is_explained_with_an_example_and_its_fields() {
    let scratch = Scratch::empty();
    expect![[r#"
        --- stdout
        Audience (council/v1), referred to as `audience/<name>`

        A group of listeners, such as "everyone" or "all product teams".

        Responsibilities inform audiences, so that the sentence "all engineers are told" means the same
        people everywhere. `everyone: true` means all people; otherwise all members of the named teams
        and of all teams with one of the profiles.

            apiVersion: council/v1
            kind: Audience
            metadata:
              name: all-engineers
              title: All engineers
            spec:
              profiles: [backend, data, ml-research, platform]
              teams: [payments]

        Fields of spec
        everyone  boolean                                                             All people of the organization
        profiles  [backend|data|ml-research|product|platform|finance|people|other]    Members of all teams with these profiles
        teams     [team]                                                              Members of these teams
        --- exit 0
    "#]].assert_eq(&scratch.council("explain audience").shown());
}

#[test]
fn what_is_unknown_is_guessed() {
    let scratch = Scratch::empty();
    expect![[r#"
        --- stderr
        error: `saet` is neither a rule nor a kind
          hint: did you mean `Seat`?
          hint: list all with `council explain`
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("explain saet").shown());
    expect![[r#"
        --- stderr
        error: there is no kind `envronment`
          hint: did you mean `environment`?
          hint: list all with `council kinds`
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("schema envronment").shown());
}

#[test]
fn the_committed_schemas_are_current() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas");
    let scratch = Scratch::empty();
    let run = scratch.council("schema --write");
    assert_eq!(run.code, 0, "{run:?}");
    let mut names = Vec::new();
    for file in std::fs::read_dir(scratch.path().join("schemas")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let fresh = std::fs::read_to_string(scratch.path().join("schemas").join(&name)).unwrap();
        let committed = std::fs::read_to_string(format!("{root}/{name}")).unwrap_or_default();
        assert!(fresh == committed, "schemas/{name} is stale: run `cargo xtask codegen`");
        names.push(name);
    }
    for file in std::fs::read_dir(root).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&name), "schemas/{name} belongs to no kind: remove it");
    }
}

#[test]
fn schemas_accept_what_the_manual_shows_and_refuse_unknown_fields() {
    let scratch = Scratch::empty();
    let schema = scratch.council("schema").json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let seat = |field: &str| {
        serde_json::json!({
            "apiVersion": "council/v1",
            "kind": "Seat",
            "metadata": { "name": "finops" },
            "spec": { "owns": "The money.", field: "person/ana" },
        })
    };
    assert!(validator.is_valid(&seat("primary")));
    assert!(!validator.is_valid(&seat("primray")));
}
