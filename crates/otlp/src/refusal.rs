//! Why a body was not read, and with which HTTP status it goes back.

/// Why a body was not read. A sender must not send it again as it is (OTLP, "Failures": none of these is retryable).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Neither protobuf nor JSON.
    #[error("the content type must be application/x-protobuf or application/json")]
    ContentType,
    /// Packed by something else than gzip.
    #[error("the content encoding must be gzip or identity")]
    ContentEncoding,
    /// Longer than allowed, as sent or unpacked.
    #[error("the body has more than {most} bytes; send smaller batches")]
    TooLong {
        /// The limit.
        most: usize,
    },
    /// More resources, scopes, metrics, points and attributes than allowed.
    #[error("the body has more than {most} parts; send smaller batches")]
    TooManyParts {
        /// The limit.
        most: usize,
    },
    /// No metrics of OTLP.
    #[error("the body is no ExportMetricsServiceRequest: {why}")]
    Malformed {
        /// What is wrong with it.
        why: String,
    },
}

impl Refusal {
    /// The status of the response (OTLP, "Bad Data"; RFC 9110, sections 15.5.14 and 15.5.16).
    #[must_use]
    pub fn http_status(&self) -> u16 {
        match self {
            Self::ContentType | Self::ContentEncoding => 415,
            Self::TooLong { .. } | Self::TooManyParts { .. } => 413,
            Self::Malformed { .. } => 400,
        }
    }
}
