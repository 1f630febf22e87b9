//! Why the server does not start, with what to do now.

use std::error::Error as _;
use std::io::ErrorKind;

use server::StartError;

use crate::command_error::CommandError;

/// Puts a refusal to start into the words of the command line.
pub(crate) fn explain(error: &StartError) -> CommandError {
    let failed = CommandError::failed(error.to_string());
    let failed = match error.source() {
        Some(source) => failed.why(source),
        None => failed,
    };
    match error {
        StartError::Listen { listen, source } => match source.kind() {
            ErrorKind::AddrInUse => failed.hint(format!(
                "another program listens there, perhaps another `council up`: choose another port, \
                 such as `--listen {}`, or any free one by port 0",
                next_port(*listen)
            )),
            ErrorKind::PermissionDenied => failed.hint("choose a port above 1023"),
            _ => failed.hint("choose an address of this machine, such as `--listen 127.0.0.1:0`"),
        },
        StartError::DataDir { .. } => {
            failed.hint("name a directory that you may write with `--data DIR`")
        }
        StartError::NoPlaybook { .. } => failed.hint("start one with `council init`"),
        StartError::NoSuchPerson { .. } => {
            failed.hint("list all with `council list person`, or leave `--as` out and choose later")
        }
        StartError::OpenWithoutTls { .. }
        | StartError::ProxyWithoutTls { .. }
        | StartError::Tls { .. }
        | StartError::Store(_)
        | StartError::Ledger(_)
        | StartError::Replay(_)
        | StartError::Serve(_) => failed,
    }
}

fn next_port(listen: std::net::SocketAddr) -> std::net::SocketAddr {
    std::net::SocketAddr::new(listen.ip(), listen.port().checked_add(1).unwrap_or(0))
}
