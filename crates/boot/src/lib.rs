//! The boot service: what a machine reads from power-on to its first sign-in, over TFTP and HTTP.
//!
//! A machine is known by its MAC address, by its firmware's UUID, or by the role that it says. A known machine gets a script:
//! the one that starts its installer if it is *armed*, else the one that starts from its disk. Nothing is ever installed on
//! a machine that nobody armed.
//!
//! Arming a machine makes an installation with a token of its own. The token opens the answers of that installation, and
//! each of its secrets once; it ends when the machine says that it is ready, or after [`limits::INSTALLATION`]. What machines
//! say is told to a callback as an [`Event`].
//!
//! What always holds:
//! * It only reads. No request changes a file, and TFTP refuses to write.
//! * Files come from one directory. A path, a link or a name that leads out of it is not found.
//! * A secret is in memory and in one answer, never in a log, an event or an error.
//! * Everything is bounded: connections, heads, bodies, transfers, and how many unknown machines are told about.
//!
//! Absent on purpose: the playbook. Who composes the rooms hands in who is there ([`Bootable`]) and what is rendered
//! ([`Render`]). Absent, too: a door for arming over the network. Whoever may overwrite disks sits at the service.

mod catalogue;
mod directory;
mod event;
mod http;
mod installation;
pub mod limits;
mod serve;
mod service;
mod tftp;
mod token;

pub use catalogue::Bootable;
pub use event::{Event, Listener, Stage};
pub use installation::{Documents, Render, Ticket};
pub use serve::{Door, Running, StartError};
pub use service::{ArmError, Clock, Secrets, Service, Settings};
