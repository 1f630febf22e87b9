//! How the services are, for the people outside who use them.
//!
//! The one view that anybody may see. It is made of what was said to the outside on purpose: an update for customers, the notice
//! of a change. What is private, a drill, or was told to colleagues alone is not in it, and neither is anybody's name.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use playbook::Typed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Reading;
use crate::kinds::{Severity, StatusPage};
use crate::record::incident::{Audience, Stage, State};

/// How something is; later is worse.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "StatusStanding")]
pub enum Standing {
    /// All is well.
    Operational,
    /// Somebody works on it, as planned.
    Maintenance,
    /// It hurts, and works.
    Degraded,
    /// It does not work.
    Outage,
}

/// The whole page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Status {
    /// The page's title.
    pub title: String,
    /// What it says of itself.
    pub about: Option<String>,
    /// Where to ask.
    pub contact: Option<String>,
    /// The moment that it is true of.
    pub at: Timestamp,
    /// How the worst of it is.
    pub standing: Standing,
    /// What customers know, in their order.
    pub components: Vec<ComponentRow>,
    /// What goes on, the newest first.
    pub incidents: Vec<PublicIncident>,
    /// Work that was planned, and goes on.
    pub maintenance: Vec<PublicWork>,
    /// What is over, the newest first.
    pub past: Vec<PublicIncident>,
}

/// How one component is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComponentRow {
    /// The name that customers know.
    pub title: String,
    /// What they do with it.
    pub about: Option<String>,
    /// How it is.
    pub standing: Standing,
}

/// What customers were told of an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicIncident {
    /// The components that it hurts.
    pub components: Vec<String>,
    /// How they are because of it.
    pub standing: Standing,
    /// Since when they are hurt, as far as anybody knows.
    pub since: Option<Timestamp>,
    /// When that was over.
    pub over: Option<Timestamp>,
    /// What was said, the newest first.
    pub updates: Vec<PublicUpdate>,
}

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicUpdate {
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

/// Work that was planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicWork {
    /// The components that it is about.
    pub components: Vec<String>,
    /// What is said of it.
    pub text: String,
    /// Since when it goes on.
    pub since: Timestamp,
}

/// The notice of a change that goes on, as another room knows it.
#[derive(Clone, Debug)]
pub struct Work {
    /// The services that it is about, by name.
    pub services: BTreeSet<String>,
    /// What is said of it.
    pub text: String,
    /// Since when it is shown.
    pub since: Timestamp,
}

/// The status page of the playbook, the first by name if there are several; none where nobody declared one.
pub fn status(reading: &Reading<'_>, work: Vec<Work>) -> Option<Status> {
    let page = reading.model.all::<StatusPage>().min_by_key(|page| page.name().to_owned())?;
    let (mut incidents, mut past) = (Vec::new(), Vec::new());
    for (id, incident) in &reading.record.incidents {
        let Some(told) = told(reading, &page, id, incident) else { continue };
        let days = SignedDuration::from_hours(24 * i64::from(page.history_days));
        match told.over {
            None => incidents.push(told),
            Some(over) if reading.now.duration_since(over) <= days => past.push(told),
            Some(_) => {}
        }
    }
    incidents.sort_by_key(|told| std::cmp::Reverse(told.since));
    past.sort_by_key(|told| std::cmp::Reverse(told.over));
    let maintenance: Vec<_> = work
        .into_iter()
        .map(|work| PublicWork {
            components: touched(&page, |service| work.services.contains(service)),
            text: work.text,
            since: work.since,
        })
        .collect();
    let of = |title: &String| {
        let hurt = incidents.iter().filter(|told| told.components.contains(title));
        let worked_on = maintenance.iter().any(|work| work.components.contains(title));
        let calm = if worked_on { Standing::Maintenance } else { Standing::Operational };
        hurt.map(|told| told.standing).max().unwrap_or(calm)
    };
    let components: Vec<_> = page
        .components
        .iter()
        .map(|component| ComponentRow {
            standing: of(&component.title),
            title: component.title.clone(),
            about: component.about.clone(),
        })
        .collect();
    // What is told of no component is told all the same.
    let elsewhere = incidents.iter().map(|told| told.standing);
    let worst = components.iter().map(|row| row.standing).chain(elsewhere).max();
    Some(Status {
        title: page.title().to_owned(),
        about: page.about.clone(),
        contact: page.contact.clone(),
        at: reading.now,
        standing: worst.unwrap_or(Standing::Operational),
        components,
        incidents,
        maintenance,
        past,
    })
}

