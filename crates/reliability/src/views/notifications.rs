//! Notifications as they are shown: what was said to whom, how it went, who acts.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use crate::record::notification::{Outcome, Stage, State, Told, Urgency};

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotificationRow {
    /// Its id.
    pub id: String,
    /// How far it has come.
    pub stage: Stage,
    /// How urgent it is.
    pub urgency: Urgency,
    /// What it is about, such as `incident/INC-2026-0012`.
    pub about: String,
    /// The first line.
    pub subject: String,
    /// The message.
    pub text: String,
    /// The page to look at, from the server's root.
    pub link: Option<String>,
    /// When it was wanted.
    pub since: Timestamp,
    /// Who is told at the step that it has reached.
    pub told: Vec<Told>,
    /// Whom its steps name and nobody stands behind.
    pub gaps: Vec<String>,
    /// When the next step comes, while nobody has acknowledged.
    pub until: Option<Timestamp>,
    /// What was sent.
    pub attempts: Vec<AttemptRow>,
    /// Who acts on it.
    pub acknowledged_by: Option<String>,
    /// Whether it waits for the viewer: they were told, and nobody acts.
    pub mine: bool,
}

/// One attempt to send it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AttemptRow {
    /// To whom.
    pub person: String,
    /// By which notification channel.
    pub channel: String,
    /// When it began, or ended once it has.
    pub at: Timestamp,
    /// How it went: `on its way`, `taken`, or why it was not.
    pub how: String,
    /// Whether the channel took it.
    pub taken: bool,
}

/// All notifications, those that wait for somebody first, and then the newest.
pub fn notifications(reading: &Reading<'_>, viewer: Option<&str>) -> Vec<NotificationRow> {
    let all = reading.record.notifications.iter();
    let mut rows: Vec<_> = all.map(|(id, found)| row(reading, id, found, viewer)).collect();
    rows.sort_by(|left, right| {
        let waits = |row: &NotificationRow| {
            row.urgency == Urgency::Page && matches!(row.stage, Stage::Open | Stage::GivenUp)
        };
        waits(right).cmp(&waits(left)).then(right.since.cmp(&left.since))
    });
    rows
}

fn row(reading: &Reading<'_>, id: &str, found: &State, viewer: Option<&str>) -> NotificationRow {
    let stream = format!("notification/{id}");
    let step = found.steps.last();
    let attempts = found.attempts.iter().map(|attempt| AttemptRow {
        person: attempt.person.clone(),
        channel: attempt.channel.clone(),
        at: attempt.at,
        how: match &attempt.outcome {
            Outcome::Open => "on its way".to_owned(),
            Outcome::Delivered => "taken".to_owned(),
            Outcome::Failed(why) => format!("{why}; it is tried again"),
            Outcome::Lost(why) => why.clone(),
        },
        taken: attempt.outcome == Outcome::Delivered,
    });
    NotificationRow {
        id: id.to_owned(),
        stage: found.stage,
        urgency: found.urgency,
        about: found.about.clone(),
        subject: reading.texts.read(&stream, &found.subject),
        text: reading.texts.read(&stream, &found.text),
        link: found.link.clone(),
        since: found.since,
        told: step.map(|step| step.told.clone()).unwrap_or_default(),
        gaps: found.steps.iter().flat_map(|step| step.gaps.clone()).collect(),
        until: step.filter(|_| found.stage == Stage::Open).map(|step| step.until),
        attempts: attempts.collect(),
        acknowledged_by: found.acknowledged_by.clone(),
        mine: found.waits() && viewer.is_some_and(|viewer| found.told(viewer)),
    }
}
