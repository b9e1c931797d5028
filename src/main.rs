//! The `pactwright` binary: parse, run, return the exit status.

use std::process::ExitCode;

/// Reading pacts is mostly making small values; this makes them a quarter faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    pactwright::cli::main()
}
