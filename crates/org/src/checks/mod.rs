//! What must hold among the council's resources: one rule a file.

use playbook::Rule;

/// All rules of the crate, by code.
pub(crate) const RULES: &[&Rule] = &[];
