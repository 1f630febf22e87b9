//! What alerts are to incidents: an incident declared from a group of them.

use std::collections::BTreeSet;

use governance::Text;
use org::kinds::Service;
use reliability::kinds::Reaction;
use reliability::record::Command as Any;
use reliability::record::alert::{AlertGroup, Command, groups};
use reliability::record::incident;
use reliability::severity::{Proposal, propose};

use crate::auth::Viewer;
use crate::http::Problem;
use crate::perform::Performed;
use crate::{AppState, Lens};

/// The burn rate at which an alert that wakes somebody fires, when its own is not known: the fastest window of the SRE
/// Workbook, chapter 5.
const PAGE_BURN_RATE: f64 = 14.4;

/// The labels in which rules say their burn rate.
const BURN_RATE_LABELS: [&str; 2] = ["burn_rate", "burnrate"];

impl Lens {
    /// A group of alerts that fire, by its key.
    pub(crate) fn alert_group(&self, key: &str) -> Result<AlertGroup, Problem> {
        let routing = reliability::alerts::Routing::of(self.snapshot.model());
        let found = groups(&routing, &self.record.state.reliability.alerts, self.now).remove(key);
        found.ok_or_else(|| {
            Problem::not_found(format!("No alert of the group `{key}` fires."))
                .hint("`/api/v1/alerts` lists the groups")
        })
    }

    /// The services that a group of alerts is about.
    fn services_of(&self, group: &AlertGroup) -> Vec<String> {
        let alerts = &self.record.state.reliability.alerts.active;
        let named = group.alerts.iter().filter_map(|key| alerts.get(key));
        let named = named.map(|alert| alert.fired.labels.get("service").to_owned());
        let all: BTreeSet<String> = named.chain(group.route.service.clone()).collect();
        let model = self.snapshot.model();
        all.into_iter().filter(|name| model.get::<Service>(name).is_some()).collect()
    }

    /// The severity that is proposed for an incident of a group, from its burn rate and the services it hurts.
    pub(crate) fn propose_for(&self, group: &AlertGroup) -> Option<Proposal> {
        let alerts = &self.record.state.reliability.alerts.active;
        let labels = group.alerts.iter().filter_map(|key| Some(&alerts.get(key)?.fired.labels));
        let said = labels
            .flat_map(|labels| BURN_RATE_LABELS.map(|name| labels.get(name)))
            .filter_map(|text| text.parse::<f64>().ok())
            .fold(None, |worst: Option<f64>, rate| {
                Some(worst.map_or(rate, |worst| worst.max(rate)))
            });
        let pages = group.route.reaction == Reaction::WakeSomebody;
        let rate = said.or_else(|| pages.then_some(PAGE_BURN_RATE));
        propose(self.snapshot.model(), &self.services_of(group), rate)
    }
}

impl AppState {
    /// Declares an incident from a group of alerts, with the severity that is proposed, and links both.
    pub(crate) async fn declare_from_alerts(
        &self,
        viewer: &Viewer,
        key: &str,
    ) -> Result<Performed, Problem> {
        let lens = self.lens();
        let group = lens.alert_group(key)?;
        let active = &lens.record.state.reliability.alerts.active;
        let members: Vec<_> = group.alerts.iter().filter_map(|one| active.get(one)).collect();
        if let Some(known) = members.iter().find_map(|alert| alert.incident.as_ref()) {
            return Err(Problem::conflict("incident-exists", format!("It is `{known}` already."))
                .hint("Work on that incident, or merge another one into it"));
        }
        let first = members.iter().min_by_key(|alert| alert.fired.starts_at);
        let summary = first.and_then(|alert| alert.fired.annotations.get("summary").cloned());
        let name = group.route.group.name();
        let name = if name.is_empty() { group.route.group.to_string() } else { name.to_owned() };
        // A sender's clock may be ahead of ours.
        let heard = members.iter().map(|alert| alert.at.min(lens.now)).min();
        let began = first.map(|alert| alert.fired.starts_at.min(lens.now));
        let done = self
            .declare_incident(
                viewer,
                incident::Command::Open {
                    title: Text::Plain(summary.unwrap_or_else(|| format!("{name} fires"))),
                    services: lens.services_of(&group),
                    alert: Some(name.clone()),
                    severity: lens.propose_for(&group).map(|proposal| proposal.severity),
                    began,
                    noticed: heard.max(began),
                    test: false,
                    private: false,
                },
            )
            .await?;
        let incident = done.name().to_owned();
        let fires = diag::words::count(members.len(), "alert");
        let remark = incident::Command::Remark {
            text: Text::Plain(format!("{name}: {fires} in {}", group.route.group)),
            source: Some(incident::Source::Alert(name)),
            at: began,
        };
        self.perform(viewer, Any::Incident { id: incident.clone(), command: remark }).await?;
        self.perform(viewer, Any::Alert(Command::Link { group: key.to_owned(), incident })).await?;
        Ok(done)
    }
}
