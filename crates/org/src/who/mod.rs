//! Who decides, approves, is consulted, told, on call, and backs up, for any subject; and why.
//!
//! The answer is merged from [`Claim`]s: "this holder has this role for the subject, because …".
//! This room contributes what follows from ownership and from the seats' own words ([`claims`]);
//! other rooms add theirs (areas of responsibility, decision types, on-call rotations) through
//! [`answer_with`]. On call is asked of nobody here: it is filled by the room that knows rotations.
//!
//! Invariants: every part of an answer has at least one reason; a holder stands once, in the
//! strongest of the roles decides, consulted, informed; the order is by weight and then by name, so
//! that the same playbook and day give the same answer.

mod claims;
mod merge;

use playbook::{Facts, Model};
use schemars::JsonSchema;
use serde::Serialize;

pub use self::claims::claims;
use self::merge::{merge, resolve};
use crate::kinds::Seat;
use crate::suggest;
use crate::views::PersonRef;
use crate::{Match, Presence, Roster, Standing, Subject};

/// What a holder is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Decides.
    Decides,
    /// Must agree before it is done.
    Approves,
    /// Is asked before.
    Consulted,
    /// Is told after.
    Informed,
    /// Answers now, at any hour.
    OnCall,
}

/// One reason why a holder has a role for the subject of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The role.
    pub role: Role,
    /// The holder as a reference: `seat/network-security`, `team/payments`, `audience/everyone`.
    pub holder: String,
    /// How sure, from 1 to 100: 100 is said outright, less is inferred from words.
    pub weight: u32,
    /// Why, with the holder as the subject of the sentence left out: "owns `service/api`".
    pub because: String,
}

impl Claim {
    /// Makes a claim.
    pub fn new(role: Role, holder: impl Into<String>, found: Match) -> Self {
        Self { role, holder: holder.into(), weight: found.weight, because: found.because }
    }
}

/// One holder in an answer, resolved to a person on the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Part {
    /// The holder as a reference.
    pub holder: String,
    /// The name that people read.
    pub title: String,
    /// Who answers today, when it is one person.
    pub person: Option<PersonRef>,
    /// In which capacity.
    pub standing: Standing,
    /// Why the holder is in the answer, best reason first, and then why this person.
    pub because: Vec<String>,
    /// How sure, from 1 to 100.
    pub weight: u32,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The question as it was asked.
    pub query: String,
    /// What it was understood to be about.
    pub subject: Subject,
    /// Who decides.
    pub decides: Vec<Part>,
    /// Who must agree.
    pub approves: Vec<Part>,
    /// Who is asked before.
    pub consulted: Vec<Part>,
    /// Who is told after.
    pub informed: Vec<Part>,
    /// Who answers at any hour.
    pub on_call: Vec<Part>,
    /// Who stands in when those who decide or approve are not here.
    pub backs_up: Vec<Part>,
    /// That what is asked about is there no more, and what there is instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retired: Option<String>,
    /// How the question was understood and what the answer rests on.
    pub reasons: Vec<String>,
    /// What is missing: seats that nobody fills, deciders without a backup.
    pub gaps: Vec<String>,
    /// What may have been meant, when there is no answer.
    pub did_you_mean: Vec<String>,
}

impl Answer {
    /// Says whether nobody at all was found.
    pub fn is_empty(&self) -> bool {
        let Self { decides, approves, consulted, informed, on_call, .. } = self;
        [decides, approves, consulted, informed, on_call].iter().all(|parts| parts.is_empty())
    }
}

/// Answers a question from ownership and the seats' own words alone.
pub fn answer(model: &Model, query: &str, facts: &Facts) -> Answer {
    answer_with(model, query, facts, Vec::new())
}

