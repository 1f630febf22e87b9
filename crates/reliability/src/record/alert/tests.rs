//! Alerts from the first word to the last, as the record tells it.

use std::collections::BTreeMap;

use governance::Text;
use jiff::{SignedDuration, Timestamp};
use playbook::Workspace;

use super::{Because, Command, Event, Fired};
use crate::alerts::{Fingerprint, Labels, parse_matchers};
use crate::record::{Actor, Command as Any, Facts, State, decide, silence};
use crate::testing::table;

struct Desk {
    workspace: Workspace,
    state: State,
    now: Timestamp,
    entries: usize,
}

impl Desk {
    fn new(routing: &str) -> Self {
        let workspace = table(&format!(
            "Person/ana: {{}}
             Team/core: {{members: [ana]}}
             Service/api: {{owner: team/core}}
             EscalationPolicy/core: {{default: true, steps: [{{notify: [team/core], wait: 5m}}]}}
             AlertingStrategy/a: {{principles: [], routing: {routing}}}"
        ));
        let now = "2026-11-23T10:00:00Z".parse().expect("a moment");
        Self { workspace, state: State::default(), now, entries: 0 }
    }

    /// What happened, or the code of the refusal.
    fn ask(
        &mut self,
        person: Option<&str>,
        command: &Any,
    ) -> Result<Vec<crate::record::Event>, &'static str> {
        let governance = governance::State::default();
        let facts = Facts {
            model: self.workspace.model(),
            record: &self.state,
            governance: &governance,
            verified_changes: &std::collections::BTreeSet::new(),
            now: self.now,
            actor: person.map_or(Actor::Council, Actor::Person),
        };
        let recorded = decide(command, &facts).map_err(|refusal| refusal.code)?;
        self.entries += recorded.len();
        for one in &recorded {
            let id = one.stream.split_once('/').expect("a stream").1;
            self.state.record(id, &one.event, self.now);
        }
        Ok(recorded.into_iter().map(|one| one.event).collect())
    }

    fn fire(&mut self, alerts: &[&[(&str, &str)]]) -> Result<usize, &'static str> {
        let fired = alerts.iter().map(|pairs| fired(pairs)).collect();
        let command =
            Command::Receive { fired, resolved: vec![], late: vec![], overflowed: BTreeMap::new() };
        self.ask(None, &Any::Alert(command)).map(|events| events.len())
    }

    fn resolve(&mut self, pairs: &[(&str, &str)]) {
        let resolved = vec![fingerprint(pairs)];
        let command =
            Command::Receive { fired: vec![], resolved, late: vec![], overflowed: BTreeMap::new() };
        self.ask(None, &Any::Alert(command)).expect("it was known");
    }

    /// Lets time pass, and says what people were told: the group's labels and why.
    fn told_after(&mut self, seconds: i64) -> Vec<(String, Because, u32)> {
        self.now += SignedDuration::from_secs(seconds);
        let happened = self.ask(None, &Any::Alert(Command::Settle { lapsed: vec![] }));
        let events = happened.unwrap_or_default();
        let groups = events.into_iter().filter_map(|event| match event {
            crate::record::Event::Alert(Event::Notified { groups }) => Some(groups),
            _ => None,
        });
        groups
            .flatten()
            .map(|one| (one.labels.name().to_owned(), one.because, one.firing))
            .collect()
    }

    fn silence(&mut self, matchers: &str, hours: i64) -> Result<String, &'static str> {
        let id = format!("s{}", self.state.silences.len());
        let terms = silence::Terms {
            matchers: parse_matchers(matchers).expect("matchers"),
            starts_at: self.now,
            ends_at: self.now + SignedDuration::from_hours(hours),
            comment: Text::Plain("known".to_owned()),
        };
        let command = silence::Command::Create(terms);
        self.ask(Some("ana"), &Any::Silence { id: id.clone(), command })?;
        Ok(id)
    }
}

fn fired(pairs: &[(&str, &str)]) -> Fired {
    Fired {
        labels: Labels::of(pairs.iter().copied()),
        annotations: BTreeMap::new(),
        starts_at: "2026-11-23T09:59:00Z".parse().expect("a moment"),
        generator_url: None,
        own: false,
    }
}

fn fingerprint(pairs: &[(&str, &str)]) -> Fingerprint {
    Labels::of(pairs.iter().copied()).fingerprint()
}

const SLOW_A: &[(&str, &str)] =
    &[("alertname", "Slow"), ("service", "api"), ("pod", "a"), ("severity", "page")];
const SLOW_B: &[(&str, &str)] =
    &[("alertname", "Slow"), ("service", "api"), ("pod", "b"), ("severity", "page")];

