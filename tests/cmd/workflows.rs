//! The workflows of the README and the examples: checked against the schema of
//! GitHub's workflows, and their steps run on the sandbox as a runner would run
//! them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::cli::{Machine, binary};
use crate::support::http::Client;
use crate::support::release_page::targets;
use crate::support::skipped;
use crate::world::{REPO, World};

/// The workflows of the README and of `examples/workflows`, by name.
fn workflows() -> BTreeMap<String, Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).expect("the README");
    let blocks = readme.split("```yaml\n").skip(1);
    // A block that starts with a dash shows a step.
    let mut texts: Vec<String> = blocks
        .filter_map(|rest| rest.split("```").next())
        .filter(|block| !block.starts_with('-'))
        .map(str::to_owned)
        .collect();
    for file in fs::read_dir(root.join("examples/workflows")).expect("the folder") {
        texts.push(fs::read_to_string(file.expect("a file").path()).expect("a workflow"));
    }
    texts
        .iter()
        .map(|text| {
            let workflow: Value = serde_saphyr::from_str(text)
                .unwrap_or_else(|error| panic!("not YAML: {error}\n{text}"));
            (
                workflow["name"].as_str().expect("a name").to_owned(),
                workflow,
            )
        })
        .collect()
}

/// The schema of workflows, or of the metadata of actions.
pub(crate) fn schema(name: &str) -> jsonschema::Validator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/workflows");
    let text = fs::read_to_string(folder.join(format!("{name}.schema.json"))).expect("the schema");
    let schema = serde_json::from_str(&text).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

#[test]
fn workflows_are_valid() {
    let schema = schema("github-workflow");
    let workflows = workflows();
    assert_eq!(
        workflows.keys().collect::<Vec<_>>(),
        ["preview", "preview-test", "promote"]
    );
    for (name, workflow) in &workflows {
        let errors: Vec<String> = schema
            .iter_errors(workflow)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}: {}", errors.join("\n"));
        for (job, body) in workflow["jobs"].as_object().expect("jobs") {
            assert!(
                body["steps"].to_string().contains("deployctl"),
                "{name}.{job} has nothing to do with deployctl"
            );
        }
    }
}

/// The workflows of this repository.
#[test]
fn own_workflows_are_valid_and_build_every_target() {
    let schema = schema("github-workflow");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let mut own = BTreeMap::new();
    for file in fs::read_dir(folder).expect("the folder") {
        let path = file.expect("a file").path();
        let text = fs::read_to_string(&path).expect("a workflow");
        let workflow: Value = serde_saphyr::from_str(&text).expect("YAML");
        let errors: Vec<String> = schema
            .iter_errors(&workflow)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(
            errors.is_empty(),
            "{}: {}",
            path.display(),
            errors.join("\n")
        );
        // A program of the repository that a step runs has to exist.
        for run in steps_of(&workflow).filter_map(|step| step["run"].as_str()) {
            let words = run.split_whitespace();
            for program in words.filter(|word| word.starts_with(".ci/")) {
                let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(program);
                assert!(path.exists(), "{program}");
            }
        }
        let name = workflow["name"].as_str().expect("a name").to_owned();
        own.insert(name, workflow);
    }
    assert_eq!(own.keys().collect::<Vec<_>>(), ["ci", "release"]);
    assert!(steps_of(&own["ci"]).any(|step| step["run"].to_string().contains(".ci/run")));

    let release = &own["release"];
    let matrix = release["jobs"]["build"]["strategy"]["matrix"]["include"].as_array();
    let built: Vec<_> = matrix
        .expect("a matrix")
        .iter()
        .map(|one| [one["target"].as_str(), one["runner"].as_str()].map(Option::unwrap_or_default))
        .collect();
    let targets = targets();
    let expected: Vec<_> = targets
        .iter()
        .map(|target| [target.name.as_str(), target.runner.as_str()])
        .collect();
    assert_eq!(built, expected);
    let steps: Vec<String> = steps_of(release).map(ToString::to_string).collect();
    let at = |text: &str| {
        steps
            .iter()
            .position(|step| step.contains(text))
            .expect(text)
    };
    assert!(at(".ci/manifests --all") < at("attest-build-provenance"));
    assert!(at("attest-build-provenance") < at("gh release create"));
    // The installer verifies that this file signed an archive.
    let installer = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/templates/install.sh");
    let installer = fs::read_to_string(installer).expect("the installer");
    assert!(installer.contains("/.github/workflows/release.yml\""));
}

