//! `council whatif`: what would break, before it does.

use jiff::civil::Date;
use org::whatif::{Consequence, Consequences, Gravity};
use playbook::Workspace;
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command_error::CommandError;
use crate::context::Context;
use crate::page::{Page, Tone};
use crate::record::Record;
use crate::shown::line_of;

/// Say what breaks, dangles or loses its backup when somebody leaves
///
/// Exits with 1 when anything breaks.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Whatif {
    /// Who leaves
    #[arg(long, value_name = "PERSON")]
    leave: String,
    /// The first day without them [default: today]
    #[arg(long, value_name = "DAY")]
    on: Option<Date>,
}

/// Runs it.
pub(crate) fn run(whatif: &Whatif, context: &Context) -> Result<Outcome, CommandError> {
    let record = Record::read(context)?;
    let model = record.model();
    let on = whatif.on.unwrap_or_else(|| context.facts(model).today);
    let consequences =
        governance::who::leave(model, record.state(), &whatif.leave, on).map_err(|unknown| {
            let guesses = unknown.did_you_mean.iter().map(|name| format!("did you mean `{name}`?"));
            CommandError::failed(format!("the playbook declares no person `{}`", unknown.name))
                .hints(guesses)
                .hint("list all with `council list person`")
        })?;
    let outcome = match consequences.breaks_something() {
        true => Outcome::Findings,
        false => Outcome::Done,
    };
    context.printer.show_paged(&Shown::of(&consequences, record.workspace()))?;
    Ok(outcome)
}

#[derive(Serialize)]
struct Shown<'c> {
    #[serde(flatten)]
    consequences: &'c Consequences,
    #[serde(skip)]
    places: Vec<String>,
}

impl<'c> Shown<'c> {
    fn of(consequences: &'c Consequences, workspace: &Workspace) -> Self {
        let items = consequences.items.iter();
        let place = |item: &Consequence| item.place.as_ref().map(|place| line_of(workspace, place));
        let places = items.map(|item| place(item).unwrap_or_default()).collect();
        Self { consequences, places }
    }
}

impl Answer for Shown<'_> {
    fn write(&self, page: &mut Page) {
        let Consequences { person, on, items } = self.consequences;
        let name = page.tone(Tone::Heading, &person.title);
        if items.is_empty() {
            page.line(format!("{name} can leave on {on}: nothing depends on them"));
            return;
        }
        page.line(format!("If {name} leaves on {on}:"));
        let sections = [
            (Gravity::Breaks, "Breaks", Tone::Error),
            (Gravity::Weakens, "Gets weaker", Tone::Warning),
            (Gravity::Note, "To do and to know", Tone::Heading),
        ];
        for (gravity, title, tone) in sections {
            let mut items =
                items.iter().zip(&self.places).filter(|(item, _)| item.gravity == gravity);
            let Some(first) = items.next() else { continue };
            page.gap();
            let title = page.tone(tone, title);
            page.line(title);
            for (item, place) in std::iter::once(first).chain(items) {
                write_item(page, item, place);
            }
        }
    }
}

fn write_item(page: &mut Page, item: &Consequence, place: &str) {
    page.line(format!("  {}", item.what));
    let quiet = |text: &str| format!("    {text}");
    if !item.why.is_empty() {
        let why = page.tone(Tone::Quiet, quiet(&item.why));
        page.line(why);
    }
    if !item.suggestion.is_empty() {
        page.line(quiet(&item.suggestion));
    }
    if !place.is_empty() {
        let place = page.tone(Tone::Quiet, quiet(place));
        page.line(place);
    }
}
