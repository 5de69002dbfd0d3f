use std::error::Error;
use std::time::Duration;

use crate::link::far_away;
use crate::measure::{Run, side_by_side};
use crate::peers::{curl, deployctl, gh};
use crate::sandbox::{REPO, Sandbox};
use crate::table::Table;

/// The round trip between two continents.
const ROUND_TRIP: Duration = Duration::from_millis(80);

/// Lists, on this machine and over a link with a delay.
pub(crate) fn measure(table: &mut Table) -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start()?;
    sandbox.fill(100)?;
    near(table, sandbox.address())?;
    let far = far_away(sandbox.address(), ROUND_TRIP)?;
    let budgets = [
        (100_u32, 3.8, 1.0, 7),
        (1_000, 8.0, 2.0, 5),
        (10_000, 12.0, 9.0, 3),
    ];
    for (count, trips, faster, times) in budgets {
        sandbox.fill(count)?;
        let own = deployctl(&format!("list --limit {count} --json"), &far);
        let path = format!("repos/{REPO}/deployments?per_page=100");
        let others = gh(&format!("api --paginate {path}"), &far);
        let (own, other) = against(times, &own, others.as_ref())?;
        let found = own / (ROUND_TRIP.as_secs_f64() * 1e3);
        table.row(
            format!("{count} deployments with state at 80 ms: round trips of time"),
            format!("≤ {trips}"),
            format!("{found:.1}"),
            Some(found <= trips),
        );
        match other {
            Some(other) => table.row(
                format!(
                    "{count} deployments at 80 ms, against `gh api --paginate`, which has no states"
                ),
                format!("≥ {faster} times faster"),
                format!("{:.1} times faster", other / own),
                Some(other / own >= faster),
            ),
            None => table.note("`gh` is left out: it is not installed here"),
        }
    }
    Ok(())
}

/// A list of a hundred on this machine.
fn near(table: &mut Table, address: &str) -> Result<(), Box<dyn Error>> {
    let list = deployctl("list --limit 100 --json", address);
    if let Some(count) = list.instructions()? {
        table.row(
            "`list --json` of 100 with state: instructions",
            "≤ 12 M",
            format!("{count:.1} M"),
            Some(count <= 12.0),
        );
    }
    let memory = list.memory()?;
    let found = format!("{memory:.1} MB");
    table.row(
        "`list --json` of 100 with state: memory",
        "≤ 12 MB",
        found,
        Some(memory <= 12.0),
    );
    let path = format!("repos/{REPO}/deployments?per_page=100");
    let (own, other) = against(15, &list, gh(&format!("api {path}"), address).as_ref())?;
    if let Some(other) = other {
        table.row(
            "`list --json` of 100 with state, against `gh api` without",
            "≥ 5 times faster",
            format!("{own:.1} ms, {:.1} times faster", other / own),
            Some(other / own >= 5.0),
        );
    }
    let bare = deployctl("list --limit 100 --json=id,ref", address);
    if let (own, Some(other)) = against(15, &bare, curl(&path, address).as_ref())? {
        table.row(
            "`list --json=id,ref` of 100, against `curl`, which reads nothing of it",
            "",
            format!("{own:.1} ms, {:.1} times as fast", other / own),
            None,
        );
    }
    Ok(())
}

fn against(
    times: usize,
    own: &Run,
    other: Option<&Run>,
) -> Result<(f64, Option<f64>), Box<dyn Error>> {
    let Some(other) = other else {
        let [own] = side_by_side(times, [own])?;
        return Ok((own, None));
    };
    let [own, other] = side_by_side(times, [own, other])?;
    Ok((own, Some(other)))
}
