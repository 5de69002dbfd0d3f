use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::connection::Connection;
#[cfg(feature = "sandbox")]
use super::sandbox::named_repository;
use super::session::Session;
use crate::error::{Failure, Kind};
use crate::model::{RepoSlug, Repository};
use crate::output::counted;
use crate::private_file;

/// What a plan was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlanOrigin<'a> {
    /// The command, without the name of the program.
    pub(crate) command: &'a str,
    /// Each `OWNER/NAME`.
    pub(crate) repositories: Vec<&'a str>,
    /// The name of the server; see [`Session::server_name`].
    pub(crate) server: &'a str,
}

/// A plan that can be saved, and applied later.
pub(crate) trait SavedPlan: Serialize + DeserializeOwned {
    fn origin(&self) -> PlanOrigin<'_>;
}

/// Writes a plan file completely or not at all.
pub(crate) fn write_plan(path: &Path, plan: &impl SavedPlan) -> Result<(), Failure> {
    let written = private_file::replace_public(path, |file| {
        let mut file = BufWriter::new(file);
        serde_json::to_writer_pretty(&mut file, plan)?;
        file.write_all(b"\n")?;
        file.flush()
    });
    written.map_err(|error| {
        let text = format!("cannot write the plan {}: {error}", path.display());
        Failure::new(Kind::Other, text)
    })
}

/// Reads a plan file, and refuses one of another command.
pub(crate) fn read_plan<P: SavedPlan>(path: &Path, command: &str) -> Result<P, Failure> {
    let refuse = |what: String| refuse_plan(path, &what);
    let file = File::open(path).map_err(|error| refuse(format!("cannot be read: {error}")))?;
    let plan: P = serde_json::from_reader(BufReader::new(file))
        .map_err(|error| refuse(format!("is not valid for '{command}': {error}")))?;
    let made_by = plan.origin().command;
    if made_by != command {
        return Err(refuse(format!("was made by '{made_by}'")));
    }
    Ok(plan)
}

impl Session {
    /// Connects to the repositories of a saved plan, in their order. The plan is
    /// refused if it is for another server, or for another repository than the
    /// one that `-R` names. The server is never taken from the plan, which could
    /// have the token sent anywhere.
    pub(crate) async fn connect_to_plan(
        &self,
        path: &Path,
        origin: &PlanOrigin<'_>,
        call_timeout: Option<Duration>,
    ) -> anyhow::Result<Vec<Connection>> {
        let slugs: Vec<RepoSlug> = origin
            .repositories
            .iter()
            .map(|name| {
                let parsed = name.parse();
                parsed.map_err(|_| refuse_plan(path, &format!("has no valid repository: {name:?}")))
            })
            .collect::<Result<_, _>>()?;
        let Some((first, others)) = slugs.split_first() else {
            let what = format!("the plan {} contains nothing", path.display());
            return Err(Failure::new(Kind::NothingThere, what).into());
        };
        if let Some(named) = self.global.one_repo()? {
            let is_it = named
                .parse()
                .is_ok_and(|named: Repository| named.slug == *first);
            if !is_it || !others.is_empty() {
                let what = format!("is for {}, not for {named}", origin.place());
                return Err(refuse_plan(path, &what).hint("omit --repo").into());
            }
        }
        self.set_repository(first.clone());
        let connection = self.connect_to_first(&slugs, call_timeout).await?;
        let server = self.server_name(&connection.client);
        if origin.server != server {
            let what = format!(
                "is for {} at {}, not at {server}",
                origin.place(),
                origin.server
            );
            return Err(refuse_plan(path, &what).into());
        }
        let others = others
            .iter()
            .map(|slug| connection.for_repo(self, slug.clone()));
        let mut connections: Vec<Connection> = others.collect();
        connections.insert(0, connection);
        Ok(connections)
    }

    /// Connects to the first repository; the embedded sandbox serves all of them.
    async fn connect_to_first(
        &self,
        slugs: &[RepoSlug],
        call_timeout: Option<Duration>,
    ) -> anyhow::Result<Connection> {
        #[cfg(feature = "sandbox")]
        if self.is_sandbox() && slugs.len() > 1 {
            let sources = slugs.iter().map(|slug| named_repository(self, slug));
            let sources = sources.collect();
            return self.connect_sandbox_with(sources, call_timeout).await;
        }
        #[cfg(not(feature = "sandbox"))]
        let _ = slugs;
        self.connect(call_timeout).await
    }
}

impl PlanOrigin<'_> {
    fn place(&self) -> String {
        match self.repositories[..] {
            [only] => only.to_owned(),
            ref several => counted(several.len() as u64, "repository"),
        }
    }
}

/// The failure for a plan file that cannot be applied.
pub(crate) fn refuse_plan(path: &Path, what: &str) -> Failure {
    Failure::new(Kind::Usage, format!("the plan {} {what}", path.display()))
}
