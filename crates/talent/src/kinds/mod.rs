//! What the playbook may declare about levels, hiring and working remotely, one file a kind.

mod hiring_loop;
mod level;
mod remote_norm;

pub use hiring_loop::{HiringLoop, Stage};
pub use level::Level;
pub use remote_norm::RemoteNorm;
