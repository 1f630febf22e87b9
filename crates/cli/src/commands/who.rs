//! `council who`: who decides, approves, is consulted and told, is on call, stands in.

use org::who::{Answer as Found, Part};
use org::{Standing, Subject};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::table::Table;

/// Say who decides about a thing: a resource, a file or a topic
///
/// `council who service/api`, `council who network/firewall.yaml`, `council who buying GPUs`.
/// Exits with 1 when nobody is found.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Who {
    /// A reference, a path of the playbook, or words
    #[arg(required = true)]
    query: Vec<String>,
    /// Say why for everybody
    #[arg(long)]
    why: bool,
}

/// Runs it.
pub(crate) fn run(who: &Who, context: &Context) -> Result<Outcome, CommandError> {
    let workspace = context.read()?;
    let model = workspace.model();
    let query = who.query.join(" ");
    let subject = Subject::understand(model, &query);
    let mut claims = governance::who::claims(model, &subject);
    // Swaps stand in the record; this answers from the playbook alone, as the rest of it does.
    claims.extend(reliability::who::claims(model, &subject, &[], context.now_in(model)));
    let found = org::who::answer_with(model, &query, &context.facts(model), claims);
    let found = governance::who::with_successor(model, found);
    let is_empty = found.is_empty();
    if is_empty {
        let guesses: Vec<String> =
            found.did_you_mean.iter().map(|guess| format!("`{guess}`")).collect();
        context.printer.note(&format!("nobody answers for `{query}`"));
        if !guesses.is_empty() {
            context.printer.note(&format!("did you mean {}?", guesses.join(" or ")));
        }
    }
    context.printer.show(&Shown { found, why: who.why })?;
    Ok(if is_empty { Outcome::Findings } else { Outcome::Done })
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown {
    found: Found,
    #[serde(skip)]
    why: bool,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        if let Some(retired) = &self.found.retired {
            let label = page.tone(Tone::Warning, "no more:");
            page.line(format!("{label} {retired}"));
        }
        let Found { decides, approves, consulted, informed, on_call, backs_up, .. } = &self.found;
        if self.found.is_empty() {
            return;
        }
        let mut table = Table::default();
        // Where nobody else must agree, the same parts twice would only be noise.
        let approves = if approves == decides { &Vec::new() } else { approves };
        let roles = [
            ("decides", decides),
            ("approves", approves),
            ("consulted", consulted),
            ("told", informed),
            ("on call", on_call),
            ("stands in", backs_up),
        ];
        for (role, parts) in roles {
            for (at, part) in parts.iter().enumerate() {
                let label = if at == 0 { role } else { "" };
                let label = page.tone(Tone::Heading, label);
                table.row([label, part.title.clone(), person(page, part), self.reason(page, part)]);
            }
        }
        page.table(&table);
        page.gap();
        for gap in &self.found.gaps {
            let label = page.tone(Tone::Warning, "gap:");
            page.line(format!("{label} {gap}"));
        }
        for reason in self.found.reasons.iter().filter(|_| self.why) {
            let reason = page.tone(Tone::Quiet, reason);
            page.line(reason);
        }
    }
}

impl Shown {
    /// The best reason, or with `--why` all of them.
    fn reason(&self, page: &Page, part: &Part) -> String {
        let shown = if self.why { part.because.len() } else { 1 };
        let reasons: Vec<&str> = part.because.iter().take(shown).map(String::as_str).collect();
        page.tone(Tone::Quiet, reasons.join("; "))
    }
}

/// Who answers today, and in which capacity when it is not the usual one.
fn person(page: &Page, part: &Part) -> String {
    let Some(person) = &part.person else {
        return match part.standing {
            Standing::Gap => page.tone(Tone::Warning, "nobody"),
            Standing::Primary
            | Standing::Backup
            | Standing::Holder
            | Standing::Group
            | Standing::Inactive => page.tone(Tone::Quiet, "—"),
        };
    };
    match part.standing {
        Standing::Backup => format!("{} (backup)", person.title),
        Standing::Primary
        | Standing::Holder
        | Standing::Group
        | Standing::Gap
        | Standing::Inactive => person.title.clone(),
    }
}
