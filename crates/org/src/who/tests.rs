//! What the answers say, for every kind of question.

use proptest::prelude::*;

use super::*;
use crate::vocabulary::TRIAL;
use trial::TODAY;

const TABLE: &str = "
    Person/ana: {}
    Person/ben: {}
    Person/cleo: {leaves: 2026-01-01}
    Seat/network: {short: Network/Sec, owns: Network and security architecture., focus: [VLANs], topics: [vlan, ssh access], covers: {paths: ['network/**'], kinds: [vlan]}, primary: ana, backup: ben}
    Seat/finops: {owns: Capacity planning and cost., focus: [GPU tracking], topics: [gpu quota, cost], primary: cleo, backup: ben}
    Seat/sre: {owns: Reliability., topics: [disaster recovery], covers: {kinds: [site]}}
    Seat/talent: {owns: Hiring., topics: [interview loop], active_when: hiring}
    Team/core: {lead: ana}
    Team/shop: {members: [ben]}
    Site/eu-1: {role: primary, owner: sre}
    Service/api: {owner: team/core, sites: [eu-1]}
    Service/checkout: {owner: team/shop, depends_on: [api]}
";

fn ask(query: &str, extra: Vec<Claim>) -> Answer {
    let workspace = TRIAL.read(TABLE);
    answer_with(workspace.model(), query, &Facts { today: TODAY }, extra)
}

#[track_caller]
fn check(query: &str, expected: &str) {
    let answer = ask(query, Vec::new());
    let list = |name: &str, parts: &[Part]| {
        parts.iter().fold(String::new(), |text, part| {
            let person = part.person.as_ref().map_or("nobody", |person| &person.name);
            text + &format!("{name} {} ({person}): {}\n", part.holder, part.because.join("; "))
        })
    };
    let text = list("decides", &answer.decides)
        + &list("consulted", &answer.consulted)
        + &list("informed", &answer.informed)
        + &list("backs up", &answer.backs_up)
        + &answer.gaps.iter().map(|gap| format!("gap {gap}\n")).collect::<String>();
    let lines =
        |text: &str| text.trim().lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&text), lines(expected), "{text}");
}

#[test]
fn a_service_is_its_owners_business() {
    check(
        "service/api",
        "decides team/core (ana): owns `service/api`; `ana` leads the team
         consulted seat/sre (nobody): answers for `site/eu-1`, where it runs; the seat has no primary and no backup
         informed team/shop (nobody): owns `service/checkout`, which depends on it; the team answers together, because the team has no lead",
    );
}

#[test]
fn a_topic_finds_the_seat_that_names_it() {
    check(
        "VLANs",
        "decides seat/network (ana): has the topic `vlan`; `ana` is the primary
         backs up seat/network (ben): `ben` is the backup of `seat/network`",
    );
    check(
        "gpu quotas",
        "decides seat/finops (ben): has the topic `gpu quota`; `ben` stands in as the backup, because `cleo` left on 2026-01-01
         gap the backup of `seat/finops` stands in, with nobody behind",
    );
}

#[test]
fn a_path_finds_the_seat_that_covers_it() {
    check(
        "network/core/vlans.yaml",
        "decides seat/network (ana): covers files `network/**`; `ana` is the primary
         backs up seat/network (ben): `ben` is the backup of `seat/network`",
    );
}

#[test]
fn an_empty_seat_still_answers_and_shows_the_gap() {
    check(
        "eu-1",
        "decides seat/sre (nobody): owns `site/eu-1`; the seat has no primary and no backup
         informed team/core (ana): owns services that run there; `ana` leads the team
         gap `seat/sre` is empty: the seat has no primary and no backup",
    );
}

#[test]
fn an_inactive_seat_is_named_as_such() {
    let answer = ask("interview loop", Vec::new());
    assert_eq!(answer.decides[0].standing, Standing::Inactive);
}

#[test]
fn other_rooms_add_claims_and_the_strongest_role_stays() {
    let claim =
        |role, holder: &str, because: &str| Claim::new(role, holder, Match::new(100, because));
    let answer = ask(
        "vlan",
        vec![
            claim(Role::Informed, "seat/network", "is told"),
            claim(Role::Informed, "seat/sre", "is told"),
            claim(Role::Approves, "seat/finops", "pays"),
            claim(Role::OnCall, "person/ana", "has the pager"),
        ],
    );
    let holders = |parts: &[Part]| parts.iter().map(|part| part.holder.clone()).collect::<Vec<_>>();
    assert_eq!(holders(&answer.decides), ["seat/network"]);
    assert_eq!(holders(&answer.approves), ["seat/finops"]);
    assert_eq!(holders(&answer.informed), ["seat/sre"]);
    assert_eq!(holders(&answer.on_call), ["person/ana"]);
}

#[test]
fn nothing_found_suggests_what_was_meant() {
    let answer = ask("disastr recovry", Vec::new());
    assert!(answer.is_empty());
    assert_eq!(answer.did_you_mean, ["disaster recovery"]);
    let answer = ask("service/chekout", Vec::new());
    assert_eq!(answer.did_you_mean, ["service/checkout"]);
    assert_eq!(
        answer.reasons.last().unwrap(),
        "there is no `service/chekout` in the playbook, so it was taken as the name of a file"
    );
}

proptest! {
    #[test]
    fn every_answer_is_deterministic_and_has_reasons(query in "[a-z/ .-]{0,20}|vlan|eu-1|service/api") {
        let answer = ask(&query, Vec::new());
        prop_assert_eq!(&answer, &ask(&query, Vec::new()));
        prop_assert!(!answer.reasons.is_empty());
        let Answer { decides, approves, consulted, informed, .. } = &answer;
        for part in [decides, approves, consulted, informed].into_iter().flatten() {
            prop_assert!(!part.because.is_empty());
        }
    }
}
