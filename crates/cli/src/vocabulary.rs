//! The vocabulary of this binary: the kinds and rules of every room, composed once.
//!
//! A new room is one line here. The order is the order in which kinds are listed to people.

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
    let vocabulary = rooms.into_iter().fold(Vocabulary::new(), |vocabulary, room| room(vocabulary));
    vocabulary.pages(&server::policies::RULES)
}
