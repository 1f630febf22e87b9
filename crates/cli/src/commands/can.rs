//! `council can`: whether somebody may do something, and what decided.

use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::online::segment;
use crate::page::{Page, Tone};

/// Say whether somebody may do something now, and which policies decided
///
/// `council can ana approve change/CH-7`, `council can dan declare incident`. The council's own code answers, with the
/// playbook and the record; nothing is done. Exits with 1 when they may not.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Can {
    /// Who: the name of a person, or `operator`
    person: String,
    /// What: `approve`, or in full `change.approve`
    action: String,
    /// On what: `change/CH-7`, or a kind alone
    subject: String,
    /// With a token of these scopes instead of in a browser
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',')]
    scopes: Vec<String>,
    /// Show the policies that decided
    #[arg(long)]
    why: bool,
}

/// Runs it.
pub(crate) fn run(can: &Can, context: &Context) -> Result<Outcome, CommandError> {
    let council = Council::look(context, &Speaker::default())?;
    let Can { person, action, subject, scopes, why } = can;
    let mut path = format!(
        "/api/v1/can?person={}&action={}&subject={}",
        segment(person),
        segment(action),
        segment(subject)
    );
    if !scopes.is_empty() {
        path.push_str(&format!("&scopes={}", segment(&scopes.join(","))));
    }
    let found: Found = council.client().get(&path)?;
    let outcome = if found.allowed { Outcome::Done } else { Outcome::Findings };
    context.printer.show(&Shown { found, why: *why })?;
    Ok(outcome)
}

#[derive(Serialize, Deserialize)]
struct Found {
    allowed: bool,
    person: Option<String>,
    action: String,
    summary: String,
    subject: String,
    policy: Policy,
    procedure: Option<Procedure>,
}

#[derive(Serialize, Deserialize)]
struct Policy {
    allowed: bool,
    outcome: String,
    reason: String,
    policies: Vec<Deciding>,
    needed: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Deciding {
    name: String,
    file: Option<String>,
    text: String,
}

#[derive(Serialize, Deserialize)]
struct Procedure {
    allowed: bool,
    reasons: Vec<String>,
    would_pass_if: Vec<String>,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    found: Found,
    #[serde(skip)]
    why: bool,
}

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        let Found { allowed, person, action: _, summary, subject, policy, procedure } = &self.found;
        let person = person.as_deref().unwrap_or("the operator");
        let (word, may) = match allowed {
            true => (page.tone(Tone::Good, "yes:"), "may"),
            false => (page.tone(Tone::Error, "no:"), "may not"),
        };
        let subject = page.tone(Tone::Name, subject);
        page.line(format!("{word} {person} {may} {summary}: {subject}"));
        self.policy(page, policy);
        match procedure {
            None if policy.allowed => {
                page.line(
                    "  the procedure is asked when it is done: it depends on what is written",
                );
            }
            None => {}
            Some(said) if said.allowed => page.line("  the procedure has nothing against it now"),
            Some(said) => {
                for reason in &said.reasons {
                    page.line(format!("  the procedure refuses: {reason}"));
                }
                for condition in &said.would_pass_if {
                    let label = page.tone(Tone::Quiet, "it would pass if");
                    page.line(format!("  {label} {condition}"));
                }
            }
        }
    }
}

impl Shown {
    fn policy(&self, page: &mut Page, policy: &Policy) {
        let label = match policy.outcome.as_str() {
            "allowed" => "permitted by",
            "forbidden" => "forbidden by",
            _ => "not permitted by",
        };
        if !policy.allowed {
            page.line(format!("  {}", policy.reason));
        }
        for deciding in &policy.policies {
            let name = page.tone(Tone::Name, &deciding.name);
            let origin = deciding.file.as_deref().unwrap_or("built in");
            let origin = page.tone(Tone::Quiet, format!("({origin})"));
            page.line(format!("  {label} {name} {origin}"));
            for line in deciding.text.lines().filter(|_| self.why) {
                let line = page.tone(Tone::Quiet, line);
                page.line(format!("    {line}"));
            }
        }
        for needed in &policy.needed {
            let label = page.tone(Tone::Quiet, "it would pass for");
            page.line(format!("  {label} {needed}"));
        }
    }
}
