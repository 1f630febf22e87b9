//! Countdowns of notice duties: which laws want to be told about an incident, and by when.
//!
//! Pure arithmetic over the incident's record and the duties of the playbook. Hours count through weekends
//! and holidays; months end at the same time of the same day (Regulation 1182/71, article 3, lets a day end
//! later; ending early is safe). Awareness is taken to be the moment of detection, the earliest that
//! anybody could argue.
//!
//! Absent on purpose: sending. A person does that, and says so.

use jiff::{SignedDuration, Timestamp, ToSpan};
use org::views::PersonRef;
use playbook::{Model, Typed};
use schemars::JsonSchema;
use serde::Serialize;

use crate::kinds::{Limit, NoticeDuty, Since};
use crate::record::facts::time_zone;
use crate::record::incident::State;

/// How a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "NoticeStanding")]
pub enum Standing {
    /// Its time is over and nothing was sent.
    Overdue,
    /// Its time runs.
    Running,
    /// Nobody has answered its questions, and its time may be running.
    Unanswered,
    /// The notice was sent.
    Sent,
    /// A question was answered with no.
    NotNeeded,
}

/// One duty of one incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "NoticeCountdown")]
pub struct Countdown {
    /// The duty's name.
    pub duty: String,
    /// The name that people read.
    pub title: String,
    /// The law and its article.
    pub law: String,
    /// Where it can be read.
    pub source: String,
    /// Who must be told.
    pub to: String,
    /// How it stands.
    pub standing: Standing,
    /// By when.
    pub due: Option<Timestamp>,
    /// How much time is left, in minutes; less than nothing when it is over.
    pub minutes_left: Option<i64>,
    /// The questions to answer at triage.
    pub questions: Vec<String>,
}

/// The countdowns of an incident, the most pressing first. Drills owe nobody anything.
pub fn countdowns(model: &Model, incident: &State, now: Timestamp) -> Vec<Countdown> {
    if incident.test {
        return Vec::new();
    }
    let mut rows: Vec<_> =
        model.all::<NoticeDuty>().map(|duty| countdown(model, incident, duty, now)).collect();
    rows.sort_by(|left, right| {
        (left.standing, left.due, &left.duty).cmp(&(right.standing, right.due, &right.duty))
    });
    rows
}

fn countdown(
    model: &Model,
    incident: &State,
    duty: Typed<'_, NoticeDuty>,
    now: Timestamp,
) -> Countdown {
    let known = incident.notices.get(duty.name());
    let due = due(model, incident, duty.spec, MAX_CHAIN);
    let answers = known.map_or(&[][..], |notice| &notice.answers);
    let standing = if known.is_some_and(|notice| notice.sent.is_some()) {
        Standing::Sent
    } else if answers.contains(&false) {
        Standing::NotNeeded
    } else if answers.len() < duty.questions.len() {
        Standing::Unanswered
    } else if due.is_some_and(|due| due < now) {
        Standing::Overdue
    } else {
        Standing::Running
    };
    let counts = matches!(standing, Standing::Running | Standing::Overdue | Standing::Unanswered);
    let left = due.filter(|_| counts).map(|due| due.duration_since(now).as_mins());
    Countdown {
        duty: duty.name().to_owned(),
        title: duty.title().to_owned(),
        law: duty.law.clone(),
        source: duty.source.clone(),
        to: duty.to.clone(),
        standing,
        due: due.filter(|_| counts),
        minutes_left: left,
        questions: duty.questions.clone(),
    }
}

/// Duties that follow each other; a rule refuses circles, and this keeps one from hanging anything.
const MAX_CHAIN: u32 = 16;

fn due(model: &Model, incident: &State, duty: &NoticeDuty, left: u32) -> Option<Timestamp> {
    let from = match &duty.since {
        Since::Aware => incident.clocks.detected?,
        Since::Notice(first) => {
            let sent = incident.notices.get(first.name()).and_then(|notice| notice.sent);
            match sent {
                Some(sent) => sent,
                None if left == 0 => return None,
                None => due(model, incident, model.follow(first)?.spec, left - 1)?,
            }
        }
    };
    match duty.within {
        Limit::Hours(hours) => from.checked_add(SignedDuration::from_hours(i64::from(hours))).ok(),
        Limit::Months(months) => {
            let local = from.to_zoned(time_zone(model));
            Some(local.checked_add(i64::from(months).months()).ok()?.timestamp())
        }
    }
}

