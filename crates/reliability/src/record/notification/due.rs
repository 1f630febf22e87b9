//! What has to be sent of a notification, and when.

use jiff::{SignedDuration, Timestamp, ToSpan as _};
use org::kinds::{Person, Weekday};
use playbook::{Model, Typed};

use super::{Outcome, Stage, State, Step, Urgency};
use crate::kinds::{Channel, ContactPolicy, NotificationChannel};
use crate::record::facts::time_zone;

/// How long after each failure the next attempt comes. Together some eight minutes: by then the next step
/// of most policies has been reached, and somebody else is asked.
const BACK_OFF: [SignedDuration; 4] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(30),
    SignedDuration::from_secs(120),
    SignedDuration::from_secs(300),
];

/// Days that quiet hours are followed for: a week has every weekday once, and one more ends the last night.
const QUIET_DAYS: i64 = 8;

/// Something to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub at: Timestamp,
    /// To whom.
    pub person: String,
    /// By which notification channel.
    pub channel: String,
    /// At which step.
    pub step: u32,
    /// The attempt whose end is not known: it is made again under its number.
    pub attempt: Option<u32>,
    /// Whether a failure is the last one.
    pub last: bool,
}

/// Everything that is to be sent if nobody acknowledges, in no order.
pub fn agenda(state: &State, model: &Model) -> Vec<Due> {
    if state.stage != Stage::Open {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (number, step) in state.steps.iter().enumerate() {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        for told in &step.told {
            for (channel, at) in ways(model, state, (number, step), &told.person) {
                all.extend(due(state, number, (&told.person, &channel), at));
            }
        }
    }
    all
}

/// When something has to be done about it without anybody asking: a message, or the next step.
pub fn next_at(state: &State, model: &Model) -> Option<Timestamp> {
    if state.stage != Stage::Open {
        return None;
    }
    let Some(step) = state.steps.last() else { return Some(state.since) };
    let messages = agenda(state, model).into_iter().map(|due| due.at).min();
    let climbs = match state.urgency {
        Urgency::Page if exhausted(state, model) => Some(step.at),
        Urgency::Page => Some(step.until),
        Urgency::Ticket => messages.is_none().then_some(step.at),
    };
    messages.into_iter().chain(climbs).min()
}

/// Says whether every message of the newest step is lost, so that waiting for an answer is of no use.
pub(super) fn exhausted(state: &State, model: &Model) -> bool {
    let newest = u32::try_from(state.steps.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let mut tried = state.attempts.iter().filter(|attempt| attempt.step == newest).peekable();
    let came = |outcome: &Outcome| match outcome {
        Outcome::Delivered | Outcome::Open => true,
        Outcome::Failed(_) | Outcome::Lost(_) => false,
    };
    tried.peek().is_some()
        && !tried.any(|attempt| came(&attempt.outcome))
        && !agenda(state, model).iter().any(|due| due.step == newest)
}

fn due(state: &State, step: u32, (person, channel): (&str, &str), at: Timestamp) -> Option<Due> {
    let made = state.attempts.iter().enumerate().filter(|(_, attempt)| {
        attempt.step == step && attempt.person == person && attempt.channel == channel
    });
    let made: Vec<_> = made.collect();
    let (at, attempt) = match made.last() {
        None => (at, None),
        Some((number, last)) => match &last.outcome {
            Outcome::Open => (last.at, u32::try_from(*number).ok()),
            Outcome::Failed(_) => {
                let pause = BACK_OFF.get(made.len() - 1)?;
                (last.at.checked_add(*pause).ok()?, None)
            }
            Outcome::Delivered | Outcome::Lost(_) => return None,
        },
    };
    let tries = made.len() + usize::from(attempt.is_none());
    let (person, channel) = (person.to_owned(), channel.to_owned());
    Some(Due { at, person, channel, step, attempt, last: tries > BACK_OFF.len() })
}

/// The channels that reach a person, and when each is used.
fn ways(
    model: &Model,
    state: &State,
    (number, step): (u32, &Step),
    person: &str,
) -> Vec<(String, Timestamp)> {
    let mut wanted = wanted(model, state.urgency, person, step);
    let lost = |channel: &str| {
        state.attempts.iter().rfind(|attempt| {
            (attempt.step, &*attempt.person, &*attempt.channel) == (number, person, channel)
                && matches!(attempt.outcome, Outcome::Lost(_))
        })
    };
    // Whoever is reached by none of the ways that they wished for is told by whatever is left.
    let ends: Option<Vec<Timestamp>> =
        wanted.iter().map(|(channel, _)| lost(channel).map(|attempt| attempt.at)).collect();
    if let Some(last) = ends.and_then(|ends| ends.into_iter().max()) {
        for channel in model.all::<NotificationChannel>() {
            let known = wanted.iter().any(|(name, _)| name == channel.name());
            if !known && reaches(model, channel.spec, person) {
                wanted.push((channel.name().to_owned(), last));
            }
        }
    }
    wanted
}

/// The channels by which a person wants to be told, and when.
fn wanted(model: &Model, urgency: Urgency, person: &str, step: &Step) -> Vec<(String, Timestamp)> {
    let policy = model.all::<ContactPolicy>().find(|policy| policy.person.name() == person);
    let by = |wanted: Channel| {
        let channels = model.all::<NotificationChannel>();
        channels
            .filter(move |found| found.by == wanted && reaches(model, found, person))
            .map(|found| found.name().to_owned())
    };
    let mut found: Vec<(String, Timestamp)> = Vec::new();
    match (policy, urgency) {
        (Some(policy), Urgency::Page) => {
            for way in &policy.pages.value {
                let after = way.after.map_or(SignedDuration::ZERO, |after| after.to_duration());
                let at = step.at.checked_add(after).unwrap_or(step.at);
                found.extend(by(way.by).map(|name| (name, at)));
            }
        }
        (Some(policy), Urgency::Ticket) => {
            let at = after_quiet(model, policy, person, step.at);
            let named = policy.tickets.iter().flat_map(|channel| by(*channel));
            found.extend(named.map(|name| (name, at)));
        }
        (None, Urgency::Page | Urgency::Ticket) => {}
    }
    // Whoever has said nothing, or only what nobody can carry, is told by whatever reaches them.
    if found.is_empty() {
        let all = model.all::<NotificationChannel>();
        let all = all.filter(|channel| reaches(model, channel, person));
        let at = policy.filter(|_| urgency == Urgency::Ticket);
        let at = at.map_or(step.at, |policy| after_quiet(model, policy, person, step.at));
        found.extend(all.map(|channel| (channel.name().to_owned(), at)));
    }
    found
}

/// Where a channel reaches a person: their own address, else the common one.
pub fn address(model: &Model, channel: &NotificationChannel, person: &str) -> Option<String> {
    let person = model.get::<Person>(person)?;
    let handle = |name: &str| person.handles.get(name).map(|handle| handle.value.clone());
    let common = || channel.to.clone();
    match channel.by {
        Channel::Email => person.email.as_ref().map(|email| email.value.clone()),
        Channel::Ntfy => handle("ntfy").or_else(common),
        Channel::Matrix => handle("matrix-room").or_else(common),
        Channel::Chat => Some(handle("chat").or_else(common).unwrap_or_default()),
        Channel::Pagerduty | Channel::Webhook => Some(common().unwrap_or_default()),
        // Which browsers somebody has is no matter of the playbook; whoever sends says so when there is none.
        Channel::Push => Some(String::new()),
    }
}

fn reaches(model: &Model, channel: &NotificationChannel, person: &str) -> bool {
    address(model, channel, person).is_some()
}

/// The first moment from `at` on that is not within the person's quiet hours.
fn after_quiet(
    model: &Model,
    policy: Typed<'_, ContactPolicy>,
    person: &str,
    at: Timestamp,
) -> Timestamp {
    let own = model.get::<Person>(person).and_then(|person| person.time_zone.clone());
    let own = own.and_then(|zone| jiff::tz::TimeZone::get(&zone.value).ok());
    let zone = own.unwrap_or_else(|| time_zone(model));
    let mut moment = at.to_zoned(zone.clone());
    // Every hour, half or quarter that quiet hours end at is met by steps of whole minutes to the end of a stretch.
    for _ in 0..QUIET_DAYS * 3 {
        let day = moment.date();
        let quiet_day = policy.quiet_days.iter().any(|quiet| is(*quiet, day.weekday()));
        let next = if quiet_day {
            day.checked_add(1.day()).ok().and_then(|next| next.to_zoned(zone.clone()).ok())
        } else if let Some(quiet) = &policy.quiet {
            let time = moment.time();
            let over_night = quiet.to <= quiet.from;
            let inside = if over_night {
                time >= quiet.from || time < quiet.to
            } else {
                time >= quiet.from && time < quiet.to
            };
            let tomorrow = over_night && time >= quiet.from;
            let end = if tomorrow { day.checked_add(1.day()).unwrap_or(day) } else { day };
            inside.then(|| end.to_datetime(quiet.to).to_zoned(zone.clone()).ok()).flatten()
        } else {
            None
        };
        match next {
            Some(next) if next > moment => moment = next,
            Some(_) | None => break,
        }
    }
    moment.timestamp()
}

fn is(quiet: Weekday, day: jiff::civil::Weekday) -> bool {
    use jiff::civil::Weekday as Civil;
    match quiet {
        Weekday::Mon => day == Civil::Monday,
        Weekday::Tue => day == Civil::Tuesday,
        Weekday::Wed => day == Civil::Wednesday,
        Weekday::Thu => day == Civil::Thursday,
        Weekday::Fri => day == Civil::Friday,
        Weekday::Sat => day == Civil::Saturday,
        Weekday::Sun => day == Civil::Sunday,
    }
}
