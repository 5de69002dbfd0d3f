//! The client against scripted servers, over real connections.

mod create;
mod faults;
mod github;
mod join;
mod pages;
mod recorded;
mod runs;
mod server;
