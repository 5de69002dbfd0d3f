//! A bad network and a failing server: the sandbox's faults on the wire, and
//! how the real binary handles each of them.

#[path = "../support/mod.rs"]
mod support;

mod bounds;
mod cell;
mod elsewhere;
mod in_process;
mod leaks;
mod matrix;
mod rules;
mod verbose;
mod wire;
mod world;
