//! Runs the command that holds the consumer's tests. Its output goes where ours goes.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitStatus;
use std::time::Duration;

use crate::cli::Failure;
use crate::replay::{Stop, end_gently, start};

/// How long a command that Ctrl-C has reached may take to end by itself.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// Runs a command to its end.
///
/// # Errors
/// It cannot be started, or the run was interrupted.
pub(super) fn run(
    command: &[OsString],
    variables: &[(OsString, OsString)],
    stop: &Stop,
) -> Result<ExitStatus, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime
        .map_err(|error| Failure::could_not_find_out("the command cannot be waited for").because(&error))?;
    let (program, arguments) =
        command.split_first().ok_or_else(|| Failure::asked_wrongly("no command was given"))?;
    let shown = program.to_string_lossy().into_owned();
    runtime.block_on(async {
        let mut prepared = tokio::process::Command::new(program);
        prepared.args(arguments).envs(variables.iter().cloned());
        // Someone at a terminal may want to talk to the tests, and Ctrl-C reaches them there by itself.
        let at_terminal = std::io::stdin().is_terminal();
        let mut child = start(prepared, !at_terminal).map_err(|error| {
            Failure::asked_wrongly(format!("the command `{shown}` cannot be started"))
                .because(&error)
                .hint("what stands behind `--` is started as it is, without a shell: sh -c '…' has one")
        })?;
        tokio::select! {
            ended = child.wait() => ended.map_err(|error| {
                Failure::could_not_find_out(format!("how `{shown}` ended is not known")).because(&error)
            }),
            reason = stop.stopped() => {
                if at_terminal {
                    let _ = tokio::time::timeout(LAST_WORDS, child.wait()).await;
                }
                end_gently(&mut child).await;
                Err(Failure::could_not_find_out(reason).hint("nothing was recorded"))
            }
        }
    })
}
