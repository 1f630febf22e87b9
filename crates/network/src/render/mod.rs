//! What this room renders for the systems that carry its networks.
//!
//! Invariants: pure; stable order; only what has been decided is rendered, because a made-up number is worse than none.

mod vlans;

pub use vlans::vlans;
