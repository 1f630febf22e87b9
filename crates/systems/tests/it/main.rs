//! Targets against the real thing: directories, the `git` program, an HTTP server, Prometheus.

mod conformance;
mod directory;
mod git;
mod support;
