use std::error::Error;

use crate::peers::deployctl;
use crate::sandbox::Sandbox;
use crate::table::Table;

/// A list that is longer than memory should hold.
pub(crate) fn measure(table: &mut Table) -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start()?;
    sandbox.fill(100_000)?;
    for (line, what) in [
        (
            "list --limit all --jsonl",
            "`list --jsonl` of 100,000 with state: memory",
        ),
        (
            "list --limit all --jsonl=id,ref",
            "`list --jsonl=id,ref` of 100,000: memory",
        ),
    ] {
        let memory = deployctl(line, sandbox.address()).memory()?;
        let found = format!("{memory:.1} MB");
        table.row(what, "≤ 32 MB", found, Some(memory <= 32.0));
    }
    Ok(())
}
