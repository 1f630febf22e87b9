//! Feeds bytes to the loader of Markdown files, as a decision record.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| playbook::fuzzing::load("decisions/0001-input.md", bytes));
