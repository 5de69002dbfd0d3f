//! The GitHub Action, run step by step as a runner does, with a release on a local server.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::cli::{Machine, Outcome};
use crate::support::release_page::{Release, ReleasePage, VERSION, root, targets};
use crate::workflows::schema;
use crate::world::World;

fn action() -> Value {
    let text = fs::read_to_string(root().join("action.yml")).expect("the action");
    serde_saphyr::from_str(&text).expect("YAML")
}

#[test]
fn the_action_is_valid() {
    let schema = schema("github-action");
    let good = action();
    let errors: Vec<String> = schema.iter_errors(&good).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    let mut bad = good.clone();
    bad["runs"]["steps"][0]["shell"] = Value::Null;
    assert!(!schema.is_valid(&bad));
}

#[test]
fn the_step_in_the_readme_has_inputs_of_the_action() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let blocks = readme.split("```yaml\n").skip(1);
    let block = blocks.filter_map(|rest| rest.split("```").next());
    let mut steps = block.filter(|block| block.starts_with("- uses: "));
    let steps: Value = serde_saphyr::from_str(steps.next().expect("a step")).expect("YAML");
    for (name, _) in steps[0]["with"].as_object().expect("inputs") {
        assert!(action()["inputs"][name].is_object(), "{name}");
    }
}

/// A job that uses the action.
struct Job<'a> {
    world: &'a World,
    release: &'a Release,
    page: &'a ReleasePage,
    machine: Machine,
}

/// What the steps of the action have left.
struct Ran {
    outcome: Outcome,
    /// The outputs of the action.
    outputs: BTreeMap<String, String>,
    /// The folder that was added to the `PATH`.
    path: Option<PathBuf>,
}

impl<'a> Job<'a> {
    fn new(world: &'a World, release: &'a Release, page: &'a ReleasePage) -> Self {
        let (done, messages) = release.finish(&page.repository(), true);
        assert!(done, "{messages}");
        let machine = Machine::new().tool("gh", "exit 1");
        let home = machine.home();
        let machine = machine
            .env("GITHUB_ACTIONS", "true")
            .env("CI", "true")
            .env("GITHUB_REPOSITORY", "octocat/hello-world")
            .env("GITHUB_SERVER_URL", "https://github.com")
            .env("GITHUB_ACTION_PATH", root())
            .env("RUNNER_TEMP", home.join("temp"))
            .env("RUNNER_TOOL_CACHE", home.join("tools"))
            // The two things that are not as on a runner: where the servers are.
            .env("DEPLOYCTL_REPOSITORY", page.repository())
            .env("DEPLOYCTL_API_URL", world.proxy.url());
        Self {
            world,
            release,
            page,
            machine,
        }
    }

    /// The value of an expression.
    fn value(
        inputs: &BTreeMap<String, String>,
        outputs: &BTreeMap<String, String>,
        expression: &str,
    ) -> String {
        let name = expression.trim();
        if name == "github.token" {
            return "the-token-of-the-job".to_owned();
        }
        if let Some(input) = name.strip_prefix("inputs.") {
            return inputs[input].clone();
        }
        let output = name.strip_prefix("steps.run.outputs.");
        let output = output.unwrap_or_else(|| panic!("unknown: {name}"));
        outputs.get(output).cloned().unwrap_or_default()
    }

    fn evaluated(
        inputs: &BTreeMap<String, String>,
        outputs: &BTreeMap<String, String>,
        text: &str,
    ) -> String {
        match text
            .strip_prefix("${{")
            .and_then(|text| text.strip_suffix("}}"))
        {
            Some(expression) => Self::value(inputs, outputs, expression),
            None => text.to_owned(),
        }
    }

