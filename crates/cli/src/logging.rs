//! What the server logs, and where its traces go: from the environment alone, so that a service manager decides.

use server::telemetry::logs::{self, Format, Guard, Logging};

use crate::command_error::CommandError;
use crate::environment::Environment;

/// Without a word from the environment, only what goes wrong is logged: the banner says the rest.
const QUIET: &str = "warn";

/// Sets logs and traces up. Call it inside the runtime.
pub(crate) fn start(environment: &Environment) -> Result<Guard, CommandError> {
    let format = match environment.log_format.as_deref() {
        None | Some("human") => Format::Human,
        Some("json") => Format::Json,
        Some(other) => {
            return Err(CommandError::usage(format!("`COUNCIL_LOG_FORMAT` is `{other}`"))
                .hint("set it to `human` or `json`"));
        }
    };
    let logging = Logging {
        filter: environment.log.clone().unwrap_or_else(|| QUIET.to_owned()),
        format,
        traces_to: environment.traces_to.clone(),
    };
    logs::start(&logging).map_err(|error| CommandError::failed(error.to_string()))
}
