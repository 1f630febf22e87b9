//! From a file's text to its resources and problems.
//!
//! Pure: the same name and text give the same result, so that it is done in parallel for all files
//! and kept until a file changes.

use std::sync::Arc;

use diag::{Diagnostic, Place, Span};

use crate::document::{Context, Lowered, Prose, lower, lower_markdown, members};
use crate::limits::{MAX_DOCUMENTS, MAX_FINDINGS};
use crate::resource::Id;
use crate::yaml::{self, Chunk, Origin};
use crate::{Check, KindInfo, Node, Resource, codes, markdown};

/// What a file declares and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) resources: Vec<Arc<Resource>>,
    /// Identities of documents with errors.
    pub(crate) broken: Vec<Id>,
    pub(crate) problems: Vec<Diagnostic>,
}

/// The mark that some editors put before UTF-8 text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads a file's text, by its name's ending.
pub(crate) fn load(context: Context<'_>, text: &str) -> Loaded {
    let mut loaded = Loaded::default();
    let (text, base) = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => {
            let place = Place::new(context.file.clone(), Span::new(0, 3));
            let message = "the file starts with a byte-order mark";
            loaded.problems.push(
                Diagnostic::new(&codes::BYTE_ORDER_MARK, place, message)
                    .hint("save it as UTF-8 without a byte-order mark"),
            );
            (rest, 3)
        }
        None => (text, 0),
    };
    let origin = Origin { file: context.file, base };
    if is_markdown(context.file) {
        load_markdown(context, text, origin, &mut loaded);
    } else {
        load_yaml(context, text, origin, &mut loaded);
    }
    loaded
}

/// Says whether a file's name is that of a Markdown file.
pub(crate) fn is_markdown(file: &str) -> bool {
    file.ends_with(".md")
}

fn load_yaml(context: Context<'_>, text: &str, origin: Origin<'_>, loaded: &mut Loaded) {
    let documents = stream(context, text, origin, loaded);
    if documents == 0 && loaded.problems.iter().all(|one| one.code == codes::BYTE_ORDER_MARK.code) {
        let place = origin.place(origin.span(0, 0));
        loaded.problems.push(
            Diagnostic::new(&codes::EMPTY, place, "the file declares nothing")
                .hint("write a resource, or delete the file"),
        );
    }
}

/// Reads all documents of a text; returns how many there were.
fn stream(context: Context<'_>, text: &str, origin: Origin<'_>, loaded: &mut Loaded) -> usize {
    let mut documents = 0;
    for chunk in yaml::chunks(text) {
        if documents == MAX_DOCUMENTS {
            let place = origin.place(origin.span(chunk.start, chunk.start));
            let message =
                format!("the file has more than {MAX_DOCUMENTS} documents; the rest is not read");
            loaded
                .problems
                .push(Diagnostic::new(&codes::TOO_MANY, place, message).hint("split the file"));
            break;
        }
        documents += usize::from(one(context, chunk, origin, loaded));
    }
    documents
}

/// Reads one document; returns whether there was something to read.
fn one(context: Context<'_>, chunk: Chunk<'_>, origin: Origin<'_>, loaded: &mut Loaded) -> bool {
    let first = first_line(chunk.text);
    let Some((at, line)) = first else {
        let last = origin.span(chunk.start, chunk.start);
        if chunk.marked {
            let place = origin.place(last);
            loaded.problems.push(
                Diagnostic::new(&codes::EMPTY, place, "the document declares nothing")
                    .hint("delete it together with its `---`"),
            );
        }
        return chunk.marked;
    };
    if line.starts_with('%') {
        let place =
            origin.place(origin.span(chunk.start + at, chunk.start + at + line.trim_end().len()));
        loaded.problems.push(
            Diagnostic::new(&codes::DIRECTIVE, place, "directives are not read")
                .why("a playbook is YAML 1.2 without tags")
                .hint("delete the line"),
        );
        return true;
    }
    let document = yaml::read(chunk, origin);
    let Some(root) = &document.root else {
        let broken = rough_identity(context, chunk.text);
        keep(context, Lowered { broken, problems: document.problems, resource: None }, loaded);
        return true;
    };
    // What YAML itself objects to, such as a key that stands twice, leaves a half-read resource.
    let mut problems = document.problems;
    for member in members(root) {
        let text = if std::ptr::eq(member, root) { None } else { own_text(chunk, origin, member) };
        let mut lowered = lower(context, member, text.unwrap_or(chunk.text));
        lowered.problems.splice(0..0, std::mem::take(&mut problems));
        keep(context, lowered, loaded);
    }
    true
}

/// The text of one document of a list.
fn own_text<'t>(chunk: Chunk<'t>, origin: Origin<'_>, member: &Node<'_>) -> Option<&'t str> {
    let inside = |offset: u32| (offset as usize).checked_sub(origin.base as usize + chunk.start);
    chunk.text.get(inside(member.span.start)?..inside(member.span.end)?)
}

/// Files the outcome of one document.
fn keep(context: Context<'_>, lowered: Lowered, loaded: &mut Loaded) {
    let Lowered { resource, broken, mut problems } = lowered;
    if let Some(resource) = &resource {
        for rule in context.vocabulary.all_rules() {
            if let Check::Each(check) = rule.check {
                check(resource, &mut problems);
            }
        }
    }
    if problems.len() > MAX_FINDINGS {
        let hidden = problems.len() - MAX_FINDINGS;
        problems.truncate(MAX_FINDINGS);
        if let Some(last) = problems.last() {
            let message = format!("{hidden} more findings in this document are not shown");
            problems.push(
                Diagnostic::new(&codes::TOO_MANY, last.place.clone(), message)
                    .hint("mend the first ones"),
            );
        }
    }
    loaded.problems.extend(problems);
    loaded.resources.extend(resource);
    loaded.broken.extend(broken);
}

