//! Targets for places that need no driver of their own: directories, Git repositories, HTTP endpoints.
//!
//! Each implements [`plan::Target`], and is tested against the real thing.

pub mod directory;
mod files;
pub mod git;
pub mod http;
mod manifest;
mod reload;

pub use directory::Directory;
pub use git::{Branch, GitBranch};
pub use reload::Reload;
