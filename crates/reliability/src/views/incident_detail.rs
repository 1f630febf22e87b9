//! Incidents as lists and pages show them.

use governance::Text;
use jiff::Timestamp;
use org::views::PersonRef;
use playbook::Period;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use super::follow_up::{FollowUp, follow_ups};
use super::incident_waits::waits;
use super::postmortem::{PostmortemRow, postmortem_row};
use crate::kinds::{IncidentRole, Severity};
use crate::notices::{Countdown, countdowns};
use crate::record::incident::{Audience, Clocks, Origin, Source, Stage, State};
use crate::severity::{Proposal, blast_radius, propose};

/// One line of the list of incidents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IncidentRow {
    /// Its id.
    pub id: String,
    /// What is wrong.
    pub title: String,
    /// How far it has come.
    pub stage: Stage,
    /// The severity's title.
    pub severity: Option<String>,
    /// The severity's level; 1 is the worst.
    pub level: Option<u32>,
    /// The services that are hurt.
    pub services: Vec<String>,
    /// When it was detected.
    pub since: Option<Timestamp>,
    /// When users were no longer hurt.
    pub resolved: Option<Timestamp>,
    /// Lengths in minutes: to detect, acknowledge, mitigate, resolve.
    pub clocks: ClockView,
    /// For how many minutes it has hurt users, or did.
    pub minutes: Option<i64>,
    /// Who leads it: has the first role that every incident needs.
    pub leads: Option<PersonRef>,
    /// What it waits for, in the words of those who could do it; nothing when nobody must do anything.
    pub waits: Vec<String>,
    /// Whether it is a drill.
    pub test: bool,
    /// Whether only those who work on it may see it.
    pub private: bool,
}

/// Everything about one incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IncidentDetail {
    /// Its line in the list.
    pub row: IncidentRow,
    /// What it came from.
    pub origin: Origin,
    /// The severity's name.
    pub severity_name: Option<String>,
    /// What that severity means.
    pub severity_meaning: Option<String>,
    /// The severity that is proposed until somebody triages, with the reasons.
    pub proposal: Option<Proposal>,
    /// Services that are hurt because they depend on those that are broken.
    pub also_hurt: Vec<String>,
    /// The incident that it was merged into.
    pub merged_into: Option<String>,
    /// The incidents that were merged into it.
    pub absorbed: Vec<String>,
    /// The stages that it reached, in order.
    pub reached: Vec<ReachedRow>,
    /// Minutes for which people held roles in it, all of them together: what it cost in time.
    pub people_minutes: i64,
    /// Roles in order, with who has them.
    pub roles: Vec<RoleRow>,
    /// What happened, in the order in which it happened.
    pub timeline: Vec<TimelineRow>,
    /// What people were told.
    pub updates: Vec<UpdateRow>,
    /// When those concerned should hear something next; nothing when nobody waits.
    pub next_update: Option<Timestamp>,
    /// The severity's checklist.
    pub checklist: Vec<ChecklistRow>,
    /// Which laws want to be told, and by when.
    pub notices: Vec<Countdown>,
    /// The actions that came of it, with why each still keeps it open.
    pub follow_ups: Vec<FollowUp>,
    /// Its postmortem, when its severity wants one or somebody began one.
    pub postmortem: Option<PostmortemRow>,
    /// The version of its stream, for commands that must not overwrite each other.
    pub version: u64,
}

/// A stage that was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReachedRow {
    /// What was reached: `began`, `detected`, `acknowledged`, `triaged` and so on.
    pub what: String,
    /// When; nothing while it was not.
    pub at: Option<Timestamp>,
}

/// Lengths in whole minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClockView {
    /// From the first harm until we knew.
    pub to_detect: Option<i64>,
    /// From knowing until a person had seen it.
    pub to_acknowledge: Option<i64>,
    /// Until it got no worse.
    pub to_mitigate: Option<i64>,
    /// Until users were no longer hurt.
    pub to_resolve: Option<i64>,
}