#[test]
fn a_group_is_told_once_and_again_only_when_more_fires_or_nobody_has_it() {
    let mut desk = Desk::new("{}");
    assert_eq!(desk.fire(&[SLOW_A]), Ok(1));
    assert_eq!(desk.fire(&[SLOW_A]), Err("nothing-new"));
    assert_eq!(desk.told_after(29), []);
    assert_eq!(desk.told_after(1), [("Slow".to_owned(), Because::Fires, 1)]);
    assert_eq!(desk.told_after(5), []);
    assert_eq!(desk.fire(&[SLOW_B]), Ok(1));
    assert_eq!(desk.told_after(200), []);
    assert_eq!(desk.told_after(100), [("Slow".to_owned(), Because::MoreFires, 2)]);
    assert_eq!(desk.told_after(4 * 3600), [("Slow".to_owned(), Because::StillFires, 2)]);
    let group = desk.state.alerts.told.keys().next().expect("a group").clone();
    let seen = || Any::Alert(Command::Acknowledge { group: group.clone() });
    assert!(desk.ask(Some("ana"), &seen()).is_ok());
    assert_eq!(desk.ask(Some("ana"), &seen()).map(|events| events.len()), Err("nothing-new"));
    assert_eq!(desk.told_after(8 * 3600), []);
    desk.resolve(SLOW_A);
    assert_eq!(desk.told_after(5), []);
    desk.resolve(SLOW_B);
    assert_eq!(desk.told_after(5), [("Slow".to_owned(), Because::IsOver, 0)]);
    let history = &desk.state.alerts.names["Slow"];
    assert_eq!((history.fired, history.told, history.episodes.len()), (2, 3, 2));
    assert!(history.episodes[0].acknowledged.is_some());
}

#[test]
fn what_is_silenced_is_told_to_nobody_until_the_silence_ends() {
    let mut desk = Desk::new("{}");
    let id = desk.silence("service=api", 1).expect("a silence");
    desk.fire(&[SLOW_A]).expect("news");
    assert_eq!(desk.told_after(60), []);
    let alert = &desk.state.alerts.active[&fingerprint(SLOW_A)];
    assert_eq!(alert.held.silenced_by, [id]);
    assert_eq!(desk.told_after(3600), [("Slow".to_owned(), Because::Fires, 1)]);
}

#[test]
fn a_silence_has_an_end_a_reason_and_something_that_it_matches() {
    let mut desk = Desk::new("{longest_silence: 2d}");
    assert_eq!(desk.silence("service=api", 49), Err("wrong-silence"));
    assert_eq!(desk.silence("service=~\".*\"", 1), Err("wrong-silence"));
    assert_eq!(desk.silence("service=api", -1), Err("wrong-silence"));
    let id = desk.silence("service=api", 48).expect("a silence");
    let expire =
        |id: &str| Any::Silence { id: id.to_owned(), command: silence::Command::Expire {} };
    assert_eq!(desk.ask(None, &expire(&id)).map(|events| events.len()), Err("not-idle"));
    desk.now += SignedDuration::from_hours(24);
    assert!(desk.ask(None, &expire(&id)).is_ok(), "it matched nothing for a day");
    assert_eq!(desk.ask(Some("ana"), &expire(&id)).map(|events| events.len()), Err("no-silence"));
}

#[test]
fn a_watchdog_that_falls_silent_pages() {
    let mut desk =
        Desk::new("{watchdogs: [{name: prometheus, match: ['alertname=Watchdog'], within: 2m}]}");
    let watchdog: &[(&str, &str)] = &[("alertname", "Watchdog"), ("severity", "none")];
    desk.fire(&[watchdog]).expect("news");
    assert_eq!(desk.told_after(3600), []);
    desk.resolve(watchdog);
    assert_eq!(desk.told_after(10), []);
    assert_eq!(desk.told_after(120), []);
    assert_eq!(desk.told_after(30), [("WatchdogSilent".to_owned(), Because::Fires, 1)]);
    desk.fire(&[watchdog]).expect("news");
    assert_eq!(desk.told_after(1), [("WatchdogSilent".to_owned(), Because::IsOver, 0)]);
}

#[test]
fn ten_thousand_alerts_are_few_entries_and_none_the_second_time() {
    let mut desk = Desk::new("{}");
    let many = || {
        (0..10_000).map(|number: u32| fired(&[("alertname", "Down"), ("n", &number.to_string())]))
    };
    let post = || {
        let (fired, overflowed) = (many().collect(), BTreeMap::new());
        Any::Alert(Command::Receive { fired, resolved: vec![], late: vec![], overflowed })
    };
    desk.ask(None, &post()).expect("news");
    assert_eq!((desk.entries, desk.state.alerts.active.len()), (50, 10_000));
    assert_eq!(desk.ask(None, &post()).map(|events| events.len()), Err("nothing-new"));
    assert_eq!(desk.told_after(30), [("Down".to_owned(), Because::Fires, 10_000)]);
}

#[test]
fn more_than_can_be_kept_pages_once() {
    let mut desk = Desk::new("{}");
    let storm = || {
        let overflowed = BTreeMap::from([("Down".to_owned(), 7)]);
        Any::Alert(Command::Receive { fired: vec![], resolved: vec![], late: vec![], overflowed })
    };
    desk.ask(None, &storm()).expect("news");
    assert_eq!(desk.ask(None, &storm()).map(|events| events.len()), Err("nothing-new"));
    assert!(desk.state.alerts.active.values().any(|alert| alert.fired.own));
}
