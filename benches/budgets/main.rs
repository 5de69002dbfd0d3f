//! The budgets: what the program may cost, beside what it costs here and now,
//! and beside `gh` and `curl` where they are installed.
//!
//! `cargo bench` prints all of it; `cargo bench -- startup list` some. Every
//! ratio is taken in one run on one machine, so that it means the same on any
//! other. What is not installed is left out with a word.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints its figures, and meanwhile how far it is"
)]

mod link;
mod measure;
mod memory;
mod pages;
mod peers;
mod sandbox;
mod size;
mod startup;
mod table;

use std::error::Error;

use table::Table;

/// The program under test, built as it is released.
const PROGRAM: &str = env!("CARGO_BIN_EXE_deployctl");

/// What a part does: it measures, and adds its rows.
type Part = fn(&mut Table) -> Result<(), Box<dyn Error>>;

const PARTS: [(&str, Part); 4] = [
    ("size", size::measure),
    ("startup", startup::measure),
    ("list", pages::measure),
    ("memory", memory::measure),
];

fn main() -> Result<(), Box<dyn Error>> {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut table = Table::default();
    for (name, part) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            part(&mut table)?;
        }
    }
    print!("{table}");
    Ok(())
}
