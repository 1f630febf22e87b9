//! What this crate's tests share: a small council with seats, rules and targets.

use playbook::Workspace;

use crate::vocabulary::TRIAL;

/// A Monday noon in Berlin.
pub(crate) fn noon() -> jiff::Timestamp {
    "2026-11-23T11:00:00Z".parse().expect("a moment")
}

/// The council that the gate's tests share: four seats, one of them with one person for two, decision
/// types, RACI, targets.
pub(crate) const COUNCIL: &str = "
    Organization/x: {purpose: x, north_star: x, currency: EUR, time_zone: Europe/Berlin, public_holidays: [DE]}
    Person/ana: {}
    Person/tomas: {}
    Person/jonas: {}
    Person/ines: {}
    Person/marta: {}
    Person/pieter: {}
    Person/mads: {}
    Person/gone: {leaves: 2026-11-01}
    Person/away: {away: [{from: 2026-11-20, to: 2026-11-30}]}
    Seat/sre: {owns: x, primary: ana, backup: tomas}
    Seat/net: {owns: x, primary: jonas, backup: ines}
    Seat/platform: {owns: x, primary: marta}
    Seat/finops: {owns: x, primary: pieter}
    Seat/vacant: {owns: x}
    Seat/absent: {owns: x, primary: away, backup: mads}
    Seat/hiring: {owns: x, primary: mads, active_when: hiring}
    Audience/everyone: {}
    DecisionType/a: {scope: x, primaries: [sre, platform], rule: {agree: all}}
    DecisionType/b: {scope: x, primaries: [sre, platform], consulted: [finops], rule: {agree: all}, covers: {kinds: [stack]}}
    DecisionType/d: {scope: x, primaries: [finops]}
    RaciArea/network: {responsible: [seat/net], accountable: [seat/net], consulted: [seat/sre], informed: [audience/everyone], covers: {kinds: [vlan], paths: ['network/**']}}
    ChangeRule/everyday: {touches: {kinds: [vlan]}, decision_type: b, agree: {at-least: 1}}
    ChangeRule/destroy: {touches: {actions: [destroy, replace], environments: [production]}, decision_type: b, because: gone is gone}
    ChangeRule/spend: {touches: {monthly_cost_above: 500}, decision_type: d}
    Environment/production: {tier: production}
    Environment/staging: {tier: staging}
    Service/checkout: {owner: seat/sre}
    Target/switches: {via: {directory: {path: targets/switches}}, environment: production, services: [checkout], owner: net}
    Target/lab: {via: {directory: {path: targets/lab}}, environment: staging}
";

/// Reads a playbook in the short form, beside [`COUNCIL`].
#[track_caller]
pub(crate) fn council(lines: &str) -> Workspace {
    TRIAL.read(&format!("{COUNCIL}\n{lines}"))
}
