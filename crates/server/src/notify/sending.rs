//! Sending what is due, each under an attempt that was written down before.

use futures_util::future::join_all;
use jiff::Timestamp;
use ledger::Fence;
use playbook::Model;
use reliability::kinds::{Channel, NotificationChannel};
use reliability::record::Command as Any;
use reliability::record::notification::{self, Command, Due, Outcome, Stage, State, Urgency};
use systems::notify::{Carrier, Message, NotifyError, Sender, Way};

use super::acknowledging::link;
use super::browsers::Post;
use crate::http::Problem;
use crate::{AppState, Lens};

/// How many messages are on their way at a time; the rest waits for the next turn, which follows at once.
const MAX_AT_ONCE: usize = 32;

/// What a message says instead of words that hold a secret.
const HELD_BACK: &str =
    "(The words are held back: they seem to hold a secret. Read them on the page.)";

struct Parcel {
    id: String,
    attempt: u32,
    last: bool,
    way: Result<Road, NotifyError>,
    message: Message,
}

/// How a message leaves the house.
enum Road {
    /// By a server that carries it.
    Server(Box<Way>),
    /// To the browsers of a person.
    Browsers {
        person: String,
        /// Whom a push service may write to.
        contact: Option<String>,
    },
}

/// Sends everything that is due at this moment, and says how many messages went out and how many did not. Blocks.
pub(crate) fn deliver(
    state: &AppState,
    fence: Option<&Fence>,
    now: Timestamp,
) -> Result<(usize, usize), Problem> {
    let lens = state.lens();
    let mut parcels = Vec::new();
    for (id, found) in open(&lens) {
        let agenda = notification::agenda(found, lens.snapshot.model());
        for due in agenda.into_iter().filter(|due| due.at <= now) {
            if parcels.len() < MAX_AT_ONCE {
                parcels.push(pack(state, &lens, (id, found), (&due, fence))?);
            }
        }
    }
    if parcels.is_empty() {
        return Ok((0, 0));
    }
    let sender = Sender::by(state.straight_client().clone());
    let sending = parcels.iter().map(async |parcel| match &parcel.way {
        Ok(Road::Server(way)) => sender.send(way, &parcel.message).await,
        Ok(Road::Browsers { person, contact }) => {
            let post = Post { state, contact: contact.as_deref(), now };
            post.send(person, &parcel.id, &parcel.message).await
        }
        Err(error) => Err(error.clone()),
    });
    let outcomes = tokio::runtime::Handle::current().block_on(join_all(sending));
    let mut failed = 0;
    for (parcel, outcome) in parcels.iter().zip(outcomes) {
        let attempt = parcel.attempt;
        let command = match outcome {
            Ok(()) => Command::Deliver { attempt },
            Err(error) => {
                failed += 1;
                tracing::warn!(
                    notification = parcel.id,
                    why = error.why,
                    "a message was not taken"
                );
                let for_good = parcel.last || !error.retry;
                Command::Fail { attempt, why: error.why, for_good }
            }
        };
        let command = Any::Notification { id: parcel.id.clone(), command };
        state.perform_fenced(command, fence.cloned())?;
    }
    Ok((parcels.len() - failed, failed))
}

/// Those that are on their way.
fn open(lens: &Lens) -> impl Iterator<Item = (&String, &State)> {
    let all = lens.record.state.reliability.notifications.iter();
    all.filter(|(_, found)| found.stage == Stage::Open)
}

/// Writes the attempt down, and makes the message.
fn pack(
    state: &AppState,
    lens: &Lens,
    (id, found): (&str, &State),
    (due, fence): (&Due, Option<&Fence>),
) -> Result<Parcel, Problem> {
    let attempt = match due.attempt {
        Some(attempt) => attempt,
        None => {
            let (person, channel, step) = (due.person.clone(), due.channel.clone(), due.step);
            let command = Command::Attempt { person, channel, step };
            let command = Any::Notification { id: id.to_owned(), command };
            state.perform_fenced(command, fence.cloned())?;
            begun(state, id)
        }
    };
    let words = |text| {
        let words = lens.reading().texts.read(&format!("notification/{id}"), text);
        if gitops::secrets::scan("", &words).is_empty() { words } else { HELD_BACK.to_owned() }
    };
    let urgent = found.urgency == Urgency::Page;
    let acknowledge = if urgent { Some(link(state, id, &due.person)?) } else { None };
    let message = Message {
        key: format!("{id}-{attempt}"),
        about: found.about.clone(),
        urgent,
        subject: words(&found.subject),
        text: words(&found.text),
        link: format!("{}{}", state.origin(), found.link.as_deref().unwrap_or("/on-call")),
        acknowledge,
    };
    let way = way(lens.snapshot.model(), due);
    Ok(Parcel { id: id.to_owned(), attempt, last: due.last, way, message })
}

/// The number of the attempt that was begun last; only this worker begins any.
fn begun(state: &AppState, id: &str) -> u32 {
    let record = state.record();
    let found = record.state.reliability.notifications.get(id);
    let open = found.and_then(|found| {
        found.attempts.iter().rposition(|attempt| attempt.outcome == Outcome::Open)
    });
    open.and_then(|index| u32::try_from(index).ok()).unwrap_or(0)
}

fn way(model: &Model, due: &Due) -> Result<Road, NotifyError> {
    let never = |why: String| NotifyError { why, retry: false };
    let channel = model.get::<NotificationChannel>(&due.channel).ok_or_else(|| {
        never(format!("the playbook declares no notification channel `{}` any more", due.channel))
    })?;
    let carrier = match channel.by {
        Channel::Email => Carrier::Email,
        Channel::Chat => Carrier::Chat,
        Channel::Matrix => Carrier::Matrix,
        Channel::Ntfy => Carrier::Ntfy,
        Channel::Pagerduty => Carrier::Pagerduty,
        Channel::Webhook => Carrier::Webhook,
        Channel::Push => {
            let (person, contact) = (due.person.clone(), channel.from.clone());
            return Ok(Road::Browsers { person, contact });
        }
    };
    let secret = match &channel.secret_from {
        None => None,
        Some(variable) => match std::env::var(variable) {
            Ok(value) => Some(value.into()),
            // It may be set at the next start, so it is tried again.
            Err(_) => {
                let why = format!("the environment variable `{variable}` is not set");
                return Err(NotifyError { why, retry: true });
            }
        },
    };
    Ok(Road::Server(Box::new(Way {
        carrier,
        url: channel.url.as_ref().map(|url| url.value.clone()).unwrap_or_default(),
        to: notification::address(model, channel.spec, &due.person).unwrap_or_default(),
        from: channel.from.clone().unwrap_or_else(|| "council@localhost".to_owned()),
        user: channel.user.clone().unwrap_or_default(),
        secret,
    })))
}

/// Stops the pages of incidents that somebody has seen by another way. Blocks.
pub(crate) fn follow_incidents(state: &AppState) {
    let record = state.record();
    let all = &record.state.reliability;
    for (id, found) in all.notifications.iter().filter(|(_, found)| found.waits()) {
        let incident = found.about.strip_prefix("incident/").and_then(|id| all.incidents.get(id));
        let Some(person) = incident.and_then(|incident| incident.seen_by.as_deref()) else {
            continue;
        };
        let command = Command::Acknowledge {};
        let command = Any::Notification { id: id.clone(), command };
        if let Err(problem) = state.perform_as(person, command) {
            tracing::debug!(notification = id, detail = problem.detail(), "still open");
        }
    }
}
