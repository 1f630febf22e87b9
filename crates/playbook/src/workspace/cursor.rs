//! What stands at a place: for editors.

use diag::Span;

use super::Workspace;
use crate::document::members;
use crate::reference::Use;
use crate::yaml::{self, Origin};
use crate::{KindInfo, Node, Resource, Value, markdown};

/// One step from a document's root to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into the value of a key.
    Key(String),
    /// Into an item of a list.
    Item(usize),
}

/// Whether a cursor stands on a key or on a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// On the key that the last step names.
    Key,
    /// On or in the value.
    Value,
}

/// What stands at an offset of a file.
#[derive(Clone, Debug)]
pub struct Cursor<'w> {
    /// The kind of the document, when its envelope names one.
    pub kind: Option<&'w KindInfo>,
    /// The way from the document's root to the key or value.
    pub path: Vec<Step>,
    /// Whether it is the key or the value.
    pub part: Part,
    /// The key or value itself.
    pub span: Span,
    /// Its text, when it is a scalar.
    pub text: Option<String>,
    /// The resource that the document declares, when it has no errors.
    pub resource: Option<&'w Resource>,
    /// The reference that stands there.
    pub reference: Option<&'w Use>,
}

impl Workspace {
    /// The trees of a file's YAML documents: of the whole file, or of a Markdown file's front matter and
    /// fenced blocks. Documents that are not YAML are left out.
    pub fn documents(&self, file: &str) -> Vec<Node<'static>> {
        let Some((name, text)) = self
            .files
            .get_key_value(file)
            .and_then(|(name, file)| Some((name, file.text.as_deref()?)))
        else {
            return Vec::new();
        };
        let (text, base) = text.strip_prefix('\u{feff}').map_or((text, 0), |rest| (rest, 3));
        let origin = Origin { file: name, base };
        if !crate::load::is_markdown(file) {
            return trees(text, origin);
        }
        let mut all = Vec::new();
        if let Ok(parts) = markdown::parts(text, origin)
            && let Some(range) = parts.front_matter
        {
            let moved =
                Origin { base: base + u32::try_from(range.start).unwrap_or(u32::MAX), ..origin };
            all.extend(trees(text.get(range).unwrap_or_default(), moved));
        }
        for fence in markdown::fences(text) {
            let mut found = trees(&fence.text, Origin { base: 0, ..origin });
            for tree in &mut found {
                tree.move_spans(&|span| {
                    let span = fence.in_file(span);
                    Span::new(span.start + base, span.end + base)
                });
            }
            all.extend(found);
        }
        all
    }

    /// What stands at an offset of a file; `None` outside of every document.
    pub fn cursor(&self, file: &str, offset: u32) -> Option<Cursor<'_>> {
        let documents = self.documents(file);
        let root = documents.iter().find(|root| root.span.touches(offset))?;
        let mut path = Vec::new();
        let (node, part) = descend(root, offset, &mut path);
        let loaded = &self.files.get(file)?.loaded;
        let resource = loaded
            .resources
            .iter()
            .find(|one| one.extent.touches(offset) || one.extent.touches(root.span.start));
        let reference =
            resource.and_then(|resource| resource.uses.iter().find(|one| one.span == node.span));
        let text = |key: &str| root.get(key).and_then(Node::text).unwrap_or_default();
        let kind = self.vocabulary.find(text("apiVersion"), text("kind"));
        Some(Cursor {
            kind: kind.or_else(|| {
                self.vocabulary.of_slug(resource?.id.slug).filter(|kind| kind.is_document())
            }),
            path,
            part,
            span: node.span,
            text: node.text().map(str::to_owned),
            resource: resource.map(AsRef::as_ref),
            reference,
        })
    }
}

fn trees(text: &str, origin: Origin<'_>) -> Vec<Node<'static>> {
    yaml::chunks(text)
        .filter_map(|chunk| yaml::read(chunk, origin).root)
        .flat_map(|root| members(&root).iter().cloned().map(Node::into_owned).collect::<Vec<_>>())
        .collect()
}

/// Goes down to the innermost key or value that an offset touches.
fn descend<'n>(
    root: &'n Node<'static>,
    offset: u32,
    path: &mut Vec<Step>,
) -> (&'n Node<'static>, Part) {
    let mut node = root;
    loop {
        let inner = match &node.value {
            Value::Scalar { .. } => return (node, Part::Value),
            Value::List(items) => {
                let found = items.iter().enumerate().find(|(_, item)| item.span.touches(offset));
                found.map(|(at, item)| (Step::Item(at), item))
            }
            Value::Map(pairs) => {
                if let Some((key, _)) = pairs.iter().find(|(key, _)| key.span.touches(offset)) {
                    path.push(Step::Key(key.text().unwrap_or_default().to_owned()));
                    return (key, Part::Key);
                }
                let found = pairs.iter().find(|(_, value)| value.span.touches(offset));
                found.map(|(key, value)| {
                    (Step::Key(key.text().unwrap_or_default().to_owned()), value)
                })
            }
        };
        let Some((step, inner)) = inner else { return (node, Part::Value) };
        path.push(step);
        node = inner;
    }
}