/// Runs the step of this name of the release's workflow for a tag, and gives its
/// messages and what it called gh with.
fn release_step(name: &str, tag: &str, variables: &[(&str, &str)]) -> (i32, String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join(".github/workflows/release.yml")).expect("read");
    let workflow: Value = serde_saphyr::from_str(&text).expect("YAML");
    let step = steps_of(&workflow)
        .find(|step| step["name"] == name)
        .expect("a step");
    let mut machine = Machine::new()
        .tool("gh", "echo \"$@\" >> \"$HOME/gh.log\"")
        .env("GITHUB_REF_NAME", tag)
        .env("GITHUB_SERVER_URL", "https://github.com")
        .env("GITHUB_REPOSITORY", "OWNER/deployctl")
        .env("GITHUB_REPOSITORY_OWNER", "OWNER");
    for (name, value) in variables {
        machine = machine.env(name, value);
    }
    let cwd = machine.cwd();
    fs::copy(root.join("Cargo.toml"), cwd.join("Cargo.toml")).expect("a copy");
    fs::create_dir_all(cwd.join("dist/gh-deployctl")).expect("a folder");
    for file in [
        "SHA256SUMS",
        "gh-deployctl-linux-amd64",
        "gh-deployctl/gh-deployctl",
    ] {
        fs::write(cwd.join("dist").join(file), "").expect("written");
    }
    let script = step["run"].as_str().expect("a script");
    let words = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
    let outcome = machine.program("bash", words).finish();
    let calls = fs::read_to_string(machine.home().join("gh.log")).unwrap_or_default();
    (outcome.code(), outcome.stdout().to_owned(), calls)
}

#[test]
fn a_release_has_the_version_and_the_address_of_its_repository() {
    let step = "Compare the tag and this repository with Cargo.toml";
    let version = format!("v{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(release_step(step, &version, &[]).0, 0);
    let (code, said, _) = release_step(step, "v9.8.7", &[]);
    assert_eq!(
        (code, said.as_str()),
        (1, "::error::Cargo.toml lacks version = \"9.8.7\"\n")
    );
    let fork = [("GITHUB_REPOSITORY", "acme/deployctl")];
    let (code, said, _) = release_step(step, &version, &fork);
    assert!(
        code == 1 && said.contains("lacks repository = \"https://github.com/acme/"),
        "{said}"
    );
}

#[test]
fn a_release_is_published_with_the_extension_of_gh() {
    let (code, _, calls) = release_step("Publish", "v1.2.3", &[]);
    assert_eq!(code, 0);
    let files = ["dist/SHA256SUMS", "dist/gh-deployctl-linux-amd64"];
    assert!(
        calls.starts_with("release create v1.2.3 --verify-tag "),
        "{calls}"
    );
    assert!(files.iter().all(|file| calls.contains(file)), "{calls}");
    assert!(
        !calls.contains("--prerelease") && !calls.contains("dist/gh-deployctl/"),
        "{calls}"
    );
    let (_, _, calls) = release_step("Publish", "v1.2.3-rc.1", &[]);
    assert!(calls.contains(" --prerelease "), "{calls}");

    let step = "Publish the extension of gh";
    let token = [("GH_TOKEN", "any")];
    let (_, _, calls) = release_step(step, "v1.2.3", &token);
    assert!(
        calls.starts_with("release create v1.2.3 --repo OWNER/gh-deployctl "),
        "{calls}"
    );
    assert!(
        calls.ends_with(" CHANGELOG.md dist/gh-deployctl-linux-amd64\n"),
        "{calls}"
    );
    let (code, said, calls) = release_step(step, "v1.2.3", &[("GH_TOKEN", "")]);
    assert!(
        code == 0 && calls.is_empty() && said.starts_with("::notice::"),
        "{said}"
    );
}

#[test]
fn actionlint_finds_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [".github/workflows", "examples/workflows"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).expect("the folder"))
        .map(|file| file.expect("a file").path());
    let Ok(output) = Command::new("actionlint").args(files).output() else {
        skipped("actionlint");
        return;
    };
    let findings = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{findings}");
}

#[test]
fn shellcheck_finds_nothing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci");
    let own = fs::read_dir(&folder).expect("the folder");
    let own = own.map(|file| file.expect("a file").path());
    let scripts: Vec<_> = own
        .chain([folder.join("templates/install.sh")])
        .filter(|path| fs::read(path).is_ok_and(|text| text.starts_with(b"#!")))
        .collect();
    assert!(scripts.len() >= 7, "{scripts:?}");
    let Ok(output) = Command::new("shellcheck").args(scripts).output() else {
        skipped("shellcheck");
        return;
    };
    let findings = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{findings}");
}

