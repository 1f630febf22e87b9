//! Rename: the declaration and every reference, in one edit over all files.

use std::collections::BTreeMap;
use std::sync::Arc;

use diag::Span;
use ls_types::{
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, Position,
    PrepareRenameResponse, TextDocumentEdit, TextEdit, WorkspaceEdit,
};

use crate::position;
use crate::session::{Session, Target};

/// A name as it may stand in a file: lower-case letters, digits, `-`, `.`, `_`, at most 63.
const NAME_LIMIT: usize = 63;

/// The part that a rename would change, or `None` where nothing can be renamed.
pub(crate) fn prepare(
    session: &Session,
    file: &str,
    at: Position,
) -> Option<PrepareRenameResponse> {
    let resource = session.meant(file, at)?;
    let span = match session.target(file, at)? {
        Target::Declaration(resource) => resource.place.span,
        Target::Reference(used) => used.span,
    };
    let text = session.text(file);
    let range = position::range(text, name_within(text, span, &resource.id.name)?);
    Some(PrepareRenameResponse::RangeWithPlaceholder {
        range,
        placeholder: resource.id.name.to_string(),
    })
}

/// All edits of a rename, or why it is refused.
pub(crate) fn rename(
    session: &Session,
    file: &str,
    at: Position,
    name: &str,
) -> Result<WorkspaceEdit, String> {
    let resource = session.meant(file, at).ok_or("there is no resource's name here")?;
    refuse_bad_name(session, resource.id.slug, name)?;
    let declaration = (resource.place.file.clone(), resource.place.span);
    let uses =
        session.uses_of(resource).map(|(holder, used)| (holder.place.file.clone(), used.span));
    let mut edits: BTreeMap<Arc<str>, Vec<Span>> = BTreeMap::new();
    for (file, span) in std::iter::once(declaration).chain(uses) {
        if let Some(name) = name_within(session.text(&file), span, &resource.id.name) {
            edits.entry(file).or_default().push(name);
        }
    }
    let changes = edits.into_iter().filter_map(|(file, mut spans)| {
        spans.sort_unstable();
        spans.dedup();
        let text = session.text(&file);
        let edit = |span| OneOf::Left(TextEdit::new(position::range(text, span), name.to_owned()));
        Some(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri: session.uri(&file)?,
                version: None,
            },
            edits: spans.into_iter().map(edit).collect(),
        })
    });
    Ok(WorkspaceEdit {
        document_changes: Some(DocumentChanges::Edits(changes.collect())),
        ..WorkspaceEdit::default()
    })
}

fn refuse_bad_name(session: &Session, slug: &str, name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    if name.is_empty() || name.len() > NAME_LIMIT || !name.chars().all(fits) {
        return Err(format!(
            "`{name}` is not a name: use lower-case letters, digits, `-`, `.` and `_`, at most {NAME_LIMIT}"
        ));
    }
    match session.workspace().model().find(slug, name) {
        Some(other) => Err(format!("`{}` already exists in {}", other.id, other.place.file)),
        None => Ok(()),
    }
}

/// The name itself within a span that may hold quotes and a kind before it.
fn name_within(text: &str, span: Span, name: &str) -> Option<Span> {
    let source = text.get(span.start as usize..span.end as usize)?;
    let at = u32::try_from(source.rfind(name)?).ok()?;
    let length = u32::try_from(name.len()).ok()?;
    Some(Span::new(span.start + at, span.start + at + length))
}
