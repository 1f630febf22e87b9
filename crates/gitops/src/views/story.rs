//! The story of a change: each entry of its stream in a sentence.

use jiff::Timestamp;
use ledger::Entry;
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use crate::record::change::Event;
use crate::record::read_change;

/// One line of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StoryRow {
    /// When.
    pub at: Timestamp,
    /// Who wrote it down.
    pub by: PersonRef,
    /// What happened, such as `approved`.
    pub kind: String,
    /// The same in a sentence.
    pub what: String,
}

/// The story that entries of a change's stream tell; entries of a later version are passed over.
pub fn story(reading: &Reading<'_>, entries: &[Entry]) -> Vec<StoryRow> {
    let rows = entries.iter().filter_map(|entry| {
        let event = read_change(entry)?;
        Some(StoryRow {
            at: entry.at,
            by: reading.person(entry.actor.strip_prefix("person/").unwrap_or(&entry.actor)),
            kind: entry.kind.split_once('.')?.1.to_owned(),
            what: sentence(reading, entry.stream.id(), &event),
        })
    });
    rows.collect()
}

fn sentence(reading: &Reading<'_>, id: &str, event: &Event) -> String {
    let said = |text: &Option<governance::Text>| {
        text.as_ref().map_or_else(String::new, |text| format!(": {}", reading.text(id, text)))
    };
    match event {
        Event::Drafted { .. } => "drafted".to_owned(),
        Event::Described { .. } => "said something else about it".to_owned(),
        Event::Planned { plan } => {
            let steps = usize::try_from(plan.steps).unwrap_or(usize::MAX);
            format!("planned {} as {}", diag::words::count(steps, "step"), short(&plan.hash))
        }
        Event::Submitted { asked, .. } => format!("asked {}", list(asked)),
        Event::Approved { seat, person, plan, comment, .. } => {
            format!("`{person}` approved {} for `seat/{seat}`{}", short(plan), said(comment))
        }
        Event::Cleared { reasons } => format!("approved: {}", reasons.join("; ")),
        Event::ApprovalWithdrawn { seat, person, reason } => {
            format!("`{person}` took the approval of `seat/{seat}` back{}", said(reason))
        }
        Event::ApprovalsVoid { seats, why } => {
            format!("the approvals of `{}` do not count any more: {why}", seats.join("`, `"))
        }
        Event::Reopened { why } => format!("waits for approvals again: {why}"),
        Event::Drifted { drifted } => {
            format!("`{}` changed since the plan was made", keys(drifted))
        }
        Event::Judged { outcome, reasons } => {
            let texts: Vec<_> = reasons.iter().map(|(_, text)| text.as_str()).collect();
            format!("the gate says {outcome}: {}", texts.join("; "))
        }
        Event::BrokeGlass { person, seat, reason, .. } => {
            format!("`{person}` broke the glass for `seat/{seat}`: {}", reading.text(id, reason))
        }
        Event::Reviewed { person, finding } => {
            format!("`{person}` reviewed the broken glass: {}", reading.text(id, finding))
        }
        Event::ApplyStarted { plan, .. } => format!("began to apply {}", short(plan)),
        Event::StepIntended { step, attempt } => format!("step {step}, try {attempt}"),
        Event::StepDone { step, .. } => format!("step {step} is done"),
        Event::StepFailed { step, fault } => format!("step {step} failed: {fault}"),
        Event::StepVerified { step } => format!("step {step} is seen to be done"),
        Event::Applied {} => "every step is applied".to_owned(),
        Event::Verified {} => "everything is as it should be".to_owned(),
        Event::Failed { why } => format!("failed: {why}"),
        Event::RolledBack { by } => format!("rolled back by `change/{by}`"),
        Event::Abandoned { reason } => format!("abandoned{}", said(reason)),
        Event::Around { happened } => around(happened),
    }
}

fn around(happened: &crate::record::change::Around) -> String {
    use crate::record::change::Around;
    match happened {
        Around::Silenced { until, .. } => format!("alerts are silent until {until} at most"),
        Around::SilenceMatched { matched, .. } => {
            let count = usize::try_from(*matched).unwrap_or(usize::MAX);
            format!("a silence keeps {} silent", diag::words::count(count, "alert"))
        }
        Around::SilenceEnded { matched: Some(0), .. } => {
            "a silence ended that matched no alert".to_owned()
        }
        Around::SilenceEnded { expired: true, .. } => "a silence ran out".to_owned(),
        Around::SilenceEnded { .. } => "a silence ended".to_owned(),
        Around::NoticeShown {} => "the notice is public".to_owned(),
        Around::NoticeEnded {} => "the notice is gone".to_owned(),
        Around::Refused { what, why } => format!("{what} was refused: {why}"),
    }
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

fn list(parties: &[String]) -> String {
    format!("`{}`", parties.join("`, `"))
}

fn keys(map: &std::collections::BTreeMap<String, Vec<String>>) -> String {
    map.keys().map(String::as_str).collect::<Vec<_>>().join("`, `")
}
