//! From a document's tree to a resource: the envelope, the metadata, the kind's type.

use std::sync::Arc;

use diag::words::quote;
use diag::{Diagnostic, Place, Span};
use sha2::{Digest as _, Sha256};

use crate::limits::MAX_NAME;
use crate::lower::{Input, LowerError, Notes};
use crate::resource::{ForeignMeta, Id, Meta};
use crate::vocabulary::API_VERSION;
use crate::{
    Bare, KindInfo, Node, Resource, Use, Value, Vocabulary, codes, complete, reference, suggest,
};

/// What a document is lowered with.
#[derive(Clone, Copy)]
pub(crate) struct Context<'c> {
    pub(crate) vocabulary: &'c Vocabulary,
    pub(crate) file: &'c Arc<str>,
}

impl Context<'_> {
    fn place(&self, span: Span) -> Place {
        Place::new(self.file.clone(), span)
    }
}

/// What became of a document: a resource, or at most the knowledge of which one it would have been.
#[derive(Debug, Default)]
pub(crate) struct Lowered {
    pub(crate) resource: Option<Arc<Resource>>,
    /// The identity of a document that has errors, so that references to it are not errors as well.
    pub(crate) broken: Option<Id>,
    pub(crate) problems: Vec<Diagnostic>,
}

/// The documents that a tree holds: itself, or the items of a list of enveloped documents, which is
/// how OpenSLO's own files put several objects into one.
pub(crate) fn members<'r, 'n>(root: &'r Node<'n>) -> &'r [Node<'n>] {
    match &root.value {
        Value::List(items)
            if !items.is_empty() && items.iter().all(|item| item.get("apiVersion").is_some()) =>
        {
            items
        }
        Value::List(_) | Value::Map(_) | Value::Scalar { .. } => std::slice::from_ref(root),
    }
}

/// Lowers one YAML document; `text` is what its digest is made of.
pub(crate) fn lower(context: Context<'_>, root: &Node<'_>, text: &str) -> Lowered {
    if let Some(found) = bare(context, root) {
        return lower_bare(context, found, root, text);
    }
    let mut lowered = Lowered::default();
    let Some(kind) = envelope(context, root, &mut lowered.problems) else { return lowered };
    let name = root.get("metadata").and_then(|metadata| metadata.get("name"));
    let id = name.and_then(Node::text).map(|name| Id { slug: kind.slug, name: Arc::from(name) });
    let (Some(metadata), Some(spec)) = (root.pair("metadata"), root.pair("spec")) else {
        missing_parts(context, root, &mut lowered.problems);
        lowered.broken = id;
        return lowered;
    };
    let notes = Notes::default();
    let input = |node| Input { node, notes: &notes, title: None, body: "" };
    let meta = if kind.is_foreign() {
        input(&metadata.1).read::<ForeignMeta>().map(Meta::from)
    } else {
        input(&metadata.1).read::<Meta>()
    };
    let spec_read = (kind.lower)(input(&spec.1));
    let name_span = name.map_or(metadata.0.span, |name| name.span);
    let (meta, spec) = match (meta, spec_read) {
        (Ok(meta), Ok(spec)) => (meta, spec),
        (meta, spec_read) => {
            let schema = context.vocabulary.known_schema(kind);
            let mut complete =
                |part: &(Node<'_>, Node<'_>), property, error: Option<LowerError>| {
                    let Some(error) = error else { return };
                    let mut found =
                        complete::findings(schema, &[property], &part.1, part.0.span, context.file);
                    complete::with_error(&mut found, error, part.0.span, context.file);
                    lowered.problems.extend(found);
                };
            complete(metadata, "metadata", meta.err());
            complete(spec, "spec", spec_read.err());
            lowered.broken = id;
            return lowered;
        }
    };
    let mut meta = meta;
    note_successor(kind, &metadata.1, &mut meta, &notes);
    let id = Id { slug: kind.slug, name: meta.name.clone() };
    warn_of_other_readings(context, &notes, &mut lowered.problems);
    if let Some(problem) = bad_name(context, &meta.name, name_span, kind.is_foreign()) {
        lowered.problems.push(problem);
        lowered.broken = Some(id);
        return lowered;
    }
    lowered.resource = Some(Arc::new(Resource {
        id,
        place: context.place(name_span),
        extent: root.span,
        uses: notes.uses.into_inner(),
        digest: digest(text),
        meta,
        spec,
    }));
    lowered
}

