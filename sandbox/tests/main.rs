//! The sandbox, checked against GitHub's description of its API.

mod access;
mod bodies;
mod create;
mod delete;
mod deliveries;
mod description;
mod environments;
mod git_data;
mod graphql;
mod hooks;
mod hostile;
mod lists;
mod names;
mod operations;
mod pages;
mod processes;
mod protocol;
mod proxy;
mod pulls;
mod runs;
mod sdl;
mod status;
mod support;
mod webhooks;
mod world;
