//! Drivers against the real thing (directories, the `git` program, an HTTP server, Ansible, OpenTofu, SOPS, OpenBao, Gitea) where
//! it is there, and against emulators that check every request.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests may end a test, and say what they leave out"
)]

mod ansible;
mod conformance;
mod directory;
mod git;
mod gitea;
mod http;
mod rig;
mod sops;
mod support;
mod terraform;
mod tools;
mod vault;
