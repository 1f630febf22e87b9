//! The playbook as it is current: resources, findings and the revision they came from.
//!
//! A snapshot is immutable; the playbook worker replaces it. One with errors never becomes current
//! while there is one without: it is *held back*, and every face says so until it is mended. At the very
//! start there may be nothing better than a broken playbook; then that is shown, with its errors.

use std::sync::Arc;

use diag::{Diagnostic, Severity};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use org::kinds::{Organization, Person, ServiceAccount};
use playbook::{Edition, Facts, Model};
use policy::Authorizer;
use reliability::kinds::{Channel, NotificationChannel};
use schemars::JsonSchema;
use serde::Serialize;

use crate::policies::Policies;

/// What identifies a state of the playbook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Revision {
    /// The Git commit, or `sha256:…` over the resources where there is no Git.
    pub id: String,
    /// Whether the files differ from that commit.
    pub dirty: bool,
}

impl Revision {
    /// The short form for people, with `+` when the files differ from the commit.
    pub fn short(&self) -> String {
        let digits = self.id.trim_start_matches("sha256:").chars().take(10).collect::<String>();
        if self.dirty { digits + "+" } else { digits }
    }
}

/// A newer playbook that has errors and therefore did not become current.
#[derive(Clone, Debug)]
pub struct HeldBack {
    /// What was found in the files.
    pub revision: Revision,
    /// Its findings.
    pub diagnostics: Arc<Vec<Diagnostic>>,
    /// Since when it is held back.
    pub since: Timestamp,
}

/// The playbook that answers are computed from.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Resources, texts and vocabulary.
    pub edition: Arc<Edition>,
    /// The findings, sorted.
    pub diagnostics: Arc<Vec<Diagnostic>>,
    /// The organization's own policies.
    pub policies: Arc<Policies>,
    /// Decides who may do what.
    pub authorizer: Arc<Authorizer>,
    /// Where it came from.
    pub revision: Revision,
    /// Earlier revisions, newest first; empty without Git.
    pub revisions: Arc<Vec<governance::views::Revision>>,
    /// The day it was checked for.
    pub facts: Facts,
    /// When it became current.
    pub since: Timestamp,
    /// What is newer in the files and broken.
    pub held_back: Option<HeldBack>,
}

impl Snapshot {
    /// The organization's time zone; UTC until a playbook names one.
    pub fn time_zone(&self) -> TimeZone {
        time_zone(self.model())
    }

    /// The organization's title, or a word for it while there is none.
    pub fn title(&self) -> &str {
        self.model().all::<Organization>().next().map_or("the council", |found| found.title())
    }

    /// Says whether somebody is a person of this playbook who has not left.
    pub fn works_here(&self, person: &str) -> bool {
        let known = self.model().get::<Person>(person);
        known.is_some_and(|found| !found.has_left(self.facts.today))
    }

    /// The addresses that may be asked although they are the machine's own.
    pub(crate) fn exceptions(&self) -> Vec<std::net::IpAddr> {
        let organizations = self.model().all::<Organization>();
        organizations.flat_map(|found| found.spec.link_local_exceptions.clone()).collect()
    }

    /// Says whether messages can be pushed to browsers.
    pub(crate) fn has_push(&self) -> bool {
        self.model().all::<NotificationChannel>().any(|found| found.by == Channel::Push)
    }

    /// The hosts of push services that the playbook names, which may stand in the house.
    pub(crate) fn push_services(&self) -> Vec<String> {
        let channels = self.model().all::<NotificationChannel>();
        let urls = channels.filter(|found| found.by == Channel::Push);
        let hosts = urls.filter_map(|found| {
            let url = reqwest::Url::parse(&found.url.as_ref()?.value).ok()?;
            url.host_str().map(str::to_owned)
        });
        hosts.collect()
    }

    /// Says whether this playbook has a service account of a name.
    pub(crate) fn has_account(&self, name: &str) -> bool {
        self.model().get::<ServiceAccount>(name).is_some()
    }

    /// Says whether somebody may have sessions and tokens, as those name them: a person, or a service account.
    pub(crate) fn may_hold(&self, holder: &str) -> bool {
        match holder.split_once('/') {
            Some(("service-account", name)) => self.has_account(name),
            Some(_) | None => self.works_here(holder),
        }
    }

    /// The resources.
    pub fn model(&self) -> &Model {
        self.edition.model()
    }

    /// How many findings of this severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Says whether it has errors itself, which happens only when nothing better was ever read.
    pub fn is_broken(&self) -> bool {
        self.count(Severity::Error) > 0
    }
}

/// The day that it is in the organization's time zone.
pub(crate) fn today(model: &Model, now: Timestamp) -> jiff::civil::Date {
    now.to_zoned(time_zone(model)).date()
}

fn time_zone(model: &Model) -> TimeZone {
    let organization = model.all::<Organization>().next();
    organization
        .and_then(|found| TimeZone::get(&found.spec.time_zone.value).ok())
        .unwrap_or(TimeZone::UTC)
}
