//! The boot service from outside: over real sockets, and by real clients.
#![expect(clippy::panic, reason = "helpers of tests may end a test")]

mod files;
mod installs;
mod speaks;
mod tftp;
