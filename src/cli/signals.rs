//! Ctrl-C and its relatives end a run in order: the provider is stopped and the report is written.

use super::Failure;
use crate::replay::Stop;

/// Ends the run when the process is asked to end.
pub(crate) fn stop_on_signal(stop: &Stop) -> Result<(), Failure> {
    let stop = stop.clone();
    ctrlc::set_handler(move || stop.now("the run was interrupted"))
        .map_err(|error| Failure::could_not_find_out("signals cannot be watched for").because(&error))
}
