//! A plan for people: one screen, a page of steps for drilling down, and plain data for both.
//!
//! Ten thousand steps are read on fifty lines because the screen answers the questions in the order in which a careful
//! person asks them: what cannot be taken back, whom does it hit, how much of what, what does it cost, may it run, who
//! must agree. What is cut is counted, never hidden.
//!
//! Absent on purpose: colour and links. They are the faces' affair; this is the text that both are made of.

mod context;
mod layout;
mod overview;
mod page;
mod screen;
#[cfg(test)]
mod tests;
mod text;

pub use context::{Budget, Context, Need};
pub use overview::{Counts, HeldGroup, Overview, Rollup, Row, overview};
pub use page::{Filter, MAX_PAGE, Page, page};
pub use screen::screen;
pub use text::step_line;
