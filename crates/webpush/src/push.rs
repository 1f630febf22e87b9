//! What is pushed, and how much it matters.

/// One message to one browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Push {
    /// What the service worker of the page reads: any bytes, at most [`MOST_MESSAGE`](crate::MOST_MESSAGE).
    pub message: Vec<u8>,
    /// How long the service keeps it for a browser that is away, in seconds (RFC 8030, section 5.2). 0: now or never. Services
    /// keep nothing longer than some weeks, and may refuse more than 2,419,200 (four).
    pub ttl: u32,
    /// What a device with an empty battery should wake up for.
    pub urgency: Urgency,
    /// A later message of the same topic replaces one that still waits.
    pub topic: Option<Topic>,
}

/// How much a message matters (RFC 8030, section 5.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// On power and Wi-Fi, such as advertisements.
    VeryLow,
    /// On either power or Wi-Fi, such as news of a topic.
    Low,
    /// On neither, such as a chat message.
    #[default]
    Normal,
    /// With an empty battery, too, such as somebody who is called out.
    High,
}

impl Urgency {
    /// The value of the header `Urgency`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VeryLow => "very-low",
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// What a message is about (RFC 8030, section 5.4). The service reads it: it must not say anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic(String);

/// Why a text is no topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a topic has 1 to 32 characters of A-Z, a-z, 0-9, `-` and `_`")]
pub struct TopicError;

impl Topic {
    /// Reads a topic.
    ///
    /// # Errors
    /// When it has none or more than 32 characters, or others than those of base64url.
    pub fn new(text: &str) -> Result<Self, TopicError> {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if (1..=32).contains(&text.len()) && text.bytes().all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TopicError)
        }
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Push {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { message, ttl, urgency, topic } = self;
        f.debug_struct("Push")
            .field("message", &format_args!("{} bytes", message.len()))
            .field("ttl", ttl)
            .field("urgency", urgency)
            .field("topic", topic)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_has_up_to_32_characters_of_base64url() {
        let longest = "a".repeat(32);
        for good in ["a", "INC-2026_07", &longest] {
            assert_eq!(Topic::new(good).map(|it| it.as_str().to_owned()).as_deref(), Ok(good));
        }
        for bad in ["", "a b", "a\r\nb", "ä", "a=", &"a".repeat(33)] {
            assert_eq!(Topic::new(bad), Err(TopicError), "{bad:?}");
        }
    }

    #[test]
    fn nobody_sees_the_message() {
        let message = b"canary".to_vec();
        let push = Push { message, ttl: 60, urgency: Urgency::High, topic: None };
        let text = "Push { message: 6 bytes, ttl: 60, urgency: High, topic: None }";
        assert_eq!(format!("{push:?}"), text);
    }
}
