//! What somebody may do, and why: policy, then the procedure, asked without doing anything.
//!
//! It is the code that would decide the act itself, with the same playbook and record, so that the answer holds for the
//! next moment and no longer.

use std::collections::BTreeSet;

use axum::extract::State;
use org::kinds::Person;
use policy::{Action, Outcome, Request, Resource};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::auth::Viewer;
use crate::http::{Json, Problem, Query};
use crate::perform::subject;
use crate::policies::nearest;
use crate::{AppState, Lens};

/// Who wants to do what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// The person's name; `operator` for the server's operator.
    person: String,
    /// What: an action such as `change.approve`, or its verb alone, `approve`.
    action: String,
    /// On what: `change/CH-7`, or a kind alone, `change`.
    subject: String,
    /// With a token of these scopes, with commas between them; in a browser when left out.
    scopes: Option<String>,
}

/// Whether somebody may do something, and why.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CanView {
    /// Whether it would be done.
    allowed: bool,
    /// Who, by name; nothing for the operator.
    person: Option<String>,
    /// The action's name.
    action: &'static str,
    /// The action in words.
    summary: &'static str,
    /// On what.
    subject: String,
    /// What policy says.
    policy: PolicyAnswer,
    /// What the procedure says; nothing when policy denies it, or when it depends on what the person would write.
    procedure: Option<ProcedureAnswer>,
}

/// What policy says.
#[derive(Debug, Serialize, JsonSchema)]
struct PolicyAnswer {
    /// Whether it is permitted and not forbidden.
    allowed: bool,
    /// `allowed`, `forbidden` by a policy, or `not-permitted` by any.
    outcome: &'static str,
    /// Why, in a sentence.
    reason: String,
    /// The policies that decided; when none permits it, those that could have.
    policies: Vec<DecidingPolicy>,
    /// What would be needed, one way a line.
    needed: Vec<String>,
}

/// A policy that decided.
#[derive(Debug, Serialize, JsonSchema)]
struct DecidingPolicy {
    /// Its name.
    name: String,
    /// The file of the playbook that it stands in; nothing when it is built in.
    file: Option<String>,
    /// Its text in Cedar.
    text: String,
}

/// What the procedure says.
#[derive(Debug, Serialize, JsonSchema)]
struct ProcedureAnswer {
    /// Whether it would be done.
    allowed: bool,
    /// The reasons of a refusal.
    reasons: Vec<String>,
    /// What would make it pass.
    would_pass_if: Vec<String>,
}

/// The kinds that are read as the record, not as the playbook.
const RECORDED: [&str; 19] = [
    "action",
    "alert",
    "budget",
    "change",
    "decision",
    "drift",
    "feedback",
    "freeze",
    "hardening",
    "incident",
    "measurement",
    "notification",
    "plan",
    "postmortem",
    "question",
    "ritual",
    "runbook-run",
    "silence",
    "swap",
];

/// Kinds that are acted on under the noun of another.
const UNDER: [(&str, &str); 3] =
    [("runbook-run", "runbook"), ("notification", "incident"), ("metric", "metrics")];

