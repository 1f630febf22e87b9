//! The short form: a playbook of one resource a line.
//!
//! * `Kind/name: {spec}` is a resource of our own, `Kind@version/name: {spec}` a foreign one;
//! * `path.md: {front matter} | text` is a Markdown file, in whose text `\n` breaks the line;
//! * where no line is an organization, a sound one stands beside them.
//!
//! A test that shows its whole playbook at a glance is read; one with forty lines of envelope is believed.

/// What the organization of most trials says.
const ORGANIZATION: &str = "purpose: Test., north_star: Green., currency: EUR, \
     time_zone: Europe/Berlin, public_holidays: [DE], conditions: {hiring: false}";

/// The file that holds every resource that is no Markdown file.
pub(crate) const COUNCIL: &str = "council.yaml";

/// Writes the lines out as files, each a path and a text.
#[track_caller]
pub fn files(lines: &str) -> Vec<(String, String)> {
    let lines = || lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut resources = Vec::new();
    let mut files = Vec::new();
    if !lines().any(|line| line.starts_with("Organization/")) {
        resources.push(resource("Organization/example", &format!("{{{ORGANIZATION}}}")));
    }
    for line in lines() {
        let (id, spec) = line.split_once(": ").expect("BUG: a line is `Kind/name: {spec}`");
        if id.ends_with(".md") {
            files.push((id.to_owned(), markdown(spec)));
        } else {
            resources.push(resource(id, spec));
        }
    }
    files.push((COUNCIL.to_owned(), resources.concat()));
    files
}

/// The line of an organization with one field of the usual one changed or added: `currency: EURO`.
pub fn organization(change: &str) -> String {
    let key_of = |field: &str| field.split(':').next().map(|key| key.trim().to_owned());
    let changed = key_of(change);
    let kept = ORGANIZATION.split(", ").filter(|field| key_of(field) != changed);
    let fields: Vec<_> = kept.chain([change]).collect();
    format!("Organization/example: {{{}}}", fields.join(", "))
}

#[track_caller]
fn resource(id: &str, spec: &str) -> String {
    let (kind, name) = id.rsplit_once('/').expect("BUG: an id is `Kind/name`");
    let (kind, version) = kind.split_once('@').unwrap_or((kind, "council/v1"));
    format!("---\napiVersion: {version}\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n")
}

#[track_caller]
fn markdown(text: &str) -> String {
    let (front, body) = text.split_once(" | ").unwrap_or((text, ""));
    let front = front.trim().strip_prefix('{').and_then(|front| front.strip_suffix('}'));
    let front = split_outside_brackets(front.expect("BUG: front matter is `{…}`")).join("\n");
    format!("---\n{front}\n---\n{}\n", body.replace("\\n", "\n"))
}

/// Splits `a: 1, b: [x, y]` at the commas outside of brackets, because front matter is one field a line.
fn split_outside_brackets(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut depth = 0_u32;
    for (position, character) in text.char_indices() {
        match character {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                let start = text.len() - rest.len();
                let (part, behind) = rest.split_at(position - start);
                parts.push(part.trim());
                rest = behind.strip_prefix(',').unwrap_or(behind);
            }
            _ => {}
        }
    }
    parts.push(rest.trim());
    parts
}
