//! Completion: what may stand at the cursor.

use ls_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, InsertTextFormat,
    MarkupContent, MarkupKind, Position, Range, TextEdit,
};
use playbook::{KindInfo, Vocabulary};

use crate::cursor::{Cursor, Slot, Step};
use crate::position;
use crate::schema::{Field, Schemas};
use crate::session::Session;

/// At most this many items: an editor shows a dozen, and asks again as the person types on.
const LIMIT: usize = 500;

/// The fields of the envelope, in their usual order.
const ENVELOPE: [(&str, &str); 4] = [
    ("apiVersion", "Which vocabulary the document uses; `council/v1` for council's own kinds."),
    ("kind", "What the document declares."),
    ("metadata", "The resource's name, and what people and tools select it by."),
    ("spec", "What should be."),
];

/// Everything that fits at a position of a file.
pub(crate) fn complete(session: &Session, file: &str, at: Position) -> Vec<CompletionItem> {
    let text = session.text(file);
    let offset = position::offset(text, at);
    let Some(cursor) = crate::cursor::at(text, offset, file.ends_with(".md")) else {
        return Vec::new();
    };
    let range = Range::new(position::position(text, cursor.word), at);
    let mut items = proposals(session, &cursor);
    items.retain(|item| matches(item, &cursor.prefix));
    items.truncate(LIMIT);
    for item in &mut items {
        let new_text = item.insert_text.take().unwrap_or_else(|| item.label.clone());
        item.text_edit = Some(CompletionTextEdit::Edit(TextEdit { range, new_text }));
    }
    items
}

/// A prefix fits at the beginning of the label or of the name behind its slash.
fn matches(item: &CompletionItem, prefix: &str) -> bool {
    let prefix = prefix.to_lowercase();
    let label = item.label.to_lowercase();
    label.starts_with(&prefix) || label.split('/').any(|part| part.starts_with(&prefix))
}

