//! `council explain`: the page of a rule or of a kind.

use diag::RuleInfo;
use playbook::KindInfo;
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::guess::did_you_mean;
use crate::kind_page::{self, KindPage, severity};
use crate::markdown;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Explain a rule or a kind: why it is there, an example that fails, the same mended
///
/// Takes a code (`ORG004`), a rule's name (`seat-without-backup`), a kind (`Seat`) or its name in
/// references (`seat`). Without a name it lists everything that can be explained.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Explain {
    /// A code, a rule or a kind
    name: Option<String>,
}

/// Runs it.
pub(crate) fn run(explain: &Explain, context: &Context) -> Result<Outcome, CommandError> {
    let vocabulary = crate::vocabulary();
    let rules = vocabulary.rules_info();
    match &explain.name {
        Some(name) => context.printer.show_paged(&find(name, &rules, vocabulary.kinds())?)?,
        None => {
            let kinds = vocabulary.kinds().iter().map(kind_page::of).collect();
            context.printer.show_paged(&Everything { rules, kinds })?;
        }
    }
    Ok(Outcome::Done)
}

fn find(name: &str, rules: &[RuleInfo], kinds: &[KindInfo]) -> Result<Explanation, CommandError> {
    let is = |candidate: &str| candidate.eq_ignore_ascii_case(name);
    if let Some(rule) = rules.iter().find(|rule| is(rule.code.0) || is(rule.name)) {
        return Ok(Explanation::Rule(*rule));
    }
    if let Some(kind) = kinds.iter().find(|kind| is(kind.name) || is(kind.slug)) {
        return Ok(Explanation::Kind(kind_page::of(kind)));
    }
    let rules = rules.iter().flat_map(|rule| [rule.code.0, rule.name]);
    let kinds = kinds.iter().flat_map(|kind| [kind.name, kind.slug]);
    Err(CommandError::usage(format!("`{name}` is neither a rule nor a kind"))
        .hints(did_you_mean(name, rules.chain(kinds)))
        .hint("list all with `council explain`"))
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Explanation {
    Rule(RuleInfo),
    Kind(KindPage),
}

impl Answer for Explanation {
    fn write(&self, page: &mut Page) {
        match self {
            Self::Rule(rule) => {
                let code = page.tone(Tone::Name, rule.code);
                page.line(format!("{code} {} ({})", rule.name, severity(rule.severity)));
                page.heading(rule.summary);
                page.gap();
                markdown::write(page, rule.page);
            }
            Self::Kind(kind) => kind.write(page),
        }
    }
}

#[derive(Serialize)]
struct Everything {
    rules: Vec<RuleInfo>,
    kinds: Vec<KindPage>,
}

impl Answer for Everything {
    fn write(&self, page: &mut Page) {
        page.heading("Rules");
        let mut table = Table::default();
        for rule in &self.rules {
            let code = page.tone(Tone::Name, rule.code);
            table.row([code, severity(rule.severity).into(), rule.summary.into()]);
        }
        page.table(&table);
        page.heading("Kinds");
        kind_page::write_table(page, &self.kinds);
        page.gap();
        page.line("Read a page with `council explain NAME`, such as `council explain seat`.");
    }
}
