//! The guardrails that always hold, in Rego, so that teams can read how one is written.

/// Path and text of each.
pub const BUILT_IN: [(&str, &str); 4] = [
    ("guardrails/plain_text_secret.rego", include_str!("built_in/plain_text_secret.rego")),
    ("guardrails/public_ssh.rego", include_str!("built_in/public_ssh.rego")),
    ("guardrails/destroy_undecided.rego", include_str!("built_in/destroy_undecided.rego")),
    ("guardrails/tags_and_names.rego", include_str!("built_in/tags_and_names.rego")),
];

/// The policy that gives the others what council knows: it judges nothing itself.
pub(crate) const KNOWN: (&str, &str) =
    ("guardrails/council.rego", include_str!("built_in/council.rego"));