/// Says whether somebody may do something now, and what decided.
#[utoipa::path(get, path = "/api/v1/can", params(Wanted), responses(
    (status = 200, description = "The answer", body = ref("#/components/schemas/CanView")),
))]
pub(crate) async fn ask(
    State(state): State<AppState>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Json<CanView>, Problem> {
    state.authorize(&viewer, "record.read", Resource::kind("can"))?;
    let lens = state.lens();
    let (kind, name) = wanted.subject.split_once('/').unwrap_or((&wanted.subject, ""));
    // A decision may be named by its number.
    let declared = lens.snapshot.model().find(kind, name);
    let name = declared.map_or(name, |found| &*found.id.name);
    let action = understand(&wanted.action, kind)?;
    exists(&lens, (kind, name), &viewer)?;
    let whose = match whose(&wanted, &lens)? {
        Whose::Here(whose) => whose,
        Whose::Left(person) => return Ok(Json(CanView::gone(person, action, &wanted.subject))),
    };
    let resource = subject::of(action.name, (kind, name), &lens, &whose);
    let request = Request { principal: whose.principal(), action: action.name, resource };
    let decision = lens.snapshot.authorizer.authorize(&request);
    let rehearsed = match decision.is_allowed() && !name.is_empty() {
        true => state.rehearse(action.name, name, &lens, &whose),
        false => None,
    };
    let procedure = rehearsed.map(ProcedureAnswer::of);
    Ok(Json(CanView {
        allowed: decision.is_allowed() && procedure.as_ref().is_none_or(|it| it.allowed),
        person: whose.person.as_deref().map(str::to_owned),
        action: action.name,
        summary: action.summary,
        subject: wanted.subject,
        policy: PolicyAnswer::of(decision, action, &whose, &lens),
        procedure,
    }))
}

impl ProcedureAnswer {
    fn of(rehearsed: Result<(), governance::Refusal>) -> Self {
        match rehearsed {
            Ok(()) => Self { allowed: true, reasons: Vec::new(), would_pass_if: Vec::new() },
            Err(refusal) => Self {
                allowed: false,
                reasons: refusal.reasons,
                would_pass_if: refusal.would_pass_if,
            },
        }
    }
}

impl PolicyAnswer {
    fn of(decision: policy::Decision, action: &Action, whose: &Viewer, lens: &Lens) -> Self {
        let name = whose.person.as_deref().unwrap_or("the operator");
        let named = |name: &String| {
            let policy::Named { name, file, text } = lens.snapshot.authorizer.policy(name)?;
            Some(DecidingPolicy { name, file, text })
        };
        Self {
            allowed: decision.is_allowed(),
            outcome: match decision.outcome {
                Outcome::Allowed => "allowed",
                Outcome::Forbidden => "forbidden",
                Outcome::NotPermitted => "not-permitted",
            },
            policies: decision.policies.iter().filter_map(named).collect(),
            // The one who asks is usually somebody else.
            reason: match decision.outcome {
                Outcome::NotPermitted => format!("no policy permits {name} to {}", action.summary),
                Outcome::Allowed | Outcome::Forbidden => decision.reason,
            },
            needed: match decision.outcome {
                Outcome::NotPermitted => decision.needed,
                Outcome::Allowed | Outcome::Forbidden => Vec::new(),
            },
        }
    }
}

/// Whom is asked about.
enum Whose {
    /// Somebody, as they stand in the playbook today.
    Here(Viewer),
    /// Somebody who does not work here any more.
    Left(String),
}

fn whose(wanted: &Wanted, lens: &Lens) -> Result<Whose, Problem> {
    let model = lens.snapshot.model();
    let person = wanted.person.strip_prefix("person/").unwrap_or(&wanted.person);
    let scopes = wanted.scopes.as_deref().map(scopes_of).transpose()?;
    let known = model.get::<Person>(person);
    if known.is_none() && person == "operator" {
        return Viewer::supposed(&lens.snapshot, None, scopes).map(Whose::Here);
    }
    let Some(known) = known else {
        let missing = Problem::not_found(format!("The playbook declares no person `{person}`."));
        return Err(match nearest(model, "person", person) {
            Some(near) => missing.hint(format!("Did you mean `{near}`?")),
            None => missing.hint("`/api/v1/people` lists everybody"),
        });
    };
    if known.has_left(lens.snapshot.facts.today) {
        return Ok(Whose::Left(person.to_owned()));
    }
    Viewer::supposed(&lens.snapshot, Some(person), scopes).map(Whose::Here)
}

impl CanView {
    fn gone(person: String, action: &Action, subject: &str) -> Self {
        let policy = PolicyAnswer {
            allowed: false,
            outcome: "not-permitted",
            reason: format!("`{person}` does not work here any more"),
            policies: Vec::new(),
            needed: vec!["a person of the playbook who has not left".to_owned()],
        };
        Self {
            allowed: false,
            person: Some(person),
            action: action.name,
            summary: action.summary,
            subject: subject.to_owned(),
            policy,
            procedure: None,
        }
    }
}

fn scopes_of(text: &str) -> Result<BTreeSet<String>, Problem> {
    let scopes: BTreeSet<String> = text
        .split(',')
        .map(str::trim)
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect();
    match scopes.iter().find(|scope| !policy::SCOPES.iter().any(|known| known.name == **scope)) {
        None => Ok(scopes),
        Some(unknown) => {
            let known: Vec<&str> = policy::SCOPES.iter().map(|scope| scope.name).collect();
            Err(Problem::bad_request("no-such-scope", format!("`{unknown}` is not a scope."))
                .hint(format!("The scopes are {}", known.join(", "))))
        }
    }
}

/// The action that is meant by a name or a verb, about a thing of this kind.
fn understand(asked: &str, kind: &str) -> Result<&'static Action, Problem> {
    let noun = UNDER.iter().find(|(under, _)| *under == kind).map_or(kind, |(_, noun)| noun);
    let exact = policy::find(asked).or_else(|| policy::find(&format!("{noun}.{asked}")));
    let read = match asked {
        "read" if RECORDED.contains(&kind) => policy::find("record.read"),
        "read" => policy::find("playbook.read"),
        _ => None,
    };
    exact.or(read).ok_or_else(|| {
        let verbs = policy::ACTIONS.iter().filter(|action| action.noun() == noun);
        let verbs: Vec<String> = verbs.map(|action| format!("`{}`", action.verb())).collect();
        let hint = match verbs.as_slice() {
            [] => "Actions are listed in docs/policies.cedarschema, such as `change.approve`"
                .to_owned(),
            verbs => format!("Of a {kind} one can ask {} or `read`", verbs.join(", ")),
        };
        let words = format!("`{asked}` is not something that is done with a {kind}.");
        Problem::bad_request("no-such-action", words).hint(hint)
    })
}

