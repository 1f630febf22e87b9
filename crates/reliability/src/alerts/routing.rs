//! Routing: for each alert the service, who is responsible, what it asks of people, and with which others it is told.
//!
//! Everything follows from the ownership graph; a route of the playbook changes single answers. An alert whose service nobody
//! knows goes to the default escalation policy, and one whose category nobody knows is a ticket, or a page when its severity
//! has one of the usual words for it: what is unclear is heard, never dropped.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use org::kinds::Service;
use playbook::{Model, Period, Spanned};

use super::{
    Compiled, IDLE_SILENCE, LONGEST_SILENCE, Labels, RESOLVE_TIMEOUT, parse_matchers, times,
};
use crate::kinds::{
    AlertCategory, AlertRoute, AlertRouting, AlertingStrategy, EscalationPolicy, Inhibition,
    Reaction,
};
use crate::oncall::escalate::policy_of;
use crate::record::facts::time_zone;

/// The labels that may name a service, the first that is there counts.
const SERVICE_LABELS: [&str; 3] = ["service", "sloth_service", "service_name"];

/// The labels that may name a category.
const CATEGORY_LABELS: [&str; 2] = ["severity", "sloth_severity"];

/// What other tools' rules call an alert that wakes somebody.
const URGENT: [&str; 5] = ["critical", "page", "emergency", "fatal", "disaster"];

/// What other tools' rules call an alert that is only to be seen.
const QUIET: [&str; 4] = ["none", "info", "informational", "debug"];

/// Where an alert goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The service that it is about.
    pub service: Option<String>,
    /// The escalation policy's name; nothing when the playbook has none for it.
    pub policy: Option<String>,
    /// The category's name.
    pub category: Option<String>,
    /// What people do.
    pub reaction: Reaction,
    /// With which it is told: names and values of the labels that it is grouped by.
    pub group: Labels,
    /// Why nobody is told at this moment: out of its hours.
    pub muted: bool,
}

/// How alerts are routed, compiled from a playbook.
#[derive(Clone, Debug)]
pub struct Routing {
    said: AlertRouting,
    routes: Vec<(Compiled, AlertRoute)>,
    pub(super) inhibitions: Vec<(Compiled, Compiled, Inhibition)>,
    watchdogs: Vec<(Compiled, String, SignedDuration, Option<String>)>,
    categories: BTreeMap<String, Reaction>,
    policies: BTreeMap<String, Option<String>>,
    default_policy: Option<String>,
    zone: TimeZone,
}

impl Routing {
    /// Compiles what a playbook says. Matchers that cannot be read match nothing here; a rule reports them.
    pub fn of(model: &Model) -> Self {
        let said = model.all::<AlertingStrategy>().find_map(|found| found.spec.routing.clone());
        let said = said.unwrap_or_default();
        let routes = said
            .routes
            .iter()
            .filter_map(|route| Some((compiled(&route.matching)?, route.clone())));
        let inhibitions = said
            .inhibit
            .iter()
            .filter_map(|one| Some((compiled(&one.source)?, compiled(&one.target)?, one.clone())));
        let watchdogs = said.watchdogs.iter().filter_map(|one| {
            let within = one.within.map_or(RESOLVE_TIMEOUT, Period::to_duration);
            let service = one.service.as_ref().map(|service| service.name().to_owned());
            Some((compiled(&one.matching)?, one.name.clone(), within, service))
        });
        let categories = model.all::<AlertCategory>();
        let services = model.all::<Service>().map(|service| {
            let policy = policy_of(model, service.name()).map(|policy| policy.name().to_owned());
            (service.name().to_owned(), policy)
        });
        let default = model.all::<EscalationPolicy>().find(|policy| policy.default);
        Self {
            routes: routes.collect(),
            inhibitions: inhibitions.collect(),
            watchdogs: watchdogs.collect(),
            categories: categories.map(|one| (one.name().to_owned(), one.reaction)).collect(),
            policies: services.collect(),
            default_policy: default.map(|policy| policy.name().to_owned()),
            zone: time_zone(model),
            said,
        }
    }

