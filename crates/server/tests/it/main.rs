//! The server as a client sees it: started on a free port, with a real ledger in a temporary directory.

mod access;
mod changing;
mod deciding;
mod describing;
mod erasing;
mod following;
mod forge;
mod pages;
mod playbook;
mod reading;
mod running;
mod signing_in;
mod support;
mod tls;
mod watching;
