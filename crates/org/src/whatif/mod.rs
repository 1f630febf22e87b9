//! What breaks when somebody leaves: everything that they hold, looked at on that day without them.
//!
//! Pure: the model is not changed, the day is looked at through [`Roster::without`]. Consequences
//! that only other rooms can know (a quorum that becomes impossible, an unfinished action) come in
//! as an argument and are sorted in.
//!
//! Invariants: somebody who holds nothing and is named nowhere has no consequences beyond their
//! accounts; the result is sorted, worst first, and the same for the same arguments.

mod holdings;
mod table;

use diag::Place;
use jiff::civil::Date;
use playbook::{Kind, Model};
use schemars::JsonSchema;
use serde::Serialize;

use self::holdings::Departure;
use crate::kinds::Person;
use crate::views::PersonRef;
use crate::{Graph, Roster, suggest};

/// How bad a consequence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Gravity {
    /// Nobody answers any more, or a rule of the playbook is broken.
    Breaks,
    /// It goes on, with less behind it.
    Weakens,
    /// To be done or known.
    Note,
}

/// One thing that follows from somebody's leaving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Consequence {
    /// How bad.
    pub gravity: Gravity,
    /// The resource concerned, as a reference.
    pub subject: String,
    /// What happens, one sentence.
    pub what: String,
    /// Why.
    pub why: String,
    /// What to do, in the imperative.
    pub suggestion: String,
    /// Where it is written, in the playbook.
    #[schemars(skip)]
    pub place: Option<Place>,
}

/// Everything that follows from somebody's leaving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Consequences {
    /// Who leaves.
    pub person: PersonRef,
    /// The first day without them.
    pub on: Date,
    /// What follows, worst first.
    pub items: Vec<Consequence>,
}

impl Consequences {
    /// Says whether anything breaks.
    pub fn breaks_something(&self) -> bool {
        self.items.iter().any(|item| item.gravity == Gravity::Breaks)
    }
}

/// The person asked about is not in the playbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPerson {
    /// The name as it was given.
    pub name: String,
    /// Names that are spelt alike.
    pub did_you_mean: Vec<String>,
}

impl std::fmt::Display for UnknownPerson {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "the playbook has no person `{}`", self.name)?;
        match self.did_you_mean.first() {
            Some(name) => write!(formatter, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownPerson {}

/// Everything that breaks, dangles, or loses its primary or backup when a person (`ana` or
/// `person/ana`) is gone from a day on; `extra` holds what other rooms know to follow.
///
/// # Errors
/// When the playbook does not know the person.
pub fn leave(
    model: &Model,
    person: &str,
    on: Date,
    extra: Vec<Consequence>,
) -> Result<Consequences, UnknownPerson> {
    let name = person.strip_prefix("person/").unwrap_or(person);
    let Some(leaver) = model.get::<Person>(name) else {
        let known = model.all::<Person>().map(|person| person.name().to_owned());
        let did_you_mean = suggest::closest(name, known);
        return Err(UnknownPerson { name: name.to_owned(), did_you_mean });
    };
    let graph = Graph::shared(model);
    let departure = Departure {
        graph: &graph,
        leaver,
        before: Roster::new(model, on),
        after: Roster::new(model, on).without(name),
    };
    let mut items = extra;
    for (hold, subject) in graph.held_by(name) {
        departure.follow(*hold, subject, &mut items);
    }
    departure.overloads(&mut items);
    departure.schedule(&mut items);
    departure.mentions(&mut items);
    departure.accounts(&mut items);
    items.sort_by(|left, right| {
        (left.gravity, &left.subject, &left.what).cmp(&(right.gravity, &right.subject, &right.what))
    });
    items.dedup();
    Ok(Consequences { person: PersonRef::of(model, name), on, items })
}

fn is_person(used: &playbook::Use, name: &str) -> bool {
    used.slug.as_deref() == Some(Person::SLUG) && &*used.name == name
}

/// The first few of a list, and how many more there are.
fn some_of(names: &[String]) -> String {
    // A line of a terminal holds about five references.
    const SHOWN: usize = 5;
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests;
