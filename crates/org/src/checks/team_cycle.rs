//! No team is a part of itself.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Ref, Rule};

use super::at;
use crate::cycles;
use crate::kinds::Team;

/// No team is a part of itself.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("ORG026"),
        name: "team-cycle",
        severity: Severity::Error,
        summary: "No team is a part of itself.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"`parent` builds a tree: from it follow who is told, and whose budget it is. In a circle, both go round forever.

Fails:

```yaml
apiVersion: council/v1
kind: Team
metadata: {name: shop}
spec: {parent: payments}
---
apiVersion: council/v1
kind: Team
metadata: {name: payments}
spec: {parent: shop}
```

Mended:

```yaml
apiVersion: council/v1
kind: Team
metadata: {name: shop}
spec: {}
---
apiVersion: council/v1
kind: Team
metadata: {name: payments}
spec: {parent: shop}
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let teams = model.all::<Team>();
    let nodes: Vec<_> =
        teams.map(|team| (team.name(), team.spec.parent.iter().map(Ref::name).collect())).collect();
    for circle in cycles::circles(&nodes) {
        let Some(team) = model.get::<Team>(circle.from) else { continue };
        let Some(parent) = &team.spec.parent else { continue };
        let message = format!("teams are parts of each other: {}", cycles::phrase(&circle.path));
        findings.push(
            at(&RULE, team, parent.span(), message)
                .why("`parent` builds a tree")
                .hint("take one `parent` out"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_circle_of_teams_is_found() {
        TRIAL.finds(
            &RULE,
            "Team/a: {parent: b}\nTeam/b: {parent: team/a}",
            &[("team/a", "teams are parts of each other: `a` → `b` → `a`")],
        );
    }

    #[test]
    fn a_tree_is_right() {
        TRIAL.finds(&RULE, "Team/a: {}\nTeam/b: {parent: a}\nTeam/c: {parent: a}", &[]);
    }
}
