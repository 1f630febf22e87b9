//! The server as a client sees it: started on a free port, with a real ledger in a temporary directory.

mod access;
mod alerting;
mod changing;
mod deciding;
mod describing;
mod erasing;
mod failing;
mod following;
mod forge;
mod holding;
mod incidents;
mod notifying;
mod objectives;
mod pages;
mod playbook;
mod reading;
mod recording;
mod runners;
mod running;
mod signing_in;
mod silencing;
mod support;
mod tls;
mod tools;
mod watching;