/// Notes the reference to what replaces a resource. It may be of any kind, since a service may end as a part of
/// another team's platform; a bare name is of the resource's own kind, and is written out here for whoever shows it.
fn note_successor(kind: &KindInfo, metadata: &Node<'_>, meta: &mut Meta, notes: &Notes) {
    let Some(written) = meta.replaced_by.take() else { return };
    let (slug, name) = reference::split(&written);
    let slug = slug.unwrap_or(kind.slug);
    if let Some(node) = metadata.get("replaced_by") {
        notes.uses.borrow_mut().push(Use {
            span: node.span,
            accepts: &[],
            slug: Some(Arc::from(slug)),
            name: Arc::from(name),
        });
    }
    meta.replaced_by = Some(format!("{slug}/{name}"));
}

/// The kind of a document that has no envelope because its format knows none.
fn bare<'v>(context: Context<'v>, root: &Node<'_>) -> Option<(&'v KindInfo, Bare)> {
    if root.get("apiVersion").is_some() {
        return None;
    }
    context.vocabulary.find_bare(|key| root.get(key).and_then(Node::text))
}

/// Lowers a document without an envelope: all of it is the spec, and one field is the name.
fn lower_bare(
    context: Context<'_>,
    (kind, bare): (&KindInfo, Bare),
    root: &Node<'_>,
    text: &str,
) -> Lowered {
    let mut lowered = Lowered::default();
    let named = root.get(bare.name);
    let name: Arc<str> = Arc::from(named.and_then(Node::text).unwrap_or_default());
    let span = named.map_or(Span::new(root.span.start, root.span.start), |name| name.span);
    let id = Id { slug: kind.slug, name: name.clone() };
    let notes = Notes::default();
    let spec = match (kind.lower)(Input { node: root, notes: &notes, title: None, body: "" }) {
        Ok(spec) => spec,
        Err(error) => {
            let schema = context.vocabulary.known_schema(kind);
            let mut found = complete::findings(schema, &["spec"], root, span, context.file);
            complete::with_error(&mut found, error, span, context.file);
            return Lowered { broken: Some(id), problems: found, ..lowered };
        }
    };
    warn_of_other_readings(context, &notes, &mut lowered.problems);
    if let Some(problem) = bad_name(context, &name, span, true) {
        lowered.problems.push(problem);
        return Lowered { broken: Some(id), ..lowered };
    }
    lowered.resource = Some(Arc::new(Resource {
        id,
        place: context.place(span),
        extent: root.span,
        uses: notes.uses.into_inner(),
        digest: digest(text),
        meta: Meta { name, ..Meta::default() },
        spec,
    }));
    lowered
}

/// The text outside of a Markdown file's front matter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prose<'t> {
    pub(crate) title: Option<&'t str>,
    pub(crate) body: &'t str,
    /// The whole file, for the digest and the extent.
    pub(crate) whole: &'t str,
}

