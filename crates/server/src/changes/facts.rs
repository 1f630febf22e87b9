//! What the gate is told about the world, gathered from what the server knows at a moment.
//!
//! What is missing, the gate takes as unknown.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use gitops::gate::{CheckState, GateFacts, GuardrailFinding};
use gitops::record::Command;
use gitops::record::change::State as Change;
use guardrail::Severity;
use jiff::Timestamp;

use crate::limits::MAX_JUDGED_PLANS;
use crate::operations::open_incidents;
use crate::{AppState, Record, Snapshot};

/// What guardrails found, by plan, policies and what is said about the change; judging a large plan again for every
/// page would cost more than the page.
#[derive(Debug, Default)]
pub(crate) struct Judged(Mutex<BTreeMap<String, Option<Vec<GuardrailFinding>>>>);

impl AppState {
    /// What the gate is told of every change alike.
    pub(crate) fn gate_facts(
        &self,
        snapshot: &Snapshot,
        record: &Record,
        now: Timestamp,
    ) -> GateFacts {
        let playbook = match &snapshot.held_back {
            None if snapshot.is_broken() => {
                CheckState::Failed("the playbook has errors".to_owned())
            }
            None => CheckState::Passed,
            Some(_) => {
                CheckState::Failed("a newer playbook has errors and is held back".to_owned())
            }
        };
        let mut facts = GateFacts {
            council: record.state.council.clone(),
            freezes: gitops::freeze::around(snapshot.model(), &record.state.changes, now),
            observed: self.sight().ages(),
            checks: BTreeMap::from([("playbook".to_owned(), playbook)]),
            ..GateFacts::default()
        };
        self.situation().tell(&mut facts);
        facts.incidents.extend(open_incidents(snapshot.model(), &record.state.reliability));
        facts
    }

    /// What the gate is told when a command is decided.
    pub(crate) fn facts_for(
        &self,
        snapshot: &Snapshot,
        record: &Record,
        now: Timestamp,
        command: &Command,
    ) -> GateFacts {
        let mut facts = self.gate_facts(snapshot, record, now);
        if let Command::Change { id, .. } = command
            && let Some(change) = record.state.changes.changes.get(id)
        {
            self.add_findings(snapshot, id, change, &mut facts);
        }
        facts
    }

    /// Adds what the guardrails say of a change's plan.
    pub(crate) fn add_findings(
        &self,
        snapshot: &Snapshot,
        id: &str,
        change: &Change,
        facts: &mut GateFacts,
    ) {
        let found = self.findings(snapshot, id, change);
        facts.guardrails_ran = found.is_some();
        facts.findings = found.unwrap_or_default();
    }

    fn findings(
        &self,
        snapshot: &Snapshot,
        id: &str,
        change: &Change,
    ) -> Option<Vec<GuardrailFinding>> {
        let hash = &change.plan.as_ref()?.hash;
        let guardrails = snapshot.policies.guardrails()?;
        let council = gitops::plan::for_guardrails(snapshot.model(), &change.subject(id));
        let key = format!("{hash} {} {council}", snapshot.since);
        let lock = || self.judged().0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return known.clone();
        }
        let plan = self.plans().load(hash).ok()?;
        let input = serde_json::to_value(&plan).unwrap_or_default();
        let found = guardrails.judge(&input, &council);
        // Who came to no answer, for want of time perhaps, is asked again.
        let lasts = found.iter().all(|finding| !finding.unjudged);
        let found: Vec<_> = found.into_iter().map(finding).collect();
        if !lasts {
            return Some(found);
        }
        let mut judged = lock();
        if judged.len() >= MAX_JUDGED_PLANS {
            judged.clear();
        }
        judged.insert(key, Some(found.clone()));
        Some(found)
    }
}

/// A guardrail's finding as the gate knows it.
pub(crate) fn finding(found: guardrail::Finding) -> GuardrailFinding {
    GuardrailFinding {
        policy: found.policy,
        message: found.message,
        denies: match found.severity {
            Severity::Deny => true,
            Severity::Warn => false,
        },
        resource: found.resource,
    }
}
