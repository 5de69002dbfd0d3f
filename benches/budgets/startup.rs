use std::error::Error;

use crate::PROGRAM;
use crate::measure::{Run, find, side_by_side};
use crate::table::Table;

/// The cost before the first request.
pub(crate) fn measure(table: &mut Table) -> Result<(), Box<dyn Error>> {
    let version = Run::new(PROGRAM, "--version");
    let mut found = None;
    for (line, budget) in [
        ("--version", 1.1),
        ("--help", 1.8),
        ("create --help", 1.8),
        ("list --help", 1.8),
        ("env protection enable --help", 1.8),
    ] {
        let Some(count) = Run::new(PROGRAM, line).instructions()? else {
            table.note("Instructions are left out: there is no valgrind here");
            break;
        };
        found = found.or(Some(count));
        table.row(
            format!("`{line}`: instructions"),
            format!("≤ {budget} M"),
            format!("{count:.2} M"),
            Some(count <= budget),
        );
    }
    let memory = version.memory()?;
    let peak = format!("{memory:.1} MB");
    table.row("`--version`: memory", "≤ 5 MB", peak, Some(memory <= 5.0));
    let Some(gh) = find("gh") else {
        table.note("`gh` is left out: it is not installed here");
        return Ok(());
    };
    let gh = Run::new(gh, "--version");
    if let (Some(own), Some(other)) = (found, gh.instructions()?) {
        let ratio = other / own;
        table.row(
            "`--version`: instructions against `gh`",
            "≥ 430 times fewer",
            format!("{ratio:.0} times fewer"),
            Some(ratio >= 430.0),
        );
    }
    let [own, other] = side_by_side(20, [&version, &gh])?;
    table.row(
        "`--version`: time against `gh`",
        "",
        format!("{own:.1} ms, {:.0} times faster", other / own),
        None,
    );
    Ok(())
}