/// Answers a question, with the claims of other rooms about the same subject.
pub fn answer_with(model: &Model, query: &str, facts: &Facts, extra: Vec<Claim>) -> Answer {
    let roster = Roster::new(model, facts.today);
    let subject = Subject::understand(model, query);
    let mut claims = claims(model, &subject);
    claims.extend(extra);
    let mut parts = merge(claims);
    let mut take = |role: Role| -> Vec<Part> {
        let holders = parts.remove(&role).unwrap_or_default();
        let mut parts: Vec<_> =
            holders.into_iter().map(|merged| resolve(&roster, merged)).collect();
        parts.sort_by(|left, right| {
            right.weight.cmp(&left.weight).then_with(|| left.holder.cmp(&right.holder))
        });
        parts
    };
    let mut answer = Answer {
        query: query.to_owned(),
        decides: take(Role::Decides),
        approves: take(Role::Approves),
        consulted: take(Role::Consulted),
        informed: take(Role::Informed),
        on_call: take(Role::OnCall),
        backs_up: Vec::new(),
        retired: retirement(model, &subject, facts),
        reasons: vec![understood(&subject)],
        gaps: Vec::new(),
        did_you_mean: Vec::new(),
        subject,
    };
    if answer.approves.is_empty() && !answer.decides.is_empty() {
        answer.reasons.push(
            "no decision type names approvers for it, so those who decide approve".to_owned(),
        );
        answer.approves = answer.decides.clone();
    }
    find_backups(&roster, &mut answer);
    if let Some(missing) = missing_reference(model, &answer.subject) {
        answer.reasons.push(missing);
        answer.did_you_mean = candidates(model, query);
    } else if answer.is_empty() {
        answer.did_you_mean = candidates(model, query);
    }
    answer
}

fn understood(subject: &Subject) -> String {
    match subject {
        Subject::Resource { reference, file, .. } => {
            format!("the question is about `{reference}`, declared in `{file}`")
        }
        Subject::Path(path) => format!("the question is about the file `{path}`"),
        Subject::Topic(topic) => format!("the question is about the topic `{topic}`"),
    }
}

/// Says that what is asked about is there no more, and what there is instead.
fn retirement(model: &Model, subject: &Subject, facts: &Facts) -> Option<String> {
    let Subject::Resource { reference, .. } = subject else { return None };
    let meta = &model.resource(reference)?.meta;
    let since = meta.retired.filter(|since| *since <= facts.today)?;
    let instead = meta.replaced_by.as_ref().map(|other| format!("; ask about `{other}` instead"));
    Some(format!("`{reference}` is retired since {since}{}", instead.unwrap_or_default()))
}

/// Says that a path reads like a reference to a kind that the playbook has, and is none.
fn missing_reference(model: &Model, subject: &Subject) -> Option<String> {
    let Subject::Path(path) = subject else { return None };
    let (slug, _) = path.split_once('/')?;
    model.of_slug(slug).next().is_some().then(|| {
        format!("there is no `{path}` in the playbook, so it was taken as the name of a file")
    })
}

/// Fills in who backs up the seats that decide or approve, and says where nobody does.
fn find_backups(roster: &Roster<'_>, answer: &mut Answer) {
    let mut seen = Vec::new();
    for part in answer.decides.iter().chain(&answer.approves) {
        let Some(seat) = part.holder.strip_prefix("seat/").filter(|seat| !seen.contains(seat))
        else {
            continue;
        };
        seen.push(seat);
        let holder = &part.holder;
        match part.standing {
            Standing::Gap => answer.gaps.push(format!(
                "`{holder}` is empty: {}",
                part.because.last().map_or("nobody holds it", String::as_str)
            )),
            Standing::Backup => {
                answer.gaps.push(format!("the backup of `{holder}` stands in, with nobody behind"));
            }
            Standing::Primary => {
                let backup = roster.model().get::<Seat>(seat).and_then(|seat| seat.backup.clone());
                match backup.filter(|name| roster.presence(name.name()) == Presence::Here) {
                    Some(backup) => answer.backs_up.push(Part {
                        person: Some(PersonRef::of(roster.model(), backup.name())),
                        standing: Standing::Backup,
                        because: vec![format!("`{}` is the backup of `{holder}`", backup.name())],
                        ..part.clone()
                    }),
                    None => answer.gaps.push(format!("nobody backs up `{holder}`")),
                }
            }
            Standing::Inactive | Standing::Holder | Standing::Group => {}
        }
    }
}

/// What may have been meant: references, topics and titles that are spelt alike.
fn candidates(model: &Model, query: &str) -> Vec<String> {
    let seats = || model.all::<Seat>();
    let topics = seats().flat_map(|seat| {
        let covered = seat.spec.covers.topics.iter().map(|topic| topic.as_str());
        seat.spec.topics.iter().chain(&seat.spec.focus).map(String::as_str).chain(covered)
    });
    let references = model.resources().map(|resource| resource.id.to_string());
    suggest::closest(query, topics.map(str::to_owned).chain(references))
}

#[cfg(test)]
mod tests;