fn proposals(session: &Session, cursor: &Cursor) -> Vec<CompletionItem> {
    let vocabulary = session.workspace().vocabulary();
    match (cursor.path.as_slice(), cursor.slot) {
        ([], Slot::Key) => envelope(cursor, vocabulary),
        ([Step::Key(key)], Slot::Value) if key == "kind" => kinds(cursor, vocabulary),
        ([Step::Key(key)], Slot::Value) if key == "apiVersion" => versions(vocabulary),
        ([Step::Key(key), rest @ ..], _) if key == "metadata" => {
            within(session, cursor, &Schemas::of_metadata(), rest)
        }
        ([Step::Key(key), rest @ ..], _) if key == "spec" => {
            let kind = vocabulary.find(&cursor.api_version, &cursor.kind);
            kind.map(|kind| within(session, cursor, &Schemas::of(kind), rest)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn envelope(cursor: &Cursor, vocabulary: &Vocabulary) -> Vec<CompletionItem> {
    let missing =
        ENVELOPE.iter().filter(|(name, _)| !cursor.siblings.iter().any(|known| known == name));
    let mut items: Vec<CompletionItem> = missing
        .enumerate()
        .map(|(rank, (name, about))| CompletionItem {
            insert_text: Some(if *name == "metadata" || *name == "spec" {
                format!("{name}:\n  ")
            } else {
                format!("{name}: ")
            }),
            sort_text: Some(format!("0{rank}")),
            ..item(name, CompletionItemKind::FIELD, about)
        })
        .collect();
    if cursor.siblings.is_empty() {
        items.extend(vocabulary.kinds().iter().filter(|kind| !kind.is_document()).map(skeleton));
    }
    items
}

/// A whole new resource with its required fields, as a snippet.
fn skeleton(kind: &KindInfo) -> CompletionItem {
    let schemas = Schemas::of(kind);
    let mut text = format!(
        "apiVersion: {}\nkind: {}\nmetadata:\n  name: ${{1:name}}\nspec:\n",
        kind.api_version, kind.name
    );
    let required: Vec<Field> =
        schemas.fields(&[]).into_iter().filter(|field| field.required).collect();
    for (at, field) in required.iter().enumerate() {
        text.push_str(&format!("  {}: ${{{}}}\n", field.name, at + 2));
    }
    if required.is_empty() {
        text.push_str("  $2\n");
    }
    CompletionItem {
        insert_text: Some(text),
        insert_text_format: Some(InsertTextFormat::SNIPPET),
        detail: Some(format!("new {} with its required fields", kind.name)),
        sort_text: Some(format!("1{}", kind.name)),
        ..item(kind.name, CompletionItemKind::SNIPPET, &schemas.about())
    }
}

fn kinds(cursor: &Cursor, vocabulary: &Vocabulary) -> Vec<CompletionItem> {
    vocabulary
        .kinds()
        .iter()
        .filter(|kind| cursor.api_version.is_empty() || kind.api_version == cursor.api_version)
        .filter(|kind| !kind.is_document())
        .map(|kind| CompletionItem {
            detail: Some(kind.api_version.to_owned()),
            ..item(kind.name, CompletionItemKind::CLASS, &Schemas::of(kind).about())
        })
        .collect()
}

fn versions(vocabulary: &Vocabulary) -> Vec<CompletionItem> {
    let mut versions: Vec<&str> = vocabulary.kinds().iter().map(|kind| kind.api_version).collect();
    versions.sort_unstable();
    versions.dedup();
    versions.into_iter().map(|version| item(version, CompletionItemKind::MODULE, "")).collect()
}

/// Fields, references and values below `metadata` or `spec`.
fn within(
    session: &Session,
    cursor: &Cursor,
    schemas: &Schemas,
    path: &[Step],
) -> Vec<CompletionItem> {
    let mut items = Vec::new();
    if cursor.slot == Slot::Key {
        let fields = schemas.fields(path).into_iter();
        items.extend(
            fields
                .filter(|field| !cursor.siblings.contains(&field.name))
                .map(|field| self::field(&field)),
        );
    }
    let slugs = schemas.references(path);
    items.extend(references(session, &slugs));
    items.extend(
        schemas
            .choices(path)
            .iter()
            .map(|choice| item(&choice.value, CompletionItemKind::ENUM_MEMBER, &choice.about)),
    );
    items
}

fn field(field: &Field) -> CompletionItem {
    let behind = if field.holds_map {
        ":\n  "
    } else if field.holds_list {
        ": []"
    } else {
        ": "
    };
    CompletionItem {
        insert_text: Some(format!("{}{behind}", field.name)),
        detail: field.required.then(|| "required".to_owned()),
        sort_text: Some(format!("{}{}", u8::from(!field.required), field.name)),
        ..item(&field.name, CompletionItemKind::FIELD, &field.about)
    }
}

/// Resources that a reference may name; one kind alone is written without its slug.
fn references(session: &Session, slugs: &[String]) -> Vec<CompletionItem> {
    let model = session.workspace().model();
    slugs
        .iter()
        .flat_map(|slug| model.of_slug(slug))
        .filter(|resource| resource.meta.retired.is_none())
        .map(|resource| {
            let label = if slugs.len() == 1 {
                resource.id.name.to_string()
            } else {
                resource.id.to_string()
            };
            CompletionItem {
                detail: Some(resource.title().to_owned()),
                ..item(
                    &label,
                    CompletionItemKind::REFERENCE,
                    resource.meta.description.as_deref().unwrap_or_default(),
                )
            }
        })
        .collect()
}

fn item(label: &str, kind: CompletionItemKind, about: &str) -> CompletionItem {
    let markdown = MarkupContent { kind: MarkupKind::Markdown, value: about.to_owned() };
    CompletionItem {
        label: label.to_owned(),
        kind: Some(kind),
        documentation: (!about.is_empty()).then_some(Documentation::MarkupContent(markdown)),
        ..CompletionItem::default()
    }
}