fn steps_of(workflow: &Value) -> impl Iterator<Item = &Value> {
    let jobs = workflow["jobs"].as_object().into_iter().flatten();
    jobs.flat_map(|(_, job)| job["steps"].as_array().into_iter().flatten())
}

#[test]
fn a_workflow_that_is_wrong_is_found_out() {
    let schema = schema("github-workflow");
    let good = &workflows()["promote"];
    let mut bad = good.clone();
    bad["jobs"]["staging"]["run-on"] = json!("ubuntu-latest");
    assert!(schema.is_valid(good) && !schema.is_valid(&bad));
}

/// A runner: the context of a run, and the outputs of its steps.
struct Runner<'a> {
    world: &'a World,
    context: BTreeMap<String, String>,
    attempt: u8,
}

impl<'a> Runner<'a> {
    fn new(world: &'a World, action: &str) -> Self {
        let head = world.repository.sha("topic");
        let context = [
            ("github.token", "a-token-of-the-tests"),
            ("github.event.number", "7"),
            ("github.event.action", action),
            ("github.event.pull_request.head.sha", &head),
            ("github.server_url", "https://github.com"),
            ("github.repository", "octocat/hello-world"),
            ("github.run_id", "1"),
        ];
        Self {
            world,
            context: context
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            attempt: 1,
        }
    }

    /// A text with its expressions replaced.
    fn evaluated(&self, text: &str) -> String {
        let mut parts = text.split("${{");
        let mut result = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once("}}").expect("a closed expression");
            let value = self.context.get(name.trim());
            result.push_str(value.unwrap_or_else(|| panic!("unknown: {name}")));
            result.push_str(rest);
        }
        result
    }

    fn variables(&self, of: &Value) -> Vec<(String, String)> {
        of["env"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), self.evaluated(value.as_str().expect("text"))))
            .collect()
    }

    /// Runs the steps of a job. Steps with a condition are for failures, and
    /// run only with `failing`.
    fn job(&mut self, workflow: &Value, job: &str, failing: bool) {
        let steps = workflow["jobs"][job]["steps"].as_array().expect("steps");
        for step in steps {
            let Some(script) = step["run"].as_str() else {
                continue;
            };
            if step["if"].is_string() != failing {
                continue;
            }
            let output = self.step(workflow, step, script);
            assert!(
                output.status.success(),
                "{job}: {script}\nstdout: {}\nstderr: {}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }

    fn step(&mut self, workflow: &Value, step: &Value, script: &str) -> Output {
        let head = self.context["github.event.pull_request.head.sha"].clone();
        let mut machine = Machine::new()
            .env("GITHUB_ACTIONS", "true")
            .env("CI", "true")
            .env("GITHUB_REPOSITORY", "octocat/hello-world")
            .env("GITHUB_SHA", head)
            .env("GITHUB_RUN_ATTEMPT", self.attempt.to_string())
            // The only difference from a real runner is the server's address.
            .env("DEPLOYCTL_API_URL", self.world.server.url())
            .env("DEPLOYCTL_TOKEN", "a-token-of-the-tests")
            .link("deployctl", binary());
        for (name, value) in self
            .variables(workflow)
            .into_iter()
            .chain(self.variables(step))
        {
            machine = machine.env(&name, value);
        }
        let (outputs, summary) = (machine.cwd().join("outputs"), machine.cwd().join("summary"));
        machine = machine
            .env("GITHUB_OUTPUT", &outputs)
            .env("GITHUB_STEP_SUMMARY", &summary);
        for (name, text) in [
            ("deploy.sh", "echo https://preview.example.com"),
            ("destroy.sh", "exit 0"),
            ("test.sh", "test \"$1\" = https://preview.example.com"),
        ] {
            let path = machine.file(name, format!("#!/bin/sh\n{text}\n"));
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            fs::set_permissions(path, mode).expect("a program");
        }
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .env_clear()
            .envs(machine.environment())
            .current_dir(machine.cwd());
        let mut output = bash.output().expect("bash runs");
        // While another test starts a process, a script that was just written
        // may still be open in it for a moment.
        for _ in 0..20 {
            if output.status.code() != Some(126) {
                break;
            }
            thread::sleep(Duration::from_millis(50));
            output = bash.output().expect("bash runs");
        }
        if let Some(id) = step["id"].as_str() {
            let text = fs::read_to_string(&outputs).unwrap_or_default();
            for (name, value) in self::outputs(&text) {
                let name = format!("steps.{id}.outputs.{name}");
                self.context.insert(name, value);
            }
        }
        let wants_summary = script.contains("--github-summary");
        assert_eq!(
            summary.exists(),
            wants_summary && output.status.success(),
            "{script}"
        );
        output
    }
}

/// The outputs in the file of a step.
pub(crate) fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some((name, word)) = lines.next().and_then(|line| line.split_once("<<")) {
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != word).collect();
        outputs.insert(name.to_owned(), value.join("\n"));
    }
    outputs
}

