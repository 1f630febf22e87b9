//! What a person sees, as pictures.

use expect_test::{Expect, expect};

use super::{Budget, Context, Need, screen};
use crate::observed::Observations;
use crate::plan::Plan;
use crate::planner::{Terms, plan};
use crate::resource::{Desired, Fields, Marks, Micros, ResourceId};
use crate::testing::{Estate, desired, noon, vlan};

#[track_caller]
fn check(plan: &Plan, context: &Context, lines: usize, expect: &Expect) {
    let text = screen(plan, context, lines);
    assert!(text.lines().count() <= lines, "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    expect.assert_eq(&text);
}

fn terms() -> Terms {
    Terms { brake: None, ..Terms::new("8f3c2a1d99", noon()) }
}

#[test]
fn a_small_plan_is_shown_whole() {
    let mut estate = Estate::of(&[("guests", 1400), ("tenants", 1500)]);
    let labels = [("service".to_owned(), "wifi".to_owned())].into();
    let cost = Some(Micros(3_000_000));
    estate.marks.insert(vlan("guests"), Marks { labels, cost, ..Marks::default() });
    let mut tenants = desired("tenants", 9000).label("service", "lab").label("site", "fsn1");
    tenants.marks.disruptive = true;
    tenants.marks.failure_domain = Some("fsn1/rack-12".to_owned());
    let wanted = [tenants, desired("storage", 9000).label("service", "lab").label("site", "fsn1")];
    let plan = plan(None, &wanted, &estate.observe(&["lab"]), &terms());
    let context = Context {
        needs: vec![
            Need { who: "seat/network".into(), state: "approved by person/ana".into(), met: true },
            Need { who: "seat/sre".into(), state: "waiting since 2026-11-20".into(), met: false },
        ],
        budgets: vec![Budget { service: "lab".into(), left: "62 %".into(), exhausted: false }],
        blast: vec!["lab loses redundancy while rack 12 restarts".into()],
        verdict: Some("wait: one approval is missing".into()),
        currency: "EUR".into(),
        ..Context::default()
    };
    check(
        &plan,
        &context,
        50,
        &expect![[r#"
            Plan 36453d2a6e96 · generation 1 · revision 8f3c2a1d99 · 2026-11-22 12:00 UTC
            3 steps: 1 destroy, 1 update, 1 create · 1 cannot be taken back
            Blast radius: 1 disruptive step in fsn1/rack-12, one at a time
              2 services hit by destroys or interruptions: lab, wifi
              lab loses redundancy while rack 12 restarts
            Cost and quota: -3.00 EUR a month (2 steps without a price)

            Destroys, and what cannot be taken back (1)
              - destroy lab/vlan/guests

            By service                    destroy   update   create  disruptive
              wifi                              1        0        0           0
              lab                               0        1        1           1

            By site                       destroy   update   create  disruptive
              (none)                            1        0        0           0
              fsn1                              0        1        1           1

            Everything else (2)
              ~ update  lab/vlan/tenants  disruptive, mtu: 1500 -> 9000
              + create  lab/vlan/storage  mtu: 9000

            Before it may run
              wait: one approval is missing
              ✓ no freeze
              ✓ error budget of lab: 62 % left
              ✓ seat/network: approved by person/ana
              · seat/sre: waiting since 2026-11-20
        "#]],
    );
}

#[test]
fn nothing_to_do_is_said_in_a_line() {
    let there = Estate::of(&[("a", 1)]).observe(&["lab"]);
    let same = plan(None, &[desired("a", 1)], &there, &terms());
    check(
        &same,
        &Context::default(),
        50,
        &expect![[r#"
        Plan 0fe153391017 · generation 1 · revision 8f3c2a1d99 · 2026-11-22 12:00 UTC
        Nothing to do: everything is as it should be.
    "#]],
    );
    let silent = Observations::silent("lab", Some(noon()), "connection refused");
    let held = plan(None, &[desired("a", 1)], &silent, &terms());
    check(
        &held,
        &Context::default(),
        50,
        &expect![[r#"
        Plan 99f573a7287b · generation 1 · revision 8f3c2a1d99 · 2026-11-22 12:00 UTC
        Nothing to do now; 1 resource held back.

        Held back (1)
          1 × their system is silent in lab: `lab` has said nothing about `a` since 2026-11-22T12:00:00Z (connection …
    "#]],
    );
}

/// 10,000 steps over 40 services, 12 tenants and 3 sites, with 123 destroys among them.
fn large() -> Plan {
    let sites = ["fsn1", "hel1", "nbg1"];
    let mut estate = Estate::default();
    let mut wanted: Vec<Desired> = Vec::new();
    for number in 0..10_000_usize {
        let site = sites[number % 3];
        let id = ResourceId::new(
            format!("switches-{site}"),
            "port",
            format!("rack-{:02}/port-{number:05}", number % 40),
        );
        let labels = [
            ("service".to_owned(), format!("service-{:02}", number % 40)),
            ("tenant".to_owned(), format!("tenant-{:02}", number % 12)),
            ("site".to_owned(), site.to_owned()),
        ];
        let failure_domain = Some(format!("{site}/rack-{:02}", number % 40));
        let marks = Marks {
            labels: labels.into(),
            failure_domain,
            disruptive: number % 97 == 0,
            cost: Some(Micros(250_000)),
            ..Marks::default()
        };
        let goes = number % 81 == 7 && number < 9_963;
        if goes || number % 3 != 0 {
            estate.resources.insert(id.clone(), Fields::from([("mtu".to_owned(), 1500.into())]));
            estate.marks.insert(id.clone(), marks.clone());
        }
        if !goes {
            let mut desired = Desired::new(id).field("mtu", 9000).field("description", "uplink");
            desired.marks = marks;
            if number % 501 == 1 {
                desired.replace_on.insert("mtu".to_owned());
            }
            wanted.push(desired);
        }
    }
    let targets = ["switches-fsn1", "switches-hel1", "switches-nbg1"];
    let mut observed = estate.observe(&targets);
    observed.extend(Observations::silent("firewalls", Some(noon()), "no route to host"));
    for number in 0..211 {
        let id = ResourceId::new("firewalls", "rule", format!("r{number:03}"));
        wanted.push(Desired::new(id).field("action", "allow"));
    }
    plan(None, &wanted, &observed, &terms())
}

#[test]
fn ten_thousand_steps_read_on_one_screen() {
    let plan = large();
    assert_eq!(plan.steps().len(), 10_000);
    let context = Context {
        needs: vec![Need { who: "seat/network".into(), state: "not asked yet".into(), met: false }],
        freezes: vec!["freeze `year-end` holds until 2027-01-07".into()],
        budgets: vec![Budget {
            service: "service-07".into(),
            left: "nothing".into(),
            exhausted: true,
        }],
        blast: vec!["service-00, service-07 and service-21 lose redundancy".into()],
        verdict: Some("deny: a freeze holds, and one error budget is exhausted".into()),
        drill_down: "council change show CHG-2026-0007 --steps".into(),
        currency: "EUR".into(),
    };
    check(
        &plan,
        &context,
        50,
        &expect![[r#"
            Plan 6ae5655b2405 · generation 1 · revision 8f3c2a1d99 · 2026-11-22 12:00 UTC
            10,000 steps: 123 destroy, 20 replace, 6,523 update, 3,334 create · 143 cannot be taken back · 211 held back
            Blast radius: 69 disruptive steps in 69 failure domains, one at a time in each (hel1/rack-00 and 68 more)
              40 services hit by destroys or interruptions: service-00, service-01, service-02, service-03 and 36 more
              service-00, service-07 and service-21 lose redundancy
            Cost and quota: +802.75 EUR a month

            Destroys, and what cannot be taken back (143)
              - destroy switches-hel1/port/rack-22/port-04462  disruptive
              - destroy switches-hel1/port/rack-00/port-02680
              - destroy switches-hel1/port/rack-00/port-05920
              - destroy switches-hel1/port/rack-00/port-09160
              - destroy switches-hel1/port/rack-01/port-02761
              … 138 more: council change show CHG-2026-0007 --steps

            By service                    destroy  replace   update   create  disruptive
              service-07                        4        1      162       83           2
              service-09                        4        1      161       84           2
              service-00                        3        1      162       84           2
              service-03                        3        1      162       84           2
              service-05                        3        1      163       83           2
              … 35 more

            By tenant                     destroy  replace   update   create  disruptive
              tenant-01                        31        5      798        0           9
              tenant-04                        31        5      797        0           9
              tenant-07                        31        5      797        0           9
              tenant-10                        30        5      798        0           8
              … 8 more

            By site                       destroy  replace   update   create  disruptive
              hel1                            123       20    3,190        0          35
              nbg1                              0        0    3,333        0          34
              fsn1                              0        0        0    3,334           0

            Everything else (9,857)
              ~ update  switches-hel1/port/rack-00/port-03880  disruptive, description: unset -> uplink, mtu: 1500 -> 9000
              ~ update  switches-hel1/port/rack-01/port-07081  disruptive, description: unset -> uplink, mtu: 1500 -> 9000
              ~ update  switches-hel1/port/rack-03/port-01843  disruptive, description: unset -> uplink, mtu: 1500 -> 9000
              ~ update  switches-hel1/port/rack-04/port-05044  disruptive, description: unset -> uplink, mtu: 1500 -> 9000
              … 9,853 more: council change show CHG-2026-0007 --steps

            Held back (211)
              211 × their system is silent in firewalls: `firewalls` has said nothing about `r000` since 2026-11-22T12:00…

            Before it may run
              deny: a freeze holds, and one error budget is exhausted
              ✗ freeze `year-end` holds until 2027-01-07
              ✗ error budget of service-07: nothing left
              · seat/network: not asked yet
        "#]],
    );
    assert!(screen(&plan, &context, 20).lines().count() <= 20);
}
