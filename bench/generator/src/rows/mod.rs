//! What is measured, a file for each kind.

pub mod fan_out;
