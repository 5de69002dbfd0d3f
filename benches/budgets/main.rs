//! The budgets of the program, with measurements of it and of `gh` and `curl` where
//! they are installed.
//!
//! `cargo bench` prints all of it; `cargo bench -- startup list` some, and
//! `cargo bench -- write` writes the table into benches/README.md. Every ratio is taken
//! in one run on one machine, so that it means the same on any other. Programs that
//! are not installed are left out with a note.

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
use std::fs;
use std::path::Path;

use table::Table;

/// The program under test, built as it is released.
const PROGRAM: &str = env!("CARGO_BIN_EXE_deployctl");

/// The marks before and after the table in benches/README.md.
const BEGIN: &str = "<!-- written by: cargo bench -- write -->\n";
const END: &str = "\n<!-- end of what is written -->";

/// A part measures and adds its rows.
type Part = fn(&mut Table) -> Result<(), Box<dyn Error>>;

const PARTS: [(&str, Part); 5] = [
    ("size", size::measure),
    ("startup", startup::measure),
    ("list", pages::measure),
    ("memory", memory::measure),
    ("plan", memory::measure_plan),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let write = wanted == ["write"];
    if write {
        wanted.clear();
    }
    let mut table = Table::default();
    for (name, part) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            part(&mut table)?;
        }
    }
    print!("{table}");
    if write {
        put_into_readme(&table.to_string())?;
    }
    Ok(())
}

/// Writes the table between the marks in benches/README.md.
fn put_into_readme(table: &str) -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/README.md");
    let text = fs::read_to_string(&path)?;
    let (before, rest) = text
        .split_once(BEGIN)
        .ok_or("benches/README.md has no mark")?;
    let (_, after) = rest
        .split_once(END)
        .ok_or("benches/README.md has no second mark")?;
    fs::write(&path, format!("{before}{BEGIN}\n{table}{END}{after}"))?;
    Ok(())
}
