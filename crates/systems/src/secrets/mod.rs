//! Secret stores: SOPS files, and HashiCorp Vault or OpenBao.
//!
//! What always holds:
//! * A value lives in memory, in a [`Value`] that is wiped when it goes out of scope, and appears in no error,
//!   log line or `Debug` output.
//! * A file is decrypted in memory; no plain text is written anywhere, not even for a moment.
//!
//! Absent on purpose: an editor for whole files. Editors leave swap files and histories; one value is set at a time,
//! from standard input.

pub mod age;
pub mod sops;
pub mod vault;

use secrecy::SecretString;

/// A secret value.
pub type Value = SecretString;
