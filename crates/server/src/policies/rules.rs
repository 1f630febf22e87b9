//! What can be wrong in a policy, each with its page for `council explain`.

use diag::{Code, RuleInfo, Severity};

/// The pages of what can be wrong in a policy, for `council explain`.
pub static RULES: [&RuleInfo; 7] =
    [&SYNTAX, &TYPES, &DUPLICATE, &UNREADABLE, &GUARDRAIL, &IDLE, &NOBODY];

pub(super) static SYNTAX: RuleInfo = RuleInfo {
    code: Code("POL001"),
    name: "policy-syntax",
    severity: Severity::Error,
    summary: "A policy file is written in Cedar.",
    page: "\
A file below `policies/` that cannot be read as Cedar would silently not apply, so it is an error.

Fails:
```cedar
permit (principal, action resource);
```
Mended:
```cedar
permit (principal, action, resource);
```
",
};

pub(super) static TYPES: RuleInfo = RuleInfo {
    code: Code("POL002"),
    name: "policy-types",
    severity: Severity::Error,
    summary: "A policy names actions and attributes that exist, and compares what can be compared.",
    page: "\
A policy about an action that does not exist never applies, and nobody would notice. The actions and attributes
are those of the schema `docs/policies.cedarschema`.

Fails:
```cedar
permit (principal, action == Action::\"decision.vot\", resource);
```
Mended:
```cedar
permit (principal in Team::\"payments\", action == Action::\"decision.vote\", resource);
```
",
};

pub(super) static DUPLICATE: RuleInfo = RuleInfo {
    code: Code("POL003"),
    name: "policy-name-taken",
    severity: Severity::Error,
    summary: "Every policy has a name of its own.",
    page: "\
Denials name the policy that decided; two policies of one name could not be told apart. The names of the
built-in policies are taken, too: they are not replaced, but a `forbid` of one's own always wins.

Fails:
```cedar
@id(\"deciding-seats-vote\")
forbid (principal, action == Action::\"decision.vote\", resource);
```
Mended:
```cedar
@id(\"nobody-votes-in-the-freeze\")
forbid (principal, action == Action::\"decision.vote\", resource);
```
",
};

pub(super) static UNREADABLE: RuleInfo = RuleInfo {
    code: Code("POL004"),
    name: "policy-unreadable",
    severity: Severity::Error,
    summary: "A policy file can be read.",
    page: "\
A policy that cannot be read might forbid something; going on without it would permit what it forbids. Policy
files are UTF-8 text of at most 256 KiB, and there are at most 200 of them.

Fails: a file `policies/freeze.cedar` in UTF-16, or without permission to read it.

Mended: the same file in UTF-8, readable by the user that runs `council`.
",
};

pub(super) static GUARDRAIL: RuleInfo = RuleInfo {
    code: Code("POL005"),
    name: "guardrail-broken",
    severity: Severity::Error,
    summary: "A guardrail is written in Rego.",
    page: "\
A file `policies/**/*.rego` that cannot be read as Rego v1 would let every plan pass, so it is an error. The
conventions are conftest's: rules called `deny` or `warn`, the plan as `input`.

Fails:
```rego
package main
deny contains msg if input.steps[_].action = msg := \"no\"
```
Mended:
```rego
package main
deny contains msg if {
  some step in input.steps
  step.action == \"destroy\"
  msg := sprintf(\"%v would be destroyed\", [step.resource.name])
}
```
",
};

pub(super) static IDLE: RuleInfo = RuleInfo {
    code: Code("POL006"),
    name: "policy-idle",
    severity: Severity::Warning,
    summary: "A policy can decide something.",
    page: "\
A policy whose condition is false for every request permits nothing and forbids nothing; whoever wrote it believes
otherwise.

Fails:
```cedar
forbid (principal, action == Action::\"change.apply\", resource) when { resource.kind == \"change\" && false };
```
Mended:
```cedar
forbid (principal, action == Action::\"change.apply\", resource) when { resource.kind == \"change\" };
```
",
};

pub(super) static NOBODY: RuleInfo = RuleInfo {
    code: Code("POL007"),
    name: "policy-names-nobody",
    severity: Severity::Error,
    summary: "A policy names people, seats, teams and offices that the playbook declares.",
    page: "\
What is forbidden to a team that does not exist is forbidden to nobody, and nobody would notice: after a team is
renamed, its policies must follow.

Fails:
```cedar
forbid (principal in Team::\"paymnets\", action == Action::\"change.apply\", resource);
```
Mended:
```cedar
forbid (principal in Team::\"payments\", action == Action::\"change.apply\", resource);
```
",
};
