//! One incident: how it stands, what it waits for, what happened; and everything that can be done about it.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use governance::Text;
use minijinja::context;
use org::kinds::{Person, Service};
use reliability::kinds::{IncidentRole, Severity};
use reliability::record::incident::{Audience, Command, Stage};
use reliability::views::{self, IncidentDetail};
use serde::Serialize;

use super::errors;
use super::frame::Page;
use super::links::encoded;
use super::notes::{self, Note};
use super::templates::view;
use crate::api::incidents::drafted;
use crate::http::{IfMatch, Problem};

/// How many lines of its story a page shows, the newest first.
const LINES: usize = 80;

/// The fields of a form, in order; one name may stand several times.
#[derive(Debug)]
pub(super) struct Fields(pub(super) Vec<(String, String)>);

impl Fields {
    /// The first value of a name; nothing written when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// The value of a name that was filled in.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// All values of a name that were filled in.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let values = self.0.iter().filter(|(known, value)| known == name && !value.is_empty());
        values.map(|(_, value)| value.clone()).collect()
    }

    /// Says whether a box was ticked.
    pub(super) fn is_ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    fn text(&self, name: &str) -> Text {
        Text::Plain(self.get(name).to_owned())
    }
}

/// What may be done, as the page asks for it.
#[derive(Debug, Serialize)]
struct May {
    acknowledge: bool,
    triage: bool,
    contain: bool,
    resolve: bool,
    review: bool,
    close: bool,
    reclassify: bool,
    reopen: bool,
    merge: bool,
    assign: bool,
    postmortem: bool,
}

impl May {
    fn of(detail: &IncidentDetail) -> Self {
        let stage = detail.row.stage;
        let at = |stages: &[Stage]| stages.contains(&stage);
        let published = detail.postmortem.as_ref().is_none_or(|row| row.published.is_some());
        Self {
            acknowledge: stage.is_open() && detail.row.clocks.to_acknowledge.is_none(),
            triage: at(&[Stage::Detected]),
            contain: at(&[Stage::Triaged]),
            resolve: at(&[Stage::Triaged, Stage::Contained]),
            review: at(&[Stage::Resolved]) && published,
            close: at(&[Stage::Reviewed]),
            reclassify: at(&[Stage::Triaged, Stage::Contained, Stage::Resolved]),
            reopen: at(&[Stage::Contained, Stage::Resolved, Stage::Reviewed]),
            merge: stage.is_open(),
            assign: !stage.is_over(),
            postmortem: at(&[Stage::Resolved, Stage::Reviewed]),
        }
    }
}

/// `GET /incidents/<id>`
pub(super) async fn show(page: Page, Path(id): Path<String>) -> Response {
    let verified = page.lens().verified();
    let reading = page.lens().operations(&verified);
    let viewer = page.viewer.person.as_deref();
    let Some(detail) = views::incident(&reading, &id, viewer) else {
        return errors::missing(&page, &format!("There is no incident `{id}`."));
    };
    let model = page.snapshot().model();
    let mut lines = page.lens().incident_story(page.state(), &id);
    let count = lines.len();
    lines.reverse();
    lines.truncate(LINES);
    let others: Vec<_> = views::incidents(&reading, viewer)
        .into_iter()
        .filter(|row| row.id != id && row.stage.is_open() && row.test == detail.row.test)
        .map(|row| (row.id, row.title))
        .collect();
    let shows = context! {
        may => view(May::of(&detail)),
        detail => view(&detail),
        stage => detail.row.stage.word(),
        lines => view(lines),
        earlier => count.saturating_sub(LINES),
        others => view(others),
        people => view(org::views::people(model, &page.snapshot().facts)),
        ..choices(&page)
    };
    page.show("incident.html", &detail.row.title, shows)
}

/// What the forms choose from.
fn choices(page: &Page) -> minijinja::Value {
    let model = page.snapshot().model();
    let mut severities: Vec<_> = model.all::<Severity>().collect();
    severities.sort_by_key(|severity| severity.level.value);
    let severities: Vec<_> = severities
        .iter()
        .map(|one| (one.name().to_owned(), one.title().to_owned(), one.meaning.clone()))
        .collect();
    let services: Vec<_> = model
        .all::<Service>()
        .map(|found| (found.name().to_owned(), found.title().to_owned()))
        .collect();
    let has_roles = model.all::<IncidentRole>().next().is_some();
    let has_people = model.all::<Person>().next().is_some();
    context! {
        severities => view(severities),
        services => view(services),
        can_assign => has_roles && has_people,
        me => page.viewer.person.as_deref(),
        zone => page.snapshot().time_zone().iana_name().unwrap_or("UTC"),
    }
}

