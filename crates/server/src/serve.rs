//! The router: API, pages and the layers around them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};

use crate::http::{csrf, guard, headers, request_id};
use crate::limits::MAX_BODY_BYTES;
use crate::{AppState, api, telemetry, ui};

/// Below this many bytes compression costs more than it saves: they fit into one packet anyway.
const COMPRESS_ABOVE: u64 = 860;

/// Everything that can be asked.
pub(crate) fn router(state: &AppState) -> Router {
    // An event stream must not wait in a compressor's buffer; pictures are compressed already.
    let compress = SizeAbove::new(COMPRESS_ABOVE)
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::IMAGES);
    Router::new()
        .merge(api::routes(state))
        .merge(telemetry::health::routes())
        .merge(telemetry::metrics::routes())
        .merge(ui::routes())
        .fallback(guard::unknown_address)
        .method_not_allowed_fallback(guard::unknown_method)
        .layer(from_fn(ui::for_browsers))
        .layer(csrf::layer(state.origin()))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn_with_state(state.clone(), guard::guard))
        .layer(from_fn_with_state(state.clone(), headers::protect))
        .layer(from_fn_with_state(state.clone(), telemetry::requests::observe))
        .layer(CompressionLayer::new().compress_when(compress))
        .layer(from_fn(request_id::assign))
        .with_state(state.clone())
}