    /// Where an alert goes at a moment.
    pub fn route(&self, labels: &Labels, now: Timestamp) -> Route {
        let own = self.routes.iter().find(|(matching, _)| matching.matches(labels));
        let own = own.map(|(_, route)| route);
        let named = SERVICE_LABELS.iter().map(|name| labels.get(name));
        let named = named.into_iter().find(|name| self.policies.contains_key(*name));
        let told = own.and_then(|route| route.service.as_ref()).map(|service| service.name());
        let service = told.or(named).map(str::to_owned);
        let by_route =
            own.and_then(|route| route.escalate_by.as_ref()).map(|one| one.name().to_owned());
        let by_service = || self.policies.get(service.as_deref()?).cloned().flatten();
        let policy = by_route.or_else(by_service).or_else(|| self.default_policy.clone());
        let category = own.and_then(|route| route.category.as_ref()).map(|one| one.name());
        let (category, reaction) = self.category(labels, category);
        let muted = own.is_some_and(|route| {
            times::within(&route.mute, &self.zone, now)
                || (!route.active.is_empty() && !times::within(&route.active, &self.zone, now))
        });
        let group_by = own.map_or(&[][..], |route| &route.group_by);
        Route { group: self.group(labels, group_by), service, policy, category, reaction, muted }
    }

    fn category(&self, labels: &Labels, told: Option<&str>) -> (Option<String>, Reaction) {
        let mut named = CATEGORY_LABELS.iter().map(|name| labels.get(name));
        let known = told.or_else(|| named.clone().find(|name| self.categories.contains_key(*name)));
        if let Some((name, reaction)) = known.and_then(|name| self.categories.get_key_value(name)) {
            return (Some(name.clone()), *reaction);
        }
        let word = named.find(|name| !name.is_empty()).unwrap_or_default().to_lowercase();
        let reaction = if URGENT.contains(&word.as_str()) {
            Reaction::WakeSomebody
        } else if QUIET.contains(&word.as_str()) {
            Reaction::None
        } else {
            Reaction::WorkingHours
        };
        let same = self.categories.iter().find(|(_, found)| **found == reaction);
        (same.map(|(name, _)| name.clone()), reaction)
    }

    fn group(&self, labels: &Labels, own: &[String]) -> Labels {
        let names: Vec<&str> = match (own, self.said.group_by.as_slice()) {
            ([], []) => vec!["alertname", "service"],
            ([], common) => common.iter().map(String::as_str).collect(),
            (own, _) => own.iter().map(String::as_str).collect(),
        };
        let pairs = names.into_iter().map(|name| (name, labels.get(name)));
        Labels::of(pairs.filter(|(_, value)| !value.is_empty()))
    }

    /// The watchdogs: name, how long each may be missing, and the service whose people are told.
    pub fn watchdogs(&self) -> impl Iterator<Item = (&str, SignedDuration, Option<&str>)> {
        self.watchdogs
            .iter()
            .map(|(_, name, within, service)| (name.as_str(), *within, service.as_deref()))
    }

    /// The watchdog that an alert is the sign of life of.
    pub fn watchdog(&self, labels: &Labels) -> Option<&str> {
        let found = self.watchdogs.iter().find(|(matching, ..)| matching.matches(labels));
        found.map(|(_, name, ..)| name.as_str())
    }

    /// How long the first alert of a group waits for others.
    pub fn group_wait(&self) -> SignedDuration {
        self.said.group_wait.map_or(SignedDuration::from_secs(30), Period::to_duration)
    }

    /// How long a group waits before it is told that more fire.
    pub fn group_interval(&self) -> SignedDuration {
        self.said.group_interval.map_or(SignedDuration::from_mins(5), Period::to_duration)
    }

    /// How long until a group that still fires is told again.
    pub fn repeat_interval(&self) -> SignedDuration {
        self.said.repeat_interval.map_or(SignedDuration::from_hours(4), Period::to_duration)
    }

