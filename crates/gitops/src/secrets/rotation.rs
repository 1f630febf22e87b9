//! Rotation: how old each declared secret is, and whether that is too old.

use std::collections::BTreeMap;

use jiff::civil::Date;
use playbook::{Model, Period, Typed};
use serde::Serialize;

use crate::kinds::{Secret, SecretPolicy};

/// How long before its end a secret's owner is told, where the policy does not say: two weeks, so that one weekly
/// sync sees it and there is a week left to do it.
const WARN_BEFORE: Period = Period::days(14);

/// One secret and its age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rotation {
    /// The secret, as a reference.
    pub secret: String,
    /// The name that people read.
    pub title: String,
    /// Where it is kept, in one line.
    pub kept_in: String,
    /// Who changes it, as a reference.
    pub owner: String,
    /// When it was changed last, as far as anybody knows.
    pub rotated: Option<Date>,
    /// The day on which it becomes too old.
    pub due: Option<Date>,
    /// What follows.
    pub state: RotationState,
}

/// Whether a secret is too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RotationState {
    /// It is too old.
    Overdue,
    /// It will be before long.
    DueSoon,
    /// Nobody knows when it was changed last.
    Unknown,
    /// Nobody said how old it may get.
    Unlimited,
    /// It is young enough.
    Fresh,
}

impl RotationState {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::DueSoon => "due soon",
            Self::Unknown => "age unknown",
            Self::Unlimited => "no limit",
            Self::Fresh => "fresh",
        }
    }

    /// Says whether somebody must do something.
    #[must_use]
    pub fn wants_action(self) -> bool {
        match self {
            Self::Overdue | Self::DueSoon => true,
            Self::Unknown | Self::Unlimited | Self::Fresh => false,
        }
    }
}

/// Holds every declared secret against its age, the most urgent first. `seen` says when the places they are kept
/// in last saw them change, by name; where it says nothing, the declaration's own word counts.
#[must_use]
pub fn rotations(model: &Model, seen: &BTreeMap<String, Date>, today: Date) -> Vec<Rotation> {
    let mut all: Vec<Rotation> = model
        .all::<Secret>()
        .map(|secret| rotation(model, &secret, seen.get(secret.name()).copied(), today))
        .collect();
    all.sort_by(|left, right| {
        (left.state, left.due, &left.secret).cmp(&(right.state, right.due, &right.secret))
    });
    all
}

/// How old a secret may get: its own word, or else its policy's.
pub(crate) fn max_age(model: &Model, secret: &Secret) -> Option<Period> {
    let own = secret.max_age.as_ref().map(|age| age.value);
    own.or_else(|| policy(model, secret)?.spec.rotate_every)
}

/// The policy that a secret names, or the only one.
fn policy<'m>(model: &'m Model, secret: &Secret) -> Option<Typed<'m, SecretPolicy>> {
    if let Some(reference) = &secret.policy {
        return model.follow(reference);
    }
    let mut all = model.all::<SecretPolicy>();
    let only = all.next();
    only.filter(|_| all.next().is_none())
}

pub(crate) fn rotation(
    model: &Model,
    secret: &Typed<'_, Secret>,
    seen: Option<Date>,
    today: Date,
) -> Rotation {
    let declared = secret.spec.last_rotated.as_ref().map(|day| day.value);
    let rotated = seen.or(declared);
    let limit = max_age(model, secret.spec);
    let policy = policy(model, secret.spec);
    let notice = policy.and_then(|policy| policy.spec.warn_before).unwrap_or(WARN_BEFORE);
    let due = rotated.zip(limit).map(|(day, limit)| day.saturating_add(limit.to_duration()));
    let state = match (limit, due) {
        (None, _) => RotationState::Unlimited,
        (Some(_), None) => RotationState::Unknown,
        (Some(_), Some(due)) if due <= today => RotationState::Overdue,
        (Some(_), Some(due)) if due.saturating_sub(notice.to_duration()) <= today => {
            RotationState::DueSoon
        }
        (Some(_), Some(_)) => RotationState::Fresh,
    };
    Rotation {
        secret: secret.resource.id.to_string(),
        title: secret.title().to_owned(),
        kept_in: format!("{} {}", secret.spec.kept_in.word(), secret.spec.kept_in.place()),
        owner: secret.spec.owner.to_string(),
        rotated,
        due,
        state,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::vocabulary::TRIAL;

    fn states(lines: &str, seen: &[(&str, Date)]) -> Vec<String> {
        let seen = seen.iter().map(|(name, day)| ((*name).to_owned(), *day)).collect();
        rotations(TRIAL.read(lines).model(), &seen, date(2026, 11, 22))
            .iter()
            .map(|one| format!("{} {}", one.secret, one.state.words()))
            .collect()
    }

    const KEPT: &str = "purpose: x, owner: team/t, kept_in: {kms: {key: k}}";

    #[test]
    fn what_the_keeper_saw_counts_before_what_is_declared() {
        let lines = format!("Secret/a: {{{KEPT}, max_age: 90d, last_rotated: 2026-01-01}}");
        assert_eq!(states(&lines, &[]), ["secret/a overdue"]);
        assert_eq!(states(&lines, &[("a", date(2026, 11, 1))]), ["secret/a fresh"]);
    }

    #[test]
    fn the_owner_is_told_before_the_end_and_on_the_day_it_is_overdue() {
        let line = |day: &str| format!("Secret/a: {{{KEPT}, max_age: 30d, last_rotated: {day}}}");
        assert_eq!(states(&line("2026-10-23"), &[]), ["secret/a overdue"]);
        assert_eq!(states(&line("2026-10-24"), &[]), ["secret/a due soon"]);
        assert_eq!(states(&line("2026-11-06"), &[]), ["secret/a due soon"]);
        assert_eq!(states(&line("2026-11-07"), &[]), ["secret/a fresh"]);
    }

    #[test]
    fn the_policy_limits_what_has_no_limit_of_its_own() {
        let lines = format!(
            "SecretPolicy/p: {{rotate_every: 90d, warn_before: 60d}}
             Secret/a: {{{KEPT}, last_rotated: 2026-10-01}}
             Secret/b: {{{KEPT}}}"
        );
        assert_eq!(states(&lines, &[]), ["secret/a due soon", "secret/b age unknown"]);
        assert_eq!(states(&format!("Secret/a: {{{KEPT}}}"), &[]), ["secret/a no limit"]);
    }
}