fn states(world: &World) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    world
        .list()
        .iter()
        .map(|one| (text(&one["environment"]), text(&one["state"])))
        .collect()
}

fn pair(environment: &str, state: &str) -> (String, String) {
    (environment.to_owned(), state.to_owned())
}

#[test]
fn an_environment_comes_and_goes_with_its_pull_request() {
    let world = World::new();
    let workflow = &workflows()["preview"];
    let mut runner = Runner::new(&world, "opened");
    runner.job(workflow, "deploy", false);
    assert_eq!(states(&world), [pair("preview/pr-7", "active")]);
    let url = &world.list()[0]["latest_status"]["environment_url"];
    assert_eq!(url, "https://preview.example.com");
    runner.job(workflow, "deploy", true);
    assert_eq!(states(&world), [pair("preview/pr-7", "failure")]);
    runner.job(workflow, "clean-up", false);
    assert!(states(&world).is_empty());
    // A pull request that never had an environment can be cleaned up as well.
    Runner::new(&world, "closed").job(workflow, "clean-up", false);
}

/// Reports success for every new deployment until there are `count`.
fn deploy(url: &str, count: usize) {
    let client = Client::new(url);
    let mut done = Vec::new();
    while done.len() < count {
        let listed = client.get(&format!("{REPO}/deployments")).json();
        for id in listed
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| one["id"].clone())
        {
            if !done.contains(&id) {
                let body =
                    json!({"state": "success", "environment_url": "https://preview.example.com"});
                drop(client.post(&format!("{REPO}/deployments/{id}/statuses"), &body));
                done.push(id);
            }
        }
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn production_follows_staging() {
    let world = World::new();
    let workflow = &workflows()["promote"];
    let url = world.server.url().to_owned();
    let deployer = thread::spawn(move || deploy(&url, 2));
    let mut runner = Runner::new(&world, "");
    runner.job(workflow, "staging", false);
    runner.job(workflow, "production", false);
    deployer.join().expect("deployed");
    // Another run does not create a second deployment.
    runner.job(workflow, "production", false);
    assert_eq!(
        states(&world),
        [pair("production", "active"), pair("staging", "active")]
    );
}

#[test]
fn a_preview_of_somebody_else_is_waited_for_and_tested() {
    let world = World::new();
    let sha = world.repository.sha("topic");
    let body = json!({
        "ref": sha, "environment": "preview/pr-7", "required_contexts": [], "auto_merge": false,
    });
    drop(world.post("/deployments", &body));
    let url = world.server.url().to_owned();
    let deployer = thread::spawn(move || deploy(&url, 1));
    Runner::new(&world, "opened").job(&workflows()["preview-test"], "test", false);
    deployer.join().expect("deployed");
}

#[test]
fn a_run_again_waits_for_a_newer_preview_than_the_one_that_failed() {
    let world = World::new();
    let sha = world.repository.sha("topic");
    let body = json!({
        "ref": sha, "environment": "preview/pr-7", "required_contexts": [], "auto_merge": false,
    });
    let failed = world.post("/deployments", &body)["id"].to_string();
    world.set(&failed, "failure");
    let workflow = &workflows()["preview-test"];
    let steps = workflow["jobs"]["test"]["steps"].as_array();
    let mut steps = steps.into_iter().flatten();
    let wait = steps.find(|step| step["id"] == "preview").expect("a step");
    let script = wait["run"].as_str().expect("a script");
    let mut runner = Runner::new(&world, "opened");
    assert_eq!(runner.step(workflow, wait, script).status.code(), Some(9));

    runner.attempt = 2;
    let client = Client::new(world.server.url());
    let deployer = thread::spawn(move || {
        thread::sleep(Duration::from_secs(2));
        let new = client
            .post(&format!("{REPO}/deployments"), &body)
            .expect(201);
        let path = format!("{REPO}/deployments/{}/statuses", new.json()["id"]);
        let success = json!({"state": "success", "environment_url": "https://preview.example.com"});
        drop(client.post(&path, &success).expect(201));
    });
    runner.job(workflow, "test", false);
    deployer.join().expect("deployed");
    // A later attempt uses the deployment that has succeeded since.
    runner.attempt = 3;
    runner.job(workflow, "test", false);
}
