//! Every limit of alerts, each with its reason. Reaching one is an event of the record that the pages show.

use jiff::SignedDuration;

/// Alerts that may be active at a time. Ten thousand are a very bad day of a large company; three times as many, at a
/// kibibyte each, still fit into the memory of the smallest machine. The rest are counted by name, and that itself pages.
pub const MAX_ACTIVE: usize = 30_000;

/// Labels of one alert. Prometheus' own limit is 64 where one is set at all.
pub const MAX_LABELS: usize = 64;

/// Longest name or value of a label or annotation, in bytes. A longer annotation is cut; a longer label is refused.
pub const MAX_TEXT: usize = 4_096;

/// Alerts of one entry of the ledger, so that with the longest usual labels it stays below the ledger's limit.
pub const MAX_BATCH: usize = 200;

/// Bytes of one entry's alerts, below the ledger's limit of a body (1 MiB) by a margin for what stands around them.
pub const MAX_BATCH_BYTES: usize = 512 << 10;

/// Alert names whose history is kept; the one that was quiet longest is forgotten first. The ledger has them all.
pub const MAX_NAMES: usize = 2_000;

/// Episodes that are kept of each name. A month of an alert that fires twice a day.
pub const MAX_EPISODES: usize = 64;

/// Silences that are in force or ahead at a time.
pub const MAX_SILENCES: usize = 10_000;

/// Largest compiled regular expression of a matcher, in bytes: a list of some hundred names.
pub const MAX_REGEX: usize = 256 << 10;

/// How long an alert fires without being sent again, when its sender does not say: Alertmanager's default.
pub const RESOLVE_TIMEOUT: SignedDuration = SignedDuration::from_mins(5);

/// How long it is remembered that an alert is over. Prometheus repeats that for 15 minutes.
pub const REMEMBER_OVER: SignedDuration = SignedDuration::from_mins(20);

/// How long a silence lasts at most when the playbook does not say: what must be quiet longer wants another rule.
pub const LONGEST_SILENCE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a silence may match nothing when the playbook does not say, before it ends by itself.
pub const IDLE_SILENCE: SignedDuration = SignedDuration::from_hours(24);
