//! Limits, each with its argument.

use std::time::Duration;

use jiff::SignedDuration;

/// Connections at a time. A rack row of 500 machines holds two each while it boots; more wait in the kernel's queue.
pub const CONNECTIONS: usize = 1024;

/// For the head of a request, and between two requests. Firmware sends a head in one packet.
pub const HEAD: Duration = Duration::from_secs(15);

/// The body of a request, in bytes. cloud-init posts a host name and a few public keys: about 2 KiB.
pub const BODY: usize = 16 * 1024;

/// How long an installation may last: the slowest measured one takes 50 minutes from a mirror far away.
pub const INSTALLATION: SignedDuration = SignedDuration::from_hours(4);

/// Unknown machines that are told about. A segment has 250; whatever goes beyond is somebody who plays.
pub const STRANGERS: usize = 1000;

/// TFTP transfers at a time. A first stage is 100 KiB to 1 MiB and takes a second.
pub const TRANSFERS: usize = 256;

/// The largest block that TFTP agrees to: what fits a frame of Ethernet behind the heads of IP, UDP and TFTP. A larger one
/// would travel in fragments, which much firmware cannot put together.
pub const BLOCK: u16 = 1468;

/// How often a block is sent again before the transfer is given up.
pub const TRIES: u32 = 6;

/// The largest file that TFTP serves, in bytes: first stages only. Kernels and media go over HTTP.
pub const TFTP_FILE: u64 = 16 * 1024 * 1024;

/// What remains for requests in flight when the service is told to stop.
pub const GRACE: Duration = Duration::from_secs(5);

/// How long is waited when a connection could not be accepted, so that a lack of file handles costs no processor.
pub const BREATH: Duration = Duration::from_millis(50);
