//! The age keys that open SOPS files: where SOPS itself looks for them, so that nobody keeps them twice.

use secrecy::ExposeSecret as _;
use systems::secrets::age::Identity;

use crate::command_error::CommandError;
use crate::context::Context;
use crate::files;

/// All keys that are at hand: those in `SOPS_AGE_KEY`, in the file that `SOPS_AGE_KEY_FILE` names, or in
/// `sops/age/keys.txt` of the user's configuration.
pub(super) fn find(context: &Context) -> Result<Vec<Identity>, CommandError> {
    let environment = &context.environment;
    let mut keys = Vec::new();
    let mut add = |text: &str, place: &str| {
        let read = Identity::read_all(text).map_err(|error| {
            CommandError::failed(format!("the age keys in {place} cannot be used")).why(error)
        })?;
        keys.extend(read);
        Ok::<(), CommandError>(())
    };
    if let Some(text) = &environment.age_key {
        add(text.expose_secret(), "SOPS_AGE_KEY")?;
    }
    let usual = environment.configuration.as_ref().map(|below| below.join("sops/age/keys.txt"));
    let usual = usual.filter(|file| file.is_file());
    if let Some(file) = environment.age_key_file.as_ref().or(usual.as_ref()) {
        let text = zeroize::Zeroizing::new(files::read(file)?);
        add(&text, &format!("`{}`", file.display()))?;
    }
    if keys.is_empty() {
        return Err(CommandError::failed("there is no age key")
            .why("neither SOPS_AGE_KEY nor SOPS_AGE_KEY_FILE is set, and the user's configuration holds no `sops/age/keys.txt`")
            .hint("set SOPS_AGE_KEY_FILE to the file that holds your `AGE-SECRET-KEY-1…`"));
    }
    Ok(keys)
}
