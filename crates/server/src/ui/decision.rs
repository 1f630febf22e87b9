//! One decision: its verdict with the reasons, its votes, its text, and what the viewer can do.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use governance::Text;
use governance::record::decision::{Command, Outcome, Position, Stage};
use governance::views::{self, DecisionDetail, Reading};
use minijinja::{Value, context};
use serde::Deserialize;

use super::frame::Page;
use super::links::{Links, path_of};
use super::templates::view;
use super::{errors, markdown};

/// `GET /decisions/<name>`
pub(super) async fn show(page: Page, Path(name): Path<String>) -> Response {
    let reading = page.reading();
    let person = page.viewer.person.as_deref();
    let Some(detail) = views::decision(&reading, &name, person) else {
        return errors::missing(&page, &format!("There is no decision `{name}`."));
    };
    let title = detail.row.title.clone();
    page.show("decision.html", &title, shows(&reading, &detail, &page.links(), person.is_some()))
}

/// What the page shows.
pub(super) fn shows(
    reading: &Reading<'_>,
    detail: &DecisionDetail,
    links: &Links,
    somebody: bool,
) -> Value {
    let row = &detail.row;
    let has_a_vote = !detail.may_vote_for.is_empty();
    let open = row.stage.is_open();
    let proposable = row.stage == Stage::Draft
        || row.outcome == Outcome::Void
        || (open && row.outcome == Outcome::NotProposed);
    let (tone, headline) = headline(detail);
    context! {
        detail => view(detail),
        tone,
        headline,
        body => text(detail, links),
        today => reading.today().to_string(),
        may_propose => somebody
            && proposable
            && detail.not_proposable.is_empty()
            && (detail.is_author || row.author.is_none()),
        may_withdraw => open && detail.is_author && row.outcome != Outcome::NotProposed,
        may_reject => open && row.outcome == Outcome::Blocked && (has_a_vote || detail.is_author),
    }
}

/// The text below its own heading, which the page shows already.
fn text(detail: &DecisionDetail, links: &Links) -> String {
    let body = detail.body.trim_start();
    let rest = match body.strip_prefix("# ") {
        Some(headed) => headed.split_once('\n').map_or("", |(_, rest)| rest),
        None => body,
    };
    markdown::render(rest, 1, &|target| links.resolve(target)).html
}

fn headline(detail: &DecisionDetail) -> (&'static str, &'static str) {
    match (detail.row.stage, detail.row.outcome) {
        (Stage::Accepted, _) => ("good", "In force"),
        (Stage::Rejected, _) => ("bad", "Rejected"),
        (Stage::Withdrawn, _) => ("", "Withdrawn"),
        (Stage::Superseded, _) => ("", "Superseded"),
        (Stage::Expired, _) => ("", "Expired"),
        (Stage::Draft, _) => ("", "A draft"),
        (_, Outcome::Void) => ("warn", "The text changed, the votes are void"),
        (_, Outcome::Blocked) => ("bad", "Blocked"),
        (_, Outcome::Accept) => ("good", "The rule is met"),
        (_, Outcome::NotProposed) => ("info", "Not put to the council yet"),
        (_, Outcome::Waiting | Outcome::Closed) => ("info", "Waiting"),
    }
}

/// A vote as the form sends it.
#[derive(Debug, Deserialize)]
pub(super) struct Vote {
    csrf: String,
    seat: String,
    position: Position,
    #[serde(default)]
    reason: String,
    digest: String,
}

/// `POST /decisions/<name>/vote`
pub(super) async fn vote(page: Page, Path(name): Path<String>, Form(sent): Form<Vote>) -> Response {
    let Vote { csrf, seat, position, reason, digest } = sent;
    let command = Command::Vote { seat, position, reason: Text::of(&reason), digest: Some(digest) };
    carry_out(&page, name, &csrf, command, "Your vote stands in the ledger").await
}

/// Advice as the form sends it.
#[derive(Debug, Deserialize)]
pub(super) struct Advice {
    csrf: String,
    party: String,
    #[serde(default)]
    text: String,
}

/// `POST /decisions/<name>/advise`
pub(super) async fn advise(
    page: Page,
    Path(name): Path<String>,
    Form(sent): Form<Advice>,
) -> Response {
    let command = Command::Advise { party: sent.party, text: Text::of(&sent.text) };
    carry_out(&page, name, &sent.csrf, command, "Your advice stands in the ledger").await
}

/// An answer to an objection as the form sends it.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    csrf: String,
    seat: String,
    text: String,
}

/// `POST /decisions/<name>/answer`
pub(super) async fn answer(
    page: Page,
    Path(name): Path<String>,
    Form(sent): Form<Answer>,
) -> Response {
    let command = Command::AnswerObjection { seat: sent.seat, text: Text::Plain(sent.text) };
    carry_out(&page, name, &sent.csrf, command, "The objection is answered").await
}

/// The form token alone.
#[derive(Debug, Deserialize)]
pub(super) struct Proposal {
    csrf: String,
}

/// `POST /decisions/<name>/propose`
pub(super) async fn propose(
    page: Page,
    Path(name): Path<String>,
    Form(sent): Form<Proposal>,
) -> Response {
    carry_out(&page, name, &sent.csrf, Command::Propose {}, "The council has it now").await
}

/// How a proposal ends without a decision.
#[derive(Debug, Deserialize)]
pub(super) struct Close {
    csrf: String,
    how: String,
    #[serde(default)]
    reason: String,
}

/// `POST /decisions/<name>/close`
pub(super) async fn close(
    page: Page,
    Path(name): Path<String>,
    Form(sent): Form<Close>,
) -> Response {
    let reason = Text::of(&sent.reason);
    let command = if sent.how == "reject" {
        Command::Reject { reason }
    } else {
        Command::Withdraw { reason }
    };
    carry_out(&page, name, &sent.csrf, command, "The proposal is closed").await
}

async fn carry_out(
    page: &Page,
    name: String,
    csrf: &str,
    command: Command,
    said: &str,
) -> Response {
    let to = path_of("decision", &name);
    let command = governance::record::Command::Decision { name, command };
    page.carry_out(csrf, command, &to, said).await
}