/// Lowers a Markdown file that is a resource by itself; its name is the file's stem.
pub(crate) fn lower_markdown(
    context: Context<'_>,
    kind: &KindInfo,
    front_matter: &Node<'_>,
    prose: Prose<'_>,
) -> Lowered {
    let mut lowered = Lowered::default();
    let file = context.file.rsplit('/').next().unwrap_or_default();
    let name: Arc<str> = Arc::from(file.strip_suffix(".md").unwrap_or(file));
    let id = Id { slug: kind.slug, name: name.clone() };
    let top = Span::new(front_matter.span.start, front_matter.span.start);
    if let Some(problem) = bad_name(context, &name, top, false) {
        lowered
            .problems
            .push(problem.hint("rename the file: its name is the name of the resource"));
    }
    let notes = Notes::default();
    let input = Input { node: front_matter, notes: &notes, title: prose.title, body: prose.body };
    let spec = match (kind.lower)(input) {
        Ok(spec) if lowered.problems.is_empty() => spec,
        Ok(_) => return Lowered { broken: Some(id), ..lowered },
        Err(error) => {
            let schema = context.vocabulary.known_schema(kind);
            let mut found = complete::front_matter(schema, front_matter, top, context.file);
            complete::with_error(&mut found, error, top, context.file);
            lowered.problems.extend(found);
            return Lowered { broken: Some(id), ..lowered };
        }
    };
    warn_of_other_readings(context, &notes, &mut lowered.problems);
    lowered.resource = Some(Arc::new(Resource {
        id,
        place: context.place(top),
        extent: Span::new(0, u32::try_from(prose.whole.len()).unwrap_or(u32::MAX)),
        uses: notes.uses.into_inner(),
        digest: digest(prose.whole),
        meta: Meta { name, title: prose.title.map(str::to_owned), ..Meta::default() },
        spec,
    }));
    lowered
}

/// Finds the kind of a document, or says why there is none.
fn envelope<'v>(
    context: Context<'v>,
    root: &Node<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<&'v KindInfo> {
    let (version, name) = (root.get("apiVersion"), root.get("kind"));
    if !matches!(root.value, Value::Map(_)) || (version.is_none() && name.is_none()) {
        let place = context.place(Span::new(root.span.start, root.span.start));
        problems.push(
            Diagnostic::new(&codes::NO_ENVELOPE, place, "this document declares no resource")
                .why("it has no `apiVersion` and no `kind`")
                .hint("write `apiVersion`, `kind`, `metadata` and `spec`, or list the file in `.councilignore`"),
        );
        return None;
    }
    let (Some(version), Some(name)) = (version, name) else {
        missing_parts(context, root, problems);
        return None;
    };
    let (version_text, name_text) =
        (version.text().unwrap_or_default(), name.text().unwrap_or_default());
    if let Some(kind) = context.vocabulary.find(version_text, name_text) {
        if !kind.is_foreign() {
            unknown_parts(context, root, problems);
        }
        return Some(kind);
    }
    problems.push(unknown_kind(context, (version, version_text), (name, name_text)));
    None
}

