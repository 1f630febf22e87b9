//! How the outside sees how it goes: health, metrics, logs, traces.

pub mod health;
