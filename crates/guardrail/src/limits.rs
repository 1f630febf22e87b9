//! What a policy may take.

use std::num::NonZeroU32;
use std::time::Duration;

/// The longest that one rule may run. Guardrails take microseconds; only a rule that never ends takes seconds, even on
/// a machine that is short of time, and a gate that hangs is worse than one that says which rule does.
pub(crate) const RULE_TIME: Duration = Duration::from_secs(5);

/// How many units of work lie between two looks at the clock: often enough to stop within a
/// millisecond, seldom enough not to be measured.
pub(crate) const WORK_BETWEEN_LOOKS: NonZeroU32 = NonZeroU32::new(256).unwrap();

/// The most findings that one rule may report: nobody reads more, and a verdict must stay small.
pub(crate) const FINDINGS_PER_RULE: usize = 100;

/// The largest policy file. The largest that conftest's own examples hold is a hundredth of it.
pub(crate) const POLICY_BYTES: usize = 1 << 20;

/// The most threads that one verdict takes: others want the processors as well.
pub(crate) const MOST_SHARES: usize = 4;
