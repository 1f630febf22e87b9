//! Changes: the board, and beginning one.

use axum::Form;
use axum::response::Response;
use fleet::Provisioner;
use gitops::kinds::Target;
use gitops::record::change::{Description, Origin};
use governance::Text;
use governance::kinds::Decision;
use governance::record::decision::Stage;
use minijinja::context;

use super::frame::Page;
use super::notes::{self, Note};
use super::templates::view;

/// `GET /changes`
pub(super) async fn board(page: Page) -> Response {
    let board = page.state().board_of_changes(page.lens());
    let columns: Vec<_> =
        board.columns.iter().filter(|column| !column.cards.is_empty()).cloned().collect();
    page.show(
        "changes.html",
        "Changes",
        context! { board => view(&board), columns => view(columns) },
    )
}

/// `GET /changes/new`
pub(super) async fn new(page: Page) -> Response {
    let (reading, model) = (page.reading(), page.snapshot().model());
    let in_force = model
        .all::<Decision>()
        .filter(|found| reading.record.decision_stage(model, found.name()) == Stage::Accepted);
    let decisions: Vec<_> =
        in_force.map(|found| (found.name().to_owned(), found.title().to_owned())).collect();
    let declared =
        model.all::<Target>().map(|found| (found.name().to_owned(), found.title().to_owned()));
    // A provisioner that nobody can ask is no target.
    let asked = model.all::<Provisioner>().filter(|found| page.state().is_asked(*found));
    let asked = asked.map(|found| (found.name().to_owned(), found.title().to_owned()));
    let targets: Vec<_> = declared.chain(asked).collect();
    let shows = context! { decisions => view(decisions), targets => view(targets) };
    page.show("draft.html", "Plan a change", shows)
}

/// A change as the form sends it; `target` may stand several times.
#[derive(Debug, Default)]
struct Sent {
    csrf: String,
    said: Description,
    targets: std::collections::BTreeSet<String>,
}

impl Sent {
    fn of(fields: Vec<(String, String)>) -> Self {
        let mut sent = Self::default();
        for (field, value) in fields {
            match field.as_str() {
                "csrf" => sent.csrf = value,
                "title" => sent.said.title = Text::of(&value),
                "description" => sent.said.description = Text::of(&value),
                "risk" => sent.said.risk = Text::of(&value),
                "rollback" => sent.said.rollback = Text::of(&value),
                "evidence" => sent.said.evidence = Text::of(&value),
                "cites" if !value.is_empty() => {
                    sent.said.cites.insert(value);
                }
                "target" if !value.is_empty() => {
                    sent.targets.insert(value);
                }
                _ => {}
            }
        }
        sent
    }
}

/// `POST /changes`: begins a change and plans it; one that cannot be planned stays a draft, and says why.
pub(super) async fn begin(page: Page, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let Sent { csrf, said, targets } = Sent::of(fields);
    if let Err(problem) = page.csrf().verify(&csrf) {
        return notes::redirect("/changes", &Note::refusal(&problem));
    }
    let (state, viewer) = (page.state(), &page.viewer);
    let begun = match state.draft_change(viewer, said, Origin::Person).await {
        Ok(begun) => begun,
        Err(problem) => return notes::redirect("/changes/new", &Note::refusal(&problem)),
    };
    let id = begun.name().to_owned();
    let note = match state.plan_change(viewer, &id, targets).await {
        Ok(_) => Note::good("It is planned. Read the plan, and ask the seats."),
        Err(problem) => Note::refusal(&problem),
    };
    notes::redirect(&format!("/changes/{id}"), &note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_targets_may_be_chosen_and_empty_fields_say_nothing() {
        let fields =
            [("target", "a"), ("target", "b"), ("risk", " "), ("title", "T"), ("cites", "")];
        let fields = fields.map(|(field, value)| (field.to_owned(), value.to_owned()));
        let sent = Sent::of(fields.into());
        assert_eq!(sent.targets.len(), 2);
        assert_eq!((sent.said.risk, sent.said.title), (None, Text::of("T")));
        assert!(sent.said.cites.is_empty());
    }
}
