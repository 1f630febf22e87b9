//! The binary as people use it: every command is run in a directory of its own, and what it prints
//! is compared word by word. `UPDATE_EXPECT=1 cargo test -p council-cli` renews what is expected.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::needless_pass_by_value,
    clippy::print_stdout,
    reason = "helpers of tests may end a test, and take what is expected by value"
)]

mod audit;
mod bad_input;
mod boot;
mod can;
mod canaries;
mod changes;
mod check;
mod document_changes;
mod e2e;
mod examples;
mod explain;
mod fleet;
mod fmt;
mod following;
mod guide;
mod hardening;
mod hook;
mod http;
mod incidents;
mod init;
mod inventory;
mod ledger;
mod lsp;
mod manners;
mod netboot;
mod oncall;
mod online;
mod pages;
mod past;
#[path = "../../../ledger-postgres/tests/it/postgres.rs"]
#[expect(dead_code, reason = "the store's own tests break more")]
mod postgres;
mod pr;
mod pr_forge;
mod pr_plan;
mod probe;
mod reference;
mod replicas;
mod resources;
mod schemathesis;
mod secrets;
mod shop;
mod slo;
mod support;
mod tools;
mod up;
mod who;
