use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};

use super::record::{Command, Found, Known, Outcome, Report, State, decide};
use super::*;
use crate::vocabulary::TRIAL;

const HALL: &str = "
apiVersion: council/v1
kind: Site
metadata: {name: eu-1}
spec: {role: primary}
---
apiVersion: council/v1
kind: Seat
metadata: {name: sre}
spec: {focus: [{title: Machines}]}
---
apiVersion: council/v1
kind: Baseline
metadata: {name: server}
spec:
  controls:
    - {id: ssh, area: ssh, requires: No passwords., settings: {sshd: {PasswordAuthentication: 'no'}}}
    - {id: packages, area: packages, settings: {absent: [telnet]}}
    - {id: accounts, area: accounts, requires: No local account.}
---
apiVersion: council/v1
kind: Role
metadata: {name: compute}
spec: {purpose: Run., baseline: server, owner: sre}
---
apiVersion: council/v1
kind: Role
metadata: {name: bare}
spec: {purpose: Nothing., owner: sre}
---
apiVersion: council/v1
kind: Machine
metadata: {name: n1}
spec: {site: eu-1, role: compute}
---
apiVersion: council/v1
kind: Machine
metadata: {name: n2}
spec: {site: eu-1, role: compute}
---
apiVersion: council/v1
kind: Machine
metadata: {name: n3}
spec: {site: eu-1, role: bare}
---
apiVersion: council/v1
kind: Machine
metadata: {name: ordered}
spec: {site: eu-1, role: compute, lifecycle: planned}
---
apiVersion: council/v1
kind: Waiver
metadata: {name: tools, title: Old tools}
spec: {baseline: server, control: packages, covers: [machine/n2], reason: A vendor., owner: sre, until: 2026-12-01}
";

const TODAY: Date = date(2026, 11, 23);

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("a moment")
}

fn answered(ssh: Outcome, packages: Outcome) -> Report {
    let found = |outcome| Found { outcome, why: Vec::new() };
    let controls = [("ssh", ssh), ("packages", packages), ("accounts", Outcome::ByHand)];
    Report::Answered {
        baseline: "server".to_owned(),
        controls: controls.map(|(id, outcome)| (id.to_owned(), found(outcome))).into(),
        system: Some("Debian GNU/Linux 12".to_owned()),
        kernel: None,
        restart: Some(true),
    }
}

/// What comes of reports, each so many hours ago.
fn state(reports: &[(&str, i64, Report)]) -> State {
    let workspace = TRIAL.read_text(HALL);
    let mut state = State::default();
    for (machine, hours, report) in reports {
        let at = now() - SignedDuration::from_hours(*hours);
        let command = Command { machine: (*machine).to_owned(), report: report.clone() };
        let recorded = decide(&command, workspace.model(), (&state, at)).expect("it is news");
        state.record(machine, &recorded[0].event, at);
    }
    state
}

fn look(state: &State) -> HardeningView {
    hardening(TRIAL.read_text(HALL).model(), state, (now(), TODAY))
}

#[test]
fn what_nobody_asked_is_unknown_and_scores_nothing() {
    let view = look(&State::default());
    assert_eq!((view.all.hosts, view.all.unaudited, view.all.percent), (2, 2, None));
    assert_eq!(view.without_baseline, 1);
    // Two controls of n1 and one that is not waived of n2 have settings, and each has one for a person.
    assert_eq!((view.all.unknown, view.all.waived), (5, 1));
    assert!(view.hosts.iter().all(|row| row.standing == Standing::Unaudited));
    assert!(
        hardening_agenda(TRIAL.read_text(HALL).model(), &State::default(), (now(), TODAY)).len()
            == 1,
        "the waiver ends"
    );
}

#[test]
fn a_waiver_takes_a_control_out_of_the_score_until_it_ends() {
    use Outcome::{Broken, Held};
    let state = state(&[("n1", 2, answered(Held, Broken)), ("n2", 1, answered(Held, Broken))]);
    let view = look(&state);
    let standing: Vec<_> = view.hosts.iter().map(|row| (row.name.as_str(), row.standing)).collect();
    assert_eq!(standing, [("n1", Standing::Broken), ("n2", Standing::Held)]);
    assert_eq!((view.all.held, view.all.broken, view.all.percent), (2, 1, Some(66)));
    assert_eq!((view.waivers[0].needed_by, view.waivers[0].days), (1, 8));
    assert_eq!(view.sites["eu-1"].broken, 1);
    assert_eq!(view.hosts[0].broken, ["packages"]);
    let model = TRIAL.read_text(HALL);
    let later = hardening(model.model(), &state, (now(), date(2026, 12, 2)));
    assert_eq!((later.all.broken, later.waivers.len()), (2, 0));
    let told = hardening_agenda(model.model(), &state, (now(), TODAY));
    assert_eq!(told[0].entry.what, "Hardening: 66 % of what was judged is held");
    assert_eq!(told[0].entry.note.as_deref(), Some("broken on n1"));
}

