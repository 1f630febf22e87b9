//! Reads answers, with a limit on their length, and what a controller says in them when it refuses.

use reqwest::Response;
use serde_json::Value;

use crate::error::Message;
use crate::resource::text;

/// Messages of one refusal that are shown.
const MOST_MESSAGES: usize = 8;

/// The longest text of a message that is shown, in characters.
const LONGEST_MESSAGE: usize = 400;

/// Why a body was not read.
pub(crate) enum Unreadable {
    TooLong,
    Cut(reqwest::Error),
}

/// Reads a body up to a limit in bytes. What announces more is not read at all.
pub(crate) async fn read(answer: &mut Response, most: usize) -> Result<Vec<u8>, Unreadable> {
    let announced = answer.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |length| length > most) {
        return Err(Unreadable::TooLong);
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(Unreadable::Cut)? {
        if bytes.len() + chunk.len() > most {
            return Err(Unreadable::TooLong);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// What a refusal says (DSP0266, "Error responses"): its extended messages, else its own one.
pub(crate) fn messages(body: &Value) -> Vec<Message> {
    let extended =
        body.pointer("/error/@Message.ExtendedInfo").or_else(|| body.get("@Message.ExtendedInfo"));
    let list = match extended {
        Some(Value::Array(list)) => list.as_slice(),
        // Some controllers give one object where a list belongs.
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    };
    let found: Vec<Message> = list.iter().filter_map(message).take(MOST_MESSAGES).collect();
    if !found.is_empty() {
        return found;
    }
    let own = text(body, "/error/message").map(|words| Message {
        id: text(body, "/error/code"),
        text: shorten(&words),
        resolution: None,
    });
    own.into_iter().collect()
}

fn message(value: &Value) -> Option<Message> {
    let id = text(value, "/MessageId");
    let words = text(value, "/Message").or_else(|| id.clone())?;
    // "None" is what the base registry says where there is nothing to do.
    let resolution = text(value, "/Resolution").filter(|words| {
        !words.eq_ignore_ascii_case("none") && !words.eq_ignore_ascii_case("none.")
    });
    Some(Message { id, text: shorten(&words), resolution: resolution.as_deref().map(shorten) })
}

fn shorten(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_MESSAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(body: &Value, expect: &[&str]) {
        let shown: Vec<String> = messages(body).iter().map(ToString::to_string).collect();
        assert_eq!(shown, expect);
    }

    #[test]
    fn messages_are_found_wherever_controllers_put_them() {
        let one =
            json!({ "MessageId": "Base.1.0.X", "Message": "No.", "Resolution": "Ask again." });
        check(&json!({ "error": { "@Message.ExtendedInfo": [one] } }), &["No (Ask again)"]);
        check(&json!({ "error": { "@Message.ExtendedInfo": one } }), &["No (Ask again)"]);
        check(&json!({ "@Message.ExtendedInfo": [one] }), &["No (Ask again)"]);
        check(&json!({ "error": { "code": "Base.1.0.GeneralError", "message": "Oh\n" } }), &["Oh"]);
        let none = json!({ "MessageId": "Base.1.0.Y", "Resolution": "None" });
        check(&json!({ "error": { "@Message.ExtendedInfo": [none] } }), &["Base.1.0.Y"]);
        check(&json!("<html>"), &[]);
    }
}