/// One role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "IncidentRoleRow")]
pub struct RoleRow {
    /// The role's name.
    pub role: String,
    /// The name that people read.
    pub title: String,
    /// Who has it.
    pub holder: Option<PersonRef>,
    /// What whoever has it does.
    pub does: String,
    /// Whether every incident has one.
    pub required: bool,
    /// Whether every incident has one, and this one does not.
    pub missing: bool,
    /// Who had it before, oldest first.
    pub before: Vec<PersonRef>,
}

/// One entry of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TimelineRow {
    /// Its number, for edits.
    pub number: usize,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub text: String,
    /// Where that comes from.
    pub source: Source,
    /// What it said before, oldest first.
    pub before: Vec<String>,
}

/// One update.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "IncidentUpdateRow")]
pub struct UpdateRow {
    /// When.
    pub at: Timestamp,
    /// Who was told.
    pub audience: Audience,
    /// What.
    pub text: String,
    /// By whom.
    pub person: PersonRef,
}

/// One item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChecklistRow {
    /// What is to be done.
    pub item: String,
    /// Who did it.
    pub done_by: Option<PersonRef>,
}

/// All incidents that a viewer may see, the newest first. Without a viewer, no private one.
pub fn incidents(reading: &Reading<'_>, viewer: Option<&str>) -> Vec<IncidentRow> {
    let all = reading.record.incidents.iter().rev();
    let visible = all.filter(|(_, incident)| may_see(incident, viewer));
    visible.map(|(id, incident)| row(reading, id, incident)).collect()
}

/// One incident, when there is one that the viewer may see.
pub fn incident(reading: &Reading<'_>, id: &str, viewer: Option<&str>) -> Option<IncidentDetail> {
    let found = reading.record.incidents.get(id).filter(|found| may_see(found, viewer))?;
    let named = severity(reading, found);
    let hurt = blast_radius(reading.model, &found.services);
    Some(IncidentDetail {
        row: row(reading, id, found),
        origin: found.origin.clone(),
        severity_name: found.severity.clone(),
        severity_meaning: named.and_then(|severity| severity.spec.meaning.clone()),
        proposal: proposal(reading, found),
        also_hurt: hurt.into_iter().filter(|name| !found.services.contains(name)).collect(),
        merged_into: found.merged_into.clone(),
        absorbed: found.absorbed.clone(),
        reached: reached(&found.clocks),
        people_minutes: people_minutes(found, reading.now),
        roles: roles(reading, found),
        timeline: timeline(reading, id, found),
        updates: updates(reading, id, found),
        next_update: next_update(reading, found),
        checklist: checklist(reading, found),
        notices: countdowns(reading.model, found, reading.now),
        follow_ups: follow_ups(reading, id),
        postmortem: postmortem_row(reading, id),
        version: reading.record.version(&format!("incident/{id}")),
    })
}

/// Says whether a viewer may see an incident: a private one only who works on it.
pub fn may_see(incident: &State, viewer: Option<&str>) -> bool {
    !incident.private || viewer.is_some_and(|viewer| incident.involves(viewer))
}

/// Until somebody triages, what the matrix says of the services that are hurt.
fn proposal(reading: &Reading<'_>, incident: &State) -> Option<Proposal> {
    let undecided = incident.stage == Stage::Detected;
    undecided.then(|| propose(reading.model, &incident.services, None)).flatten()
}

fn reached(clocks: &Clocks) -> Vec<ReachedRow> {
    let all = [
        ("began", clocks.began),
        ("detected", clocks.detected),
        ("acknowledged", clocks.acknowledged),
        ("triaged", clocks.triaged),
        ("contained", clocks.contained),
        ("resolved", clocks.resolved),
        ("reviewed", clocks.reviewed),
        ("closed", clocks.closed),
    ];
    all.map(|(what, at)| ReachedRow { what: what.to_owned(), at }).into()
}

pub(super) fn severity<'a>(
    reading: &Reading<'a>,
    incident: &State,
) -> Option<playbook::Typed<'a, Severity>> {
    reading.model.get(incident.severity.as_deref()?)
}

