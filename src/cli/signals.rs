//! Ctrl-C and its relatives end a run in order: the provider is stopped and the report is written.

use super::Failure;
use crate::replay::Stop;

/// Why a run that was asked to end has no verdict.
const REASON: &str = "the run was interrupted";

/// Ends the run when the process is asked to end.
pub(crate) fn stop_on_signal(stop: &Stop) -> Result<(), Failure> {
    let unwatched = |error: &dyn std::error::Error| {
        Failure::could_not_find_out("signals cannot be watched for").because(error)
    };
    let stopped = stop.clone();
    ctrlc::set_handler(move || stopped.now(REASON)).map_err(|error| unwatched(&error))?;
    also_on_quit(stop.clone()).map_err(|error| unwatched(&error))
}

/// Ctrl-\\ as well, which would leave a provider behind that nobody knows of.
#[cfg(unix)]
fn also_on_quit(stop: Stop) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let mut quit = {
        let _inside = runtime.enter();
        signal(SignalKind::quit())?
    };
    let watch = async move {
        while quit.recv().await.is_some() {
            stop.now(REASON);
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || runtime.block_on(watch)).map(drop)
}

// Windows knows no such signal.
#[cfg(not(unix))]
fn also_on_quit(_: Stop) -> std::io::Result<()> {
    Ok(())
}
