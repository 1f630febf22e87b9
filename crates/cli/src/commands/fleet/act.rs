//! What is asked of machines: each is a change with a plan, that the seats approve and `council apply` carries out.

use clap::{Subcommand, ValueEnum};
use plan::Plan;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::answer::{Answer, Outcome};
use crate::change_page;
use crate::changes::{self, Detail, path};
use crate::client::Client;
use crate::command_error::CommandError;
use crate::context::Context;
use crate::council::{Council, Speaker};
use crate::page::Page;

/// Asks something of machines.
#[derive(Clone, Debug, Subcommand)]
pub(super) enum Act {
    /// Plan to make a provisioner know machines, inspect them and make them ready
    ///
    /// The playbook has to want them `ready` or `in-service`. Nothing is touched before the change is approved and applied.
    Enrol(Asked),
    /// Plan to look at the hardware of machines again
    Inspect(Asked),
    /// Plan to install the image of their role on machines
    ///
    /// The playbook has to want them `in-service`. Machines that are installed with another image are written over, one
    /// after the other and rack by rack. One that is not as bought is held back, and the plan says why.
    Deploy(Asked),
    /// Plan to keep machines out of work
    ///
    /// The playbook has to want them in `maintenance`. What is installed stays.
    Drain(Asked),
    /// Plan to erase machines and make their provisioner forget them
    ///
    /// The playbook has to want them `retired`. It cannot be taken back.
    Retire(Asked),
    /// Plan to switch machines on or off, or off and on
    Power(Switch),
}

/// Which machines, and why.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Asked {
    /// The machines
    #[arg(required = true)]
    machines: Vec<String>,
    #[command(flatten)]
    said: Said,
}

/// Which machines are switched.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Switch {
    /// What is done
    #[arg(value_enum)]
    to: To,
    #[command(flatten)]
    asked: Asked,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum To {
    /// Switch it on
    On,
    /// Switch it off
    Off,
    /// Switch it off and on
    Reset,
}

/// What its author says about the change.
#[derive(Clone, Debug, clap::Args)]
struct Said {
    /// What the change is called, instead of what is asked and of whom
    #[arg(long, value_name = "WORDS")]
    title: Option<String>,
    /// What changes and why
    #[arg(long, value_name = "WORDS")]
    description: Option<String>,
    /// What could go wrong
    #[arg(long, value_name = "WORDS")]
    risk: Option<String>,
    /// How to get back
    #[arg(long, value_name = "WORDS")]
    rollback: Option<String>,
    /// Where it was tried
    #[arg(long, value_name = "WORDS")]
    evidence: Option<String>,
    /// A decision that it rests on; may be given several times
    #[arg(long, value_name = "DECISION")]
    cites: Vec<String>,
    /// Ask the seats at once
    #[arg(long)]
    submit: bool,
    #[command(flatten)]
    speaker: Speaker,
}

#[derive(Deserialize)]
struct Performed {
    stream: String,
}

/// Begins the change, and shows where it stands then.
pub(super) fn run(act: &Act, context: &Context) -> Result<Outcome, CommandError> {
    let (deed, verb, asked) = match act {
        Act::Enrol(asked) => ("enrol", "Enrol", asked),
        Act::Inspect(asked) => ("inspect", "Inspect", asked),
        Act::Deploy(asked) => ("deploy", "Deploy", asked),
        Act::Drain(asked) => ("drain", "Drain", asked),
        Act::Retire(asked) => ("retire", "Retire", asked),
        Act::Power(Switch { to: To::On, asked }) => ("power-on", "Switch on", asked),
        Act::Power(Switch { to: To::Off, asked }) => ("power-off", "Switch off", asked),
        Act::Power(Switch { to: To::Reset, asked }) => ("reset", "Reset", asked),
    };
    let council = Council::reach(context, &asked.said.speaker)?;
    begin((deed, verb), asked, council.client(), context)
}

fn begin(
    (deed, verb): (&str, &str),
    asked: &Asked,
    client: &Client,
    context: &Context,
) -> Result<Outcome, CommandError> {
    let Asked { machines, said } = asked;
    let title = said.title.clone().unwrap_or_else(|| title(verb, machines));
    let targets: Vec<String> =
        machines.iter().map(|machine| format!("machine/{machine}/{deed}")).collect();
    // Whatever is wrong with what was asked, and whatever stands in its way, is said before anything is recorded.
    let plan: Plan = client.post("/api/v1/plans", &json!({ "targets": targets }))?;
    if plan.is_empty() {
        context.printer.note("nothing can be done now, so that no change was begun");
        context.printer.show_paged(&Shown(plan))?;
        return Ok(Outcome::Done);
    }
    let body = json!({
        "title": title, "description": said.description, "risk": said.risk,
        "rollback": said.rollback, "evidence": said.evidence, "cites": said.cites,
        "targets": targets,
    });
    let made: Performed = client.post("/api/v1/changes", &body)?;
    let id = made.stream.strip_prefix("change/").unwrap_or(&made.stream);
    if said.submit {
        client.act(&path(id, "submission"), &json!({}))?;
    }
    let detail = Detail::of(client, id)?;
    let screen = detail.screen(client)?;
    change_page::show(&detail, screen.as_deref(), context)?;
    Ok(Outcome::Done)
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Plan);

impl Answer for Shown {
    fn write(&self, page: &mut Page) {
        page.raw(&changes::bare(&self.0));
    }
}

/// `Deploy eu-1-gpu-01`, `Deploy eu-1-gpu-01, eu-1-gpu-02 and 5 more`.
fn title(verb: &str, machines: &[String]) -> String {
    match machines {
        [] => verb.to_owned(),
        [one] => format!("{verb} {one}"),
        [one, two] => format!("{verb} {one} and {two}"),
        [one, two, three] => format!("{verb} {one}, {two} and {three}"),
        [one, two, rest @ ..] => format!("{verb} {one}, {two} and {} more", rest.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_the_machines_as_long_as_they_are_few() {
        let names: Vec<String> = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
        assert_eq!(title("Deploy", &names[..1]), "Deploy a");
        assert_eq!(title("Deploy", &names[..3]), "Deploy a, b and c");
        assert_eq!(title("Deploy", &names), "Deploy a, b and 3 more");
    }
}