fn read(reading: &Reading<'_>, id: &str, text: &Text) -> String {
    reading.texts.read(&format!("incident/{id}"), text)
}

fn row(reading: &Reading<'_>, id: &str, incident: &State) -> IncidentRow {
    let named = severity(reading, incident).map(|severity| severity.title().to_owned());
    IncidentRow {
        id: id.to_owned(),
        title: read(reading, id, &incident.title),
        stage: incident.stage,
        severity: named.or_else(|| incident.severity.clone()),
        level: severity(reading, incident).map(|severity| severity.level.value),
        services: incident.services.clone(),
        since: incident.clocks.detected,
        resolved: incident.clocks.resolved,
        clocks: clocks(&incident.clocks),
        minutes: lasts(&incident.clocks, reading.now),
        leads: roles(reading, incident)
            .into_iter()
            .find(|role| role.required)
            .and_then(|role| role.holder),
        waits: waits(reading, id, incident),
        test: incident.test,
        private: incident.private,
    }
}

fn clocks(clocks: &Clocks) -> ClockView {
    let minutes = |length: Option<jiff::SignedDuration>| length.map(|length| length.as_mins());
    ClockView {
        to_detect: minutes(clocks.to_detect()),
        to_acknowledge: minutes(clocks.to_acknowledge()),
        to_mitigate: minutes(clocks.to_mitigate()),
        to_resolve: minutes(clocks.to_resolve()),
    }
}

/// From the first harm, or from knowing, until users were no longer hurt or now.
fn lasts(clocks: &Clocks, now: Timestamp) -> Option<i64> {
    let from = clocks.began.or(clocks.detected)?;
    Some(clocks.resolved.unwrap_or(now).duration_since(from).as_mins().max(0))
}

pub(super) fn roles(reading: &Reading<'_>, incident: &State) -> Vec<RoleRow> {
    let mut roles: Vec<_> = reading.model.all::<IncidentRole>().collect();
    roles.sort_by_key(|role| (role.order.unwrap_or(u32::MAX), role.name()));
    let person = |name: &str| PersonRef::of(reading.model, name);
    let rows = roles.into_iter().map(|role| {
        let tenures = incident.roles.get(role.name()).map_or(&[][..], Vec::as_slice);
        let holder = incident.holder(role.name()).map(person);
        let before = tenures.iter().filter(|tenure| tenure.to.is_some());
        RoleRow {
            role: role.name().to_owned(),
            title: role.title().to_owned(),
            does: role.does.clone(),
            required: role.required,
            missing: role.required && holder.is_none() && incident.stage.is_open(),
            holder,
            before: before.map(|tenure| person(&tenure.person)).collect(),
        }
    });
    rows.collect()
}

/// A role that nobody handed over ends when users are no longer hurt.
fn people_minutes(incident: &State, now: Timestamp) -> i64 {
    let end = incident.clocks.resolved.unwrap_or(now);
    let tenures = incident.roles.values().flatten();
    let minutes = tenures.map(|it| it.to.unwrap_or(end).duration_since(it.from).as_mins().max(0));
    minutes.sum()
}

