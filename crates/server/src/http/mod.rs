//! What every request passes through, from the outside in: request id, span and metrics, timeout, rate,
//! body size, cross-site protection, security headers, compression.

pub(crate) mod csrf;
pub(crate) mod etag;
pub(crate) mod extract;
pub(crate) mod guard;
pub(crate) mod headers;
pub(crate) mod idempotency;
pub mod page;
pub(crate) mod peer;
pub mod problem;
pub(crate) mod rate;
pub(crate) mod request_id;

pub(crate) use etag::{IfMatch, Version};
pub(crate) use extract::read_body;
pub use extract::{Json, Path, Query};
pub use page::Page;
pub(crate) use page::{PageParameters, Paging};
pub use peer::Peer;
pub use problem::Problem;
