//! What this room adds to the answers of `org::who`: who is on call for a service, a team, a seat or a
//! schedule at a moment.

use jiff::Timestamp;
use org::who::{Claim, Role};
use org::{Match, Subject};
use playbook::{Model, Typed};

use crate::kinds::{EscalationPolicy, Schedule};
use crate::oncall::escalate::{Rung, policy_of, rungs};
use crate::oncall::{Exchange, at};

/// Who is on call for a subject: the first step of the policy that serves it. Later steps follow only
/// when nobody answers, so they are no claim.
pub fn claims(
    model: &Model,
    subject: &Subject,
    exchanges: &[Exchange],
    now: Timestamp,
) -> Vec<Claim> {
    let Subject::Resource { reference, .. } = subject else { return Vec::new() };
    let Some((slug, name)) = reference.split_once('/') else { return Vec::new() };
    match slug {
        "service" => policy_claims(model, policy_of(model, name), exchanges, now),
        "escalation-policy" => policy_claims(model, model.get(name), exchanges, now),
        "team" | "seat" => {
            let serves = |policy: &Typed<'_, EscalationPolicy>| {
                policy.serves.iter().any(|served| served.to_string() == *reference)
            };
            policy_claims(model, model.all().find(serves), exchanges, now)
        }
        "schedule" => {
            let schedule = model.get::<Schedule>(name);
            let shift = schedule.and_then(|schedule| at(model, schedule, exchanges, now).now);
            let claim = |person: &str, because| {
                Claim::new(Role::OnCall, format!("person/{person}"), Match::new(100, because))
            };
            shift.into_iter().map(|shift| claim(&shift.person, shift.because())).collect()
        }
        _ => Vec::new(),
    }
}

fn policy_claims(
    model: &Model,
    policy: Option<Typed<'_, EscalationPolicy>>,
    exchanges: &[Exchange],
    now: Timestamp,
) -> Vec<Claim> {
    let Some(policy) = policy else { return Vec::new() };
    let first = rungs(model, policy.spec, exchanges, now).into_iter().find(Rung::reaches_somebody);
    let people = first.map(|rung| rung.people).unwrap_or_default();
    let claims = people.into_iter().map(|told| {
        let because = format!("{}, which `{}` asks first", told.because, policy.resource.id);
        Claim::new(Role::OnCall, format!("person/{}", told.person), Match::new(100, because))
    });
    claims.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::table;

    #[track_caller]
    fn check(query: &str, expected: &[(&str, &str)]) {
        let workspace = table(
            "Person/ana: {}
             Person/ben: {}
             Team/core: {members: [ben]}
             Service/api: {}
             Service/web: {owner: team/core}
             Schedule/s: {layers: [{starts: 2026-01-05, rotation: {daily: {}}, people: [{person: ana}]}]}
             Schedule/empty: {layers: []}
             EscalationPolicy/any: {default: true, steps: [{notify: [schedule/empty], wait: 5m}, {notify: [schedule/s], wait: 5m}]}
             EscalationPolicy/core: {for: [team/core], steps: [{notify: [team/core], wait: 5m}]}",
        );
        let model = workspace.model();
        let subject = Subject::understand(model, query);
        let now = "2026-11-23T11:00:00Z".parse().expect("a moment");
        let found = claims(model, &subject, &[], now);
        let found: Vec<_> =
            found.iter().map(|claim| (claim.holder.as_str(), claim.because.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn whoever_the_policy_reaches_first_is_on_call() {
        check(
            "service/api",
            &[("person/ana", "on call in `schedule/s`, which `escalation-policy/any` asks first")],
        );
        check(
            "service/web",
            &[("person/ben", "in `team/core`, which `escalation-policy/core` asks first")],
        );
        check("schedule/s", &[("person/ana", "has the turn in layer 1")]);
        check("schedule/empty", &[]);
        check("buying GPUs", &[]);
    }
}
