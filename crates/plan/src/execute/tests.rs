//! Every action × everything that can go wrong, every place where an executor can be killed, and two at once.
//!
//! Time is a clock that the test moves, faults are written in a script, and a killed executor is a future that is dropped:
//! nothing here waits for anything, and every run is the same.

mod crash;
mod faults;
mod fences;
mod limits;
mod rig;
