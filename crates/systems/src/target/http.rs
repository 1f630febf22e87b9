//! Reading answers of HTTP servers within limits.

/// Most bytes of an answer that are read (64 MiB), so that a server that never stops cannot fill the memory.
const MAX_ANSWER: usize = 64 << 20;

/// The text of an answer, as far as it can be read; what cannot is left out, because it only explains a status.
pub(crate) async fn text(answer: reqwest::Response) -> String {
    String::from_utf8_lossy(&body(answer).await.unwrap_or_default()).into_owned()
}

/// The bytes of an answer; none if it is too long or breaks off.
pub(crate) async fn body(mut answer: reqwest::Response) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.ok()? {
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return None;
        }
        bytes.extend_from_slice(&chunk);
    }
    Some(bytes)
}
