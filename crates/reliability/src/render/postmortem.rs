//! The postmortem document: what the record knows, in the parts that the template asks for.
//!
//! The timeline, the impact and the actions are written from the record; the rest is what people wrote, or
//! the question that they still have to answer. Entries of the timeline come in the order in which things
//! happened, not in which they were written down.

use governance::record::action;
use jiff::{SignedDuration, Timestamp};
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kinds::{PostmortemSection, PostmortemTemplate};
use crate::record::facts::time_zone;
use crate::record::incident::{Source, Stage, State};
use crate::record::postmortem;
use crate::views::Reading;

/// What is known of the impact beside the record: filled by whoever knows budgets and costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Impact {
    /// Whom it hurt and how, in a sentence.
    pub users: Option<String>,
    /// What each SLO lost of its budget: its name, and "12 % of the budget of 30 days".
    pub budgets: Vec<(String, String)>,
    /// What it cost.
    pub money: Option<String>,
}

/// The document of an incident in Markdown; nothing when the record has no such incident.
pub fn document(reading: &Reading<'_>, id: &str, impact: &Impact) -> Option<String> {
    let incident = reading.record.incidents.get(id)?;
    let known = reading.record.postmortems.get(id);
    let title = reading.texts.read(&format!("incident/{id}"), &incident.title);
    let mut text = format!("# {id}: {title}\n\n");
    if let Some(due) = known.and_then(|known| known.due) {
        text += &format!("Due on {due}.\n\n");
    }
    let fallback = PostmortemTemplate {
        blameless: true,
        due_business_days: None,
        sections: Vec::new(),
        owner: None,
    };
    let template = reading.model.all::<PostmortemTemplate>().next();
    let template = template.map_or(&fallback, |template| template.spec);
    for section in &template.sections {
        text += &format!("## {}\n\n", section.title);
        text += &part(reading, (id, incident), section, impact);
        text.push('\n');
    }
    Some(text)
}

fn part(
    reading: &Reading<'_>,
    (id, incident): (&str, &State),
    section: &PostmortemSection,
    impact: &Impact,
) -> String {
    let known = reading.record.postmortems.get(id);
    let stream = format!("postmortem/{id}");
    let written = known.and_then(|known| known.sections.get(&section.title));
    let written =
        written.map(|(text, _)| format!("{}\n", reading.texts.read(&stream, text).trim()));
    let title = section.title.to_lowercase();
    let generated = if title.contains("timeline") {
        timeline(reading, (id, incident))
    } else if title.contains("impact") {
        impact_lines(incident, impact)
    } else if title.contains("action") {
        actions(reading, id)
    } else if title.contains("factor") {
        let factors = known.map_or(&[][..], |known| &known.factors);
        factors.iter().map(|factor| format!("- {factor}\n")).collect()
    } else {
        String::new()
    };
    match written {
        Some(written) if generated.is_empty() => written,
        Some(written) => format!("{generated}\n{written}"),
        None if generated.is_empty() => {
            let asks = section.asks.as_deref().unwrap_or("Nobody has written this yet.");
            format!("_{asks}_\n")
        }
        None => generated,
    }
}

