//! `council decision new`: a MADR file with the next number.

use diag::Sources as _;
use governance::render::madr::{Outline, file_name, outline};
use playbook::Model;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;
use crate::guess::did_you_mean;

/// Write the file of a new decision, with the next number
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct New {
    /// What is to be decided, in words
    title: String,
    /// Its decision type, such as `b`
    #[arg(long = "type", value_name = "TYPE")]
    kind: String,
    /// Who proposes it
    #[arg(long, value_name = "PERSON")]
    author: String,
    /// An open question that it answers; may be given several times
    #[arg(long, value_name = "QUESTION")]
    answers: Vec<String>,
    /// An option to weigh; may be given several times
    #[arg(long, value_name = "WORDS")]
    option: Vec<String>,
}

/// Runs it.
pub(crate) fn run(new: &New, context: &Context) -> Result<Outcome, CommandError> {
    let New { title, kind, author, answers, option } = new;
    let workspace = context.read()?;
    let model = workspace.model();
    require(model, "decision-type", kind, "a decision type")?;
    require(model, "person", author, "a person")?;
    for question in answers {
        require(model, "question", question, "an open question")?;
    }
    if !title.chars().any(|character| character.is_ascii_alphanumeric()) {
        return Err(CommandError::usage(format!("`{title}` gives no name for a file"))
            .hint("say in a few words what is to be decided"));
    }
    let text = outline(
        &Outline { title, decision_type: kind, author, answers, options: option },
        context.facts(model).today,
    );
    let (directory, taken) = existing(model);
    let file = format!("{directory}/{}", file_name(title, taken.into_iter()));
    files::write(&workspace.root().join(&file), &text)?;
    context.printer.data(&format!("{}\n", workspace.shown(&file)))?;
    context.printer.note("write the text and commit it; then propose it to the council");
    Ok(Outcome::Done)
}

fn require(model: &Model, slug: &str, name: &str, what: &str) -> Result<(), CommandError> {
    if model.find(slug, name).is_some() {
        return Ok(());
    }
    let names = model.of_slug(slug).map(|resource| &*resource.id.name);
    Err(CommandError::usage(format!("`{name}` is not {what} of this playbook"))
        .hints(did_you_mean(name, names))
        .hint(format!("list all with `council list {slug}`")))
}

/// Where decisions are kept, and the numbers that are taken.
fn existing(model: &Model) -> (String, Vec<u64>) {
    let mut directory = "decisions".to_owned();
    let mut taken = Vec::new();
    for resource in model.of_slug("decision") {
        let digits = resource.id.name.split('-').next().unwrap_or_default();
        taken.extend(digits.parse::<u64>());
        if let Some((below, _)) = resource.place.file.rsplit_once('/') {
            below.clone_into(&mut directory);
        }
    }
    (directory, taken)
}
