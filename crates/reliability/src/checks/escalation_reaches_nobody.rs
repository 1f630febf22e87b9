//! Every step of an escalation reaches somebody.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use org::kinds::{Person, Seat};
use org::{Graph, Roster};
use playbook::{Check, Facts, Model, Rule, Typed};

use crate::kinds::{EscalationPolicy, EscalationStep};

/// Every step of an escalation reaches somebody.
pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("REL018"),
        name: "escalation-reaches-nobody",
        severity: Severity::Error,
        summary: "Every step of an escalation reaches somebody.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A step that names nobody, or only empty seats and teams, is time that passes while users are hurt.

Fails:

```yaml
apiVersion: council/v1
kind: Seat
metadata: {name: observability}
spec: {owns: Telemetry.}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {name: all}
spec: {default: true, steps: [{notify: [seat/observability], wait: 5m}]}
```

Mended:

```yaml
apiVersion: council/v1
kind: Person
metadata: {name: ana}
spec: {joined: 2020-01-01}
---
apiVersion: council/v1
kind: Seat
metadata: {name: observability}
spec: {owns: Telemetry., primary: ana}
---
apiVersion: council/v1
kind: EscalationPolicy
metadata: {name: all}
spec: {default: true, steps: [{notify: [seat/observability], wait: 5m}]}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let (graph, roster) = (Graph::of(model), Roster::new(model, facts.today));
    for policy in model.all::<EscalationPolicy>() {
        let steps = &policy.steps;
        let empty = |step: &EscalationStep| !reaches(&graph, &roster, step);
        let messages = match steps.iter().position(empty) {
            _ if steps.is_empty() => vec!["it has no steps".to_owned()],
            Some(at) => vec![format!("step {} reaches nobody", at + 1)],
            None => Vec::new(),
        };
        for message in messages {
            findings.push(
                Diagnostic::new(&RULE.info, policy.resource.at(steps.span), message)
                    .why("time passes while users are hurt")
                    .hint("name a schedule, a filled seat, a team with members or a person")
                    .subject(policy.resource.id.to_string()),
            );
        }
    }
}

/// Says whether a step could reach somebody. Whether a schedule has somebody at every hour is told there.
fn reaches(graph: &Graph, roster: &Roster<'_>, step: &EscalationStep) -> bool {
    let model = roster.model();
    let named = step.notify.iter().any(|responder| match responder.slug() {
        "schedule" => true,
        "team" => {
            graph.members_of(&responder.to_string()).iter().any(|name| roster.works_here(name))
        }
        "person" => {
            model.get::<Person>(responder.name()).is_some_and(|it| roster.works_here(it.name()))
        }
        slug => roster.duty(slug, responder.name()).is_filled(),
    });
    let backup = |seat: Typed<'_, Seat>| seat.spec.backup.as_ref().map(|it| it.name().to_owned());
    let backups = step.backups_of.iter().filter_map(|seat| backup(model.follow(seat)?));
    named || backups.into_iter().any(|name| roster.works_here(&name))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn steps_without_anybody_are_found() {
        TRIAL.finds(
            &RULE,
            "
            Person/gone: {leaves: 2026-01-01}
            Team/t: {members: [gone]}
            Seat/s: {owns: x, primary: gone}
            EscalationPolicy/a: {steps: []}
            EscalationPolicy/b: {steps: [{notify: [team/t, person/gone], backups_of: [s], wait: 5m}]}
        ",
            &[("[]", "it has no steps"), ("[{notify: [team/t, person/gone], backups_of: [s], wait: 5m}]", "step 1 reaches nobody")],
        );
    }

    #[test]
    fn somebody_behind_every_step_is_right() {
        TRIAL.finds(
            &RULE,
            "
            Person/ana: {}
            Team/t: {members: [ana]}
            Seat/s: {owns: x, backup: ana}
            Schedule/x: {layers: []}
            EscalationPolicy/a: {steps: [{notify: [schedule/x], wait: 5m}, {backups_of: [s], wait: 5m}, {notify: [team/t], wait: 5m}]}
        ",
            &[],
        );
    }
}
