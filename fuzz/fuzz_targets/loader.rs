//! Feeds bytes to the loader of YAML files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| playbook::fuzzing::load("input.yaml", bytes));
