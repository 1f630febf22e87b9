//! The server as a client sees it: started on a free port, with a real ledger in a temporary directory.

mod running;
mod support;
