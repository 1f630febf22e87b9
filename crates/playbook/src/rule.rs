//! A rule: one thing that must hold, with its page and its function.

use diag::{Diagnostic, RuleInfo};

use crate::{Model, Resource};

/// What rules may know beside the playbook. Time is an argument, so that a check of last year's
/// revision can be repeated exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The day for which the playbook is checked, in the organization's time zone.
    pub today: jiff::civil::Date,
}

/// How a rule looks at the playbook. Findings are appended to the vector.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Looks at one resource by itself; its findings are cached with the file.
    Each(fn(&Resource, &mut Vec<Diagnostic>)),
    /// Looks at everything together.
    Whole(fn(&Model, &Facts, &mut Vec<Diagnostic>)),
}

/// One rule: a file `checks/<rule>.rs` exports one as `pub static RULE: Rule`.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Code, name, severity, summary, page.
    pub info: RuleInfo,
    /// The function.
    pub check: Check,
}
