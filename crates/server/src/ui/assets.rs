//! The static files: one style sheet, the scripts, the mark.
//!
//! Each is part of the binary and has the start of its SHA-256 in its address, so that a browser may
//! keep it for ever and a new release is a new address. Absent on purpose: fonts, pictures, anything
//! from another origin.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// One static file.
#[derive(Debug)]
pub(super) struct Asset {
    /// Its plain name, such as `council.css`.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub text: &'static str,
    /// The name with the hash, such as `council-1f2e3d4c5b6a.css`.
    pub hashed: String,
}

/// All of them.
pub(super) static ASSETS: LazyLock<[Asset; 5]> = LazyLock::new(|| {
    [
        asset("council.css", "text/css; charset=utf-8", include_str!("../../assets/council.css")),
        asset(
            "council.js",
            "text/javascript; charset=utf-8",
            include_str!("../../assets/council.js"),
        ),
        asset(
            "messages.js",
            "text/javascript; charset=utf-8",
            include_str!("../../assets/messages.js"),
        ),
        asset("icon.svg", "image/svg+xml", include_str!("../../assets/icon.svg")),
        asset(
            "search.js",
            "text/javascript; charset=utf-8",
            include_str!("../../assets/search.js"),
        ),
    ]
});

/// The mark itself, put into pages so that it takes the colour of its surroundings.
pub(super) static MARK: &str = include_str!("../../assets/mark.svg");

fn asset(name: &'static str, media_type: &'static str, text: &'static str) -> Asset {
    let digest = Sha256::digest(text.as_bytes());
    let short: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let (stem, extension) = name.rsplit_once('.').expect("BUG: an asset has an extension");
    Asset { name, media_type, text, hashed: format!("{stem}-{short}.{extension}") }
}

/// The asset with this plain name.
pub(super) fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// Serves `/assets/<name with hash>`.
pub(super) async fn serve(Path(hashed): Path<String>) -> Response {
    match ASSETS.iter().find(|asset| asset.hashed == hashed) {
        Some(asset) => (
            [
                (header::CONTENT_TYPE, asset.media_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ],
            asset.text,
        )
            .into_response(),
        None => (StatusCode::NOT_FOUND, "no such file; reload the page").into_response(),
    }
}

/// Serves `/favicon.ico`, which browsers ask for where no page names an icon.
pub(super) async fn icon() -> Response {
    let icon = find("icon.svg").map_or("", |asset| asset.text);
    (
        [(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")],
        icon,
    )
        .into_response()
}

/// Serves `/service-worker.js`. Browsers ask for it again by this address, so that it has no hash.
pub(super) async fn service_worker() -> Response {
    (
        [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        include_str!("../../assets/service-worker.js"),
    )
        .into_response()
}

/// Serves `/council.webmanifest` (W3C Web Application Manifest), with which a phone installs the pages.
pub(super) async fn manifest() -> Response {
    let icon = find("icon.svg").map_or("", |asset| asset.hashed.as_str());
    let manifest = serde_json::json!({
        "name": "council",
        "short_name": "council",
        "id": "/",
        "start_url": "/",
        "display": "standalone",
        "icons": [{"src": format!("/assets/{icon}"), "sizes": "any", "type": "image/svg+xml"}],
    });
    (
        [
            (header::CONTENT_TYPE, "application/manifest+json"),
            (header::CACHE_CONTROL, "public, max-age=86400"),
        ],
        manifest.to_string(),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_stay_small() {
        let limit = |name: &str| if name.ends_with(".css") { 40 * 1024 } else { 20 * 1024 };
        for asset in ASSETS.iter() {
            assert!(
                asset.text.len() < limit(asset.name),
                "{}: {} bytes",
                asset.name,
                asset.text.len()
            );
        }
    }

    #[test]
    fn nothing_is_loaded_from_elsewhere() {
        assert!(!include_str!("../../assets/service-worker.js").contains("http"));
        for asset in ASSETS.iter() {
            let foreign = asset.text.replace("http://www.w3.org/2000/svg", "");
            assert!(
                !foreign.contains("http:")
                    && !foreign.contains("https:")
                    && !foreign.contains("@import"),
                "{}",
                asset.name
            );
        }
    }
}
