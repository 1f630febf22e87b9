//! The codes that the check of a pull request reports, with their pages.
//!
//! They are not rules of the playbook: what they look at is a change on its way into it.

use diag::{Code, RuleInfo, Severity};

/// All of them, by code, for `council explain` and SARIF.
pub static RULES: &[&RuleInfo] = &[
    &BRANCH_NAME,
    &INCIDENT,
    &SECTION,
    &REVIEW_MISSING,
    &CHANGES_REQUESTED,
    &NOBODY_CAN,
    &NOT_COUNTED,
    &NO_POLICY,
    &HISTORY,
    &CODEOWNERS,
    &UNRENDERED,
    &GUARDRAIL_DENIES,
    &GUARDRAIL_WARNS,
];

/// Those that point at what asks, in the base of the change; the others point at what the change brings.
pub static FROM_BASE: &[&RuleInfo] = &[
    &BRANCH_NAME,
    &INCIDENT,
    &SECTION,
    &REVIEW_MISSING,
    &CHANGES_REQUESTED,
    &NOBODY_CAN,
    &NOT_COUNTED,
    &NO_POLICY,
];

/// A branch is named after a pattern of its branch policy.
pub(super) static BRANCH_NAME: RuleInfo = RuleInfo {
    code: Code("PRQ001"),
    name: "branch-name",
    severity: Severity::Error,
    summary: "A branch is named after a pattern of its branch policy.",
    page: "\
The name of a branch is the first thing that a reviewer reads, and what finds the incident that a hotfix is for.

Fails: `hotfix`, with the policy's pattern `fix/<incidentid>-<shortdesc>`.

Mended: `fix/INC-2026-0012-mtu`, by `git branch -m hotfix fix/INC-2026-0012-mtu`.
",
};

/// The incident that a hotfix branch names exists.
pub(super) static INCIDENT: RuleInfo = RuleInfo {
    code: Code("PRQ002"),
    name: "incident-unknown",
    severity: Severity::Error,
    summary: "The incident that a hotfix branch names exists.",
    page: "\
A hotfix takes a shorter way because something is broken. The incident's record says what, and what was done about it.

Fails: `fix/INC-2026-0099-mtu`, when there is no incident `INC-2026-0099`.

Mended: name the incident that you work on, or use a branch for ordinary work.

Without a record at hand (no `COUNCIL_URL`, no ledger) existence cannot be looked up; then this is a warning.
",
};

/// The description says something under every section that its template requires.
pub(super) static SECTION: RuleInfo = RuleInfo {
    code: Code("PRQ003"),
    name: "section-missing",
    severity: Severity::Error,
    summary: "The description says something under every section that its template requires.",
    page: "\
Whoever reviews a change, and whoever undoes it at night, needs the risk and the way back in writing.

Fails: a description without a heading `Rollback`, or with nothing but `TBD` or the template's own comment below it.

Mended:

```markdown
## Risk
Frames above 1,500 bytes are dropped until both sides have the new MTU.

## Rollback
Revert this merge; the apply sets 1,500 again.
```

A heading of any level, a line in bold, or a line `Rollback: …` begins a section.
",
};

/// As many seats agreed as the change policy asks for.
pub(super) static REVIEW_MISSING: RuleInfo = RuleInfo {
    code: Code("PRQ004"),
    name: "review-missing",
    severity: Severity::Warning,
    summary: "As many seats agreed as the change policy asks for.",
    page: "\
At least one seat of the council looks at every change. An approval counts when it was given to the newest commit by
somebody who speaks for a seat that the policy accepts, who works here and who wrote no part of the change. A backup
speaks while the primary is away. Two seats of one person count once.

Waits: nobody of `reviews.seats` approved yet.

Mended: one of those whom the message names approves, on the forge or by a signed merge.
",
};

/// No seat asks for changes.
pub(super) static CHANGES_REQUESTED: RuleInfo = RuleInfo {
    code: Code("PRQ005"),
    name: "changes-requested",
    severity: Severity::Error,
    summary: "No seat asks for changes.",
    page: "\
Agreement of one seat does not outvote another one's objection.

Fails: the newest review of somebody who speaks for a seat asks for changes.

Mended: the change is changed, and they review it again.
",
};

