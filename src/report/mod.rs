//! What people and programs get to see: renderings of values that are complete when they arrive.
//!
//! Nothing here reads a file, a clock or the environment, and nothing decides a verdict.

pub mod lint;
