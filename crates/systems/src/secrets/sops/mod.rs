//! SOPS files in YAML and JSON: read, checked and changed in memory.
//!
//! A SOPS file keeps its structure readable and seals each value by itself under one key of the file, which in turn is
//! wrapped for age recipients and key management services. Here it is opened with age keys; whatever else can open it
//! is named ([`Metadata::keepers`]) and left alone.
//!
//! What always holds:
//! * A file whose authentication code does not fit is refused: somebody changed what they could not read.
//! * Changing one value changes the bytes of that value, the code and the time, and nothing else of the file; comments
//!   and order stay.
//! * Plain text is never written; it is held in [`Value`](super::Value)s, which are wiped.
//!
//! Absent on purpose: INI, dotenv and binary files, files of several documents, and Shamir's sharing of the key between
//! groups. Each is refused by name.

mod cipher;
mod edit;
mod file;
mod metadata;
mod tree;

pub use file::{SopsError, SopsFile, Unlocked};
pub use metadata::{Keeper, Metadata};
