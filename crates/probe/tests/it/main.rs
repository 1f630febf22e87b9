//! Probes against servers on loopback: what is right, what is wrong, what is hostile, and what real programs answer.

#![expect(clippy::panic, clippy::print_stderr, reason = "tests fail, and say what they do without")]

mod dns;
mod faults;
mod http;
mod peers;
mod secrets;
mod servers;
mod tcp;
mod tls;
