//! What a machine must meet today.

use jiff::civil::Date;
use playbook::{Model, Typed};

use crate::kinds::{Baseline, Control, Machine, Role, Waiver};
use crate::render::baseline_of;

/// A control, and the waiver because of which a machine need not meet it today.
#[derive(Clone, Copy, Debug)]
pub struct Demand<'m> {
    /// The control.
    pub control: &'m Control,
    /// The waiver, if one holds; of several the one that ends last.
    pub waiver: Option<Typed<'m, Waiver>>,
}

/// Everything that a baseline demands of a machine.
#[derive(Clone, Debug)]
pub struct Demands<'m> {
    /// The baseline of its role, or else of its image.
    pub baseline: Typed<'m, Baseline>,
    /// Its controls in their order.
    pub all: Vec<Demand<'m>>,
}

/// What a machine must meet on a day; nothing where neither its role nor its image has a baseline.
#[must_use]
pub fn demands<'m>(
    model: &'m Model,
    machine: Typed<'m, Machine>,
    today: Date,
) -> Option<Demands<'m>> {
    let role = model.follow(&machine.spec.role)?;
    of_role(model, role, (Some(machine.name()), today))
}

/// The same for whatever machine plays a role, or one of them.
pub(crate) fn of_role<'m>(
    model: &'m Model,
    role: Typed<'m, Role>,
    (machine, today): (Option<&str>, Date),
) -> Option<Demands<'m>> {
    let baseline = model.follow::<Baseline>(baseline_of(model, role)?)?;
    let waiver = |control: &Control| {
        let waivers = model.all::<Waiver>().filter(|waiver| {
            waiver.spec.baseline.name() == baseline.name()
                && waiver.spec.control.value == control.id.value
                && holds(*waiver, today)
                && covers(waiver.spec, (role.name(), machine))
        });
        waivers.max_by_key(|waiver| waiver.spec.until.value)
    };
    let controls = baseline.spec.controls.iter();
    let all = controls.map(|control| Demand { control, waiver: waiver(control) });
    Some(Demands { baseline, all: all.collect() })
}

/// Says whether a waiver holds on a day.
pub(crate) fn holds(waiver: Typed<'_, Waiver>, today: Date) -> bool {
    waiver.spec.until.value >= today && waiver.resource.meta.retired.is_none_or(|day| day > today)
}

fn covers(waiver: &Waiver, (role, machine): (&str, Option<&str>)) -> bool {
    waiver.covers.iter().any(|covered| match covered.slug() {
        "machine" => machine == Some(covered.name()),
        _ => role == covered.name(),
    })
}