/// Refuses what does not exist, and what the one who asks may not see, in the same words.
fn exists(lens: &Lens, (kind, name): (&str, &str), viewer: &Viewer) -> Result<(), Problem> {
    let (model, record) = (lens.snapshot.model(), &lens.record.state);
    let is_known = match kind {
        _ if name.is_empty() => true,
        "change" => record.changes.changes.contains_key(name),
        "action" => record.council.actions.contains_key(name),
        "feedback" => record.council.feedback.contains_key(name),
        "incident" | "postmortem" => {
            record.reliability.incidents.contains_key(name)
                && lens.may_open(&format!("{kind}/{name}"), viewer.person.as_deref())
        }
        "runbook-run" => {
            record.reliability.runs.contains_key(name)
                && lens.may_open(&format!("{kind}/{name}"), viewer.person.as_deref())
        }
        "notification" => record.reliability.notifications.contains_key(name),
        "question" => {
            record.council.questions.contains_key(name) || model.find(kind, name).is_some()
        }
        "ritual" => {
            let ritual = name.split_once('/').map_or(name, |(ritual, _)| ritual);
            model.find(kind, ritual).is_some()
        }
        // What a playbook declares must be there; things of the server itself are named by nobody else.
        _ => model.of_slug(kind).next().is_none() || model.find(kind, name).is_some(),
    };
    if is_known {
        return Ok(());
    }
    Err(Problem::not_found(format!("There is no `{kind}/{name}`."))
        .hint("Name it as lists do, such as `change/CH-7` or `decision/0012-vlans`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &str, kind: &str, expected: Option<&str>) {
        assert_eq!(understand(asked, kind).ok().map(|action| action.name), expected);
    }

    #[test]
    fn a_verb_means_the_action_of_its_things_kind() {
        check("approve", "change", Some("change.approve"));
        check("change.approve", "change", Some("change.approve"));
        check("run", "runbook-run", Some("runbook.run"));
        check("respond", "notification", Some("incident.respond"));
        check("read", "incident", Some("record.read"));
        check("read", "seat", Some("playbook.read"));
        check("read", "ledger", Some("ledger.read"));
        check("paint", "change", None);
        check("approve", "seat", None);
    }
}
