//! Hardening: whether a running host meets a baseline, asked over SSH, without an agent.
//!
//! A [`Control`] is plain data: settings of the SSH server, of the kernel, of packages and updates, as they must be. [`script`]
//! makes of controls one script for `sh`, [`Facts::read`] reads what it printed, and [`judge`] says of each control whether it is
//! held, broken, or not known. [`Ssh::audit`] does all of it with one host, [`Ssh::audit_all`] with many.
//!
//! Invariants:
//! * The script changes nothing, writes no file, needs no privileges, and reads nothing but its own text. What only root may see
//!   is asked for by `sudo -n` or `doas -n` where that asks nobody, and is unknown with that reason where it does not.
//! * An answer is whole or it is none: it stands between two marks with a number that nobody could guess, every value is in
//!   hexadecimal digits, every line is read, and the lines are counted.
//! * What could not be seen is unknown. It is never held, and in a [`Score`] it counts neither way.
//! * Nothing of a playbook is read by a shell: names that are none are not asked for. A destination is never an option.
//! * An audit ends within its limit of time and reads at most [`MOST_OUTPUT`] bytes. Dropping its future ends `ssh`.
//! * Words of a host are foreign: control characters are shown instead of obeyed, and long text is cut.
//!
//! What it cannot know: a host that somebody else commands says what they want. And the configuration of an SSH server is that on
//! its disk, as `sshd -T` reads it; a server that was not reloaded since may still do otherwise.
//!
//! Absent on purpose: an agent, changes to the host, retries, a history, a clock, passwords, and benchmarks' ready-made controls.
//!
//! # Real peers in the tests
//!
//! The script is run by a shell of the machine, and a program in the place of `ssh` plays hosts that lie. A real `sshd` is asked by
//! the tests of `council fleet audit`.

#![warn(missing_docs)]

mod control;
mod facts;
mod frame;
mod judge;
mod kernel;
mod packages;
mod script;
mod ssh;
mod sshd;
mod text;
mod updates;

pub use control::{Control, Nonce, Settings};
pub use facts::{Fact, Facts, Host};
pub use frame::ReadError;
pub use judge::{Finding, Judged, Outcome, Score, Setting, Verdict, judge};
pub use script::script;
pub use ssh::{Audit, Destination, Failure, MOST_OUTPUT, NotADestination, Ssh};