/// What the outside was told of an incident; nothing of one that the outside knows nothing of.
fn told(
    reading: &Reading<'_>,
    page: &Typed<'_, StatusPage>,
    id: &str,
    incident: &State,
) -> Option<PublicIncident> {
    if incident.private || incident.test || goes_on_in_public(reading, incident) {
        return None;
    }
    let all = with_absorbed(reading, id, incident);
    let mut updates: Vec<_> = all.iter().flat_map(|(id, it)| said(reading, id, it)).collect();
    updates.sort_by_key(|update| std::cmp::Reverse(update.at));
    let newest = updates.first()?.at;
    let clocks = &incident.clocks;
    // One that was closed without ever being resolved hurts nobody any more.
    // What took it in is nobody's business outside, but whether it goes on is.
    let last = followed(reading, incident).last().unwrap_or(incident);
    let over = match last.clocks.resolved.or(clocks.resolved) {
        Some(resolved) => Some(resolved),
        None if last.stage.is_open() => None,
        None => Some(last.clocks.closed.unwrap_or(newest)),
    };
    Some(PublicIncident {
        components: touched(page, |service| {
            all.iter().any(|(_, it)| it.services.iter().any(|hurt| hurt == service))
        }),
        standing: standing(reading, incident),
        since: all.iter().filter_map(|(_, it)| it.clocks.began.or(it.clocks.detected)).min(),
        over,
        updates,
    })
}

/// An incident with those that it took in: what customers were told of them goes on with it.
fn with_absorbed<'r>(
    reading: &Reading<'r>,
    id: &'r str,
    incident: &'r State,
) -> Vec<(&'r str, &'r State)> {
    let mut all = vec![(id, incident)];
    let mut next = 0;
    while let Some(&(_, into)) = all.get(next) {
        next += 1;
        let taken_in =
            into.absorbed.iter().filter_map(|id| reading.record.incidents.get_key_value(id));
        let taken_in: Vec<_> = taken_in
            .filter(|(id, it)| !it.private && !it.test && all.iter().all(|(known, _)| known != id))
            .map(|(id, it)| (id.as_str(), it))
            .collect();
        all.extend(taken_in);
    }
    all
}

/// The incidents that one went on in, the next one first.
fn followed<'r>(reading: &Reading<'r>, incident: &'r State) -> impl Iterator<Item = &'r State> {
    let incidents = &reading.record.incidents;
    let next = move |it: &&'r State| incidents.get(it.merged_into.as_ref()?);
    // A chain is never longer than there are incidents, whatever a record says.
    std::iter::successors(next(&incident), next).take(incidents.len())
}

/// Whether an incident goes on as one that stands on the page.
fn goes_on_in_public(reading: &Reading<'_>, incident: &State) -> bool {
    let mut into = followed(reading, incident);
    incident.stage == Stage::Merged && into.all(|it| !it.private && !it.test)
}

/// What customers were told of one incident.
fn said(reading: &Reading<'_>, id: &str, incident: &State) -> Vec<PublicUpdate> {
    let stream = format!("incident/{id}");
    let outside = incident.updates.iter().filter(|it| it.audience == Audience::External);
    // What was erased is not announced as erased: nobody outside would know why.
    let open = |text: &_| reading.texts.open(&stream, text);
    outside.filter_map(|it| Some(PublicUpdate { at: it.at, text: open(&it.text)? })).collect()
}

/// The worst severity is an outage; everything else hurts.
fn standing(reading: &Reading<'_>, incident: &State) -> Standing {
    let severity = incident.severity.as_deref();
    let severity = severity.and_then(|name| reading.model.get::<Severity>(name));
    match severity.map(|severity| severity.level.value) {
        Some(0 | 1) => Standing::Outage,
        Some(_) | None => Standing::Degraded,
    }
}

