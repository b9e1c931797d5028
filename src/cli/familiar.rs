//! Flags that users of pact_verifier_cli know: those that mean nothing here are accepted, and those
//! that this tool does not have are met with what to do in their place.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, ValueEnum};

/// Flags about a log. There is none here beside the report, so only how much is said can change.
#[derive(Debug, Clone, Args)]
pub(crate) struct LogArguments {
    /// How much to say, for those who are used to it: debug and trace mean --verbose
    #[arg(short, long, value_name = "LEVEL", hide = true)]
    loglevel: Option<LogLevel>,
    #[arg(long, hide = true)]
    pretty_log: bool,
    #[arg(long, hide = true, conflicts_with = "pretty_log")]
    full_log: bool,
    #[arg(long, hide = true, conflicts_with_all = ["pretty_log", "full_log"])]
    compact_log: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogLevel {
    None,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl LogArguments {
    /// Whether everything is to be shown.
    pub(crate) fn is_verbose(&self) -> bool {
        matches!(self.loglevel, Some(LogLevel::Debug | LogLevel::Trace))
    }
}

/// Flags of pact_verifier_cli that there are not, with what to do in their place.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (
        &["--broker-url", "-b", "--webhook-callback-url"],
        "name the pacts themselves: files, directories or addresses such as https://broker/pacts/provider/…",
    ),
    (
        &["--ignore-no-pacts-error"],
        "nothing verified is never a pass; leave the command out where there is no pact",
    ),
    (&["--xslt"], "--report json=FILE holds everything that a page of your own needs"),
];

/// What to do in place of a flag that there is not.
pub(crate) fn tip(error: &clap::Error) -> Option<&'static str> {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg) else { return None };
    let name = argument.split(['=', ' ']).next().unwrap_or(argument);
    let known = ELSEWHERE.iter().find(|(flags, _)| flags.contains(&name));
    known.filter(|_| error.kind() == ErrorKind::UnknownArgument).map(|(_, tip)| *tip)
}
