//! Artefacts that this room generates: pure, resources in, bytes out, in stable order.

pub mod codeowners;
pub mod inventory;
pub mod pipeline;
