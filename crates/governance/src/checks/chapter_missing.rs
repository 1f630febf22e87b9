//! Every chapter of the living document has prose.

use std::collections::BTreeSet;

use diag::{Code, Diagnostic, RuleInfo, Severity};
use org::kinds::Organization;
use playbook::{Check, Facts, Model, Rule};

use super::on;
use crate::kinds::{Chapter, Section};

/// Every chapter of the living document has prose.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV028"),
        name: "chapter-missing",
        severity: Severity::Note,
        summary: "Every chapter of the living document has prose.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"The living document has fixed chapters, so that readers find the same things in the same places. A chapter that only
resources fill is shown with its gap until somebody writes a section for it.

Fails:

```markdown
<!-- docs/a.md -->
---
section: purpose
---
# Purpose

X.
```

Mended:

```markdown
<!-- docs/purpose.md -->
---
section: purpose
---
X.
<!-- docs/seats.md -->
---
section: seats
---
X.
<!-- docs/operating-model.md -->
---
section: operating-model
---
X.
<!-- docs/decision-types.md -->
---
section: decision-types
---
X.
<!-- docs/raci.md -->
---
section: raci
---
X.
<!-- docs/platform.md -->
---
section: platform
---
X.
<!-- docs/standards.md -->
---
section: standards
---
X.
<!-- docs/observability.md -->
---
section: observability
---
X.
<!-- docs/incidents.md -->
---
section: incidents
---
X.
<!-- docs/finops.md -->
---
section: finops
---
X.
<!-- docs/developer-experience.md -->
---
section: developer-experience
---
X.
<!-- docs/talent.md -->
---
section: talent
---
X.
<!-- docs/change-management.md -->
---
section: change-management
---
X.
<!-- docs/open-questions.md -->
---
section: open-questions
---
X.
```
"#;

fn check(model: &Model, _: &Facts, findings: &mut Vec<Diagnostic>) {
    let written: BTreeSet<Chapter> =
        model.all::<Section>().map(|section| section.section.value).collect();
    // A playbook without any section does not make a document yet, and need not be told so 14 times.
    let Some(organization) = model.all::<Organization>().next().filter(|_| !written.is_empty())
    else {
        return;
    };
    let missing: Vec<_> = Chapter::ALL.into_iter().filter(|it| !written.contains(it)).collect();
    if missing.is_empty() {
        return;
    }
    let names: Vec<_> = missing.iter().map(|chapter| format!("`{}`", chapter.slug())).collect();
    let message = format!(
        "{} of the living document without prose: {}",
        diag::words::count(missing.len(), "chapter"),
        names.join(", ")
    );
    findings.push(
        on(&RULE, organization, message)
            .why("readers look there first")
            .hint("write a Markdown file whose front matter has `section:` with that word"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn chapters_without_prose_are_found_together() {
        TRIAL.finds(
            &RULE,
            "docs/a.md: {section: purpose} | X.",
            &[(
                "example",
                "13 chapters of the living document without prose: `seats`, `operating-model`, `decision-types`, `raci`, `platform`, `standards`, `observability`, `incidents`, `finops`, `developer-experience`, `talent`, `change-management`, `open-questions`",
            )],
        );
    }

    #[test]
    fn a_playbook_without_sections_is_left_alone() {
        TRIAL.finds(&RULE, "Seat/net: {owns: x}", &[]);
    }
}
