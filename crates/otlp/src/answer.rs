//! What a sender is told: that all was taken, that some was not, or why nothing was.

use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceResponse,
};
use prost::Message as _;
use serde_json::json;

use crate::decode::Encoding;
use crate::refusal::Refusal;

/// Makes the body of a response with status 200, in the encoding of the request: an `ExportMetricsServiceResponse`, with a partial
/// success when points were rejected or there is something to say (OTLP, "Partial Success"). Returns its content type, too.
///
/// A content type that [`decode`](crate::decode) would refuse is answered in JSON.
#[must_use]
pub fn answer(content_type: &str, rejected: u64, message: &str) -> (&'static str, Vec<u8>) {
    let encoding = Encoding::of(content_type).unwrap_or(Encoding::Json);
    // "MUST NOT" be set when everything was taken and there is no warning.
    let full = rejected == 0 && message.is_empty();
    let body = match encoding {
        Encoding::Json if full => b"{}".to_vec(),
        // Integers of 64 bits are texts in JSON.
        Encoding::Json => json!({
            "partialSuccess": {"rejectedDataPoints": rejected.to_string(), "errorMessage": message},
        })
        .to_string()
        .into_bytes(),
        Encoding::Protobuf => {
            let partial = ExportMetricsPartialSuccess {
                rejected_data_points: i64::try_from(rejected).unwrap_or(i64::MAX),
                error_message: message.to_owned(),
            };
            let partial_success = (!full).then_some(partial);
            ExportMetricsServiceResponse { partial_success }.encode_to_vec()
        }
    };
    (encoding.content_type(), body)
}

/// Makes the body of a response that refuses: a `google.rpc.Status` in the encoding of the request (OTLP, "Failures").
#[must_use]
pub fn refuse(content_type: &str, refusal: &Refusal) -> (&'static str, Vec<u8>) {
    let encoding = Encoding::of(content_type).unwrap_or(Encoding::Json);
    let status = Status { code: INVALID_ARGUMENT, message: refusal.to_string() };
    let body = match encoding {
        Encoding::Json => {
            json!({"code": status.code, "message": status.message}).to_string().into_bytes()
        }
        Encoding::Protobuf => status.encode_to_vec(),
    };
    (encoding.content_type(), body)
}

/// `google.rpc.Code.INVALID_ARGUMENT`.
const INVALID_ARGUMENT: i32 = 3;

/// `google.rpc.Status`, without details.
#[derive(Clone, PartialEq, Eq, prost::Message)]
struct Status {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
}
