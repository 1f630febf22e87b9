//! Alerts: what fires, why people were told or nobody is; the history of one; and how good alerts are.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use minijinja::context;
use reliability::record::Command as Any;
use reliability::record::alert::Command;
use reliability::views;

use super::errors;
use super::frame::Page;
use super::incident::Fields;
use super::notes::{self, Note};
use super::templates::view;
use crate::http::Problem;

/// How many groups the page shows; the API has all of them.
const GROUPS: usize = 60;

/// How many names the report shows, those with the most to mend.
const NAMES: usize = 40;

/// `GET /alerts`
pub(super) async fn list(page: Page) -> Response {
    let verified = page.lens().verified();
    let reading = page.lens().operations(&verified);
    let mut found = views::alerts(&reading);
    let count = found.groups.len();
    found.groups.truncate(GROUPS);
    let mut quality = views::alert_quality(&reading);
    quality.rows.truncate(NAMES);
    let shows = context! {
        found => view(found), count, rest => count.saturating_sub(GROUPS), quality => view(quality),
    };
    page.show("alerts.html", "Alerts", shows)
}

/// `GET /alerts/history/<name>`
pub(super) async fn history(page: Page, Path(name): Path<String>) -> Response {
    let verified = page.lens().verified();
    let Some(found) = views::alert_history(&page.lens().operations(&verified), &name) else {
        return errors::missing(&page, &format!("No alert of the name `{name}` ever fired."));
    };
    page.show("alert.html", &name, context! { found => view(found) })
}

/// `POST /alerts/<group>/<deed>`
pub(super) async fn act(
    page: Page,
    Path((group, deed)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    match carry_out(&page, &group, &deed, &fields).await {
        Ok((to, note)) => notes::redirect(&to, &note),
        Err(problem) => notes::redirect("/alerts", &Note::refusal(&problem)),
    }
}

async fn carry_out(
    page: &Page,
    group: &str,
    deed: &str,
    fields: &Fields,
) -> Result<(String, Note), Problem> {
    page.csrf().verify(fields.get("csrf"))?;
    match deed {
        "acknowledge" => {
            let command = Command::Acknowledge { group: group.to_owned() };
            page.state().perform(&page.viewer, Any::Alert(command)).await?;
            Ok(("/alerts".to_owned(), Note::good("It is yours. Nobody else is told of it again.")))
        }
        "incident" => {
            let done = page.state().declare_from_alerts(&page.viewer, group).await?;
            let note =
                Note::good("It is an incident, with the severity that is proposed. Triage it.");
            Ok((format!("/incidents/{}", done.name()), note))
        }
        other => Err(Problem::not_found(format!("Nothing about alerts is called `{other}`."))),
    }
}
