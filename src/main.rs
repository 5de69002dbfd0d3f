//! The binary: a shim over the library.

fn main() {}
