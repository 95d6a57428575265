//! What the two sides of the socket do with a frame, without IO.

pub mod client;
