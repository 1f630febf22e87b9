//! Targets for places that need no driver of their own: directories, Git repositories, and servers that read files.
//!
//! Each implements [`plan::Target`], and is tested against the real thing. [`open()`] makes them from what the playbook
//! declares, and those that Ansible and Terraform reach, too.

mod change;
pub mod directory;
mod files;
pub mod git;
pub mod http;
mod manifest;
mod open;
mod reload;

pub use directory::Directory;
pub use git::{Branch, GitBranch};
pub use http::HttpReload;
pub use open::{Surroundings, Unusable, open};
pub use reload::Reload;
