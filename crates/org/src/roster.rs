//! Who is here on a day, and who therefore answers for a seat, an office or a team.
//!
//! A [`Roster`] is the one lens through which days are looked at: `who`, `whatif`, the rules and the
//! procedures of other rooms all ask it, so that they cannot disagree about whether a backup stands
//! in. [`Roster::without`] looks at the same day as if somebody had left already.
//!
//! Invariant: every [`Duty`] carries a reason in the user's words.

use std::collections::BTreeSet;

use jiff::civil::Date;
use playbook::{Kind, Model, Ref, Typed};
use schemars::JsonSchema;
use serde::Serialize;

use crate::kinds::{Office, Organization, Person, Seat, Team};

/// The playbook's people on one day.
#[derive(Clone, Debug)]
pub struct Roster<'m> {
    model: &'m Model,
    day: Date,
    gone: BTreeSet<String>,
}

/// Whether somebody is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Works here, and is not away.
    Here,
    /// Works here, and is away on this day.
    Away,
    /// Joins later.
    NotYet,
    /// Has left.
    Left,
    /// The playbook does not know the name.
    Unknown,
}

/// In which capacity a responsibility is filled on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The seat's primary is here.
    Primary,
    /// The seat's backup stands in.
    Backup,
    /// The office's holder, the team's lead, or the person themselves.
    Holder,
    /// A group of people, none of whom is named before the others.
    Group,
    /// Nobody is here who could answer.
    Gap,
    /// The seat is not at the table, because its condition does not hold.
    Inactive,
}

/// Who answers for something on a day, and why it is them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Duty {
    /// The person's name, when there is one.
    pub person: Option<String>,
    /// In which capacity.
    pub standing: Standing,
    /// Why, such as "`ben` stands in, because `ana` left on 2027-01-15".
    pub because: String,
}

impl Duty {
    fn new(person: Option<&str>, standing: Standing, because: String) -> Self {
        Self { person: person.map(str::to_owned), standing, because }
    }

    /// Says whether somebody answers.
    pub fn is_filled(&self) -> bool {
        match self.standing {
            Standing::Primary | Standing::Backup | Standing::Holder | Standing::Group => true,
            Standing::Gap | Standing::Inactive => false,
        }
    }
}

impl<'m> Roster<'m> {
    /// Looks at a day as the playbook describes it.
    pub fn new(model: &'m Model, day: Date) -> Self {
        Self { model, day, gone: BTreeSet::new() }
    }

    /// The same day, as if a person had left by then.
    #[must_use]
    pub fn without(mut self, person: &str) -> Self {
        self.gone.insert(person.to_owned());
        self
    }

    /// The day looked at.
    pub fn day(&self) -> Date {
        self.day
    }

    /// The playbook looked at.
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// Whether a person is here.
    pub fn presence(&self, person: &str) -> Presence {
        let Some(found) = self.model.get::<Person>(person) else { return Presence::Unknown };
        if self.gone.contains(person) || found.has_left(self.day) {
            Presence::Left
        } else if !found.is_here(self.day) {
            Presence::NotYet
        } else if found.is_away(self.day) {
            Presence::Away
        } else {
            Presence::Here
        }
    }

    /// Says whether a person is employed on the day, be they away or not.
    pub fn works_here(&self, person: &str) -> bool {
        matches!(self.presence(person), Presence::Here | Presence::Away)
    }

    /// Says whether a seat is at the table: it has no condition, or its condition holds.
    pub fn is_active(&self, seat: &Seat) -> bool {
        seat.active_when.as_ref().is_none_or(|condition| self.holds(condition))
    }

    fn holds(&self, condition: &str) -> bool {
        let mut organizations = self.model.all::<Organization>();
        organizations.any(|found| found.conditions.get(condition).copied().unwrap_or(false))
    }

