//! Threshold groups after Pedersen: the parameters of a group, and the ceremony that makes them.
//!
//! Members are numbered from 1. A polynomial of `threshold` coefficients is drawn by each member; the group's
//! secret is the sum of the constant terms, which nobody ever knows, and a member's key the sum of all
//! polynomials at the member's number.

pub mod channel;
pub mod check;
pub mod face;
pub mod group;
pub mod make;
pub mod objects;
pub mod seed;