/// Somebody is there who can agree.
pub(super) static NOBODY_CAN: RuleInfo = RuleInfo {
    code: Code("PRQ006"),
    name: "nobody-can-review",
    severity: Severity::Warning,
    summary: "Somebody is there who can agree.",
    page: "\
When all seats that count are empty, or held by the author, no review can ever arrive.

Waits: `reviews: {at_least: 1, seats: [platform]}`, while `platform` has no primary and no backup.

Mended: a person takes the seat, or the policy accepts more seats.
",
};

/// Why an approval does not count.
pub(super) static NOT_COUNTED: RuleInfo = RuleInfo {
    code: Code("PRQ007"),
    name: "review-not-counted",
    severity: Severity::Note,
    summary: "Why an approval does not count.",
    page: "\
An approval may come from the author, from somebody who has left, from nobody whom the playbook knows, from a seat
that the policy does not accept, or may have been given to an older commit. The forge shows a green mark all the same;
this says why it is not enough.
",
};

/// A change policy covers the change.
pub(super) static NO_POLICY: RuleInfo = RuleInfo {
    code: Code("PRQ008"),
    name: "no-change-policy",
    severity: Severity::Note,
    summary: "A change policy covers the change.",
    page: "\
Without a policy the least that holds is asked for: one seat of the council agrees.

Mended:

```yaml
apiVersion: council/v1
kind: ChangePolicy
metadata: {name: infrastructure}
spec:
  repositories: [infra-network]
  reviews: {at_least: 1}
```
",
};

/// Reported by the pre-receive hook, which alone sees what a push does to a branch.
pub static HISTORY: RuleInfo = RuleInfo {
    code: Code("PRQ009"),
    name: "history-rewritten",
    severity: Severity::Error,
    summary: "The protected branch only moves forward.",
    page: "\
What was reviewed, approved and applied is what the history says. A push that deletes the branch, moves it back or
replaces commits makes records point at nothing.

Fails: `git push --force origin main`.

Mended: `git revert` what is wrong, and push that.
",
};

/// CODEOWNERS says what the playbook says.
pub static CODEOWNERS: RuleInfo = RuleInfo {
    code: Code("PRQ010"),
    name: "codeowners-drift",
    severity: Severity::Warning,
    summary: "CODEOWNERS says what the playbook says.",
    page: "\
A forge asks those for reviews whom CODEOWNERS names. When seats change hands and the file does not follow, it asks
people who have left, and nobody asks those who answer.

Fails: `/network/** @mallory`, while the seat that covers `network/**` is held by somebody else.

Mended: `council pr codeowners > .github/CODEOWNERS`.
",
};

/// Everything that targets keep can still be rendered.
pub(super) static UNRENDERED: RuleInfo = RuleInfo {
    code: Code("PRQ011"),
    name: "artefact-unrenderable",
    severity: Severity::Error,
    summary: "Everything that targets keep can still be rendered.",
    page: "\
A plan from half of what should be would take the other half away. So when one file of one target cannot be rendered
from the change, there is no plan, and the change cannot be merged.

Fails: a target with `artefacts: [{name: network/vlan, to: vlans.yaml}]`, when no artefact has this name.

Mended: `network/vlans`, which there is.
",
};

/// No guardrail denies what the change would do.
pub(super) static GUARDRAIL_DENIES: RuleInfo = RuleInfo {
    code: Code("PRQ012"),
    name: "guardrail-denies",
    severity: Severity::Error,
    summary: "No guardrail denies what the change would do.",
    page: "\
Guardrails are policy code in Rego: those that council brings, those of `policies/**/*.rego` on the branch that it would be
merged into, and those that the change itself brings. They look at the plan of what merging would do. A change cannot
loosen what judges it, because the policies of the base judge it too.

Fails: a change that destroys a file of a target in production, and cites no decision.

Mended: the description names the decision that it rests on: `decision/0012-retire-the-old-racks`.
",
};

/// What a guardrail wants somebody to look at.
pub(super) static GUARDRAIL_WARNS: RuleInfo = RuleInfo {
    code: Code("PRQ013"),
    name: "guardrail-warns",
    severity: Severity::Warning,
    summary: "What a guardrail wants somebody to look at.",
    page: "\
A rule called `warn` finds what may be right and should be seen. It stops nobody.

Fails: `warn contains \"more than ten files change\" if count(input.steps) > 10`.

Mended: whoever reviews has looked; or the change is made in two.
",
};
