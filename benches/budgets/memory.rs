use std::error::Error;

use crate::peers::deployctl;
use crate::sandbox::Sandbox;
use crate::table::Table;

/// Lists that are printed page by page.
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

/// A plan, which is held in memory.
pub(crate) fn measure_plan(table: &mut Table) -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start()?;
    sandbox.fill(100_000)?;
    let line = "delete --keep 1 --dry-run --json";
    let memory = deployctl(line, sandbox.address()).memory()?;
    let what = "`delete --dry-run --json`, a plan of 100,000: memory";
    let found = format!("{memory:.1} MB");
    table.row(what, "≤ 64 MB", found, Some(memory <= 64.0));
    Ok(())
}
