use std::error::Error;
use std::fs;

use crate::PROGRAM;
use crate::table::Table;

/// The size of the binary.
pub(crate) fn measure(table: &mut Table) -> Result<(), Box<dyn Error>> {
    let bytes = u32::try_from(fs::metadata(PROGRAM)?.len())?;
    let size = f64::from(bytes) / 1e6;
    let found = format!("{size:.1} MB");
    let met = Some(size <= 16.0);
    table.row("binary with everything", "≤ 16 MB", found, met);
    Ok(())
}
