//! The command line of `council`: what people type, and how the answers look.
//!
//! [`main`] reads the [`Arguments`](arguments::Arguments), makes a `Context` (where the playbook
//! is, which day it is, how to print) and runs one file of `commands/`. A command computes an
//! `Answer`, a plain value that the `Printer` shows as a page for people or as JSON for machines;
//! so both always say the same. What goes wrong is a `CommandError`; one file decides how it looks
//! and which exit code it has.
//!
//! Invariants: data goes to stdout and everything else to stderr, both through the `Printer` alone;
//! commands that need only the playbook never touch the network; what a command prints depends on
//! the files, the arguments and the day, and on nothing else.
//!
//! Absent on purpose: rules, folds, policies and pages. They belong to the rooms that this crate
//! calls; a command that computes something worth testing by itself is in the wrong place.

mod answer;
pub mod arguments;
pub mod artefacts;
mod booting;
mod causes;
mod change_page;
mod changes;
mod checked;
mod client;
mod command_error;
mod commands;
mod context;
mod council;
mod data_dir;
mod document;
mod environment;
mod estate;
mod files;
mod going_on;
mod guess;
mod help;
mod hosts;
mod incidents;
mod kind_page;
mod ledger_place;
mod logging;
mod markdown;
mod online;
mod page;
mod panic;
mod past;
mod plan_file;
mod playbook_root;
mod printer;
mod pull_request;
mod record;
mod reference;
mod remote;
mod remote_record;
mod repository;
mod resources;
mod run;
mod runbooks;
mod shown;
mod slug;
mod start_error;
mod table;
mod vocabulary;
mod words;

pub use document::document_parts;
pub use run::main;
pub use vocabulary::vocabulary;