    /// Runs the action with these inputs. It ends with the first step that fails.
    fn run(&self, given: &[(&str, &str)]) -> Ran {
        let action = action();
        let mut inputs = BTreeMap::new();
        for (name, input) in action["inputs"].as_object().expect("inputs") {
            let value = given.iter().find(|(own, _)| own == name);
            let default = input["default"].as_str().expect("a default");
            inputs.insert(
                name.clone(),
                value.map_or(default, |(_, value)| value).to_owned(),
            );
        }
        for (name, _) in given {
            assert!(inputs.contains_key(*name), "there is no input {name}");
        }
        let (mut outputs, mut path, mut last) = (BTreeMap::new(), None, None);
        for step in action["runs"]["steps"].as_array().expect("steps") {
            match step["if"].as_str() {
                Some("inputs.args != ''") if inputs["args"].is_empty() => continue,
                Some("inputs.args != ''") | None => {}
                Some(other) => panic!("unknown condition: {other}"),
            }
            let (output, paths) = (
                self.machine.cwd().join("output"),
                self.machine.cwd().join("path"),
            );
            for file in [&output, &paths] {
                fs::write(file, "").expect("written");
            }
            let mut machine = Command::new("bash");
            machine
                .args(["--noprofile", "--norc", "-eo", "pipefail", "-c"])
                .arg(step["run"].as_str().expect("a script"))
                .env_clear()
                .envs(self.machine.environment())
                .env("GITHUB_OUTPUT", &output)
                .env("GITHUB_PATH", &paths)
                .current_dir(self.machine.cwd());
            for (name, text) in step["env"].as_object().expect("variables") {
                let text = text.as_str().expect("text");
                machine.env(name, Self::evaluated(&inputs, &outputs, text));
            }
            if let Some(folder) = &path {
                let own = &self.machine.environment()[std::ffi::OsStr::new("PATH")];
                let all = [PathBuf::from(folder)]
                    .into_iter()
                    .chain(std::env::split_paths(own));
                machine.env("PATH", std::env::join_paths(all).expect("a PATH"));
            }
            let outcome = Outcome::of(&mut machine);
            let done = outcome.code() == 0;
            last = Some(outcome);
            let added = fs::read_to_string(&paths).expect("read");
            path = path.or_else(|| added.lines().next().map(PathBuf::from));
            if step["id"] == "run" {
                outputs = crate::workflows::outputs(&fs::read_to_string(&output).expect("read"));
            }
            if !done {
                break;
            }
        }
        let of_action = action["outputs"].as_object().expect("outputs");
        let named = of_action.iter().map(|(name, output)| {
            let value = output["value"].as_str().expect("an expression");
            (name.clone(), Self::evaluated(&inputs, &outputs, value))
        });
        Ran {
            outcome: last.expect("a step"),
            outputs: named.collect(),
            path,
        }
    }
}

#[test]
fn the_action_installs_its_own_version_and_caches_it() {
    let (world, release) = (World::new(), Release::of(&targets()));
    let page = ReleasePage::of(&release);
    let job = Job::new(&world, &release, &page);
    let ran = job.run(&[]);
    let stderr = ran.outcome.expect(0).stderr().to_owned();
    assert!(
        stderr.starts_with(&format!("installed deployctl {VERSION} as ")),
        "{stderr}"
    );
    assert_eq!(
        stderr.lines().count(),
        1,
        "no advice about the PATH: {stderr}"
    );
    let folder = ran.path.expect("a folder for the PATH");
    let program = folder.join("deployctl");
    let version = job
        .machine
        .program(program.to_str().expect("Unicode"), ["--version"]);
    assert_eq!(
        version.finish().expect(0).stdout(),
        format!("deployctl {VERSION}\n")
    );
    assert_eq!(
        page.requests()[0],
        format!("download/v{VERSION}/SHA256SUMS")
    );

    // The next job on this machine downloads nothing.
    drop(job.run(&[]).outcome.expect(0));
    assert!(page.requests().is_empty());

    drop(job.run(&[("version", "latest")]).outcome.expect(0));
    assert_eq!(page.requests()[0], "latest/download/SHA256SUMS");
    let missing = job.run(&[("version", "9.8.7"), ("args", "list")]);
    assert!(
        missing
            .outcome
            .stderr()
            .contains("there is no release 9.8.7")
    );
    drop(missing.outcome.expect(1));
    assert_eq!(missing.path, None);
}

#[test]
fn a_changed_archive_stops_the_job() {
    let (world, release) = (World::new(), Release::of(&targets()));
    let page = ReleasePage::of(&release);
    let job = Job::new(&world, &release, &page);
    for target in targets() {
        fs::write(job.release.path().join(target.archive()), "changed").expect("written");
    }
    let ran = job.run(&[("args", "create --ref main")]);
    let stderr = ran.outcome.expect(1).stderr().to_owned();
    assert!(stderr.contains("has the checksum") && stderr.contains("nothing was installed"));
    assert_eq!(ran.path, None);
    assert!(world.list().is_empty());
}

#[test]
fn a_job_behind_a_proxy_installs_it() {
    let (world, release) = (World::new(), Release::of(&targets()));
    let page = ReleasePage::of(&release);
    let mut job = Job::new(&world, &release, &page);
    job.machine = job
        .machine
        .env("http_proxy", page.url())
        .env("no_proxy", "127.0.0.1")
        .env(
            "DEPLOYCTL_REPOSITORY",
            "http://releases.invalid/acme/deployctl",
        );
    drop(job.run(&[]).outcome.expect(0));
    assert!(job.page.requests()[1].starts_with("http://releases.invalid/acme/"));
}

