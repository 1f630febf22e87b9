//! Whom a page reaches: the escalation policy of a service, resolved step by step at a moment.

use jiff::{SignedDuration, Timestamp};
use org::kinds::{Seat, Service, Team};
use org::{Graph, Presence, Roster};
use playbook::{Model, OneOf, Typed};

use super::resolve::{Exchange, at, zone};
use crate::kinds::{EscalationPolicy, EscalationStep, Responder, Schedule};

/// One step: who is told, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// How long after the page it is told, if nobody acknowledged.
    pub after: SignedDuration,
    /// Who is told, each once, with why.
    pub people: Vec<Told>,
    /// Whom it names and nobody stands behind at this moment, in the user's words.
    pub gaps: Vec<String>,
}

/// Somebody who is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The person's name.
    pub person: String,
    /// Why: "on call in `schedule/platform-primary`".
    pub because: String,
}

/// The policy that serves a service: the one that names it, else the one that names its owner, else
/// the default.
pub fn policy_of<'m>(model: &'m Model, service: &str) -> Option<Typed<'m, EscalationPolicy>> {
    let owner = model.get::<Service>(service).and_then(|service| service.spec.owner.as_ref());
    let names = |policy: &EscalationPolicy, slug: &str, name: &str| {
        policy.serves.iter().any(|served| served.slug() == slug && served.name() == name)
    };
    let all = || model.all::<EscalationPolicy>();
    let own = all().find(|policy| names(policy, "service", service));
    let by_owner = || {
        let owner = owner?;
        all().find(|policy| names(policy, owner.slug(), owner.name()))
    };
    own.or_else(by_owner).or_else(|| all().find(|policy| policy.default))
}

/// The steps of a policy at a moment, each once, without its repeats.
pub fn rungs(
    model: &Model,
    policy: &EscalationPolicy,
    exchanges: &[Exchange],
    now: Timestamp,
) -> Vec<Rung> {
    let mut after = SignedDuration::ZERO;
    let steps = policy.steps.iter().map(|step| {
        let mut rung = rung(model, step, exchanges, now);
        rung.after = after;
        after = after.saturating_add(step.wait.to_duration());
        rung
    });
    steps.collect()
}

fn rung(model: &Model, step: &EscalationStep, exchanges: &[Exchange], now: Timestamp) -> Rung {
    let mut rung = Rung { after: SignedDuration::ZERO, people: Vec::new(), gaps: Vec::new() };
    for responder in &step.notify {
        match people(model, responder, exchanges, now) {
            Ok(people) => people.into_iter().for_each(|told| rung.tell(told)),
            Err(gap) => rung.gaps.push(gap),
        }
    }
    let roster = roster(model, now);
    for reference in &step.backups_of {
        let backup =
            model.follow(reference).and_then(|seat: Typed<'_, Seat>| seat.spec.backup.as_ref());
        match backup.filter(|backup| roster.presence(backup.name()) == Presence::Here) {
            Some(backup) => rung.tell(Told {
                person: backup.name().to_owned(),
                because: format!("backup of `{reference}`"),
            }),
            None => rung.gaps.push(format!("`{reference}` has no backup who is here")),
        }
    }
    rung
}

impl Rung {
    /// Says whether anybody is told.
    pub fn reaches_somebody(&self) -> bool {
        !self.people.is_empty()
    }

    fn tell(&mut self, told: Told) {
        if !self.people.iter().any(|known| known.person == told.person) {
            self.people.push(told);
        }
    }
}

/// Who is here on the organization's day.
fn roster(model: &Model, now: Timestamp) -> Roster<'_> {
    let calendar = org::calendar::Calendar::of_model(model);
    let day = calendar.map_or_else(
        |_| now.to_zoned(jiff::tz::TimeZone::UTC).date(),
        |calendar| calendar.day_of(now),
    );
    Roster::new(model, day)
}

/// The people behind a responder, or why there are none.
fn people(
    model: &Model,
    responder: &OneOf<Responder>,
    exchanges: &[Exchange],
    now: Timestamp,
) -> Result<Vec<Told>, String> {
    let roster = roster(model, now);
    let told = |person: &str, because: String| Told { person: person.to_owned(), because };
    let name = responder.name();
    match responder.slug() {
        "schedule" => {
            let schedule =
                model.get::<Schedule>(name).ok_or_else(|| format!("there is no `{responder}`"))?;
            let shift = at(model, schedule, exchanges, now).now;
            let shift = shift.ok_or_else(|| {
                let local =
                    now.to_zoned(zone(model, schedule.spec)).strftime("%a %H:%M").to_string();
                format!("nobody is on call in `{responder}` ({local})")
            })?;
            Ok(vec![told(&shift.person, format!("on call in `{responder}`"))])
        }
        "team" => {
            let graph = Graph::of(model);
            let members = graph.members_of(&responder.to_string());
            let here = members.iter().filter(|person| roster.presence(person) == Presence::Here);
            let here: Vec<_> =
                here.map(|person| told(person, format!("in `{responder}`"))).collect();
            let dissolved =
                model.get::<Team>(name).is_some_and(|team| team.is_dissolved(roster.day()));
            if here.is_empty() || dissolved {
                return Err(format!("nobody of `{responder}` is here"));
            }
            Ok(here)
        }
        slug => {
            let duty = roster.duty(slug, name);
            let person = duty
                .person
                .ok_or_else(|| format!("nobody acts for `{responder}`: {}", duty.because))?;
            Ok(vec![told(&person, duty.because)])
        }
    }
}