#[test]
fn a_silent_host_keeps_what_it_said_with_its_age() {
    use Outcome::Held;
    let silent = Report::Silent { why: "unreachable".to_owned() };
    let state = state(&[
        ("n1", 30, answered(Held, Held)),
        ("n1", 1, silent),
        ("n2", 24 * 8, answered(Held, Held)),
    ]);
    let view = look(&state);
    assert_eq!(view.all.percent, Some(100));
    let rows: BTreeMap<_, _> = view.hosts.iter().map(|row| (row.name.as_str(), row)).collect();
    assert_eq!(
        (rows["n1"].standing, rows["n1"].silent.as_deref()),
        (Standing::Silent, Some("unreachable"))
    );
    assert_eq!(rows["n2"].standing, Standing::Stale);
    assert_eq!(rows["n1"].audited, Some(now() - SignedDuration::from_hours(30)));
    assert!(rows["n1"].restart);
    let model = TRIAL.read_text(HALL);
    let detail = host(model.model(), &state, ("n1", now(), TODAY)).expect("a host");
    assert_eq!(detail.system.as_deref(), Some("Debian GNU/Linux 12"));
    let outcomes: Vec<_> = detail.controls.iter().map(|it| (it.id.as_str(), it.outcome)).collect();
    assert_eq!(
        outcomes,
        [("ssh", Some(Held)), ("packages", Some(Held)), ("accounts", Some(Outcome::ByHand))]
    );
    assert!(host(model.model(), &state, ("n3", now(), TODAY)).is_none(), "it has no baseline");
}

#[test]
fn a_report_on_another_baseline_says_nothing_about_this_one() {
    let Report::Answered { controls, .. } = answered(Outcome::Held, Outcome::Held) else { return };
    let other = Report::Answered {
        baseline: "old".to_owned(),
        controls,
        system: None,
        kernel: None,
        restart: None,
    };
    let view = look(&state(&[("n1", 1, other)]));
    let n1 = view.hosts.iter().find(|row| row.name == "n1").expect("a row");
    assert_eq!((n1.standing, n1.share.held), (Standing::Unknown, 0));
}

#[test]
fn only_news_is_written_down() {
    use Outcome::{Broken, Held};
    let workspace = TRIAL.read_text(HALL);
    let known = state(&[("n1", 19, answered(Held, Held))]);
    let ask = |machine: &str, report, known: &State| {
        let command = Command { machine: machine.to_owned(), report };
        decide(&command, workspace.model(), (known, now()))
            .map(drop)
            .map_err(|refusal| refusal.code)
    };
    assert_eq!(ask("n1", answered(Held, Held), &known), Err("nothing-new"));
    assert_eq!(ask("n1", answered(Held, Broken), &known), Ok(()));
    assert_eq!(
        ask("n1", answered(Held, Held), &state(&[("n1", 21, answered(Held, Held))])),
        Ok(())
    );
    assert_eq!(ask("nobody", answered(Held, Held), &known), Err("no-machine"));
    let long = Report::Silent { why: "x".repeat(301) };
    assert_eq!(ask("n1", long, &known), Err("too-much"));
    // After a silence the same answer is news.
    let silent = Report::Silent { why: "unreachable".to_owned() };
    let known = state(&[("n1", 3, answered(Held, Held)), ("n1", 2, silent)]);
    assert_eq!(ask("n1", answered(Held, Held), &known), Ok(()));
}

#[test]
fn a_day_has_one_score_and_a_quarter_is_kept() {
    let mut state = State::default();
    for hour in 0..100 * 24 {
        let at = now() - SignedDuration::from_hours(100 * 24 - hour);
        let report =
            answered(Outcome::Held, if hour < 50 * 24 { Outcome::Broken } else { Outcome::Held });
        state.record("n1", &record::Event::Audited { report }, at);
    }
    let Known { scores, .. } = &state.machines["n1"];
    assert_eq!(scores.len(), 92);
    let view = look(&state);
    let percents: Vec<_> = view.trend.iter().map(|point| point.percent).collect();
    assert_eq!((percents.len(), percents[0], percents[12]), (13, Some(50), Some(100)));
}
