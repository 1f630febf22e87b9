//! Shifts: who is on call from when to when, and why them; and how layers of shifts are laid over
//! each other.

use std::borrow::Cow;

use super::window::{Window, subtract};

/// Somebody is on call for a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift<'m> {
    /// When.
    pub window: Window,
    /// The person's name.
    pub person: Cow<'m, str>,
    /// Why them.
    pub source: Source<'m>,
}

/// Why somebody is on call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source<'m> {
    /// It is their turn, or the rest of the turn of somebody who left.
    Layer {
        /// The layer's place in its schedule, from 0.
        number: usize,
        /// Its title.
        title: Option<&'m str>,
        /// Whose turn it was.
        instead_of: Option<&'m str>,
    },
    /// An override of the playbook says so.
    Override {
        /// Its name.
        name: &'m str,
    },
    /// They took it over.
    Swap {
        /// The swap's id.
        id: &'m str,
    },
}

impl Shift<'_> {
    /// Says why, for a person: "turn of the layer `Nights`".
    pub fn because(&self) -> String {
        match &self.source {
            Source::Layer { number, title, instead_of } => {
                let layer = title.map_or_else(
                    || format!("layer {}", number + 1),
                    |title| format!("layer \"{title}\""),
                );
                match instead_of {
                    Some(owner) => format!("takes the rest of `{owner}`'s turn in {layer}"),
                    None => format!("has the turn in {layer}"),
                }
            }
            Source::Override { name } => format!("`override/{name}` says so"),
            Source::Swap { id } => format!("took it over in swap `{id}`"),
        }
    }

    /// The same shift in another window.
    pub(crate) fn within(&self, window: Window) -> Self {
        Self { window, ..self.clone() }
    }
}

/// Lays shifts over others: the upper ones stay, the lower ones fill what they leave open. Both are in
/// order and do not overlap, and so is what comes out.
pub(crate) fn lay_over<'m>(upper: Vec<Shift<'m>>, lower: Vec<Shift<'m>>) -> Vec<Shift<'m>> {
    if upper.is_empty() {
        return lower;
    }
    let taken: Vec<Window> = upper.iter().map(|shift| shift.window).collect();
    let filling = lower.iter().flat_map(|shift| {
        subtract(shift.window, &taken).into_iter().map(|window| shift.within(window))
    });
    let mut all: Vec<Shift<'m>> = filling.collect();
    all.extend(upper);
    all.sort_by_key(|shift| shift.window);
    all
}
