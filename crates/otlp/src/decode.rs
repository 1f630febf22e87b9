//! From bytes to messages: protobuf or JSON, packed or not, within limits.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use prost::Message as _;

use crate::batch::Batch;
use crate::refusal::Refusal;
use crate::text::shown;
use crate::weigh;

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a body, as sent and unpacked.
    pub bytes: usize,
    /// Resources, scopes, metrics, points, exemplars, attributes and what is nested in them; with JSON, objects.
    pub parts: usize,
}

impl Default for Limits {
    /// 4 MiB and 200,000 parts: a batch of ten thousand points with a dozen attributes each. At worst, 100 MB of memory while
    /// it is read (80 MB were measured, of two million numbers in JSON).
    fn default() -> Self {
        Self { bytes: 4 * 1024 * 1024, parts: 200_000 }
    }
}

/// How messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Protobuf,
    Json,
}

impl Encoding {
    /// Reads a content type, whatever its parameters (RFC 9110, section 8.3.1).
    pub(crate) fn of(content_type: &str) -> Option<Self> {
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case(Self::Protobuf.content_type()) {
            Some(Self::Protobuf)
        } else if essence.eq_ignore_ascii_case(Self::Json.content_type()) {
            Some(Self::Json)
        } else {
            None
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }
}

/// Reads the body of `POST /v1/metrics`: an `ExportMetricsServiceRequest` in protobuf or JSON, by its `Content-Type`, packed or not, by
/// its `Content-Encoding` (OTLP, "OTLP/HTTP Request").
///
/// # Errors
/// A [`Refusal`] says with which status the request is refused; [`refuse`](crate::refuse) makes the body for it.
pub fn decode(
    content_type: &str,
    content_encoding: Option<&str>,
    body: &[u8],
    limits: Limits,
) -> Result<Batch, Refusal> {
    let encoding = Encoding::of(content_type).ok_or(Refusal::ContentType)?;
    let Limits { bytes: most, parts } = limits;
    if body.len() > most {
        return Err(Refusal::TooLong { most });
    }
    let unpacked;
    let body = match content_encoding.map(|name| name.trim().to_ascii_lowercase()).as_deref() {
        None | Some("" | "identity") => body,
        Some("gzip" | "x-gzip") => {
            unpacked = unpack(body, most)?;
            &unpacked
        }
        Some(_) => return Err(Refusal::ContentEncoding),
    };
    let request = match encoding {
        Encoding::Protobuf => {
            weigh::protobuf(body, parts)?;
            let read = ExportMetricsServiceRequest::decode(body);
            read.map_err(|error| malformed(&error.to_string()))?
        }
        Encoding::Json => {
            weigh::json(body, parts)?;
            // Generated readers would take a list of fields for a message as well.
            if body.trim_ascii_start().first() != Some(&b'{') {
                return Err(malformed("it is no object"));
            }
            // serde_json stops at 128 levels of nesting.
            let read = serde_json::from_slice::<ExportMetricsServiceRequest>(body);
            read.map_err(|error| malformed(&error.to_string()))?
        }
    };
    Ok(Batch { request })
}

/// Unpacks gzip (RFC 1952), of several members if need be, and stops at the limit.
fn unpack(packed: &[u8], most: usize) -> Result<Vec<u8>, Refusal> {
    let mut unpacked = Vec::new();
    let one_more = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let read = MultiGzDecoder::new(packed).take(one_more).read_to_end(&mut unpacked);
    read.map_err(|_| malformed("it is not packed by gzip, or broken"))?;
    if unpacked.len() > most {
        return Err(Refusal::TooLong { most });
    }
    Ok(unpacked)
}

fn malformed(why: &str) -> Refusal {
    Refusal::Malformed { why: shown(why) }
}
