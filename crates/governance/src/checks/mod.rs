//! What must hold among the resources of governance: one rule a file.

use playbook::Rule;

/// All rules of the crate, by code.
pub(crate) const RULES: &[&Rule] = &[];
