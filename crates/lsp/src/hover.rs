//! Hover: what a field means, and what a reference refers to.

use ls_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};
use playbook::Resource;

use crate::cursor::{Slot, Step};
use crate::position;
use crate::schema::Schemas;
use crate::session::Session;

/// The text for a position of a file.
pub(crate) fn hover(session: &Session, file: &str, at: Position) -> Option<Hover> {
    let value = match session.meant(file, at) {
        Some(resource) => about_resource(session, resource),
        None => about_field(session, file, at)?,
    };
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }),
        range: None,
    })
}

fn about_resource(session: &Session, resource: &Resource) -> String {
    let mut text = format!("**{}** `{}`\n", resource.title(), resource.id);
    if let Some(description) = &resource.meta.description {
        text.push_str(&format!("\n{description}\n"));
    }
    if let Some(retired) = resource.meta.retired {
        text.push_str(&format!("\nRetired since {retired}."));
        if let Some(successor) = &resource.meta.replaced_by {
            text.push_str(&format!(" Use `{successor}` instead."));
        }
        text.push('\n');
    }
    let uses = session.uses_of(resource).count();
    text.push_str(&format!(
        "\n{} · used {uses} {}",
        resource.place.file,
        if uses == 1 { "time" } else { "times" }
    ));
    text
}

fn about_field(session: &Session, file: &str, at: Position) -> Option<String> {
    let text = session.text(file);
    // Read as if the cursor stood behind the word, so that the whole word is the key.
    let offset = position::offset(text, at);
    let rest = text.get(offset..)?;
    let word =
        rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
    let cursor = crate::cursor::at(text, offset + word, file.ends_with(".md"))?;
    let vocabulary = session.workspace().vocabulary();
    let kind = vocabulary.find(&cursor.api_version, &cursor.kind);
    match (cursor.path.as_slice(), cursor.slot) {
        ([Step::Key(key)], Slot::Value) if key == "kind" => Some(Schemas::of(kind?).about()),
        ([Step::Key(top), rest @ ..], slot) if top == "spec" => {
            field(&Schemas::of(kind?), rest, slot, &cursor.prefix)
        }
        ([Step::Key(top), rest @ ..], slot) if top == "metadata" => {
            field(&Schemas::of_metadata(), rest, slot, &cursor.prefix)
        }
        _ => None,
    }
}

fn field(schemas: &Schemas, path: &[Step], slot: Slot, word: &str) -> Option<String> {
    let (path, name) = match (slot, path) {
        (Slot::Key, path) => (path, word),
        (Slot::Value, [path @ .., Step::Key(name)]) => (path, name.as_str()),
        (Slot::Value, _) => return None,
    };
    let field = schemas.fields(path).into_iter().find(|field| field.name == name)?;
    let required = if field.required { " *(required)*" } else { "" };
    Some(format!("`{name}`{required}\n\n{}", field.about))
}
