//! Attestations: who approved what, as signed statements that outlive this program.
//!
//! Each approval, each use of break-glass and its review becomes an in-toto Statement (version 1) about
//! one plan, named by its SHA-256, in a DSSE envelope signed with the ledger's key. Anybody with the public
//! key verifies it with any DSSE tool; [`verify`] does it here.
//!
//! Absent on purpose: free text. Remarks may name people and are sealed in the ledger, where they can be
//! erased; a signed statement in somebody else's archive cannot.

use ledger::{Envelope, EnvelopeError, InvalidBody, Keys, PublicKey};
use serde_json::{Value, json};

use crate::record::change::{Approved, BrokenGlass, Planned, State};

/// The type of the payload: an in-toto statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// The version of the statement's form.
const STATEMENT: &str = "https://in-toto.io/Statement/v1";

/// What an approval's statement says: `urn:` because the form is ours, and no site stands behind it.
const APPROVAL: &str = "urn:council:attestation:approval:v1";

/// What a statement about broken glass says.
const OVERRIDE: &str = "urn:council:attestation:break-glass:v1";

/// One statement, not signed yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// A name for its file, such as `CHG-2026-0007-approval-1`.
    pub name: String,
    /// The statement.
    pub body: Value,
}

/// Why a file proves nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotProven {
    /// The envelope does not verify.
    Envelope(EnvelopeError),
    /// What it holds is no statement about a change's plan.
    NoStatement,
}

impl std::fmt::Display for NotProven {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Envelope(error) => error.fmt(formatter),
            Self::NoStatement => {
                formatter.write_str("the envelope is sound, and holds no statement about a plan")
            }
        }
    }
}

impl std::error::Error for NotProven {}

/// Every approval and override of a change, those that do not count any more among them.
pub fn statements(id: &str, state: &State) -> Vec<Statement> {
    let approvals = state.approvals.iter().zip(1..).map(|(approved, number): (_, u32)| Statement {
        name: format!("{id}-approval-{number}"),
        body: approval(id, state, approved),
    });
    let glass = state.glass.as_ref().map(|glass| Statement {
        name: format!("{id}-break-glass"),
        body: broken_glass(id, state, glass),
    });
    approvals.chain(glass).collect()
}

/// Signs a statement.
///
/// # Errors
/// When it cannot be written canonically.
pub fn sign(statement: &Statement, keys: &Keys) -> Result<Envelope, InvalidBody> {
    let payload = ledger::canonical(&statement.body)?;
    Ok(Envelope::sign(PAYLOAD_TYPE, payload.as_bytes(), keys))
}

/// Checks an envelope against a key, and hands out the statement.
///
/// # Errors
/// When the envelope does not verify, or holds no statement about a plan.
pub fn verify(envelope: &Envelope, key: &PublicKey) -> Result<Value, NotProven> {
    let payload = envelope.verify(PAYLOAD_TYPE, key).map_err(NotProven::Envelope)?;
    let body: Value = serde_json::from_slice(&payload).map_err(|_| NotProven::NoStatement)?;
    let is_ours = body.get("_type").and_then(Value::as_str) == Some(STATEMENT)
        && body
            .get("predicateType")
            .and_then(Value::as_str)
            .is_some_and(|it| [APPROVAL, OVERRIDE].contains(&it))
        && body.pointer("/subject/0/digest/sha256").is_some_and(Value::is_string);
    if is_ours { Ok(body) } else { Err(NotProven::NoStatement) }
}

fn statement(id: &str, plan: &str, predicate_type: &str, predicate: &Value) -> Value {
    json!({
        "_type": STATEMENT,
        "subject": [{ "name": format!("change/{id}"), "digest": { "sha256": plan } }],
        "predicateType": predicate_type,
        "predicate": predicate,
    })
}

fn approval(id: &str, state: &State, approved: &Approved) -> Value {
    let given = &approved.approval;
    let plan = given.plan.as_deref().unwrap_or_default();
    let predicate = json!({
        "change": id,
        "author": state.author,
        "approver": given.person,
        "seat": given.seat,
        "capacity": approved.capacity,
        "via": approved.via,
        "revision": given.revision,
        "approvedAt": given.at.to_string(),
        "expiresAt": given.expires.to_string(),
        "void": approved.void,
        "plan": plan_in_brief(state.plan.as_ref().filter(|known| known.hash == plan)),
    });
    statement(id, plan, APPROVAL, &predicate)
}

fn broken_glass(id: &str, state: &State, glass: &BrokenGlass) -> Value {
    let plan = glass.by.plan.as_deref().unwrap_or_default();
    let review = glass
        .review
        .as_ref()
        .map(|review| json!({ "reviewer": review.person, "reviewedAt": review.at.to_string() }));
    let predicate = json!({
        "change": id,
        "author": state.author,
        "person": glass.by.person,
        "seat": glass.by.seat,
        "at": glass.at.to_string(),
        "overrode": glass.overrode,
        "reviewDue": glass.by.review_due.to_string(),
        "review": review,
        "plan": plan_in_brief(state.plan.as_ref().filter(|known| known.hash == plan)),
    });
    statement(id, plan, OVERRIDE, &predicate)
}

/// What the plan does, in numbers; nothing when the change has another plan by now.
fn plan_in_brief(plan: Option<&Planned>) -> Value {
    plan.map_or(Value::Null, |plan| {
        json!({
            "generation": plan.generation,
            "effect": plan.effect,
            "steps": plan.steps,
            "irreversible": plan.irreversible,
            "actions": plan.touched.actions,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::change::trial;

    #[test]
    fn approvals_and_overrides_are_signed_statements_about_a_plan() {
        let state = trial::approved_and_broken();
        let statements = statements("CHG-2026-0001", &state);
        let names: Vec<_> = statements.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["CHG-2026-0001-approval-1", "CHG-2026-0001-break-glass"]);
        let keys = Keys::generate().expect("the system has randomness");
        for statement in &statements {
            let envelope = sign(statement, &keys).expect("it is written");
            let proven = verify(&envelope, &keys.public()).expect("it verifies");
            assert_eq!(proven, statement.body);
            assert_eq!(proven.pointer("/subject/0/digest/sha256"), Some(&json!("a".repeat(64))));
            let other = Keys::generate().expect("the system has randomness").public();
            assert!(matches!(verify(&envelope, &other), Err(NotProven::Envelope(_))));
        }
        let who = statements[0].body.pointer("/predicate/approver");
        assert_eq!(who, Some(&json!("jonas")));
        // Why the glass was broken is sealed in the ledger and stays there.
        assert!(!statements[1].body.to_string().contains("It burns"), "{statements:?}");
    }

    #[test]
    fn a_sound_envelope_about_something_else_proves_nothing() {
        let keys = Keys::generate().expect("the system has randomness");
        for body in [json!({ "_type": STATEMENT }), json!([])] {
            let statement = Statement { name: "x".to_owned(), body };
            let envelope = sign(&statement, &keys).expect("it is written");
            assert_eq!(verify(&envelope, &keys.public()), Err(NotProven::NoStatement));
        }
        let envelope = Envelope::sign("text/plain", b"x", &keys);
        assert!(matches!(verify(&envelope, &keys.public()), Err(NotProven::Envelope(_))));
    }
}
