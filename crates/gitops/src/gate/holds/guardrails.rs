//! What the guardrails say about the plan.

use crate::gate::{Bench, Reason};

pub(super) fn hold(bench: &Bench<'_>) -> Vec<Reason> {
    let facts = bench.facts;
    if bench.subject.plan.is_some() && !facts.guardrails_ran {
        return vec![Reason::wait(
            "guardrails-missing",
            "the guardrails have not looked at the plan",
            "they do",
        )];
    }
    let findings = facts.findings.iter().map(|finding| {
        let about = finding.resource.as_ref().map_or(String::new(), |it| format!(" (`{it}`)"));
        let text = format!("`{}`{about}: {}", finding.policy, finding.message);
        match finding.denies {
            true => Reason::deny("guardrail", text, "the plan keeps to the guardrail"),
            false => Reason::note("guardrail-warning", text),
        }
    });
    findings.collect()
}