    /// Who answers for a seat: its primary, else its backup, else nobody.
    pub fn seat(&self, seat: Typed<'_, Seat>) -> Duty {
        if !self.is_active(&seat) {
            let condition = seat.active_when.as_ref().map_or("", |name| name.as_str());
            let because = format!("the seat is at the table only while `{condition}` holds");
            return Duty::new(None, Standing::Inactive, because);
        }
        let here = |person: &Option<Ref<Person>>| {
            person.as_ref().map(Ref::name).map(|name| (name.to_owned(), self.presence(name)))
        };
        match (here(&seat.primary), here(&seat.backup)) {
            (Some((primary, Presence::Here)), _) => {
                let because = format!("`{primary}` is the primary");
                Duty::new(Some(&primary), Standing::Primary, because)
            }
            (primary, Some((backup, Presence::Here))) => {
                let why = primary.map_or_else(
                    || "there is no primary".to_owned(),
                    |(name, presence)| self.absence(&name, presence),
                );
                let because = format!("`{backup}` stands in as the backup, because {why}");
                Duty::new(Some(&backup), Standing::Backup, because)
            }
            (None, None) => {
                Duty::new(None, Standing::Gap, "the seat has no primary and no backup".to_owned())
            }
            (primary, backup) => {
                let reasons: Vec<_> = [("primary", primary), ("backup", backup)]
                    .into_iter()
                    .map(|(what, holder)| match holder {
                        Some((name, presence)) => self.absence(&name, presence),
                        None => format!("there is no {what}"),
                    })
                    .collect();
                Duty::new(None, Standing::Gap, reasons.join(" and "))
            }
        }
    }

    /// Who answers for an office.
    pub fn office(&self, office: Typed<'_, Office>) -> Duty {
        match office.holder.as_ref().map(Ref::name) {
            Some(name) => self.person(name, &format!("`{name}` holds the office")),
            None => Duty::new(None, Standing::Gap, "nobody holds the office".to_owned()),
        }
    }

    /// Who answers for a team: its lead when here, else the team together, else nobody.
    pub fn team(&self, team: Typed<'_, Team>) -> Duty {
        if team.is_dissolved(self.day) {
            return Duty::new(None, Standing::Gap, "the team is dissolved".to_owned());
        }
        let lead = team.lead.as_ref().map(Ref::name);
        if let Some(name) = lead.filter(|name| self.presence(name) == Presence::Here) {
            return Duty::new(Some(name), Standing::Holder, format!("`{name}` leads the team"));
        }
        let why = lead.map_or_else(
            || "the team has no lead".to_owned(),
            |name| self.absence(name, self.presence(name)),
        );
        let left = |person: &Ref<Person>| self.presence(person.name()) == Presence::Left;
        if !team.members.is_empty() && team.members.iter().all(left) {
            return Duty::new(
                None,
                Standing::Gap,
                format!("everybody of the team left, and {why}"),
            );
        }
        Duty::new(None, Standing::Group, format!("the team answers together, because {why}"))
    }

    /// Whether a person can answer for themselves.
    fn person(&self, name: &str, because: &str) -> Duty {
        match self.presence(name) {
            Presence::Here => Duty::new(Some(name), Standing::Holder, because.to_owned()),
            absent => Duty::new(None, Standing::Gap, self.absence(name, absent)),
        }
    }

    /// Who answers for anything that can be held: `seat`, `office`, `team`, `person`, `audience`.
    pub fn duty(&self, slug: &str, name: &str) -> Duty {
        let unknown = || Duty::new(None, Standing::Gap, format!("there is no `{slug}/{name}`"));
        match slug {
            Seat::SLUG => self.model.get(name).map_or_else(unknown, |seat| self.seat(seat)),
            Office::SLUG => self.model.get(name).map_or_else(unknown, |office| self.office(office)),
            Team::SLUG => self.model.get(name).map_or_else(unknown, |team| self.team(team)),
            Person::SLUG => self.person(name, &format!("`{name}` is named in person")),
            "audience" => Duty::new(None, Standing::Group, "all of them are meant".to_owned()),
            _ => unknown(),
        }
    }