fn unknown_kind(
    context: Context<'_>,
    version: (&Node<'_>, &str),
    name: (&Node<'_>, &str),
) -> Diagnostic {
    let kinds = context.vocabulary.kinds();
    let mut versions: Vec<&str> = kinds.iter().map(|kind| kind.api_version).collect();
    versions.push(API_VERSION);
    if !versions.contains(&version.1) {
        let message = format!("the apiVersion {} is not known", quote(version.1));
        let own = kinds
            .iter()
            .find(|kind| kind.name == name.1)
            .map_or(API_VERSION, |kind| kind.api_version);
        return Diagnostic::new(
            &codes::UNKNOWN_API_VERSION,
            context.place(version.0.span),
            message,
        )
        .hint(format!(
            "write `{own}`, or list the file in `.councilignore` if it is another tool's"
        ));
    }
    let named = |kind: &&KindInfo| kind.name == name.1;
    let of_version = |kind: &&KindInfo| kind.api_version == version.1;
    let message = format!("there is no kind {} in {}", quote(name.1), quote(version.1));
    let mut finding = Diagnostic::new(&codes::UNKNOWN_KIND, context.place(name.0.span), message);
    let similar = suggest::similar(name.1, kinds.iter().filter(of_version).map(|kind| kind.name));
    finding.hint = match kinds.iter().find(named) {
        Some(other) => {
            Some(format!("`{}` stands under `apiVersion: {}`", other.name, other.api_version))
        }
        None => suggest::did_you_mean(&similar),
    };
    finding
}

/// Reports the parts of the envelope that are missing.
fn missing_parts(context: Context<'_>, root: &Node<'_>, problems: &mut Vec<Diagnostic>) {
    let anchor =
        root.pair("kind").or_else(|| root.pairs().first()).map_or(root.span, |(key, _)| key.span);
    for part in ["apiVersion", "kind", "metadata", "spec"] {
        if root.get(part).is_none() {
            let message = format!("the field `{part}` is missing");
            problems.push(
                Diagnostic::new(&codes::MISSING_FIELD, context.place(anchor), message)
                    .hint(format!("add `{part}:`")),
            );
        }
    }
}

fn unknown_parts(context: Context<'_>, root: &Node<'_>, problems: &mut Vec<Diagnostic>) {
    const PARTS: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];
    for (key, _) in root.pairs() {
        let name = key.text().unwrap_or_default();
        if !PARTS.contains(&name) {
            let message = format!("there is no field {} here", quote(name));
            let mut finding =
                Diagnostic::new(&codes::UNKNOWN_FIELD, context.place(key.span), message);
            finding.hint = suggest::did_you_mean(&suggest::similar(name, PARTS))
                .or_else(|| Some("move it below `spec`".to_owned()));
            problems.push(finding);
        }
    }
}

fn warn_of_other_readings(context: Context<'_>, notes: &Notes, problems: &mut Vec<Diagnostic>) {
    for (span, reading) in notes.differently.borrow().iter() {
        problems.push(
            Diagnostic::new(
                &codes::READS_DIFFERENTLY,
                context.place(*span),
                format!("this text reads as {reading} in YAML 1.1"),
            )
            .why("other tools will not read the text that is meant")
            .hint("put it in quotes"),
        );
    }
}

/// Checks a name; foreign names may have capitals, as their own catalogs allow.
fn bad_name(context: Context<'_>, name: &str, span: Span, is_foreign: bool) -> Option<Diagnostic> {
    let edge = |one: char| {
        one.is_ascii_lowercase() || one.is_ascii_digit() || (is_foreign && one.is_ascii_uppercase())
    };
    let inner = |one: char| edge(one) || matches!(one, '-' | '.' | '_');
    let fits = name.len() <= MAX_NAME
        && name.starts_with(edge)
        && name.ends_with(edge)
        && name.chars().all(inner);
    if fits {
        return None;
    }
    let message = format!("{} cannot be a name", quote(name));
    let proposal = proposal(name);
    let hint = if proposal.is_empty() {
        "write a short word".to_owned()
    } else {
        format!("write `name: {proposal}`, and what people read in `title`")
    };
    let why = format!("names are lower-case letters, digits, `-`, `.` and `_`, at most {MAX_NAME}");
    Some(Diagnostic::new(&codes::BAD_NAME, context.place(span), message).why(why).hint(hint))
}

/// The nearest legal name.
fn proposal(name: &str) -> String {
    let mut proposal = String::new();
    for one in name.chars().flat_map(char::to_lowercase).take(MAX_NAME) {
        match one {
            'a'..='z' | '0'..='9' | '.' | '_' => proposal.push(one),
            _ if proposal.ends_with('-') => {}
            _ => proposal.push('-'),
        }
    }
    proposal.trim_matches(['-', '.', '_']).to_owned()
}

/// The first 16 hexadecimal digits of SHA-256.
fn digest(text: &str) -> Arc<str> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let hash = Sha256::digest(text);
    let mut digits = [0_u8; 16];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(hash.iter()) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    Arc::from(std::str::from_utf8(&digits).expect("BUG: hexadecimal digits are ASCII"))
}
