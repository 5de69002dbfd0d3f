//! Plans as files: they are written and read piece by piece, since they may be
//! large.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::marker::PhantomData;
use std::path::Path;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::plan::{Aim, Draft, Kept, Plan, Step, VERSION};
use super::selection::Name;
use super::sorter::disk_failure;
use crate::error::{Failure, Kind};
use crate::model::{DeploymentId, StatusState};
use crate::private_file;

/// Writes a plan, whole or not at all.
pub(super) fn write(path: &Path, plan: &Plan) -> Result<(), Failure> {
    private_file::replace_public(path, |file| {
        let mut file = BufWriter::new(file);
        serde_json::to_writer_pretty(&mut file, plan)?;
        file.write_all(b"\n")?;
        file.flush()
    })
    .map_err(|error| {
        let path = path.display();
        Failure::new(
            Kind::Other,
            format!("cannot write the plan {path}: {error}"),
        )
    })
}

/// Reads a plan, and refuses one that is not for this.
pub(super) fn read(path: &Path, aim: Aim, repository: &str, server: &str) -> Result<Plan, Failure> {
    let wrong =
        |what: String| Failure::new(Kind::Usage, format!("the plan {} {what}", path.display()));
    let file = File::open(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(file));
    let plan = json
        .deserialize_map(Read)
        .and_then(|plan| json.end().map(|()| plan))
        .map_err(|error| wrong(format!("is not understood: {error}")))?;
    if plan.command != aim {
        return Err(wrong(format!("is one of '{}'", plan.command.verb())));
    }
    if !plan.repository.eq_ignore_ascii_case(repository) || plan.server != server {
        return Err(wrong(format!(
            "is for {} at {}, not for {repository} at {server}",
            plan.repository, plan.server
        )));
    }
    for step in plan.deployments.records() {
        let step = step.map_err(|error| disk_failure(&error))?;
        if !aim.does(step.action) {
            return Err(wrong(format!(
                "has a step for {} that '{}' does not do: {}",
                step.id,
                aim.verb(),
                step.action.words()
            )));
        }
    }
    Ok(plan)
}

/// Reads a plan's fields, in whatever order they come.
struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Plan;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plan")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Plan, M::Error> {
        let mut draft = Draft::default();
        let mut place = 0;
        let (mut version, mut command, mut repository, mut server) = (None, None, None, None);
        let mut description: Option<String> = None;
        let mut end_as: Option<StatusState> = None;
        let mut missing: Vec<DeploymentId> = Vec::new();
        let mut has_steps = false;
        while let Some(field) = map.next_key::<String>()? {
            match field.as_str() {
                "version" => {
                    let known = map.next_value::<u32>()?;
                    if known != VERSION {
                        return Err(M::Error::custom(format_args!(
                            "it has version {known}, and this program knows {VERSION}"
                        )));
                    }
                    version = Some(known);
                }
                "command" => command = Some(map.next_value()?),
                "repository" => repository = Some(map.next_value()?),
                "server" => server = Some(map.next_value()?),
                "description" => description = map.next_value()?,
                "end_as" => end_as = map.next_value()?,
                "missing" => missing = map.next_value()?,
                "deployments" => {
                    has_steps = true;
                    map.next_value_seed(each(|step: Step| {
                        place += 1;
                        draft.touch(at(place), step)
                    }))?;
                }
                "kept" => map.next_value_seed(each(|kept: Kept| {
                    place += 1;
                    draft.keep(at(place), kept)
                }))?,
                "environments" => map.next_value_seed(each(|name: Name| draft.empty(name)))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let lacks = M::Error::missing_field;
        version.ok_or_else(|| lacks("version"))?;
        if !has_steps {
            return Err(lacks("deployments"));
        }
        let command = command.ok_or_else(|| lacks("command"))?;
        let repository = repository.ok_or_else(|| lacks("repository"))?;
        let server = server.ok_or_else(|| lacks("server"))?;
        draft.seen = place;
        let mut plan = draft.finish(command, repository, server);
        plan.description = description;
        plan.end_as = end_as;
        plan.missing = missing;
        Ok(plan)
    }
}

/// The order of a file is that of its lines, whoever may have edited it.
fn at(place: u64) -> (Timestamp, DeploymentId) {
    (Timestamp::UNIX_EPOCH, DeploymentId(place))
}

/// Reads a list and takes in each of its elements alone.
fn each<T, F: FnMut(T) -> io::Result<()>>(take: F) -> Each<T, F> {
    Each(take, PhantomData)
}

struct Each<T, F>(F, PhantomData<T>);

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> io::Result<()>> DeserializeSeed<'de> for Each<T, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> io::Result<()>> Visitor<'de> for Each<T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<S: SeqAccess<'de>>(mut self, mut list: S) -> Result<(), S::Error> {
        while let Some(element) = list.next_element()? {
            (self.0)(element).map_err(S::Error::custom)?;
        }
        Ok(())
    }
}
