//! Targets for places that need no driver of their own: directories, Git repositories, HTTP endpoints.
//!
//! Each implements [`plan::Target`], and is tested against the real thing.
