//! A contract written as a pact again, in its own version of the specification.

use super::model::Contract;

/// Writes a contract as an indented JSON document with a final line end.
///
/// What is written is the document that the contract was read from, so nothing is lost: unknown
/// keys, comments and the order of keys are kept.
#[must_use]
pub fn write(contract: &Contract) -> String {
    format!("{:#}\n", contract.document.value())
}
