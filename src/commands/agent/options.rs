use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Args, Debug)]
pub struct ConfigArgs {
    /// Configuration file
    #[arg(short, long, value_name = "FILE", default_value = "deployctl.toml")]
    pub config: PathBuf,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Lines for humans
    #[default]
    Text,
    /// One JSON object per line
    Json,
}
