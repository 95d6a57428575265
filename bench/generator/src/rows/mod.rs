//! The measurements, one file for each kind.

pub mod connect;
pub mod fan_out;
pub mod inserts;
pub mod memory;
pub mod pages;
pub mod sign_in;
pub mod start_up;

/// Rooms are identified by how many members they have. In this one there are 50 messages.
pub const SMALL: usize = 31;
/// In this one there are very many.
pub const LARGE: usize = 32;
