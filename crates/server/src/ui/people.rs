//! People: who is here, what they hold, and what breaks when they leave.

use axum::extract::Path;
use axum::response::Response;
use minijinja::context;
use org::views;

use super::errors;
use super::frame::Page;
use super::templates::view;

/// `GET /people`
pub(super) async fn list(page: Page) -> Response {
    let people = views::people(page.snapshot().model(), &page.snapshot().facts);
    page.show("people.html", "People", context! { people => view(people) })
}

/// `GET /people/<name>`
pub(super) async fn show(page: Page, Path(name): Path<String>) -> Response {
    let model = page.snapshot().model();
    let Some(person) = views::person(model, &page.snapshot().facts, &name) else {
        return errors::missing(&page, &format!("There is no person `{name}` in the playbook."));
    };
    let title = person.title.clone();
    page.show(
        "person.html",
        &title,
        context! { person => view(person), today => page.snapshot().facts.today.to_string() },
    )
}
