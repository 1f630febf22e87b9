//! A team that owns something exists and has people.

use std::collections::{BTreeMap, BTreeSet};

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Kind, Model, Rule};

use crate::holdings;
use crate::kinds::{Person, Team};

/// A team that owns something exists and has people.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG020"),
        name: "owner-cannot-answer",
        severity: Severity::Error,
        summary: "A team that owns something exists and has people.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"A team that was dissolved, or whose last member left, still looks like an owner. What it owns has nobody.

Fails:

```yaml
apiVersion: council/v1
kind: Team
metadata: {name: payments}
spec: {members: [ana], dissolved: 2026-09-01}
---
apiVersion: council/v1
kind: Service
metadata: {name: checkout}
spec: {owner: team/payments}
```

Mended:

```yaml
apiVersion: council/v1
kind: Team
metadata: {name: payments}
spec: {members: [ana]}
---
apiVersion: council/v1
kind: Service
metadata: {name: checkout}
spec: {owner: team/payments}
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    let unable = unable(model, facts);
    if unable.is_empty() {
        return;
    }
    for (resource, owner) in holdings::owners(model) {
        let why = unable.get(owner.name()).filter(|_| owner.slug() == Team::SLUG);
        let (Some(why), Some(team)) = (why, model.follow_any(owner)) else { continue };
        let message = format!("`{owner}`, which owns `{}`, {why}", resource.id);
        findings.push(
            Diagnostic::new(&RULE.info, resource.at(owner.span()), message)
                .why("nobody is asked, paged or billed for it")
                .hint("name another owner, or add people to the team")
                .related(team.place.clone(), "the team")
                .subject(resource.id.to_string()),
        );
    }
}

/// The teams that cannot answer for anything on the day, with the reason.
fn unable<'m>(model: &'m Model, facts: &Facts) -> BTreeMap<&'m str, String> {
    let people = model.all::<Person>().filter(|person| !person.has_left(facts.today));
    let staffed: BTreeSet<&str> =
        people.flat_map(|person| &person.spec.member_of).map(|team| team.name()).collect();
    let mut unable = BTreeMap::new();
    for team in model.all::<Team>() {
        let here = |name: &str| {
            model.get::<Person>(name).is_none_or(|person| !person.has_left(facts.today))
        };
        let mut named = team.spec.members.iter().chain(&team.spec.lead);
        let is_staffed = staffed.contains(team.name()) || named.any(|person| here(person.name()));
        match &team.spec.dissolved {
            Some(day) if team.is_dissolved(facts.today) => {
                unable.insert(team.name(), format!("was dissolved on {}", day.value));
            }
            _ if !is_staffed => {
                unable.insert(team.name(), "has nobody in it".to_owned());
            }
            _ => {}
        }
    }
    unable
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn dissolved_and_deserted_teams_are_found() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {leaves: 2026-01-01}
             Team/gone: {dissolved: 2026-11-23}
             Team/deserted: {members: [ana]}
             Service/a: {owner: team/gone}
             Workload/b: {class: batch, owner: team/deserted}",
            &[
                ("team/gone", "`team/gone`, which owns `service/a`, was dissolved on 2026-11-23"),
                ("team/deserted", "`team/deserted`, which owns `workload/b`, has nobody in it"),
            ],
        );
    }

    #[test]
    fn a_lead_or_a_member_by_their_own_word_is_enough() {
        TRIAL.finds(
            &RULE,
            "Person/ana: {member_of: [one]}
             Person/ben: {}
             Team/one: {}
             Team/two: {lead: ben}
             Service/a: {owner: team/one}
             Service/b: {owner: team/two}",
            &[],
        );
    }
}