#[test]
fn a_command_runs_with_outputs() {
    let (world, release) = (World::new(), Release::of(&targets()));
    let page = ReleasePage::of(&release);
    let job = Job::new(&world, &release, &page);
    let args = "create --ref main -e staging --description 'it is $(false) \"quoted\" `here`'";
    let ran = job.run(&[("args", args)]);
    drop(ran.outcome.expect(0));
    let listed = &world.list()[0];
    assert_eq!(listed["description"], "it is $(false) \"quoted\" `here`");
    assert_eq!(ran.outputs["id"], listed["id"].to_string());
    assert_eq!(ran.outputs["state"], "pending");
    assert_eq!(ran.outputs["environment_url"], "");
    assert_eq!(json!(ran.outputs["url"]), listed["web_url"]);

    let id = &ran.outputs["id"];
    let set = format!("status set {id} success --environment-url https://staging.example.com");
    drop(job.run(&[("args", &set)]).outcome.expect(0));
    let ran = job.run(&[("args", &format!("wait\n  {id}\n  --github-output"))]);
    drop(ran.outcome.expect(0));
    assert_eq!(ran.outputs["state"], "active");
    assert_eq!(
        ran.outputs["environment_url"],
        "https://staging.example.com"
    );

    let ran = job.run(&[(
        "args",
        "-R octocat/hello-world promote staging production --yes",
    )]);
    drop(ran.outcome.expect(0));
    assert_eq!(ran.outputs["state"], "pending");
    let promoted = &ran.outputs["id"];
    let text = "two\nlines, with a \\ and \"quotes\"";
    let set = format!(
        "status set {promoted} failure \\\n --description \"two\nlines, with a \\ and \\\"quotes\\\"\""
    );
    drop(job.run(&[("args", &set)]).outcome.expect(0));
    assert_eq!(world.list()[0]["latest_status"]["description"], text);
    // The step has the exit code of the command, and its outputs all the same.
    let failed = job.run(&[("args", &format!("wait {promoted}"))]);
    drop(failed.outcome.expect(9));
    assert_eq!(failed.outputs["state"], "failure");
    assert_eq!(&failed.outputs["id"], promoted);
    let refused = job.run(&[("args", "status 99")]);
    drop(refused.outcome.expect(3));
    assert_eq!(refused.outputs["id"], "");
    drop(job.run(&[("args", "--repo")]).outcome.expect(2));
    // An expression that gave nothing.
    drop(job.run(&[("args", " \n")]).outcome.expect(0));
    let open = job.run(&[("args", "create --description 'open")]);
    assert!(
        open.outcome
            .expect(2)
            .stderr()
            .contains("a quote is not closed")
    );
}

#[test]
fn the_token_is_the_input_then_that_of_the_environment_then_that_of_the_job() {
    let (world, release) = (World::new(), Release::of(&targets()));
    let page = ReleasePage::of(&release);
    let mut job = Job::new(&world, &release, &page);
    let sent = |job: &Job<'_>, inputs: &[(&str, &str)]| {
        world.proxy.forget();
        let inputs = [inputs, &[("args", "list --json=id")]].concat();
        drop(job.run(&inputs).outcome.expect(0));
        let requests = job.world.proxy.requests();
        requests[0].header("authorization").map(str::to_owned)
    };
    assert_eq!(
        sent(&job, &[]).as_deref(),
        Some("Bearer the-token-of-the-job")
    );
    job.machine = job.machine.env("GH_ENTERPRISE_TOKEN", "of-another-server");
    assert_eq!(
        sent(&job, &[]).as_deref(),
        Some("Bearer the-token-of-the-job")
    );
    job.machine = job.machine.env("DEPLOYCTL_TOKEN", "of-the-environment");
    assert_eq!(
        sent(&job, &[]).as_deref(),
        Some("Bearer of-the-environment")
    );
    let given = [("token", "of-the-input")];
    assert_eq!(sent(&job, &given).as_deref(), Some("Bearer of-the-input"));

    // A command of the user gets none of the action's own variables.
    let args = "run --ref main -e staging -- sh -c 'env | grep ACTION_'";
    let given = [("args", args), ("token", "of-the-input")];
    let ran = job.run(&given).outcome.expect(0);
    assert!(!ran.stdout().contains("of-the-input"), "{}", ran.stdout());
    let names: Vec<&str> = ran
        .stdout()
        .lines()
        .filter_map(|line| line.split('=').next())
        .collect();
    assert_eq!(names, ["GITHUB_ACTION_PATH"]);
}

#[test]
fn gh_gets_the_token_of_the_job_for_its_own_server_only() {
    let (world, release) = (World::new(), Release::of(&targets()));
    let page = ReleasePage::of(&release);
    let mut job = Job::new(&world, &release, &page);
    let gh = "echo \"$GH_HOST ${GH_TOKEN:-none}\" >> \"$HOME/gh.log\"; echo --source-ref";
    // A runner without the tool cache, too.
    job.machine = job.machine.tool("gh", gh).without("RUNNER_TOOL_CACHE");
    let host = page.url().trim_start_matches("http://");
    for (server, token) in [
        (page.url(), "the-token-of-the-job"),
        ("https://ghe.example.com", "none"),
    ] {
        let log = job.machine.home().join("gh.log");
        drop(fs::remove_file(&log));
        job.machine = job.machine.env("GITHUB_SERVER_URL", server);
        drop(job.run(&[]).outcome.expect(0));
        let calls = fs::read_to_string(log).expect("calls");
        assert!(
            calls.lines().all(|call| call == format!("{host} {token}")),
            "{calls}"
        );
    }
}