fn timeline(reading: &Reading<'_>, (id, incident): (&str, &State)) -> String {
    let zone = time_zone(reading.model);
    let stream = format!("incident/{id}");
    let clocks = &incident.clocks;
    let stages = [
        (clocks.began, "users began to be hurt", None),
        (clocks.detected, "detected", None),
        (clocks.acknowledged, "somebody had seen it", None),
        (clocks.triaged, "triaged", None),
        (clocks.contained, "contained", incident.outcomes.get(&Stage::Contained)),
        (clocks.resolved, "resolved", incident.outcomes.get(&Stage::Resolved)),
    ];
    let stages = stages.into_iter().filter_map(|(at, what, how)| {
        let how = how.map(|how| format!(": {}", reading.texts.read(&stream, how)));
        Some((at?, format!("**{what}**{}", how.unwrap_or_default())))
    });
    let entries = incident.timeline.iter().map(|entry| {
        let text = reading.texts.read(&stream, &entry.text);
        let from = from(reading, &entry.source);
        let line = match &entry.source {
            Source::Telemetry(_) => format!("{from}\n\n{}", quoted(&text)),
            _ => format!("{text} ({from})"),
        };
        (entry.at, line)
    });
    let assigned = incident.roles.iter().flat_map(|(role, tenures)| {
        let line = |tenure: &crate::record::incident::Tenure| {
            let person = PersonRef::of(reading.model, &tenure.person).title;
            (tenure.from, format!("{person} took the role `{role}`"))
        };
        tenures.iter().map(line).collect::<Vec<_>>()
    });
    let mut all: Vec<(Timestamp, String)> = stages.chain(entries).chain(assigned).collect();
    all.sort_by_key(|(at, _)| *at);
    let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    all.into_iter().map(|(at, what)| format!("- {} {what}\n", local(at))).collect()
}