fn touched(page: &StatusPage, is_touched: impl Fn(&str) -> bool) -> Vec<String> {
    let components = page.components.iter();
    let touched = components.filter(|it| it.services.iter().any(|it| is_touched(it.name())));
    touched.map(|component| component.title.clone()).collect()
}

#[cfg(test)]
mod tests {
    use governance::text::{Closed, Text, Texts};

    use super::*;
    use crate::record::incident::{Event, Origin};
    use crate::record::{self};
    use crate::testing::table;

    fn moment(minute: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + minute * 60).expect("a moment")
    }

    fn detected((private, test): (bool, bool)) -> Event {
        Event::Detected {
            title: "Ana's database is full".into(),
            services: vec!["api".to_owned()],
            origin: Origin::Person("ana".to_owned()),
            severity: Some("sev-1".to_owned()),
            began: None,
            noticed: None,
            test,
            private,
        }
    }

    fn informed(audience: Audience, text: &str) -> Event {
        Event::Informed { audience, text: text.into(), person: "ana".to_owned() }
    }

    const PLAYBOOK: &str = "Person/ana: {}
         Team/web: {profile: backend}
         Service/api: {owner: team/web}
         Service/mail: {owner: team/web}
         Severity/sev-1: {level: 1}
         StatusPage/public: {components: [{title: Checkout, services: [api]}, {title: Mail, services: [mail]}]}";

    /// Opens nothing, as after an erasure.
    struct Erased;

    impl Texts for Erased {
        fn read(&self, _: &str, _: &Text) -> String {
            "(erased)".to_owned()
        }

        fn open(&self, _: &str, _: &Text) -> Option<String> {
            None
        }
    }

    fn seen(events: &[(&str, i64, Event)], work: Vec<Work>, minute: i64) -> Option<Status> {
        seen_through(&Closed, events, work, minute)
    }

    fn seen_through(
        texts: &dyn Texts,
        events: &[(&str, i64, Event)],
        work: Vec<Work>,
        minute: i64,
    ) -> Option<Status> {
        let workspace = table(PLAYBOOK);
        let mut record = record::State::default();
        for (id, at, event) in events {
            record.record(id, &record::Event::Incident(event.clone()), moment(*at));
        }
        let (governance, changes) = <(governance::State, BTreeSet<String>)>::default();
        let reading = Reading {
            model: workspace.model(),
            record: &record,
            governance: &governance,
            verified_changes: &changes,
            now: moment(minute),
            texts,
        };
        status(&reading, work)
    }

    #[test]
    fn an_incident_stands_on_it_from_its_first_word_to_customers_on() {
        let mut events = vec![
            ("INC-2026-0001", 0, detected((false, false))),
            ("INC-2026-0001", 1, informed(Audience::Internal, "Ana suspects the disk.")),
        ];
        let quiet = seen(&events, Vec::new(), 2).expect("a page");
        assert_eq!((quiet.standing, quiet.incidents.len()), (Standing::Operational, 0));

        events.push(("INC-2026-0001", 3, informed(Audience::External, "Paying fails for some.")));
        events.push(("INC-2026-0001", 5, informed(Audience::External, "We know why.")));
        let told = seen(&events, Vec::new(), 6).expect("a page");
        let standings: Vec<_> = told.components.iter().map(|row| row.standing).collect();
        assert_eq!(standings, [Standing::Outage, Standing::Operational]);
        let said: Vec<_> = told.incidents[0].updates.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(said, ["We know why.", "Paying fails for some."]);
        let text = serde_json::to_string(&told).expect("JSON");
        assert!(!text.contains("Ana") && !text.contains("ana") && !text.contains("INC"), "{text}");

        events.push(("INC-2026-0001", 9, Event::Resolved { how: "Ana made room.".into() }));
        let over = seen(&events, Vec::new(), 10).expect("a page");
        assert_eq!((over.standing, over.incidents.len()), (Standing::Operational, 0));
        assert_eq!(over.past[0].over, Some(moment(9)));
        let late = seen(&events, Vec::new(), 9 + 15 * 24 * 60).expect("a page");
        assert_eq!(late.past, []);
    }

    #[test]
    fn what_customers_were_told_goes_on_with_the_incident_that_took_it_in() {
        let mut mail = detected((false, false));
        if let Event::Detected { services, severity, .. } = &mut mail {
            *services = vec!["mail".to_owned()];
            *severity = None;
        }
        let events = [
            ("INC-2026-0001", 0, mail),
            ("INC-2026-0001", 1, informed(Audience::External, "Mail is late.")),
            ("INC-2026-0002", 2, detected((false, false))),
            ("INC-2026-0001", 3, Event::Merged { into: "INC-2026-0002".to_owned() }),
            ("INC-2026-0002", 3, Event::Absorbed { from: "INC-2026-0001".to_owned() }),
        ];
        let page = seen(&events, Vec::new(), 4).expect("a page");
        assert_eq!(page.incidents.len(), 1);
        assert_eq!(page.incidents[0].updates[0].text, "Mail is late.");
        assert_eq!(page.incidents[0].components, ["Checkout", "Mail"]);
        assert_eq!(page.incidents[0].since, Some(moment(0)));
    }

    #[test]
    fn what_was_erased_is_not_announced_as_erased() {
        let events = [
            ("INC-2026-0001", 0, detected((false, false))),
            ("INC-2026-0001", 1, informed(Audience::External, "Cleo's mail is late.")),
        ];
        let page = seen_through(&Erased, &events, Vec::new(), 2).expect("a page");
        assert_eq!((page.incidents, page.past), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_goes_on_where_nobody_may_look_stays_on_it_until_that_is_over() {
        let mut events = vec![
            ("INC-2026-0001", 0, detected((false, false))),
            ("INC-2026-0001", 1, informed(Audience::External, "Paying fails.")),
            ("INC-2026-0002", 2, detected((true, false))),
            ("INC-2026-0002", 3, informed(Audience::External, "An intruder.")),
            ("INC-2026-0001", 4, Event::Merged { into: "INC-2026-0002".to_owned() }),
            ("INC-2026-0002", 4, Event::Absorbed { from: "INC-2026-0001".to_owned() }),
        ];
        let told = seen(&events, Vec::new(), 5).expect("a page");
        let said: Vec<_> = told.incidents.iter().flat_map(|it| &it.updates).collect();
        assert_eq!(said.len(), 1, "{said:?}");
        assert_eq!((said[0].text.as_str(), told.incidents[0].over), ("Paying fails.", None));

        events.push(("INC-2026-0002", 9, Event::Resolved { how: "It is out.".into() }));
        let over = seen(&events, Vec::new(), 10).expect("a page");
        assert_eq!((over.incidents.len(), over.past.len()), (0, 1));
        assert_eq!(over.past[0].over, Some(moment(9)));
    }

    #[test]
    fn what_is_private_and_what_is_a_drill_is_never_on_it() {
        for (private, test) in [(true, false), (false, true)] {
            let events = [
                ("INC-2026-0001", 0, detected((private, test))),
                ("INC-2026-0001", 1, informed(Audience::External, "x")),
            ];
            let page = seen(&events, Vec::new(), 2).expect("a page");
            assert_eq!((page.incidents, page.past), (Vec::new(), Vec::new()));
        }
    }

    #[test]
    fn planned_work_is_no_trouble() {
        let work = Work {
            services: ["mail".to_owned()].into(),
            text: "Mail is moved.".to_owned(),
            since: moment(0),
        };
        let page = seen(&[], vec![work], 1).expect("a page");
        assert_eq!(page.standing, Standing::Maintenance);
        assert_eq!(page.maintenance[0].components, ["Mail"]);
        let standings: Vec<_> = page.components.iter().map(|row| row.standing).collect();
        assert_eq!(standings, [Standing::Operational, Standing::Maintenance]);
    }
}
