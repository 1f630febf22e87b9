//! Why nobody was signed in.

/// Why a provider's word does not count.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The provider is away, slow, or answers something else than a provider.
    #[error("the provider does not answer as one: {0}")]
    Unreachable(String),
    /// The provider said no: the person pressed "cancel", the code is used up.
    #[error("the provider said no: {0}")]
    Denied(String),
    /// What the provider or somebody in its name said cannot be believed.
    #[error("the token is not believed: {0}")]
    Refused(String),
    /// The settings cannot be used.
    #[error("the provider's settings cannot be used: {0}")]
    Settings(String),
}

impl Trouble {
    /// Says whether trying again may help.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Denied(_) | Self::Refused(_) | Self::Settings(_) => false,
        }
    }
}

/// An error with everything behind it, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        source = cause.source();
    }
    text
}