/// A draft of a notice, in Markdown: what the law wants it to say, with what the record knows. `title` is
/// the incident's, opened by whoever holds the keys.
pub fn draft(
    model: &Model,
    id: &str,
    incident: &State,
    duty: Typed<'_, NoticeDuty>,
    title: &str,
) -> String {
    let zone = time_zone(model);
    let time = |at: Option<Timestamp>| {
        let local =
            at.map(|at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string());
        local.unwrap_or_else(|| "not known yet".to_owned())
    };
    let mut text = format!("# {}\n\nTo: {}\n\nUnder: {}\n\n", duty.title(), duty.to, duty.law);
    text += "> A draft from the record. Somebody reads it, completes it, and sends it.\n\n";
    text += &format!("- Our reference: {id}\n- What: {title}\n");
    text += &format!(
        "- Began: {}\n- We became aware: {}\n",
        time(incident.clocks.began),
        time(incident.clocks.detected)
    );
    text += &format!(
        "- Contained: {}\n- Over: {}\n",
        time(incident.clocks.contained),
        time(incident.clocks.resolved)
    );
    text += &format!("- Services: {}\n", list(&incident.services));
    let contact = incident.roles.values().filter_map(|tenures| tenures.last());
    let contact: Vec<_> =
        contact.map(|tenure| PersonRef::of(model, &tenure.person).title).collect();
    text += &format!("- Whom to ask: {}\n", list(&contact));
    for part in &duty.says {
        text += &format!("\n## {part}\n\n(to be written)\n");
    }
    text
}

fn list(words: &[String]) -> String {
    if words.is_empty() { "not known yet".to_owned() } else { words.join(", ") }
}

#[cfg(test)]
mod tests {
    use governance::Text;

    use super::*;
    use crate::record::incident::{Event, Origin};
    use crate::testing::table;

    const DUTIES: &str = "
        NoticeDuty/early: {law: 'NIS2, article 23(4)(a)', source: x, to: The CSIRT, within: {hours: 24}, since: aware, questions: [Is it significant?]}
        NoticeDuty/full: {law: 'NIS2, article 23(4)(b)', source: x, to: The CSIRT, within: {hours: 72}, since: aware, questions: [Is it significant?], says: [Impact]}
        NoticeDuty/final: {law: 'NIS2, article 23(4)(d)', source: x, to: The CSIRT, within: {months: 1}, since: {notice: full}}
    ";

    fn moment(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn incident(events: &[(&str, Event)]) -> State {
        let detected = Event::Detected {
            title: Text::from("x"),
            services: vec!["api".to_owned()],
            origin: Origin::Alert("Slow".to_owned()),
            severity: None,
            began: None,
            noticed: None,
            test: false,
            private: false,
        };
        let mut state = State::apply(None, &detected, moment("2026-01-30T10:00:00Z"));
        for (at, event) in events {
            state = State::apply(state, event, moment(at));
        }
        state.expect("it was detected")
    }

    fn assessed(duty: &str, answer: bool) -> Event {
        Event::Assessed { duty: duty.to_owned(), answers: vec![answer], person: "ana".to_owned() }
    }

    fn rows(incident: &State, now: &str) -> Vec<String> {
        let workspace = table(DUTIES);
        let show = |row: Countdown| {
            let due = row.due.map(|due| due.to_string()).unwrap_or_default();
            format!(
                "{} {:?} {due} {}",
                row.duty,
                row.standing,
                row.minutes_left.map_or(String::new(), |left| left.to_string())
            )
        };
        countdowns(workspace.model(), incident, moment(now)).into_iter().map(show).collect()
    }

    #[test]
    fn time_runs_from_awareness_through_weekends_and_from_notice_to_notice() {
        let untouched = incident(&[]);
        assert_eq!(
            rows(&untouched, "2026-01-30T11:00:00Z"),
            [
                // Until the full notice is sent, its own limit counts: 2 February, and a month later.
                "final Running 2026-03-02T10:00:00Z 44580",
                "early Unanswered 2026-01-31T10:00:00Z 1380",
                "full Unanswered 2026-02-02T10:00:00Z 4260",
            ]
        );
        let notified =
            Event::Notified { duty: "full".to_owned(), reference: None, person: "ana".to_owned() };
        let going = incident(&[
            ("2026-01-30T12:00:00Z", assessed("early", true)),
            ("2026-01-31T09:00:00Z", notified),
        ]);
        assert_eq!(
            rows(&going, "2026-01-31T11:00:00Z"),
            [
                "early Overdue 2026-01-31T10:00:00Z -60",
                // A month after 31 January is the last day of February.
                "final Running 2026-02-28T09:00:00Z 40200",
                "full Sent  ",
            ]
        );
        let harmless = incident(&[("2026-01-30T12:00:00Z", assessed("early", false))]);
        assert!(rows(&harmless, "2026-03-01T11:00:00Z").contains(&"early NotNeeded  ".to_owned()));
    }

    #[test]
    fn a_draft_has_what_the_record_knows_and_asks_for_the_rest() {
        let workspace = table(DUTIES);
        let duty = workspace.model().get("full").expect("a duty");
        let text =
            draft(workspace.model(), "INC-2026-0001", &incident(&[]), duty, "Orders are lost");
        assert!(text.contains("- What: Orders are lost\n- Began: not known yet\n- We became aware: 2026-01-30 11:00 CET"), "{text}");
        assert!(text.ends_with("## Impact\n\n(to be written)\n"), "{text}");
    }
}