/// `GET /incidents/<id>/notice/<duty>`: the draft of a notice.
pub(super) async fn notice(page: Page, Path((id, duty)): Path<(String, String)>) -> Response {
    let verified = page.lens().verified();
    let reading = page.lens().operations(&verified);
    let detail = views::incident(&reading, &id, page.viewer.person.as_deref());
    let found = detail.as_ref().and_then(|detail| {
        let text = drafted(page.lens(), &id, &duty, &detail.row.title)?;
        let notice = detail.notices.iter().find(|notice| notice.duty == duty)?;
        Some((text, notice))
    });
    let Some((text, notice)) = found else {
        return errors::missing(&page, &format!("There is no notice `{duty}` of `{id}`."));
    };
    let shows = context! { id, text, notice => view(notice) };
    page.show("notice.html", &notice.title, shows)
}

/// `POST /incidents/<id>/<deed>`
pub(super) async fn act(
    page: Page,
    Path((id, deed)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let back = format!("/incidents/{}", encoded(&id));
    let note = match carry_out(&page, &id, &deed, &fields).await {
        Ok(said) => Note::good(said),
        Err(problem) => Note::refusal(&problem),
    };
    notes::redirect(&back, &note)
}

async fn carry_out(
    page: &Page,
    id: &str,
    deed: &str,
    fields: &Fields,
) -> Result<&'static str, Problem> {
    page.csrf().verify(fields.get("csrf"))?;
    let (command, said) = command(page, deed, fields)?;
    page.state().respond(&page.viewer, id, command, IfMatch::Absent).await?;
    Ok(said)
}

/// What a form asks for, and what is said when it is done.
fn command(page: &Page, deed: &str, fields: &Fields) -> Result<(Command, &'static str), Problem> {
    let severity = || fields.get("severity").to_owned();
    Ok(match deed {
        "acknowledge" => (Command::Acknowledge {}, "You have it. Say so in the channel, too."),
        "triage" => {
            let services = fields.all("service");
            (Command::Triage { severity: severity(), services }, "It is triaged.")
        }
        "reclassify" => {
            let reason = fields.text("reason");
            (Command::Reclassify { severity: severity(), reason }, "Its severity is another one.")
        }
        "contain" => (Command::Contain { how: fields.text("how") }, "It gets no worse."),
        "resolve" => (Command::Resolve { how: fields.text("how") }, "Users are no longer hurt."),
        "reopen" => (Command::Reopen { reason: fields.text("reason") }, "It goes on."),
        "review" => (Command::Review {}, "It is reviewed."),
        "close" => (Command::Close {}, "It is closed."),
        "merge" => {
            (Command::Merge { into: fields.get("into").to_owned() }, "It is a part of the other.")
        }
        "assign" => {
            let (role, person) = (fields.get("role").to_owned(), fields.get("person").to_owned());
            let note = Text::of(fields.get("note"));
            (Command::Assign { role, person, note }, "The role is taken.")
        }
        "restrict" => {
            let private = fields.is_ticked("private");
            (Command::Restrict { private }, "Who may see it has changed.")
        }
        _ => return further(page, deed, fields),
    })
}

/// What is written down about an incident while it goes its way.
fn further(page: &Page, deed: &str, fields: &Fields) -> Result<(Command, &'static str), Problem> {
    Ok(match deed {
        "remark" => {
            let at = match fields.get("at") {
                "" => None,
                text => Some(page.moment(text).ok_or_else(|| no_number("time", text))?),
            };
            (Command::Remark { text: fields.text("text"), source: None, at }, "It is noted.")
        }
        "amend" => {
            let command =
                Command::Amend { entry: number(fields, "entry")?, text: fields.text("text") };
            (command, "It reads better now; the first words stay on record.")
        }
        "inform" => {
            let audience = match fields.get("audience") {
                "external" => Audience::External,
                _ => Audience::Internal,
            };
            (Command::Inform { audience, text: fields.text("text") }, "The update is on record.")
        }
        "tick" => (Command::Tick { item: number(fields, "item")? }, "It is done."),
        "assess" => {
            // A question without an answer leaves a gap, and the procedure says how many it wants.
            let answers = fields.0.iter().filter(|(name, _)| name.starts_with("answer-"));
            let answers = answers.map(|(_, value)| value == "yes").collect();
            (Command::Assess { duty: fields.get("duty").to_owned(), answers }, "It is answered.")
        }
        "notify" => {
            let duty = fields.get("duty").to_owned();
            let reference = fields.filled("reference");
            (Command::Notify { duty, reference }, "That it was sent is on record.")
        }
        other => {
            let text = format!("Nothing about an incident is called `{other}`.");
            return Err(Problem::not_found(text));
        }
    })
}

fn number(fields: &Fields, name: &str) -> Result<u32, Problem> {
    let text = fields.get(name);
    text.parse().map_err(|_| no_number(name, text))
}

fn no_number(what: &str, text: &str) -> Problem {
    crate::perform::wrong_value(format!("`{text}` is no {what}."))
}
