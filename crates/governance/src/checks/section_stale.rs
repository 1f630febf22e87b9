//! A section is verified again before it is stale.

use diag::{Code, Diagnostic, RuleInfo, Severity};
use playbook::{Check, Facts, Model, Rule};

use super::at;
use crate::kinds::Section;

/// A section is verified again before it is stale.
pub(super) static RULE: Rule = Rule {
    info: RuleInfo {
        code: Code("GOV027"),
        name: "section-stale",
        severity: Severity::Warning,
        summary: "A section is verified again before it is stale.",
        page: PAGE,
    },
    check: Check::Whole(check),
};

const PAGE: &str = r#"Its owner vouched for the section on the day `verified`, for the time `stale_after`. Afterwards nobody knows whether it is
still true; readers are warned, and it comes up on agendas.

Fails:

```markdown
<!-- docs/a.md -->
---
section: observability
verified: 2020-01-01
stale_after: 180d
---
# Signals

X.
```

Mended:

```markdown
<!-- docs/a.md -->
---
section: observability
verified: 2020-01-01
---
# Signals

X.
```
"#;

fn check(model: &Model, facts: &Facts, findings: &mut Vec<Diagnostic>) {
    for section in model.all::<Section>().filter(|section| section.is_stale(facts.today)) {
        let Some(verified) = section.spec.verified.as_ref() else { continue };
        let title = section.headline().unwrap_or(section.title());
        let owner = section.owner.as_ref().map(|seat| match model.follow(seat) {
            Some(seat) => seat.title().to_owned(),
            None => seat.to_string(),
        });
        let message = format!("the section \"{title}\" was last verified on {}", verified.value);
        let hint = match owner {
            Some(owner) => format!("{owner} reads it, mends it, and sets `verified` to that day"),
            None => "give it an `owner`, who reads it and sets `verified`".to_owned(),
        };
        findings.push(
            at(&RULE, section, verified.span, message)
                .why("nobody knows whether it is still true")
                .hint(hint),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::vocabulary::TRIAL;

    #[test]
    fn a_section_that_nobody_vouches_for_is_found() {
        TRIAL.finds(
            &RULE,
            r#"Seat/net: {owns: x}
             docs/a.md: {section: platform, owner: net, verified: 2026-08-24, stale_after: 90d} | # Layers\n\nX."#,
            &[("2026-08-24", r#"the section "Layers" was last verified on 2026-08-24"#)],
        );
    }

    #[test]
    fn the_last_day_still_counts() {
        TRIAL.finds(
            &RULE,
            r#"Seat/net: {owns: x}
             docs/a.md: {section: platform, owner: net, verified: 2026-08-25, stale_after: 90d} | # Layers\n\nX."#,
            &[],
        );
    }
}
