//! The rules of this room, one file each.

use playbook::Rule;

/// All rules, by code.
pub(crate) static ALL: &[&Rule] = &[];
