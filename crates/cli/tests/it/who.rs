//! `council who`, `council whatif`, `council seats`.

use expect_test::expect;

use crate::support::Scratch;

#[test]
fn who_answers_for_words_and_resources() {
    let scratch = Scratch::staffed();
    expect![[r#"
        --- stdout
        decides  FinOps & Capacity Planner  Ana Silva  has the topic `buying GPUs`

        gap: nobody backs up `seat/finops`
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("who buying GPUs").shown());
    expect![[r#"
        --- stdout
        decides    Network & Security Architect  Ana Silva           owns `service/api`
        stands in  Network & Security Architect  Ben Okoro (backup)  `ben` is the backup of `seat/network-security`
        --- exit 0
    "#]].assert_eq(&scratch.council("who service/api").shown());
    let json = scratch.council("who service/api --format json").json();
    assert_eq!(json["decides"][0]["holder"], "seat/network-security");
}

#[test]
fn who_says_when_nobody_answers() {
    let scratch = Scratch::staffed();
    expect![[r#"
        --- stderr
        nobody answers for `zebra`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("who zebra").shown());
}

#[test]
fn leaving_shows_what_breaks() {
    let scratch = Scratch::staffed();
    expect![[r#"
        --- stdout
        If Ana Silva leaves on 2027-01-15:

        Breaks
          FinOps & Capacity Planner has nobody
            `ana` is the primary, and there is no backup; at risk: Capacity and cost
            name a primary and a backup for FinOps & Capacity Planner before that day
            seats.yaml:18

        Gets weaker
          Network & Security Architect falls to `ben`, with no backup behind
            `ana` is the primary, and `ben` the backup
            make `ben` the primary, and name a new backup
            seats.yaml:8
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("whatif --leave ana --on 2027-01-15").shown());
    expect![[r#"
        --- stderr
        error: the playbook declares no person `anna`
          hint: did you mean `ana`?
          hint: list all with `council list person`
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("whatif --leave anna").shown());
}

#[test]
fn the_table_of_seats_shows_its_gaps() {
    let scratch = Scratch::staffed();
    expect![[r#"
        --- stdout
        Seat                          Primary    Backup     Notes
        Network & Security Architect  Ana Silva  Ben Okoro
        FinOps & Capacity Planner     Ana Silva  nobody
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("seats").shown());
    expect![[r#"
        --- stdout
        FinOps & Capacity Planner: no backup
          at risk: Capacity and cost
          name a backup
        --- exit 0
    "#]]
    .assert_eq(&scratch.council("seats --gaps").shown());
}

#[test]
fn what_is_no_more_says_what_to_ask_about_instead() {
    let scratch = Scratch::staffed();
    scratch.write(
        "old.yaml",
        "apiVersion: council/v1\nkind: Service\nmetadata: { name: old-api, retired: 2026-01-01, replaced_by: service/api }\nspec: { owner: seat/network-security, tier: critical }\n",
    );
    expect![[r#"
        --- stdout
        no more: `service/old-api` is retired since 2026-01-01; ask about `service/api` instead
        decides    Network & Security Architect  Ana Silva           owns `service/old-api`
        stands in  Network & Security Architect  Ben Okoro (backup)  `ben` is the backup of `seat/network-security`
        --- exit 0
    "#]].assert_eq(&scratch.council("who service/old-api").shown());
}
