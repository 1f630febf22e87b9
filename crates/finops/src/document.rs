//! This room's parts of the living document: assets, costs and capacity.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::DocumentPart;

use crate::kinds::{AssetTracking, CapacityCycle, CostComponent, CostMapping};

/// The parts, in the order of the document.
#[must_use]
pub fn document_parts() -> Vec<DocumentPart> {
    vec![
        DocumentPart::table::<AssetTracking>(
            Chapter::Finops,
            "Assets and Usage",
            &["counts", "per?", "effort", "source"],
        ),
        DocumentPart::table::<CostComponent>(
            Chapter::Finops,
            "What the Platform Costs",
            &["includes", "measured_by=Measure", "amortized_over_months?", "approximate"],
        ),
        DocumentPart::table::<CostMapping>(
            Chapter::Finops,
            "For Whom",
            &["dimension", "values?", "key=Tag", "shared_costs?"],
        ),
        DocumentPart::table::<CapacityCycle>(
            Chapter::Finops,
            "Capacity Planning",
            &["cadences", "rituals", "steps", "headroom_target_percent=Headroom target in percent"],
        ),
    ]
}
