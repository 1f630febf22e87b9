//! `council secrets scan`: what stands in plain text and should not.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use diag::render::{self, Style, Tool};
use diag::{Diagnostic, Sources};
use gitops::secrets::{self, Leak};
use ignore::WalkBuilder;

use crate::answer::Outcome;
use crate::arguments::Format;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Find what looks like a secret and stands in plain text
///
/// Looks at every file below the given paths (the playbook when none is given) that Git does not ignore, or at the lines
/// that a diff adds. Exceptions of the secret policy are applied. Findings never repeat what they found. Exits with 1
/// when there are any; `--format` takes `sarif`, `github` and `gitlab`, too.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Scan {
    /// Files and directories
    paths: Vec<PathBuf>,
    /// Look at a diff on standard input instead: `git diff --cached | council secrets scan --diff`
    #[arg(long, conflicts_with = "paths")]
    diff: bool,
    /// List the rules
    #[arg(long, conflicts_with_all = ["paths", "diff"])]
    rules: bool,
}

/// Runs it.
pub(super) fn run(scan: &Scan, context: &Context) -> Result<Outcome, CommandError> {
    if scan.rules {
        return rules(context);
    }
    let workspace = context.read()?;
    let mut texts = Texts::default();
    let leaks = if scan.diff { diff()? } else { texts.scan(&scan.paths, context)? };
    let today = context.facts(workspace.model()).today;
    let excused = secrets::excuse(leaks, workspace.model(), today);
    let findings: Vec<Diagnostic> = excused.leaks.iter().map(secrets::leak_diagnostic).collect();
    let style = Style { color: context.printer.color_out(), ..Style::default() };
    let text = match context.options.format {
        Format::Human if scan.diff => lines(&excused.leaks, context),
        Format::Human => render::human(&findings, &texts, style),
        Format::Json => crate::printer::json(&excused),
        Format::Sarif => {
            let rules = workspace.vocabulary().rules_info();
            let tool = Tool { version: env!("CARGO_PKG_VERSION"), rules: &rules };
            render::sarif(&findings, &texts, tool)
        }
        Format::Github => render::github(&findings, &texts),
        Format::Gitlab => render::gitlab(&findings, &texts),
    };
    context.printer.data(&text)?;
    for unused in excused.unused.iter().filter(|_| scan.paths.is_empty() && !scan.diff) {
        context.printer.note(&format!("the exception {unused} excuses nothing any more"));
    }
    for path in &texts.passed_over {
        context.printer.warn(&format!("`{path}` is too large to be looked at"));
    }
    let (found, covered) = (excused.leaks.len(), excused.excused.len());
    let word = if found == 1 { "secret" } else { "secrets" };
    context.printer.note(&format!("{found} {word} in plain text, {covered} excused"));
    Ok(if found == 0 { Outcome::Done } else { Outcome::Findings })
}

fn rules(context: &Context) -> Result<Outcome, CommandError> {
    let mut page = Page::new(context.printer.color_out());
    let mut table = Table::new(&["Rule", "Finds"]);
    for (rule, title) in secrets::rule_titles() {
        table.row([page.tone(Tone::Name, rule), title.to_owned()]);
    }
    page.table(&table);
    context.printer.data(&page.finish())?;
    Ok(Outcome::Done)
}

fn diff() -> Result<Vec<Leak>, CommandError> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| {
        CommandError::failed("the diff cannot be read").why(error).hint("pipe `git diff` into it")
    })?;
    Ok(secrets::scan_diff(&String::from_utf8_lossy(&bytes)))
}

/// The findings of a diff, which has no files to show excerpts of.
fn lines(leaks: &[Leak], context: &Context) -> String {
    let mut page = Page::new(context.printer.color_out());
    for leak in leaks {
        let place = page.tone(Tone::Name, format!("{}:{}", leak.path, leak.line));
        let rule = page.tone(Tone::Quiet, format!("({}, {})", leak.rule, leak.fingerprint));
        page.line(format!("{place} {} of {} characters {rule}", leak.title, leak.length));
    }
    page.finish()
}

/// The texts in which something was found. Excerpts would repeat the secret, so the found part is covered.
#[derive(Debug, Default)]
struct Texts {
    covered: std::collections::BTreeMap<String, String>,
    passed_over: Vec<String>,
}

impl Texts {
    fn scan(&mut self, paths: &[PathBuf], context: &Context) -> Result<Vec<Leak>, CommandError> {
        let root = context.root(None)?;
        let given: Vec<PathBuf> =
            paths.iter().map(|path| context.environment.directory.join(path)).collect();
        let places = if given.is_empty() { vec![root.clone()] } else { given };
        let mut leaks = Vec::new();
        for place in &places {
            if !place.exists() {
                return Err(CommandError::usage(format!("`{}` is not there", place.display())));
            }
            let mut walk = WalkBuilder::new(place);
            walk.hidden(false).require_git(false).sort_by_file_path(Ord::cmp);
            walk.filter_entry(|entry| entry.file_name() != ".git");
            for entry in walk.build().filter_map(Result::ok) {
                if entry.file_type().is_some_and(|sort| sort.is_file()) {
                    leaks.extend(self.file(entry.path(), &root));
                }
            }
        }
        Ok(leaks)
    }

    /// Looks at one file; one that is no text or cannot be read holds nothing that we could find.
    fn file(&mut self, path: &Path, root: &Path) -> Vec<Leak> {
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        let Ok(bytes) = std::fs::read(path) else { return Vec::new() };
        if bytes.len() > secrets::MAX_TEXT {
            self.passed_over.push(name);
            return Vec::new();
        }
        let Ok(text) = String::from_utf8(bytes) else { return Vec::new() };
        let leaks = secrets::scan(&name, &text);
        if !leaks.is_empty() {
            self.covered.insert(name, secrets::cover(&text, &leaks));
        }
        leaks
    }
}

impl Sources for Texts {
    fn text(&self, file: &str) -> Option<&str> {
        self.covered.get(file).map(String::as_str)
    }
}
