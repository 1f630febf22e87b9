//! The pages of problems: what each code means, as the `type` of a problem refers to.

use schemars::JsonSchema;
use serde::Serialize;

use crate::http::{Json, Page, PageParameters, Paging, Path, Problem};

/// What a code means.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub(crate) struct ProblemPage {
    /// The stable code.
    code: &'static str,
    /// What it means and what to do.
    about: &'static str,
}

const fn page(code: &'static str, about: &'static str) -> ProblemPage {
    ProblemPage { code, about }
}

/// All codes of the server itself, sorted. Refusals of procedures carry codes of their own with their reasons.
const PAGES: [ProblemPage; 43] = [
    page("bad-cursor", "A cursor is given by a page and sent back unchanged."),
    page("bad-if-match", "`If-Match` holds the `ETag` of the record, unchanged."),
    page("bad-json", "The body is not well-formed JSON; `line` and `column` say where."),
    page("bad-key", "An `Idempotency-Key` is 1 to 200 visible ASCII characters."),
    page("bad-limit", "A page has 1 to 500 items."),
    page("bad-moment", "A moment is an entry's number or a time (RFC 3339)."),
    page("bad-query", "A query parameter is missing or of the wrong type."),
    page("bad-question", "A question has 1 to 500 characters."),
    page("body-too-large", "A body has at most 1 MiB."),
    page(
        "changed-meanwhile",
        "Somebody changed the record since you read it: read it again and decide anew.",
    ),
    page(
        "conflict",
        "Others wrote to the same record at the same time, again and again: try again.",
    ),
    page("cross-site", "A browser sent the request on behalf of another site."),
    page(
        "denied",
        "Policy does not allow it; `policies` names which, `would_pass_if` says what would be needed.",
    ),
    page("if-match-required", "The write replaces what others may have written: send `If-Match`."),
    page("incomplete-body", "The body could not be read to its end."),
    page("internal", "The server failed; its log has more under the answer's `x-request-id`."),
    page("key-in-use", "The same request is being worked on; send it again in a moment."),
    page("key-reused", "The `Idempotency-Key` belongs to another request."),
    page("ledger-busy", "The ledger's queue is full; try again shortly."),
    page("link-ended", "A sign-in link works once and for 15 minutes."),
    page("link-is-local", "The operator's link works on the server's own machine only."),
    page(
        "method-not-allowed",
        "The address does not take this method; `Allow` lists those it takes.",
    ),
    page("no-person", "Somebody who is nobody of the playbook must name a person."),
    page(
        "no-such-action",
        "Actions are named as policies name them; `hint` lists those of the kind.",
    ),
    page("no-such-person", "The person is not in the playbook."),
    page("no-such-scope", "A token's scopes are those of the table of actions."),
    page("not-found", "There is no such thing at this address."),
    page("not-json", "The address takes `Content-Type: application/json`."),
    page("not-signed-in", "Sign in with a link, or send a token."),
    page("other-person", "The sign-in link is for somebody else."),
    page(
        "refused",
        "The procedure does not allow it now; `reasons` says why, `would_pass_if` what would have to change.",
    ),
    page("shown-once", "The request was done before; its secret was shown then and is not kept."),
    page("stale-form", "The form belongs to another session: reload the page."),
    page("timeout", "The request took too long and was given up."),
    page(
        "too-many-requests",
        "The client asks faster than it may; `Retry-After` says when there is room.",
    ),
    page("too-many-streams", "Too many event streams are open."),
    page("too-many-tokens", "A person has at most 50 tokens."),
    page(
        "webhook-forged",
        "The webhook's signature is missing or wrong: both sides need the same secret.",
    ),
    page("webhook-garbage", "The webhook lacks a header, or its body is not the forge's."),
    page("webhook-replayed", "The webhook was received before, or speaks of something long ago."),
    page(
        "wrong-body",
        "The body is JSON, but not what the operation takes; `detail` names the field.",
    ),
    page(
        "wrong-signature",
        "The address of a calendar ends with a signature; it was changed or replaced.",
    ),
    page("wrong-value", "A field holds a value that is not possible; `detail` names it."),
];

/// Lists what codes mean.
#[utoipa::path(get, path = "/api/v1/problems", security(()), params(PageParameters), responses(
    (status = 200, description = "Codes", body = ref("#/components/schemas/PageOfProblemPage")),
))]
pub(crate) async fn list(paging: Paging) -> Page<ProblemPage> {
    paging.cut(PAGES, |page| page.code.to_owned(), |page| page)
}

/// Says what one code means.
#[utoipa::path(get, path = "/api/v1/problems/{code}", security(()), params(("code" = String, Path, description = "The stable code")), responses(
    (status = 200, description = "The code", body = ref("#/components/schemas/ProblemPage")),
))]
pub(crate) async fn show(Path(code): Path<String>) -> Result<Json<ProblemPage>, Problem> {
    let found = PAGES.iter().find(|page| page.code == code);
    found.copied().map(Json).ok_or_else(|| {
        Problem::not_found(format!("`{code}` is not a code of the server itself."))
            .hint("Refusals of procedures say everything in their `reasons`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_unique() {
        assert!(PAGES.is_sorted_by(|left, right| left.code < right.code));
    }
}
