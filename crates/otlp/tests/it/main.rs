//! Pushed metrics: read, refused, counted; in any order, twice, broken, hostile, and by OpenTelemetry's own SDK.

mod counting;
mod decoding;
mod faults;
mod peer;
mod properties;
mod scene;
mod speed;
