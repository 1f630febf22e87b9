//! What the tests of this crate share: a playbook from texts, its findings, and a small council.

use std::sync::Arc;

use diag::Diagnostic;
use jiff::civil::{Date, date};
use playbook::{Facts, Vocabulary, Workspace};

/// The day on which tests check unless they say otherwise: a Monday.
pub(crate) const TODAY: Date = date(2026, 11, 23);

/// The organization that most tests need and do not care about.
pub(crate) const ORGANIZATION: &str = "
apiVersion: council/v1
kind: Organization
metadata: {name: example}
spec:
  purpose: Test.
  north_star: Green.
  currency: EUR
  time_zone: Europe/Berlin
  conditions: {hiring: false}
";

/// Reads files (path and text) as a whole playbook.
#[track_caller]
pub(crate) fn playbook(files: &[(String, String)]) -> Workspace {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is writable");
        std::fs::write(path, text).expect("the folder is writable");
    }
    let vocabulary = crate::vocabulary(org::vocabulary(Vocabulary::new()));
    Workspace::open(folder.path(), Arc::new(vocabulary))
}

/// Reads resources in the short form `Kind/name: {spec}`, one a line, beside [`ORGANIZATION`];
/// a line `path.md: {front matter} | text` is a Markdown file (`\n` in the text is a line break).
#[track_caller]
pub(crate) fn table(lines: &str) -> Workspace {
    let mut council = ORGANIZATION.to_owned();
    let mut files = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (id, spec) = line.split_once(": ").expect("a line is `Kind/name: {spec}`");
        if id.ends_with(".md") {
            let (front, body) = spec.split_once(" | ").unwrap_or((spec, ""));
            let front = front.trim().strip_prefix('{').expect("front matter is a map");
            let front = front.strip_suffix('}').expect("front matter is a map");
            let front = split_top(front).join("\n");
            let body = body.replace("\\n", "\n");
            files.push((id.to_owned(), format!("---\n{front}\n---\n{body}\n")));
            continue;
        }
        let (kind, name) = id.split_once('/').expect("an id is `Kind/name`");
        council += &format!(
            "---\napiVersion: council/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"
        );
    }
    files.push(("council.yaml".to_owned(), council));
    playbook(&files)
}

/// Splits `a: 1, b: [x, y]` at the commas outside of brackets.
fn split_top(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for character in text.chars() {
        match character {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        if character == ',' && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().expect("one part at least").push(character);
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).collect()
}

/// All findings on [`TODAY`].
pub(crate) fn findings(workspace: &Workspace) -> Vec<Diagnostic> {
    workspace.check(&Facts { today: TODAY })
}

/// The text that a diagnostic points at.
pub(crate) fn excerpt<'w>(workspace: &'w Workspace, finding: &Diagnostic) -> &'w str {
    use diag::Sources;
    let text = workspace.text(&finding.place.file).expect("findings stand in files");
    text.get(finding.place.span.start as usize..finding.place.span.end as usize)
        .expect("spans are inside of their file")
}

/// The findings of one rule: the text that each points at (`@` for a whole file), and its message.
#[track_caller]
pub(crate) fn finds(rule: &playbook::Rule, lines: &str, expected: &[(&str, &str)]) {
    let workspace = table(lines);
    let all = findings(&workspace);
    let found: Vec<_> = all
        .iter()
        .filter(|finding| finding.code == rule.info.code)
        .inspect(|finding| assert!(finding.why.is_some() && finding.hint.is_some(), "{finding:?}"))
        .map(|finding| {
            let text = excerpt(&workspace, finding);
            let whole =
                finding.place.file.ends_with(".md") && (text.is_empty() || text.contains('\n'));
            (if whole { "@" } else { text }, finding.message.as_str())
        })
        .collect();
    assert_eq!(found, expected, "all findings: {all:#?}");
}
