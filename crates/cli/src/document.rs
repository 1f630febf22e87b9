//! The parts of the living document that the rooms of this binary contribute, composed once.
//!
//! A new room is one line here. The order within a chapter is the order of the rooms.

use governance::render::DocumentPart;

/// Composes the parts of all rooms.
#[must_use]
pub fn document_parts() -> Vec<DocumentPart> {
    let rooms = [
        fleet::document_parts,
        network::document_parts,
        tenancy::document_parts,
        gitops::document_parts,
        reliability::document_parts,
        finops::document_parts,
        desk::document_parts,
        talent::document_parts,
    ];
    rooms.into_iter().flat_map(|room| room()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_a_heading_of_its_own() {
        let parts = document_parts();
        let mut titles: Vec<_> = parts.iter().map(|part| part.title).collect();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), parts.len());
    }
}
