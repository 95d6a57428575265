//! What is measured, a file for each kind.

pub mod connect;
pub mod fan_out;
pub mod inserts;
pub mod memory;
pub mod pages;
pub mod sign_in;
pub mod start_up;

/// Rooms are known by how many are in them. In this one there are 50 messages.
pub const SMALL: usize = 31;
/// In this one there are very many.
pub const LARGE: usize = 32;
