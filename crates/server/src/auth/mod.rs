//! Who is asking: sign-in links, sessions, tokens, and what a signed-in person stands for.
//!
//! Nobody has a password here. The first way in is a link that the operator's terminal shows; from there
//! the operator makes links for others, and everybody makes tokens for their programs. A person exists in
//! the playbook or not at all: whoever leaves there is signed out here by the next request.

mod access;
pub mod cookie;
mod leaving;
pub mod operator;
pub mod secret;
pub mod session;
mod viewer;

pub use crate::http::csrf::Csrf;
pub(crate) use viewer::cached;
pub use viewer::{HeldSeat, Viewer, Way};