    /// How long an alert that its sender forgets goes on firing.
    pub fn resolve_timeout(&self) -> SignedDuration {
        self.said.resolve_timeout.map_or(RESOLVE_TIMEOUT, Period::to_duration)
    }

    /// How long a silence may last.
    pub fn longest_silence(&self) -> SignedDuration {
        self.said.longest_silence.map_or(LONGEST_SILENCE, Period::to_duration)
    }

    /// After how long a silence that matches nothing ends by itself.
    pub fn idle_silence(&self) -> SignedDuration {
        self.said.idle_silence.map_or(IDLE_SILENCE, Period::to_duration)
    }

    /// The escalation policies that alerts may go to, by name.
    pub fn receivers(&self) -> Vec<String> {
        let routes = self.said.routes.iter().filter_map(|route| route.escalate_by.as_ref());
        let by_route = routes.map(|policy| policy.name().to_owned());
        let all = self.policies.values().flatten().cloned().chain(self.default_policy.clone());
        let names: std::collections::BTreeSet<_> = all.chain(by_route).collect();
        names.into_iter().collect()
    }
}

fn compiled(texts: &[Spanned<String>]) -> Option<Compiled> {
    let read: Result<Vec<_>, _> = texts.iter().map(|text| parse_matchers(&text.value)).collect();
    let matchers: Vec<_> = read.ok()?.into_iter().flatten().collect();
    if matchers.is_empty() { None } else { Compiled::of(&matchers).ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::table;

    #[track_caller]
    fn check(pairs: &[(&str, &str)], expected: (&str, &str, Reaction, &str)) {
        let workspace = table(
            "Person/ana: {}
             Team/core: {members: [ana]}
             Service/api: {owner: team/core}
             Service/db: {}
             AlertCategory/page: {reaction: wake-somebody, meaning: x}
             AlertCategory/ticket: {reaction: working-hours, meaning: x}
             EscalationPolicy/any: {default: true, steps: [{notify: [team/core], wait: 5m}]}
             EscalationPolicy/core: {for: [team/core], steps: [{notify: [team/core], wait: 5m}]}
             AlertingStrategy/a: {principles: [], routing: {routes: [{match: ['job=~\"pg.*\"'], service: db, group_by: [job], mute: [{from: '10:00', to: '12:00'}]}]}}",
        );
        let routing = Routing::of(workspace.model());
        let now = "2026-11-23T10:00:00Z".parse().expect("a moment");
        let route = routing.route(&Labels::of(pairs.iter().copied()), now);
        assert_eq!(route.muted, route.service.as_deref() == Some("db"));
        let found = (
            route.service.unwrap_or_default(),
            route.policy.unwrap_or_default(),
            route.reaction,
            route.group.to_string(),
        );
        assert_eq!((found.0.as_str(), found.1.as_str(), found.2, found.3.as_str()), expected);
    }

    #[test]
    fn an_alert_goes_to_whoever_owns_its_service_and_one_of_nobody_to_the_default() {
        use Reaction::{None, WakeSomebody, WorkingHours};
        check(
            &[("alertname", "Slow"), ("service", "api"), ("severity", "page")],
            ("api", "core", WakeSomebody, r#"{alertname="Slow", service="api"}"#),
        );
        check(
            &[("alertname", "Slow"), ("severity", "Critical")],
            ("", "any", WakeSomebody, r#"{alertname="Slow"}"#),
        );
        check(
            &[("alertname", "Slow"), ("severity", "odd")],
            ("", "any", WorkingHours, r#"{alertname="Slow"}"#),
        );
        check(
            &[("alertname", "Watchdog"), ("severity", "none")],
            ("", "any", None, r#"{alertname="Watchdog"}"#),
        );
        check(
            &[("alertname", "Lag"), ("job", "pg-1")],
            ("db", "any", WorkingHours, r#"{job="pg-1"}"#),
        );
    }
}