/// The first line that is neither empty nor a comment.
fn first_line(text: &str) -> Option<(usize, &str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return Some((at, line));
        }
        at += line.len();
    }
    None
}

/// Guesses what a document that is not YAML would have declared, from its unindented lines.
fn rough_identity(context: Context<'_>, text: &str) -> Option<Id> {
    let value = |line: &str, key: &str| {
        let rest = line.strip_prefix(key)?.strip_prefix(':')?;
        Some(rest.split(" #").next()?.trim().trim_matches(['"', '\'']).to_owned())
    };
    let version = text.lines().find_map(|line| value(line, "apiVersion"))?;
    let kind = text.lines().find_map(|line| value(line, "kind"))?;
    let kind = context.vocabulary.find(&version, &kind)?;
    let metadata = text.lines().skip_while(|line| !line.starts_with("metadata:"));
    let name = metadata.skip(1).find_map(|line| value(line.trim_start(), "name"))?;
    Some(Id { slug: kind.slug, name: Arc::from(name) })
}

fn load_markdown(context: Context<'_>, text: &str, origin: Origin<'_>, loaded: &mut Loaded) {
    match markdown::parts(text, origin) {
        Ok(parts) => record(context, text, origin, &parts, loaded),
        Err(problem) => loaded.problems.push(problem),
    }
    for fence in markdown::fences(text) {
        if !fence.closed {
            let place = origin.place(origin.span(fence.block.start, fence.block.start + 3));
            loaded.problems.push(
                Diagnostic::new(&codes::OPEN_FENCE, place, "the block of resources is not closed")
                    .hint("close it with a line of three backticks"),
            );
        }
        match fence.start() {
            Some(start) => {
                let base = origin.base + u32::try_from(start).unwrap_or(u32::MAX);
                stream(context, &fence.text, Origin { base, ..origin }, loaded);
            }
            None => pieces(context, &fence, origin, loaded),
        }
    }
}

/// Reads a block that does not stand in one piece: its trees are moved to where the lines stand.
fn pieces(
    context: Context<'_>,
    fence: &markdown::Fence<'_>,
    origin: Origin<'_>,
    loaded: &mut Loaded,
) {
    let in_file = |span: Span| {
        let span = fence.in_file(span);
        Span::new(span.start + origin.base, span.end + origin.base)
    };
    for chunk in yaml::chunks(&fence.text).filter(|chunk| first_line(chunk.text).is_some()) {
        let document = yaml::read(chunk, Origin { base: 0, ..origin });
        let mut problems = document.problems;
        for problem in &mut problems {
            problem.place.span = in_file(problem.place.span);
            for related in &mut problem.related {
                related.place.span = in_file(related.place.span);
            }
        }
        let mut lowered = match document.root {
            Some(mut root) => {
                root.move_spans(&in_file);
                lower(context, &root, chunk.text)
            }
            None => Lowered { broken: rough_identity(context, chunk.text), ..Lowered::default() },
        };
        lowered.problems.splice(0..0, problems);
        keep(context, lowered, loaded);
    }
}

/// Reads a Markdown file that is a resource by itself, if a kind claims it.
fn record(
    context: Context<'_>,
    text: &str,
    origin: Origin<'_>,
    parts: &markdown::Parts,
    loaded: &mut Loaded,
) {
    let range = parts.front_matter.clone().unwrap_or(0..0);
    let start = range.start;
    let chunk = Chunk { text: text.get(range).unwrap_or_default(), start, marked: true };
    let document = yaml::read(chunk, origin);
    let empty = Node { span: origin.span(start, start), value: crate::Value::Map(Vec::new()) };
    let is_broken = document.root.is_none() && !document.problems.is_empty();
    let root = document.root.unwrap_or(empty);
    let keys: Vec<&str> = root.pairs().iter().filter_map(|(key, _)| key.text()).collect();
    let claims = |kind: &&KindInfo| kind.claims.is_some_and(|claims| claims(context.file, &keys));
    let Some(kind) = context.vocabulary.kinds().iter().find(claims) else {
        loaded.problems.extend(document.problems);
        return;
    };
    let body = text.get(parts.body.clone()).unwrap_or_default();
    let prose = Prose { title: parts.title.as_deref(), body, whole: text };
    let mut lowered = if is_broken {
        let mut lowered = lower_markdown(context, kind, &root, prose);
        lowered.problems.clear();
        Lowered {
            broken: lowered.resource.as_ref().map(|one| one.id.clone()).or(lowered.broken),
            ..Lowered::default()
        }
    } else {
        lower_markdown(context, kind, &root, prose)
    };
    lowered.problems.splice(0..0, document.problems);
    let prose_start = Origin {
        base: origin.base + u32::try_from(parts.prose.start).unwrap_or(u32::MAX),
        ..origin
    };
    lowered
        .problems
        .extend(markdown::conflict(text.get(parts.prose.clone()).unwrap_or_default(), prose_start));
    keep(context, lowered, loaded);
}