    /// Why somebody does not answer, as a part of a sentence.
    fn absence(&self, name: &str, presence: Presence) -> String {
        let person = self.model.get::<Person>(name);
        match presence {
            Presence::Here => format!("`{name}` is here"),
            Presence::Away => format!("`{name}` is away"),
            Presence::NotYet => {
                let day = person.and_then(|person| person.joined.as_ref().map(|day| day.value));
                day.map_or_else(
                    || format!("`{name}` has not joined yet"),
                    |day| format!("`{name}` joins only on {day}"),
                )
            }
            Presence::Left => {
                let left = person.and_then(|person| person.leaves.as_ref().map(|day| day.value));
                match left.filter(|left| *left <= self.day) {
                    Some(day) => format!("`{name}` left on {day}"),
                    None => format!("`{name}` has left"),
                }
            }
            Presence::Unknown => format!("there is no person `{name}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::vocabulary::TRIAL;
    use trial::TODAY;

    #[track_caller]
    fn check(people: &str, seat: &str, expected: (Option<&str>, Standing, &str)) {
        let workspace = TRIAL.read(&format!("{people}\nSeat/s: {seat}"));
        let model = workspace.model();
        let duty = Roster::new(model, TODAY).seat(model.get("s").unwrap());
        let found = (duty.person.as_deref(), duty.standing, duty.because.as_str());
        assert_eq!(found, expected);
    }

    const PEOPLE: &str = "Person/ana: {joined: 2024-01-01}\nPerson/ben: {}
        Person/gone: {leaves: 2026-11-23}\nPerson/soon: {joined: 2026-11-24}
        Person/away: {away: [{from: 2026-11-20, to: 2026-11-23}]}";

    #[test]
    fn a_seat_falls_to_the_backup_and_then_to_nobody() {
        let primary = "{owns: x, primary: ana, backup: ben}";
        check(PEOPLE, primary, (Some("ana"), Standing::Primary, "`ana` is the primary"));
        let left = "{owns: x, primary: gone, backup: ben}";
        let because = "`ben` stands in as the backup, because `gone` left on 2026-11-23";
        check(PEOPLE, left, (Some("ben"), Standing::Backup, because));
        let away = "{owns: x, primary: away, backup: ben}";
        let because = "`ben` stands in as the backup, because `away` is away";
        check(PEOPLE, away, (Some("ben"), Standing::Backup, because));
        let early = "{owns: x, primary: soon}";
        let because = "`soon` joins only on 2026-11-24 and there is no backup";
        check(PEOPLE, early, (None, Standing::Gap, because));
        let empty = (None, Standing::Gap, "the seat has no primary and no backup");
        check(PEOPLE, "{owns: x}", empty);
    }

    #[test]
    fn a_conditional_seat_is_inactive_while_its_condition_is_off() {
        let because = "the seat is at the table only while `hiring` holds";
        let seat = "{owns: x, primary: ana, active_when: hiring}";
        check(PEOPLE, seat, (None, Standing::Inactive, because));
    }

    #[test]
    fn a_team_answers_through_its_lead_and_then_together() {
        let workspace = TRIAL.read(&format!(
            "{PEOPLE}
             Team/led: {{lead: ana}}
             Team/leaderless: {{members: [ana, ben]}}
             Team/absent: {{lead: away, members: [ben]}}
             Team/deserted: {{members: [gone]}}
             Team/old: {{lead: ana, dissolved: 2026-11-23}}"
        ));
        let roster = Roster::new(workspace.model(), TODAY);
        let standing = |name: &str| roster.duty("team", name).standing;
        assert_eq!(standing("led"), Standing::Holder);
        assert_eq!(standing("leaderless"), Standing::Group);
        assert_eq!(standing("absent"), Standing::Group);
        assert_eq!(standing("deserted"), Standing::Gap);
        assert_eq!(standing("old"), Standing::Gap);
        assert_eq!(standing("unknown"), Standing::Gap);
    }

    #[test]
    fn a_day_can_be_looked_at_without_somebody() {
        let workspace =
            TRIAL.read(&format!("{PEOPLE}\nSeat/s: {{owns: x, primary: ana, backup: ben}}"));
        let model = workspace.model();
        let roster = Roster::new(model, date(2026, 11, 23)).without("ana");
        let duty = roster.seat(model.get("s").unwrap());
        assert_eq!(duty.person.as_deref(), Some("ben"));
        assert_eq!(duty.because, "`ben` stands in as the backup, because `ana` has left");
    }
}