/// What a machine wrote, as a block inside an item of a list: nothing in it is Markdown (`CommonMark` 0.31, section 4.5).
fn quoted(text: &str) -> String {
    let runs = text.split(|sign| sign != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    let lines: String = text.trim_end().lines().map(|line| format!("  {line}\n")).collect();
    format!("  {fence}text\n{lines}  {fence}\n")
}

/// Where an entry comes from, for a reader.
fn from(reading: &Reading<'_>, source: &Source) -> String {
    match source {
        Source::Alert(name) => format!("alert `{name}`"),
        Source::Change(id) => format!("change `{id}`"),
        Source::Deploy(what) => format!("deployment of `{what}`"),
        Source::Chat(channel) => format!("chat {channel}"),
        Source::Runbook(name) => format!("runbook `{name}`"),
        Source::Telemetry(what) => format!("telemetry, {what}"),
        Source::Person(name) => PersonRef::of(reading.model, name).title,
    }
}

fn impact_lines(incident: &State, impact: &Impact) -> String {
    let clocks = &incident.clocks;
    let mut lines = Vec::new();
    lines.extend(impact.users.clone());
    if !incident.services.is_empty() {
        lines.push(format!("Services: {}", incident.services.join(", ")));
    }
    let lengths = [
        ("Time to detect", clocks.to_detect()),
        ("Time to acknowledge", clocks.to_acknowledge()),
        ("Time to mitigate", clocks.to_mitigate()),
        ("Time to resolve", clocks.to_resolve()),
    ];
    lines.extend(
        lengths
            .into_iter()
            .filter_map(|(what, length)| Some(format!("{what}: {}", spoken(length?)))),
    );
    lines.extend(impact.budgets.iter().map(|(slo, lost)| format!("`{slo}` lost {lost}")));
    lines.extend(impact.money.iter().map(|money| format!("Cost: {money}")));
    lines.into_iter().map(|line| format!("- {line}\n")).collect()
}

/// A length as people say it: `2 h 05 min`.
fn spoken(length: SignedDuration) -> String {
    let minutes = length.as_mins();
    if minutes < 60 {
        format!("{minutes} min")
    } else {
        format!("{} h {:02} min", minutes / 60, minutes % 60)
    }
}

fn actions(reading: &Reading<'_>, id: &str) -> String {
    let facts = reading.facts(crate::record::Actor::Council);
    let unverified = postmortem::unverified(id, &facts);
    let mut text = String::new();
    for (action, state) in postmortem::actions(id, &facts) {
        if text.is_empty() {
            text += "| Action | Owner | Due | State |\n|---|---|---|---|\n";
        }
        let title =
            reading.texts.read(&format!("action/{action}"), &state.title).replace('|', "\\|");
        let open = unverified.iter().find(|one| one.id == action).map(|one| one.why.clone());
        let standing = open.unwrap_or_else(|| match state.stage {
            action::Stage::Dropped => "given up, with a reason".to_owned(),
            action::Stage::Open | action::Stage::Done => "verified".to_owned(),
        });
        text += &format!("| {title} | `{}` | {} | {standing} |\n", state.owner, state.due);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use governance::text::Closed;

    use super::*;
    use crate::record;
    use crate::record::incident::{Event, Origin};
    use crate::testing::table;

    fn moment(minute: i8) -> Timestamp {
        let zoned =
            jiff::civil::date(2026, 11, 23).at(11, minute, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
        zoned.expect("a moment").timestamp()
    }

    /// What the record holds of the incident.
    fn happened() -> record::State {
        let mut record = record::State::default();
        let events = [
            (
                0,
                Event::Detected {
                    title: "Slow".into(),
                    services: vec!["api".to_owned()],
                    origin: Origin::Alert("x".to_owned()),
                    severity: None,
                    began: Some(moment(0)),
                    noticed: None,
                    test: false,
                    private: false,
                },
            ),
            (
                9,
                Event::Remarked {
                    text: "api 1.3 went live".into(),
                    source: Source::Deploy("api 1.3".to_owned()),
                    at: Some(moment(1)),
                    person: "ana".to_owned(),
                },
            ),
            (5, Event::Resolved { how: "x".into() }),
        ];
        for (minute, event) in events {
            record.record("INC-2026-0001", &record::Event::Incident(event), moment(minute));
        }
        record
    }

    #[test]
    fn the_document_is_made_from_the_record_and_asks_for_the_rest() {
        let workspace = table(
            "Person/ana: {}
             PostmortemTemplate/pm: {blameless: true, sections: [{title: What happened, asks: In three sentences.}, {title: Timeline}, {title: Impact}, {title: Contributing factors}, {title: Follow-up actions}]}",
        );
        let mut record = happened();
        let drafted = postmortem::Event::Drafted { due: Some(jiff::civil::date(2026, 11, 30)) };
        let factor = postmortem::Event::FactorNamed { factor: "missing-limit".to_owned() };
        for event in [drafted, factor] {
            record.record("INC-2026-0001", &record::Event::Postmortem(event), moment(10));
        }
        let mut governance = governance::State::default();
        let opened = action::Event::Opened {
            title: "Bound the queue".into(),
            owner: "person/ana".to_owned(),
            due: jiff::civil::date(2026, 12, 1),
            from: Some("incident/INC-2026-0001".to_owned()),
        };
        governance.actions.insert(
            "A-1".to_owned(),
            action::State::apply(None, &opened, moment(20)).expect("it is open"),
        );
        let changes = BTreeSet::new();
        let reading = Reading {
            model: workspace.model(),
            record: &record,
            governance: &governance,
            verified_changes: &changes,
            now: moment(30),
            texts: &Closed,
        };
        let impact = Impact { users: Some("Nobody could pay".to_owned()), ..Impact::default() };
        let text = document(&reading, "INC-2026-0001", &impact).expect("it is known");
        assert_eq!(
            text,
            "# INC-2026-0001: Slow\n\nDue on 2026-11-30.\n\n## What happened\n\n_In three sentences._\n\n\
             ## Timeline\n\n- 2026-11-23 12:00 **users began to be hurt**\n- 2026-11-23 12:00 **detected**\n\
             - 2026-11-23 12:01 api 1.3 went live (deployment of `api 1.3`)\n- 2026-11-23 12:05 **contained**\n\
             - 2026-11-23 12:05 **resolved**: x\n\n## Impact\n\n- Nobody could pay\n- Services: api\n- Time to detect: 0 min\n\
             - Time to mitigate: 5 min\n- Time to resolve: 5 min\n\n## Contributing factors\n\n- missing-limit\n\n\
             ## Follow-up actions\n\n| Action | Owner | Due | State |\n|---|---|---|---|\n\
             | Bound the queue | `person/ana` | 2026-12-01 | is still open |\n\n"
        );
        assert_eq!(document(&reading, "INC-2026-0002", &impact), None);
    }
}
