//! The binary as people use it: every command is run in a directory of its own, and what it prints
//! is compared word by word. `UPDATE_EXPECT=1 cargo test -p council-cli` renews what is expected.

mod check;
mod examples;
mod pages;
mod support;
