//! A postmortem: the document as it reads now, what people still have to write, and the actions that came of it.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use governance::Text;
use governance::record::{Command as Council, action};
use jiff::civil::Date;
use minijinja::context;
use org::kinds::Seat;
use reliability::record::postmortem::Command;
use reliability::views;

use super::errors;
use super::frame::Page;
use super::incident::Fields;
use super::links::encoded;
use super::notes::{self, Note};
use super::templates::view;
use crate::auth::secret::public_id;
use crate::http::{IfMatch, Problem};
use crate::perform::wrong_value;

/// `GET /incidents/<id>/postmortem`
pub(super) async fn show(page: Page, Path(id): Path<String>) -> Response {
    let verified = page.lens().verified();
    let reading = page.lens().operations(&verified);
    let viewer = page.viewer.person.as_deref();
    let Some(detail) = views::postmortem(&reading, &id, viewer) else {
        return errors::missing(&page, &format!("Nobody has begun a postmortem of `{id}`."));
    };
    let model = page.snapshot().model();
    let roster = org::Roster::new(model, page.snapshot().facts.today);
    let seats = model.all::<Seat>().filter(|seat| roster.is_active(seat));
    let seats = seats.map(|seat| (format!("seat/{}", seat.name()), seat.title().to_owned()));
    let people = org::views::people(model, &page.snapshot().facts).into_iter();
    let people = people.map(|person| (format!("person/{}", person.name), person.title));
    let owners: Vec<_> = seats.chain(people).collect();
    let changes = page.lens().record.state.changes.changes.keys().rev().take(50);
    let changes: Vec<_> = changes.cloned().collect();
    // The page says title and day already.
    let body = detail.document.find("## ").and_then(|at| detail.document.get(at..));
    let body = body.unwrap_or_default().to_owned();
    let shows = context! {
        detail => view(&detail),
        body,
        owners => view(owners),
        changes => view(changes),
        today => page.snapshot().facts.today.to_string(),
    };
    page.show("postmortem.html", &format!("Postmortem of {id}"), shows)
}

/// `POST /incidents/<id>/postmortem/<deed>`
pub(super) async fn act(
    page: Page,
    Path((id, deed)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let at = format!("/incidents/{}", encoded(&id));
    let note = match carry_out(&page, &id, &deed, &fields).await {
        Ok(said) => Note::good(said),
        // What could not be begun has no page yet.
        Err(problem) if deed == "draft" => return notes::redirect(&at, &Note::refusal(&problem)),
        Err(problem) => Note::refusal(&problem),
    };
    notes::redirect(&format!("{at}/postmortem"), &note)
}

async fn carry_out(
    page: &Page,
    id: &str,
    deed: &str,
    fields: &Fields,
) -> Result<&'static str, Problem> {
    page.csrf().verify(fields.get("csrf"))?;
    let (state, viewer) = (page.state(), &page.viewer);
    let (command, said) = match deed {
        "draft" => (Command::Draft {}, "It is begun, with what the record knows."),
        "write" => {
            let section = fields.get("section").to_owned();
            let text = Text::Plain(fields.get("text").to_owned());
            (Command::Write { section, text }, "The part is written.")
        }
        "factor" => {
            (Command::Factor { factor: fields.get("factor").to_owned() }, "The factor is named.")
        }
        "link" => {
            let action = fields.get("action").to_owned();
            let change = fields.get("change").to_owned();
            (Command::Link { action, change }, "It is verified when the change is.")
        }
        "state" => {
            let action = fields.get("action").to_owned();
            let reason = Text::Plain(fields.get("reason").to_owned());
            (Command::State { action, reason }, "That is on record.")
        }
        "publish" => (Command::Publish {}, "Everybody can read it."),
        "action" => {
            state.perform(viewer, promised(id, fields)?).await?;
            return Ok("It is promised, and comes back on every agenda until it is done.");
        }
        other => {
            let text = format!("Nothing about a postmortem is called `{other}`.");
            return Err(Problem::not_found(text));
        }
    };
    state.learn(viewer, id, command, IfMatch::Absent).await?;
    Ok(said)
}

/// The action that a form promises, as coming from this postmortem.
fn promised(id: &str, fields: &Fields) -> Result<Council, Problem> {
    let due = fields.get("due");
    let due: Date = due.parse().map_err(|_| wrong_value(format!("`{due}` is no day.")))?;
    let command = action::Command::Open {
        title: Text::Plain(fields.get("title").to_owned()),
        owner: fields.get("owner").to_owned(),
        due,
        from: Some(format!("postmortem/{id}")),
    };
    Ok(Council::Action { id: public_id(), command })
}
