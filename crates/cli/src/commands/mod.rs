//! The commands, one file each: its arguments, its answer, and how the answer looks.

mod action;
mod alert;
mod apply;
mod approve;
mod boot;
mod break_glass;
mod calendar;
mod can;
mod change;
mod check;
mod completions;
mod decision;
mod doc;
mod drift;
mod events;
mod excerpts;
mod explain;
mod feedback;
mod fleet;
mod fmt;
mod freeze;
mod hook;
mod incident;
mod init;
mod inventory;
mod invite;
mod kinds;
mod ledger;
mod list;
mod login;
mod lsp;
mod man;
mod oncall;
mod page;
mod plan;
mod postmortem;
mod pr;
mod probe;
mod question;
mod raci;
mod reference;
mod ritual;
mod roles;
mod runbook;
mod schema;
mod seats;
mod secrets;
mod show;
mod silence;
mod slo;
mod status;
mod today;
mod token;
mod trends;
mod up;
mod version;
mod whatif;
mod who;

use clap::Subcommand;

use crate::answer::Outcome;
use crate::command_error::CommandError;
use crate::context::Context;

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Init),
    Up(up::Up),
    Check(check::Check),
    Fmt(fmt::Fmt),
    Explain(explain::Explain),
    Today(today::Today),
    Probe(probe::Probe),
    Trends(trends::Trends),
    Logs(excerpts::Logs),
    Traces(excerpts::Traces),
    Status(status::Status),
    Page(page::Pages),
    Who(who::Who),
    Can(can::Can),
    Whatif(whatif::Whatif),
    Seats(seats::Seats),
    Raci(raci::Raci),
    Decision(decision::Decision),
    Ritual(ritual::Ritual),
    Action(action::ActionCommand),
    Question(question::Question),
    Oncall(oncall::Oncall),
    Alert(alert::Alert),
    Silence(silence::Silence),
    Incident(incident::Incident),
    Postmortem(postmortem::PostmortemCommand),
    Runbook(runbook::RunbookCommand),
    Feedback(feedback::Feedback),
    Pr(pr::Pr),
    Hook(hook::Hook),
    Plan(plan::Plan),
    Change(change::Change),
    Approve(approve::Approve),
    Apply(apply::Apply),
    BreakGlass(break_glass::BreakGlass),
    Freeze(freeze::Freeze),
    Drift(drift::Drift),
    Fleet(fleet::Fleet),
    Boot(boot::Boot),
    Inventory(inventory::Inventory),
    Roles(roles::Roles),
    Secrets(secrets::Secrets),
    Doc(doc::Doc),
    Calendar(calendar::Calendar),
    Invite(invite::Invite),
    Login(login::Login),
    Logout(login::Logout),
    Token(token::Token),
    Events(events::Events),
    Kinds(kinds::Kinds),
    List(list::List),
    Show(show::Show),
    Schema(schema::Schema),
    Slo(slo::Slo),
    Ledger(ledger::LedgerCommand),
    Lsp(lsp::Lsp),
    Completions(completions::Completions),
    Man(man::Man),
    Version(version::Version),
    #[command(hide = true)]
    Reference(reference::Reference),
}

/// Runs one command.
pub(crate) fn run(command: &Command, context: &Context) -> Result<Outcome, CommandError> {
    match command {
        Command::Init(command) => init::run(command, context),
        Command::Up(command) => up::run(command, context),
        Command::Check(command) => check::run(command, context),
        Command::Fmt(command) => fmt::run(command, context),
        Command::Explain(command) => explain::run(command, context),
        Command::Who(command) => who::run(command, context),
        Command::Can(command) => can::run(command, context),
        Command::Whatif(command) => whatif::run(command, context),
        Command::Seats(command) => seats::run(command, context),
        Command::Today(command) => today::run(command, context),
        Command::Probe(command) => probe::run(command, context),
        Command::Trends(command) => trends::run(command, context),
        Command::Logs(command) => excerpts::logs(command, context),
        Command::Traces(command) => excerpts::traces(command, context),
        Command::Status(command) => status::run(command, context),
        Command::Page(command) => page::run(command, context),
        Command::Raci(command) => raci::run(command, context),
        Command::Decision(command) => decision::run(command, context),
        Command::Ritual(command) => ritual::run(command, context),
        Command::Action(command) => action::run(command, context),
        Command::Question(command) => question::run(command, context),
        Command::Oncall(command) => oncall::run(command, context),
        Command::Alert(command) => alert::run(command, context),
        Command::Silence(command) => silence::run(command, context),
        Command::Incident(command) => incident::run(command, context),
        Command::Postmortem(command) => postmortem::run(command, context),
        Command::Runbook(command) => runbook::run(command, context),
        Command::Lsp(command) => lsp::run(command, context),
        Command::Feedback(command) => feedback::run(command, context),
        Command::Pr(command) => pr::run(command, context),
        Command::Hook(command) => hook::run(command, context),
        Command::Plan(command) => plan::run(command, context),
        Command::Change(command) => change::run(command, context),
        Command::Approve(command) => approve::run(command, context),
        Command::Apply(command) => apply::run(command, context),
        Command::BreakGlass(command) => break_glass::run(command, context),
        Command::Freeze(command) => freeze::run(command, context),
        Command::Drift(command) => drift::run(command, context),
        Command::Fleet(command) => fleet::run(command, context),
        Command::Boot(command) => boot::run(command, context),
        Command::Inventory(command) => inventory::run(command, context),
        Command::Roles(command) => roles::run(command, context),
        Command::Secrets(command) => secrets::run(command, context),
        Command::Doc(command) => doc::run(command, context),
        Command::Calendar(command) => calendar::run(command, context),
        Command::Invite(command) => invite::run(command, context),
        Command::Login(command) => login::run(command, context),
        Command::Logout(command) => login::out(command, context),
        Command::Token(command) => token::run(command, context),
        Command::Events(command) => events::run(command, context),
        Command::Kinds(command) => kinds::run(command, context),
        Command::List(command) => list::run(command, context),
        Command::Show(command) => show::run(command, context),
        Command::Schema(command) => schema::run(command, context),
        Command::Slo(command) => slo::run(command, context),
        Command::Ledger(command) => ledger::run(command, context),
        Command::Completions(command) => completions::run(command, context),
        Command::Man(command) => man::run(command, context),
        Command::Version(command) => version::run(command, context),
        Command::Reference(command) => reference::run(command, context),
    }
}
