//! The server as a client sees it: started on a free port, with a real ledger in a temporary directory.

mod playbook;
mod reading;
mod running;
mod signing_in;
mod support;
