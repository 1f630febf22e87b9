//! What follows when somebody leaves, for everything that one can hold.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::vocabulary::TRIAL;

const TABLE: &str = "
    Person/ana: {handles: {github: ana}, ssh_keys: [a, b], working_hours: {from: '09:00', to: '17:00'}}
    Person/ben: {working_hours: {from: '09:00', to: '16:00'}}
    Person/cleo: {leaves: 2027-01-01}
    Person/dora: {}
    Seat/network: {owns: The network., primary: ana, backup: ben}
    Seat/sre: {owns: Reliability., primary: ana, backup: cleo}
    Seat/a: {owns: x, primary: ben}
    Seat/b: {owns: x, primary: ben, backup: ana}
    Seat/c: {owns: x, primary: ben, backup: ana}
    Office/cto: {holder: ana}
    Team/core: {lead: ana, members: [ben]}
    Team/solo: {members: [ana]}
    Site/eu-1: {role: primary, owner: sre}
    Service/api: {owner: team/solo}
    Service/tool: {owner: person/ana}
    Service/user: {owner: team/core, depends_on: [tool]}
";

fn leaves(table_text: &str, person: &str) -> Vec<String> {
    let workspace = TRIAL.read(table_text);
    let found = leave(workspace.model(), person, date(2027, 1, 15), Vec::new()).unwrap();
    let line = |item: &Consequence| {
        format!("{:?} {}: {} ({})", item.gravity, item.subject, item.what, item.why)
    };
    found.items.iter().map(line).collect()
}

#[test]
fn everything_that_breaks_is_said() {
    assert_eq!(
        leaves(TABLE, "ana"),
        [
            "Breaks office/cto: nobody is cto (`ana` holds the office)",
            "Breaks person/ben: `ben` would answer for 4 seats (one person may hold 3: `seat/a`, `seat/b`, `seat/c`, `seat/network`)",
            "Breaks seat/sre: sre has nobody (`ana` is the primary, and the backup `cleo` is not there on that day; at risk: Reliability, site/eu-1)",
            "Breaks service/tool: tool has no owner (`ana` owns it in person, and `service/user` depend on it)",
            "Breaks team/solo: team solo has nobody left (`ana` is its last member, and it owns `service/api`)",
            "Weakens organization/example: nobody at the table is at work from 16:00 to 17:00 (only `ana` works then)",
            "Weakens seat/b: b loses its backup (`ana` is the backup, and nobody stands in for `ben` any more)",
            "Weakens seat/c: c loses its backup (`ana` is the backup, and nobody stands in for `ben` any more)",
            "Weakens seat/network: network falls to `ben`, with no backup behind (`ana` is the primary, and `ben` the backup)",
            "Weakens team/core: team core is without a lead (`ana` leads it)",
            "Note person/ana: access must end: the account on github, 2 SSH keys (they belong to `ana`)",
        ]
    );
}

#[test]
fn somebody_who_holds_nothing_leaves_nothing_behind() {
    assert_eq!(leaves(TABLE, "dora"), Vec::<String>::new());
}

#[test]
fn an_unknown_person_is_refused_with_a_suggestion() {
    let workspace = TRIAL.read(TABLE);
    let error = leave(workspace.model(), "cloe", date(2027, 1, 15), Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "the playbook has no person `cloe`; did you mean `cleo`?");
}

#[test]
fn consequences_point_at_the_line_that_names_the_leaver() {
    let workspace = TRIAL.read(TABLE);
    let found = leave(workspace.model(), "ana", date(2027, 1, 15), Vec::new()).unwrap();
    let office = found.items.iter().find(|item| item.subject == "office/cto").unwrap();
    let place = office.place.clone().unwrap();
    let text = diag::Sources::text(&workspace, &place.file).unwrap();
    let named = text.get(place.span.start as usize..place.span.end as usize);
    assert_eq!(named, Some("ana"));
}

#[test]
fn what_other_rooms_know_is_sorted_in() {
    let workspace = TRIAL.read(TABLE);
    let extra = Consequence {
        gravity: Gravity::Breaks,
        subject: "decision-type/a".to_owned(),
        what: "no quorum".to_owned(),
        why: "two must agree".to_owned(),
        suggestion: "fill a seat".to_owned(),
        place: None,
    };
    let found = leave(workspace.model(), "dora", date(2027, 1, 15), vec![extra.clone()]).unwrap();
    assert_eq!(found.items, [extra]);
    assert!(found.breaks_something());
}

proptest! {
    #[test]
    fn whoever_is_named_nowhere_has_no_consequences(
        seats in prop::collection::vec((0..4_u8, 0..4_u8), 0..8)
    ) {
        let mut text = "Person/p0: {}\nPerson/p1: {}\nPerson/p2: {}\nPerson/p3: {}\nPerson/nobody: {}\n".to_owned();
        for (number, (primary, backup)) in seats.iter().enumerate() {
            text += &format!("Seat/s{number}: {{owns: x, primary: p{primary}, backup: p{backup}}}\n");
        }
        prop_assert_eq!(leaves(&text, "nobody"), Vec::<String>::new());
        // A person of the table has one consequence for each seat that they hold, at least.
        let held = seats.iter().filter(|(primary, backup)| *primary == 0 || *backup == 0).count();
        let told = leaves(&text, "p0").iter().filter(|line| line.contains(" seat/")).count();
        prop_assert_eq!(told, held);
    }
}
