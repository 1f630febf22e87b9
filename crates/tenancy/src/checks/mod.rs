//! The rules of this room, one file each.
//!
//! A declared fact that cannot be right by itself is an error; what nobody has decided yet is a gap, which is
//! reported as a note so that it is seen without drowning what is wrong.

use playbook::Rule;

mod duplicate_quota;
mod quota_undecided;

/// All rules, by code.
pub(crate) static ALL: &[&Rule] = &[&duplicate_quota::RULE, &quota_undecided::RULE];