fn timeline(reading: &Reading<'_>, id: &str, incident: &State) -> Vec<TimelineRow> {
    let rows = incident.timeline.iter().enumerate().map(|(number, entry)| TimelineRow {
        number,
        at: entry.at,
        text: read(reading, id, &entry.text),
        source: entry.source.clone(),
        before: entry.before.iter().map(|(text, ..)| read(reading, id, text)).collect(),
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|row| (row.at, row.number));
    rows
}

fn updates(reading: &Reading<'_>, id: &str, incident: &State) -> Vec<UpdateRow> {
    let row = |update: &crate::record::incident::Update| UpdateRow {
        at: update.at,
        audience: update.audience,
        text: read(reading, id, &update.text),
        person: PersonRef::of(reading.model, &update.person),
    };
    incident.updates.iter().map(row).collect()
}

/// The severity's cadence, counted from the last update or from triage.
pub(super) fn next_update(reading: &Reading<'_>, incident: &State) -> Option<Timestamp> {
    let every: Period = severity(reading, incident)?.update_every.as_ref()?.value;
    let last = incident.updates.last().map(|update| update.at);
    let from = last.or(incident.clocks.triaged).or(incident.clocks.detected)?;
    incident.stage.is_open().then(|| from.checked_add(every.to_duration()).ok()).flatten()
}

fn checklist(reading: &Reading<'_>, incident: &State) -> Vec<ChecklistRow> {
    let items = severity(reading, incident).map_or(&[][..], |severity| &severity.spec.checklist);
    let rows = (0_u32..).zip(items).map(|(number, item)| ChecklistRow {
        item: item.clone(),
        done_by: incident
            .ticked
            .get(&number)
            .map(|(person, _)| PersonRef::of(reading.model, person)),
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use governance::text::Closed;

    use super::*;
    use crate::record::{self, incident::Event};
    use crate::testing::table;
    use crate::views::open_incidents;

    fn moment(minute: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + minute * 60).expect("a moment")
    }

    fn detected((private, test): (bool, bool)) -> Event {
        let origin = Origin::Person("ana".to_owned());
        Event::Detected {
            title: "Slow".into(),
            services: vec![],
            origin,
            severity: None,
            began: None,
            noticed: None,
            test,
            private,
        }
    }

    #[test]
    fn what_waits_is_shown_and_what_is_private_stays_so() {
        let workspace = table(
            "Person/ana: {}
             Severity/sev-1: {level: 1, update_every: 30m, checklist: [Tell customers., Freeze changes.]}
             IncidentRole/commander: {does: Leads., required: true}",
        );
        let mut record = record::State::default();
        let mut take = |id: &str, event: Event, minute| {
            record.record(id, &record::Event::Incident(event), moment(minute));
        };
        take("INC-2026-0001", detected((false, false)), 0);
        take(
            "INC-2026-0001",
            Event::Triaged { severity: "sev-1".to_owned(), services: vec!["api".to_owned()] },
            5,
        );
        take("INC-2026-0001", Event::Ticked { item: 1, person: "ana".to_owned() }, 6);
        let assigned = |person: &str| Event::Assigned {
            role: "commander".to_owned(),
            person: person.to_owned(),
            from: None,
            note: None,
        };
        take("INC-2026-0004", detected((false, true)), 0);
        take("INC-2026-0004", assigned("ana"), 1);
        take("INC-2026-0004", assigned("ben"), 4);
        take("INC-2026-0004", Event::Resolved { how: "x".into() }, 9);
        take("INC-2026-0002", detected((true, false)), 7);
        take("INC-2026-0003", detected((false, true)), 8);
        let (governance, changes) = <(governance::State, BTreeSet<String>)>::default();
        let reading = Reading {
            model: workspace.model(),
            record: &record,
            governance: &governance,
            verified_changes: &changes,
            now: moment(10),
            texts: &Closed,
        };
        let ids = |viewer| {
            incidents(&reading, viewer).into_iter().map(|row| row.id).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(ids(None), "INC-2026-0004 INC-2026-0003 INC-2026-0001");
        assert_eq!(ids(Some("ana")), "INC-2026-0004 INC-2026-0003 INC-2026-0002 INC-2026-0001");
        assert!(incident(&reading, "INC-2026-0002", Some("ben")).is_none());
        let shown = incident(&reading, "INC-2026-0001", None).expect("everybody may see it");
        assert_eq!(shown.next_update, Some(moment(35)));
        assert!(shown.roles[0].missing);
        let done: Vec<_> = shown.checklist.iter().map(|row| row.done_by.is_some()).collect();
        assert_eq!(done, [false, true]);
        let drill = incident(&reading, "INC-2026-0004", None).expect("everybody may see it");
        // Ana for three minutes, Ben for five.
        assert_eq!(drill.people_minutes, 8);
        let open = open_incidents(workspace.model(), &record);
        let open: Vec<_> = open.iter().map(|one| (one.id.as_str(), one.level)).collect();
        assert_eq!(open, [("INC-2026-0001", Some(1)), ("INC-2026-0002", None)]);
    }
}
