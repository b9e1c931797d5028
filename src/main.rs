//! The `pactwright` binary: parse, run, return the exit status.

use std::process::ExitCode;

/// Contracts, findings and facts are many small things, and the threads of a run make and give back all of them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    pactwright::cli::main()
}
