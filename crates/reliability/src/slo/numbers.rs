//! Objectives, budgets and burn rates as exact decimal numbers.

use std::fmt;
use std::str::FromStr as _;

use rust_decimal::Decimal;

/// The part that must be good: at least 0 and less than 1.
///
/// 1 is refused: it leaves no budget, and everything below divides by the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Objective(Decimal);

impl Objective {
    /// Makes it from a ratio such as `0.999`; `None` when it is not in [0, 1).
    #[must_use]
    pub fn of_ratio(ratio: f64) -> Option<Self> {
        Self::new(decimal(ratio)?)
    }

    /// Makes it from percent such as `99.9`; `None` when it is not in [0, 100).
    #[must_use]
    pub fn of_percent(percent: f64) -> Option<Self> {
        Self::new(decimal(percent)?.checked_div(Decimal::ONE_HUNDRED)?)
    }

    /// Makes it from an exact ratio; `None` when it is not in [0, 1).
    #[must_use]
    pub fn new(ratio: Decimal) -> Option<Self> {
        (Decimal::ZERO..Decimal::ONE).contains(&ratio).then(|| Self(ratio.normalize()))
    }

    /// The ratio.
    #[must_use]
    pub fn ratio(self) -> Decimal {
        self.0
    }

    /// What may be bad.
    #[must_use]
    pub fn budget(self) -> ErrorBudget {
        ErrorBudget((Decimal::ONE - self.0).normalize())
    }
}

impl fmt::Display for Objective {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} %", percent(self.0))
    }
}

/// The part that may be bad: more than 0 and at most 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ErrorBudget(Decimal);

impl ErrorBudget {
    /// The ratio.
    #[must_use]
    pub fn ratio(self) -> Decimal {
        self.0
    }

    /// The error ratio at which the budget burns this fast.
    #[must_use]
    pub fn threshold(self, burn: BurnRate) -> Decimal {
        (self.0 * burn.0).normalize()
    }
}

/// How many times faster than evenly a budget is spent; at 1 it lasts exactly for the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BurnRate(Decimal);

impl BurnRate {
    /// Spent evenly.
    pub const EVEN: Self = Self(Decimal::ONE);

    /// Makes it from a factor; `None` when that is not a positive number.
    #[must_use]
    pub fn new(factor: Decimal) -> Option<Self> {
        (factor > Decimal::ZERO).then(|| Self(factor.normalize()))
    }

    /// The burn that spends `fraction` of a budget of `window` within `long`: fraction × window / long
    /// (SRE Workbook, chapter 5).
    #[must_use]
    pub fn spending(
        fraction: Decimal,
        window: super::Minutes,
        long: super::Minutes,
    ) -> Option<Self> {
        let long = Decimal::from(long.count());
        Self::new(fraction.checked_mul(Decimal::from(window.count()))?.checked_div(long)?)
    }

    /// The factor.
    #[must_use]
    pub fn factor(self) -> Decimal {
        self.0
    }
}

impl fmt::Display for BurnRate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}×", self.0.round_dp(4).normalize())
    }
}

/// The decimal that a person wrote: the shortest one that reads as this binary number.
pub(crate) fn decimal(number: f64) -> Option<Decimal> {
    // `Display` of a float is the shortest text that reads back as the same number.
    Decimal::from_str(&number.to_string()).ok()
}

/// A ratio as percent, without noise: `99.9`.
pub(crate) fn percent(ratio: Decimal) -> Decimal {
    (ratio * Decimal::ONE_HUNDRED).normalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slo::Minutes;

    #[test]
    fn budgets_are_exact() {
        let budget = |percent| Objective::of_percent(percent).unwrap().budget().ratio().to_string();
        assert_eq!(budget(99.9), "0.001");
        assert_eq!(budget(99.999999), "0.00000001");
        assert_eq!(budget(0.0), "1");
        assert_eq!(Objective::of_percent(99.999999).unwrap().to_string(), "99.999999 %");
    }

    #[test]
    fn all_or_more_than_all_is_no_objective() {
        assert_eq!(Objective::of_percent(100.0), None);
        assert_eq!(Objective::of_ratio(1.0), None);
        assert_eq!(Objective::of_ratio(-0.1), None);
        assert_eq!(Objective::of_ratio(f64::NAN), None);
    }

    #[test]
    fn the_workbook_s_factors_come_out_exactly() {
        let spending = |fraction: &str, days, hours| {
            let fraction = Decimal::from_str(fraction).unwrap();
            let window = Minutes::of_days(days);
            BurnRate::spending(fraction, window, Minutes::of_hours(hours)).unwrap().to_string()
        };
        assert_eq!(spending("0.02", 30, 1), "14.4×");
        assert_eq!(spending("0.05", 30, 6), "6×");
        assert_eq!(spending("0.1", 30, 24), "3×");
        assert_eq!(spending("0.1", 30, 72), "1×");
        assert_eq!(spending("0.02", 28, 1), "13.44×");
        assert_eq!(spending("0.1", 28, 72), "0.9333×");
    }
}
