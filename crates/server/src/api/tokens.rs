//! Personal tokens for programs.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use policy::Resource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::AppState;
use crate::auth::Viewer;
use crate::auth::operator::{self, NewToken};
use crate::http::idempotency::ShownOnce;
use crate::http::{Json, Page, PageParameters, Paging, Path, Problem};
use crate::limits::{MAX_TOKEN_LIFE_DAYS, MAX_TOKENS_PER_PERSON};
use crate::store::TokenRow;

/// A token, without its secret.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TokenView {
    /// Its public name.
    id: String,
    /// Whose it is.
    person: String,
    /// What its owner calls it.
    name: String,
    /// What it may be used for.
    scopes: Vec<String>,
    /// Whether it may operate the server.
    operator: bool,
    /// When it was made.
    #[schemars(with = "String")]
    created: Timestamp,
    /// When it ends.
    #[schemars(with = "String")]
    expires: Timestamp,
    /// When it was last used, to the minute.
    #[schemars(with = "Option<String>")]
    used: Option<Timestamp>,
}

/// What a new token is to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// What you call it, such as the program that uses it.
    name: String,
    /// What it may be used for: `read`, `decide`, `record`, `account`, `operate`.
    scopes: Vec<String>,
    /// How many days it lives, from 1 to 366; 90 when left out.
    #[serde(default)]
    days: Option<u16>,
}

/// A new token with its secret, which is shown this once.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct NewTokenView {
    /// Its public name.
    id: String,
    /// The secret, to be sent as `Authorization: Bearer council_…`. It cannot be shown again.
    token: String,
}

/// Days that a token lives when its maker does not say: a season, so that forgotten ones end.
const DEFAULT_DAYS: u16 = 90;

/// Longest name of a token.
const MAX_NAME: usize = 80;

/// Lists your tokens; the operator sees everybody's.
#[utoipa::path(get, path = "/api/v1/tokens", params(PageParameters), responses(
    (status = 200, description = "Tokens", body = ref("#/components/schemas/PageOfTokenView")),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    viewer: Viewer,
    paging: Paging,
) -> Result<Page<TokenView>, Problem> {
    let owner = Resource::kind("token").of_people(viewer.person.as_deref());
    state.authorize(&viewer, "token.list", owner)?;
    let whose = if viewer.operator { None } else { viewer.person.as_deref() };
    let mut found = state.store().tokens(whose, state.clock().now())?;
    found.sort_by(|left, right| left.id.cmp(&right.id));
    Ok(paging.cut(found, |row| row.id.clone(), view))
}

fn view(row: TokenRow) -> TokenView {
    TokenView {
        id: row.id,
        person: row.person,
        name: row.name,
        scopes: row.scopes,
        operator: row.operator,
        created: row.created,
        expires: row.expires,
        used: row.used,
    }
}

/// Makes a token for yourself. Its secret is shown in the answer, once.
#[utoipa::path(post, path = "/api/v1/tokens", request_body(content = ref("#/components/schemas/TokenRequest"), content_type = "application/json"), responses(
    (status = 201, description = "Made", body = ref("#/components/schemas/NewTokenView")),
))]
pub(crate) async fn create(
    State(state): State<AppState>,
    viewer: Viewer,
    Json(asked): Json<TokenRequest>,
) -> Result<Response, Problem> {
    let owner = Resource::kind("token").of_people(viewer.person.as_deref());
    state.authorize(&viewer, "token.create", owner)?;
    let (id, token) = make(&state, &viewer, asked.name, asked.scopes, asked.days)?;
    let location = format!("/api/v1/tokens/{id}");
    let body = Json(NewTokenView { id, token });
    let mut response = (StatusCode::CREATED, [(header::LOCATION, location)], body).into_response();
    response.extensions_mut().insert(ShownOnce);
    Ok(response)
}

/// Makes a token for a viewer, who was authorized before; returns its public name and its secret.
pub(crate) fn make(
    state: &AppState,
    viewer: &Viewer,
    name: String,
    scopes: Vec<String>,
    days: Option<u16>,
) -> Result<(String, String), Problem> {
    let person = viewer.person()?;
    let days = days.unwrap_or(DEFAULT_DAYS);
    check(&name, &scopes, days)?;
    if scopes.iter().any(|scope| scope == "operate") && !viewer.operator {
        return Err(Problem::forbidden(
            "Only the server's operator can make a token that operates it.",
        ));
    }
    let excess = viewer
        .principal()
        .scopes
        .is_some_and(|own| scopes.iter().any(|scope| !own.contains(scope)));
    if excess {
        return Err(Problem::forbidden("A token cannot make one that may do more than itself.")
            .hint("Make it in the browser, or leave the other scopes out"));
    }
    let now = state.clock().now();
    if state.store().tokens(Some(person), now)?.len() >= MAX_TOKENS_PER_PERSON {
        return Err(Problem::conflict(
            "too-many-tokens",
            format!("You have {MAX_TOKENS_PER_PERSON} tokens already."),
        )
        .hint("Revoke those that you do not use"));
    }
    let new = NewToken {
        person: person.to_owned(),
        operator: scopes.iter().any(|scope| scope == "operate"),
        name,
        scopes,
        days,
    };
    let (secret, id) = operator::create_token(state.store(), &new, now)?;
    tracing::info!(
        token = id,
        person = new.person,
        scopes = new.scopes.join(" "),
        "a token was made"
    );
    Ok((id, secret.expose().to_owned()))
}

fn check(name: &str, scopes: &[String], days: u16) -> Result<(), Problem> {
    let wrong = |detail: String| Problem::bad_request("wrong-body", detail);
    if name.trim().is_empty() || name.chars().count() > MAX_NAME {
        return Err(wrong(format!("`name` has 1 to {MAX_NAME} characters.")));
    }
    if !(1..=MAX_TOKEN_LIFE_DAYS).contains(&days) {
        return Err(wrong(format!("`days` is {days}; it goes from 1 to {MAX_TOKEN_LIFE_DAYS}.")));
    }
    let known: Vec<&str> = policy::SCOPES.iter().map(|scope| scope.name).collect();
    let unknown = scopes.iter().find(|scope| !known.contains(&scope.as_str()));
    match unknown {
        Some(scope) => {
            Err(wrong(format!("`{scope}` is not a scope; there are {}.", known.join(", "))))
        }
        None if scopes.is_empty() => {
            Err(wrong(format!("`scopes` is empty; choose from {}.", known.join(", "))))
        }
        None => Ok(()),
    }
}

/// Revokes a token; it ends at once.
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", params(("id" = String, Path, description = "The token's public name")), responses(
    (status = 204, description = "Revoked"),
))]
pub(crate) async fn revoke(
    State(state): State<AppState>,
    viewer: Viewer,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let all = state.store().tokens(None, state.clock().now())?;
    let owner = all.into_iter().find(|row| row.id == id).map(|row| row.person);
    state.authorize(&viewer, "token.revoke", Resource::new("token", &*id).of_people(owner))?;
    if !state.store().revoke_token(&id)? {
        return Err(Problem::not_found(format!("There is no token `{id}`.")));
    }
    state.access_changed();
    tracing::info!(token = id, actor = viewer.actor(), "a token was revoked");
    Ok(StatusCode::NO_CONTENT)
}
