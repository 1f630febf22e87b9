//! What forges send by themselves.
//!
//! A delivery is believed when its signature is right and it is new; then it makes the workers look, and nothing
//! else. Whoever sends one can therefore do no more than to save a minute of waiting.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use systems::forge::webhook::{self, Event, Rejection, Sender};

use crate::AppState;
use crate::http::{Path, Problem, read_body};

/// Takes a webhook of a forge; it is signed with the secret that both sides were told.
#[utoipa::path(post, path = "/api/v1/webhooks/{system}", security(()), params(("system" = String, Path, description = "github, gitlab, gitea or forgejo")), responses(
    (status = 202, description = "Taken; workers look at what changed"),
))]
pub(crate) async fn receive(
    State(state): State<AppState>,
    Path(system): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let secrets = &state.config().remote.webhook_secrets;
    let (Some(sender), Some(secret)) = (Sender::of(&system), secrets.get(&system)) else {
        return Err(Problem::not_found(format!("No webhooks of `{system}` are expected."))
            .hint("Start the server with `--webhook-secret SYSTEM=FILE`"));
    };
    let headers = request.headers().clone();
    let body = read_body(request, &state).await?;
    let find = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    let delivery = {
        let mut seen = state.remote().seen();
        seen.tick(state.clock().now());
        webhook::receive(sender, &find, &body, secret, &mut seen)
    };
    match delivery {
        Ok(delivery) => {
            tracing::info!(system, id = delivery.id, event = ?delivery.event, "a webhook");
            wake(&state, &delivery.event);
            Ok(StatusCode::ACCEPTED)
        }
        Err(rejection) => {
            tracing::warn!(system, %rejection, "a webhook was refused");
            Err(refusal(&rejection))
        }
    }
}

/// Wakes whoever may have something to do.
fn wake(state: &AppState, event: &Event) {
    match event {
        Event::Push(_) | Event::PullRequest { merged: true, .. } => {
            // Without a remote that is followed, the directory itself may have been moved by somebody.
            if !state.board().nudge("follow") {
                state.board().nudge("playbook");
            }
            // A push may be one to a pull request's branch, and a merge may be one that can be applied.
            state.board().nudge("reviews");
        }
        Event::PullRequest { merged: false, .. } | Event::Review(_) => {
            state.board().nudge("reviews");
        }
        Event::Ping | Event::Other(_) => {}
    }
}

fn refusal(rejection: &Rejection) -> Problem {
    let (status, code, title) = match rejection {
        Rejection::Unsigned | Rejection::Forged => {
            (StatusCode::UNAUTHORIZED, "webhook-forged", "The webhook is not from the forge")
        }
        Rejection::Replayed(_) | Rejection::Stale(_) => {
            (StatusCode::CONFLICT, "webhook-replayed", "The webhook is an old one")
        }
        Rejection::Incomplete(_) | Rejection::Garbage(_) => {
            (StatusCode::BAD_REQUEST, "webhook-garbage", "The webhook cannot be read")
        }
    };
    Problem::new(status, code, title, format!("The delivery was refused: {rejection}."))
}
