//! Every store is held to the same demands: emulators always, real servers where a variable names one.

mod emulators;
mod logs;
mod refusals;
mod scene;
mod strictness;
mod targets;
mod traces;
