//! The vocabulary of this binary: the kinds and rules of every room, composed once.
//!
//! A new room is one line here. The order is the order in which kinds are listed to people.

use governance::render::DocumentPart;
use playbook::Vocabulary;

/// Composes all kinds and rules that `council` knows.
pub fn vocabulary() -> Vocabulary {
    let rooms = [
        org::vocabulary,
        governance::vocabulary,
        fleet::vocabulary,
        network::vocabulary,
        tenancy::vocabulary,
        gitops::vocabulary,
        reliability::vocabulary,
        finops::vocabulary,
        desk::vocabulary,
        talent::vocabulary,
    ];
    rooms.into_iter().fold(Vocabulary::new(), |vocabulary, room| room(vocabulary))
}

/// What the rooms of the seats tell in the living document, in the order of its chapters' rooms.
pub(crate) fn document_parts() -> Vec<DocumentPart> {
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
