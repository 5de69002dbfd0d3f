//! Each way of installing the program, from a local server that plays the release page.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::support::cli::{Machine, Outcome};
use crate::support::pty::Terminal;
use crate::support::release_page::{Release, ReleasePage, Target, VERSION, root, targets};
use crate::support::skipped;
use crate::world::World;

/// A release that is complete, and its page.
struct Published {
    release: Release,
    page: ReleasePage,
}

impl Published {
    fn new() -> Self {
        let release = Release::of(&targets());
        let page = ReleasePage::of(&release);
        let (done, messages) = release.finish(&page.repository(), true);
        assert!(done, "{messages}");
        Self { release, page }
    }

    /// Runs the release's installer as `curl … | sh -s -- ARGS` does.
    fn install(&self, machine: &Machine, args: &str) -> Outcome {
        let script = self.release.read("install.sh");
        let args = ["-s", "--"].into_iter().chain(args.split_whitespace());
        machine.program("sh", args).stdin(script).finish()
    }
}

/// A fresh machine of a platform.
fn machine(system: &str, processor: &str) -> Machine {
    let script = format!("case $1 in -s) echo {system} ;; -m) echo {processor} ;; esac");
    // The machine's own gh is not logged in, but it could be found anywhere.
    Machine::new().tool("uname", &script).tool("gh", "exit 1")
}

fn linux() -> Machine {
    machine("Linux", "x86_64")
}

fn installed(machine: &Machine) -> PathBuf {
    machine.home().join(".local/bin/deployctl")
}

fn archive(target: &str) -> String {
    format!("deployctl-{VERSION}-{target}.tar.gz")
}

#[test]
fn each_platform_gets_its_program() {
    let published = Published::new();
    for (system, processor, target) in [
        ("Linux", "x86_64", "x86_64-unknown-linux-musl"),
        ("Linux", "aarch64", "aarch64-unknown-linux-musl"),
        ("Darwin", "x86_64", "x86_64-apple-darwin"),
        ("Darwin", "arm64", "aarch64-apple-darwin"),
        ("MINGW64_NT-10.0-26100", "x86_64", "x86_64-pc-windows-gnu"),
        ("MSYS_NT-10.0-26100", "aarch64", "x86_64-pc-windows-gnu"),
    ] {
        let machine = machine(system, processor);
        let outcome = published.install(&machine, "").expect(0);
        let file = if target.contains("windows") {
            "deployctl.exe"
        } else {
            "deployctl"
        };
        let program = installed(&machine).with_file_name(file);
        let said = format!("installed deployctl {VERSION} as {}\n", program.display());
        assert!(outcome.stderr().starts_with(&said), "{}", outcome.stderr());
        let text = fs::read_to_string(program).expect("a program");
        assert!(text.contains(&format!("# {target}\n")), "{target}: {text}");
        let requests = published.page.requests();
        let download = format!("download/v{VERSION}");
        assert_eq!(
            requests,
            [
                "latest/download/SHA256SUMS".to_owned(),
                format!("{download}/SHA256SUMS"),
                format!("{download}/{}", archive(target)),
            ]
        );
    }
    for (system, processor, reason) in [
        ("FreeBSD", "amd64", "there is no deployctl for FreeBSD\n"),
        (
            "Linux",
            "riscv64",
            "there is no deployctl for Linux on riscv64\n",
        ),
    ] {
        let outcome = published.install(&machine(system, processor), "").expect(1);
        assert_eq!(outcome.stderr(), format!("error: {reason}"));
    }
    assert!(published.page.requests().is_empty());
}

#[test]
fn nothing_is_installed_that_was_changed() {
    let published = Published::new();
    let target = "x86_64-unknown-linux-musl";
    let file = published.release.path().join(archive(target));
    let other = published
        .release
        .path()
        .join(archive("x86_64-apple-darwin"));
    fs::copy(other, file).expect("another archive");
    let machine = linux();
    let outcome = published.install(&machine, "").expect(1);
    let sum = &published.release.sums()[&archive(target)];
    assert!(
        outcome.stderr().contains("has the checksum")
            && outcome
                .stderr()
                .contains(&format!("in place of {sum}; nothing was installed")),
        "{}",
        outcome.stderr()
    );
    assert!(!installed(&machine).exists());
}

#[test]
fn a_version_that_does_not_exist_is_named() {
    let published = Published::new();
    let machine = linux();
    let outcome = published.install(&machine, "--version v9.8.7").expect(1);
    assert_eq!(
        outcome.stderr(),
        format!(
            "error: there is no release 9.8.7: {}/releases/download/v9.8.7/SHA256SUMS was not found\n",
            published.page.repository()
        )
    );
    let sums = published.release.path().join("SHA256SUMS");
    fs::write(sums, "").expect("written");
    let outcome = published.install(&machine, "").expect(1);
    assert!(
        outcome
            .stderr()
            .contains("has no program for x86_64-unknown-linux-musl"),
        "{}",
        outcome.stderr()
    );
    for (args, reason) in [
        ("--version", "--version needs a value"),
        ("--nonsense", "unknown option --nonsense; see --help"),
        (
            "--attestation maybe",
            "--attestation is always, auto or never",
        ),
    ] {
        let outcome = published.install(&machine, args).expect(1);
        assert_eq!(outcome.stderr(), format!("error: {reason}\n"));
    }
    assert!(!installed(&machine).exists());
}

#[test]
fn a_proxy_is_used() {
    let published = Published::new();
    let machine = linux().env("http_proxy", published.page.url()).env(
        "DEPLOYCTL_REPOSITORY",
        "http://releases.invalid/acme/deployctl",
    );
    let args = format!("--version {VERSION}");
    drop(published.install(&machine, &args).expect(0));
    let page = format!("http://releases.invalid/acme/deployctl/releases/download/v{VERSION}");
    assert_eq!(
        published.page.requests(),
        [
            format!("{page}/SHA256SUMS"),
            format!("{page}/{}", archive("x86_64-unknown-linux-musl")),
        ]
    );
}

#[test]
fn an_archive_in_the_cache_is_verified_and_used() {
    let published = Published::new();
    let machine = linux();
    let cache = machine.home().join("cache");
    let args = format!("--version {VERSION} --cache {}", cache.display());
    drop(published.install(&machine, &args).expect(0));
    assert_eq!(published.page.requests().len(), 2);
    fs::remove_file(installed(&machine)).expect("removed");
    drop(published.install(&machine, &args).expect(0));
    assert!(published.page.requests().is_empty());
    assert!(installed(&machine).exists());

    let latest = format!("--cache {}", cache.display());
    drop(published.install(&machine, &latest).expect(0));
    let requests = published.page.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.ends_with("SHA256SUMS"))
    );

    let cached = cache
        .join(VERSION)
        .join(archive("x86_64-unknown-linux-musl"));
    fs::write(&cached, "cut off").expect("written");
    drop(published.install(&machine, &args).expect(0));
    assert_eq!(published.page.requests().len(), 2);
    assert!(fs::read(cached).expect("read").len() > 7);
}

#[test]
fn a_cache_has_a_path_of_windows_or_cannot_be_written() {
    let published = Published::new();
    let machine = linux();
    for _ in 0..2 {
        let args = format!("--version {VERSION} --cache C:cache");
        drop(published.install(&machine, &args).expect(0));
    }
    assert_eq!(published.page.requests().len(), 2);

    let file = machine.file("file", "");
    let args = format!("--cache {}", file.display());
    let outcome = published.install(&machine, &args).expect(0);
    let warning = format!("warning: {} cannot be written; ", file.display());
    assert!(outcome.stderr().contains(&warning), "{}", outcome.stderr());
}

#[test]
fn a_folder_or_a_program_that_cannot_be_used_changes_nothing() {
    let published = Published::new();
    let machine = linux();
    let file = machine.file("file", "");
    for to in [file.clone(), file.join("bin")] {
        let args = format!("--to {}", to.display());
        let outcome = published.install(&machine, &args).expect(1);
        let said = format!(
            "error: {} is not a folder that you can write to; choose another one with --to\n",
            to.display()
        );
        assert_eq!(outcome.stderr(), said);
    }

    drop(published.install(&machine, "").expect(0));
    let before = fs::read(installed(&machine)).expect("a program");
    // A program for another system.
    let others = machine.tool(
        "uname",
        "case $1 in -s) echo Linux ;; -m) echo arm64 ;; esac",
    );
    let broken = Release::with_program(&targets(), "exit 1");
    let page = ReleasePage::of(&broken);
    assert!(broken.finish(&page.repository(), true).0);
    let script = broken.read("install.sh");
    let outcome = others
        .program("sh", [""; 0])
        .stdin(script)
        .finish()
        .expect(1);
    assert_eq!(
        outcome.stderr(),
        "error: the program does not run here; nothing was installed\n"
    );
    assert_eq!(fs::read(installed(&others)).expect("a program"), before);
    let folder = installed(&others).parent().expect("a folder").to_owned();
    assert_eq!(fs::read_dir(folder).expect("a folder").count(), 1);
}

/// The machine with only these programs of this one, and those of the machine itself.
fn with_programs_only(machine: Machine, programs: &[&str]) -> Option<Machine> {
    let known = machine.environment()[std::ffi::OsStr::new("PATH")].clone();
    let tools = machine.tools();
    for name in programs {
        let found = std::env::split_paths(&known).map(|folder| folder.join(name));
        let found = found.into_iter().find(|path| path.exists())?;
        if !tools.join(name).exists() {
            std::os::unix::fs::symlink(found, tools.join(name)).expect("a link");
        }
    }
    Some(machine.env("PATH", tools))
}

/// What the installer runs, without a program for downloads.
const PROGRAMS: [&str; 16] = [
    "cat",
    "chmod",
    "cp",
    "cut",
    "dirname",
    "grep",
    "gzip",
    "head",
    "mkdir",
    "mktemp",
    "mv",
    "rm",
    "sed",
    "sh",
    "sha256sum",
    "tar",
];

#[test]
fn wget_is_enough() {
    let published = Published::new();
    let Some(machine) = with_programs_only(linux(), &[&PROGRAMS[..], &["wget"]].concat()) else {
        skipped("wget");
        return;
    };
    check_wget(&published, &machine, 4);
    let none = with_programs_only(linux(), &PROGRAMS).expect("programs");
    let outcome = published.install(&none, "").expect(1);
    let said = "error: curl or wget is needed for the download\n";
    assert_eq!(outcome.stderr(), said);
}

#[test]
fn busybox_is_enough() {
    let published = Published::new();
    let Some(machine) = with_programs_only(linux(), &["busybox"]) else {
        skipped("busybox");
        return;
    };
    let programs = PROGRAMS.iter().chain(&["wget"]);
    for name in programs {
        std::os::unix::fs::symlink("busybox", machine.tools().join(name)).expect("a link");
    }
    check_wget(&published, &machine, 1);
}

/// Installs with wget, which ends with `unreachable` if there is no server.
fn check_wget(published: &Published, machine: &Machine, unreachable: i32) {
    drop(published.install(machine, "").expect(0));
    assert!(installed(machine).exists());
    let outcome = published.install(machine, "--version 9.8.7").expect(1);
    let said = "error: there is no release 9.8.7: ";
    assert!(outcome.stderr().contains(said), "{}", outcome.stderr());
    if unreachable == 4 {
        let machine = linux()
            .env("PATH", &machine.environment()[std::ffi::OsStr::new("PATH")])
            .env("DEPLOYCTL_REPOSITORY", "http://127.0.0.1:1/acme/deployctl");
        let outcome = published.install(&machine, "").expect(1);
        let said = "SHA256SUMS cannot be downloaded: wget ended with 4\n";
        assert!(outcome.stderr().ends_with(said), "{}", outcome.stderr());
    }
}

#[test]
fn advice_about_the_path_and_about_denos_program() {
    let published = Published::new();
    let machine = linux();
    let folder = machine.home().join(".local/bin");
    let outcome = published.install(&machine, "").expect(0);
    let hint = format!(
        "hint: add it to the PATH in your shell's start-up file: export PATH=\"{}:$PATH\"\n",
        folder.display()
    );
    assert!(outcome.stderr().ends_with(&hint), "{}", outcome.stderr());
    // Each line works in its shell.
    for (shell, line, options, show) in [
        (
            "bash",
            "export PATH=\"FOLDER:$PATH\"",
            &["--norc"][..],
            "echo $PATH",
        ),
        ("fish", "fish_add_path 'FOLDER'", &[], "echo $PATH"),
        (
            "elvish",
            "set paths = ['FOLDER' $@paths]",
            &["-norc"],
            "echo $E:PATH",
        ),
        (
            "nu",
            "$env.PATH = ($env.PATH | prepend 'FOLDER')",
            &["--no-config-file"],
            "$env.PATH | str join ':'",
        ),
    ] {
        let line = line.replace("FOLDER", folder.to_str().expect("Unicode"));
        let machine = linux().env("SHELL", format!("/opt/bin/{shell}"));
        let machine = machine.env("HOME", folder.ancestors().nth(2).expect("the home"));
        let outcome = published.install(&machine, "").expect(0);
        assert!(
            outcome.stderr().ends_with(&format!(": {line}\n")),
            "{}",
            outcome.stderr()
        );
        if Command::new(shell).arg("--version").output().is_err() {
            skipped(shell);
            continue;
        }
        let script = format!("{line}; {show}");
        let words = options.iter().copied().chain(["-c", &script]);
        let shown = machine.program(shell, words).finish().expect(0);
        assert!(
            shown
                .stdout()
                .starts_with(folder.to_str().expect("Unicode")),
            "{shell}"
        );
    }

    // First the tools of the machine, then the folder of the program.
    let path = machine.environment()[std::ffi::OsStr::new("PATH")].clone();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.insert(1, folder.clone());
    let joined = std::env::join_paths(folders).expect("a PATH");
    let machine = machine.env("PATH", joined);
    let outcome = published.install(&machine, "").expect(0);
    assert_eq!(outcome.stderr().lines().count(), 1, "{}", outcome.stderr());

    for (script, what) in [
        (
            "exec deno run jsr:@deno/deployctl \"$@\"",
            "the command line of Deno Deploy",
        ),
        ("exit 0", "another program"),
    ] {
        let machine = machine_with(&machine, script);
        let outcome = published.install(&machine, "").expect(0);
        let found = machine.tools().join("deployctl");
        let warning = format!(
            "warning: 'deployctl' is {what} in this shell: {}\n",
            found.display()
        );
        assert!(outcome.stderr().ends_with(&warning), "{}", outcome.stderr());
        if what.contains("Deno") {
            let args = format!("--to {}", machine.tools().display());
            let outcome = published.install(&machine, &args).expect(1);
            let refusal = "is the command line of Deno Deploy; choose another folder with --to\n";
            assert!(outcome.stderr().ends_with(refusal), "{}", outcome.stderr());
            assert!(
                fs::read_to_string(found)
                    .expect("read")
                    .contains("deno run")
            );
        }
    }
}

/// The same PATH with another `deployctl` before all.
fn machine_with(machine: &Machine, script: &str) -> Machine {
    let path = machine.environment()[std::ffi::OsStr::new("PATH")].clone();
    let home = machine.home();
    linux()
        .env("PATH", path)
        .env("HOME", home)
        .tool(
            "uname",
            "case $1 in -s) echo Linux ;; -m) echo x86_64 ;; esac",
        )
        .tool("gh", "exit 1")
        .tool("deployctl", script)
}

#[test]
fn an_attestation_is_verified_if_gh_can() {
    let published = Published::new();
    let log = "echo \"$*\" >> \"$HOME/gh.log\"; echo \"$GH_HOST --source-ref\"";
    let machine = linux().tool("gh", log);
    drop(published.install(&machine, "").expect(0));
    let calls = fs::read_to_string(machine.home().join("gh.log")).expect("calls");
    let last = calls.lines().last().expect("a call");
    assert!(last.starts_with("attestation verify ") && last.contains("linux-musl.tar.gz --repo"));
    assert!(
        last.ends_with(&format!(
            "--repo acme/deployctl --source-ref refs/tags/v{VERSION} \
             --signer-workflow acme/deployctl/.github/workflows/release.yml"
        )),
        "{last}"
    );

    let refuses = "case \"$* \" in *--help*|auth*) echo --source-ref ;; *) exit 1 ;; esac";
    let machine = linux().tool("gh", refuses);
    let outcome = published.install(&machine, "").expect(1);
    let said = "gh cannot verify the attestation of";
    assert!(outcome.stderr().contains(said), "{}", outcome.stderr());
    assert!(!installed(&machine).exists());
    drop(published.install(&machine, "--attestation never").expect(0));

    // A gh that is too old, and one that is logged in to another server.
    let host = published.page.url().trim_start_matches("http://");
    let elsewhere = format!(
        "case \"$*\" in *--help) echo --source-ref ;; *) [ \"$GH_HOST\" != {host} ] ;; esac"
    );
    for gh in ["exit 1", "exit 0", &elsewhere] {
        let machine = linux().tool("gh", gh);
        drop(published.install(&machine, "").expect(0));
        let outcome = published
            .install(&machine, "--attestation always")
            .expect(1);
        let said = format!("error: --attestation always needs a gh that is logged in to {host}, ");
        assert!(outcome.stderr().starts_with(&said), "{}", outcome.stderr());
    }
}

#[test]
fn the_template_installs_from_nowhere() {
    let script = root().join(".ci/templates/install.sh");
    let script = fs::read_to_string(script).expect("the template");
    for text in [
        script.clone(),
        script.replace("@REPOSITORY@", "https://github.com/OWNER/deployctl"),
    ] {
        let outcome = linux()
            .program("sh", [""; 0])
            .stdin(text)
            .finish()
            .expect(1);
        let said = "this copy names no repository to install from";
        assert!(outcome.stderr().contains(said), "{}", outcome.stderr());
    }
    let help = linux()
        .program("sh", ["-s", "--", "--help"])
        .stdin(script)
        .finish();
    assert!(help.expect(0).stdout().contains("--attestation WHEN"));
}

const REPOSITORY: &str = "https://github.example/acme/deployctl";

#[test]
fn package_managers_get_the_checksums_of_the_release() {
    let release = Release::of(&targets());
    let (done, messages) = release.finish(REPOSITORY, true);
    assert!(done, "{messages}");
    let sums = release.sums();
    let page = format!("{REPOSITORY}/releases/download/v{VERSION}/");

    let formula = release.read("github-deployctl.rb");
    let quoted = |word: &str| -> Vec<String> {
        let lines = formula.lines().map(str::trim);
        lines
            .filter_map(|line| {
                line.strip_prefix(word)?
                    .trim()
                    .strip_prefix('"')?
                    .strip_suffix('"')
            })
            .map(str::to_owned)
            .collect()
    };
    let (urls, hashes) = (quoted("url "), quoted("sha256 "));
    assert_eq!((urls.len(), hashes.len()), (4, 4));
    for (url, hash) in urls.iter().zip(&hashes) {
        let file = url.strip_prefix(&page).expect("a file of the release");
        assert_eq!(&sums[file], hash, "{file}");
    }
    assert_eq!(quoted("version "), [VERSION]);
    for file in quoted("bash_completion.install ")
        .iter()
        .chain(&quoted("zsh_completion.install "))
        .chain(&quoted("fish_completion.install "))
    {
        let file = file.split('"').next().expect("a file");
        assert!(root().join(file).exists(), "{file}");
    }
    let opened = formula.matches(" do\n").count() + formula.matches("\n  def ").count() + 1;
    let closed = formula.lines().filter(|line| line.trim() == "end").count();
    assert_eq!(opened, closed, "{formula}");

    let windows = "gh-deployctl-windows-amd64.exe";
    let scoop: Value = serde_json::from_str(&release.read("deployctl.json")).expect("JSON");
    let part = &scoop["architecture"]["64bit"];
    assert_eq!(scoop["version"], VERSION);
    assert_eq!(part["url"], format!("{page}{windows}#/deployctl.exe"));
    assert_eq!(part["hash"], sums[windows]);

    let yaml = |name: &str| -> Value {
        serde_saphyr::from_str(&release.read(&format!("acme.deployctl{name}.yaml"))).expect("YAML")
    };
    let (version, installer, locale) = (yaml(""), yaml(".installer"), yaml(".locale.en-US"));
    for (manifest, kind) in [
        (&version, "version"),
        (&installer, "installer"),
        (&locale, "defaultLocale"),
    ] {
        assert_eq!(manifest["ManifestType"], kind);
        assert_eq!(manifest["PackageIdentifier"], "acme.deployctl");
        assert_eq!(manifest["PackageVersion"], VERSION);
    }
    let part = &installer["Installers"][0];
    assert_eq!(part["InstallerUrl"], format!("{page}{windows}"));
    assert_eq!(part["InstallerSha256"], sums[windows]);
    assert_eq!(locale["PackageUrl"], REPOSITORY);
    assert!(!release.read("install.sh").contains("@REPOSITORY@"));
}

#[test]
fn a_manifest_without_its_target_is_left_out() {
    let some: Vec<Target> = targets()
        .into_iter()
        .filter(|target| !target.name.contains("darwin"))
        .collect();
    let release = Release::of(&some);
    let (done, messages) = release.finish(REPOSITORY, false);
    assert!(
        done && messages.contains("github-deployctl.rb is left out"),
        "{messages}"
    );
    assert!(!release.path().join("github-deployctl.rb").exists());
    assert!(release.path().join("deployctl.json").exists());
    let (done, _) = release.finish(REPOSITORY, true);
    assert!(!done);
}

/// `Cargo.toml` as a table.
fn manifest() -> toml::Table {
    let text = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    text.parse().expect("TOML")
}

#[test]
fn cargo_binstall_finds_the_archives() {
    let manifest = manifest();
    let settings = &manifest["package"]["metadata"]["binstall"];
    let msvc = "x86_64-pc-windows-msvc";
    let known = targets();
    let asked = known
        .iter()
        .map(|target| target.name.as_str())
        .chain([msvc]);
    for target in asked {
        let own = settings["overrides"].get(target).unwrap_or(settings);
        let filled = |key: &str| {
            let text = own[key].as_str().expect("text");
            text.replace("{ repo }", REPOSITORY)
                .replace("{ name }", "deployctl")
                .replace("{ bin }", "deployctl")
                .replace("{ version }", VERSION)
                .replace("{ target }", target)
                .replace(
                    "{ binary-ext }",
                    if target.contains("windows") {
                        ".exe"
                    } else {
                        ""
                    },
                )
        };
        let built = match target {
            "x86_64-unknown-linux-gnu" => "x86_64-unknown-linux-musl".to_owned(),
            target => target.replace("msvc", "gnu"),
        };
        let built = known
            .iter()
            .find(|one| one.name == built)
            .expect("a target");
        let archive = built.archive();
        let page = format!("{REPOSITORY}/releases/download/v{VERSION}");
        assert_eq!(filled("pkg-url"), format!("{page}/{archive}"));
        let folder = archive.trim_end_matches(".tar.gz");
        assert_eq!(filled("bin-dir"), format!("{folder}/{}", built.program()));
    }
    assert_eq!(settings["pkg-fmt"].as_str(), Some("tgz"));
}

#[test]
fn the_address_and_the_version_are_the_same_everywhere() {
    let manifest = manifest();
    let package = &manifest["workspace"]["package"];
    let address = package["repository"].as_str().expect("an address");
    assert_eq!(package["homepage"].as_str(), Some(address));
    let slug = address
        .strip_prefix("https://github.com/")
        .expect("on GitHub");
    let mut texts = vec![root().join("README.md")];
    for file in fs::read_dir(root().join("examples/workflows")).expect("the folder") {
        texts.push(file.expect("a file").path());
    }
    let mut uses = 0;
    for path in texts {
        let text = fs::read_to_string(&path).expect("a text");
        for used in text
            .split("uses: ")
            .skip(1)
            .filter(|used| used.contains("deployctl@"))
        {
            uses += 1;
            let line = used.lines().next().expect("a line");
            assert_eq!(line, format!("{slug}@v{VERSION}"), "{}", path.display());
        }
        for link in text
            .split("https://github.com/")
            .skip(1)
            .filter(|l| l.contains("/releases/"))
        {
            let line = link.lines().next().expect("a line");
            if line.contains("/releases/") {
                assert!(line.starts_with(&format!("{slug}/releases/")), "{line}");
            }
        }
    }
    assert!(uses >= 4, "{uses}");
}

#[test]
fn the_container_starts_the_agent_without_rights() {
    let text = fs::read_to_string(root().join("Containerfile")).expect("the Containerfile");
    let instructions: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            line.split_once(' ')
                .expect("an instruction and its arguments")
        })
        .collect();
    let one = |name: &str| {
        let mut found = instructions.iter().filter(|(own, _)| *own == name);
        let (_, arguments) = found.next().unwrap_or_else(|| panic!("no {name}"));
        *arguments
    };
    let user: Vec<u32> = one("USER")
        .split(':')
        .map(|id| id.parse().expect("a number"))
        .collect();
    assert!(user.len() == 2 && user.iter().all(|id| *id != 0));
    let words = |name: &str| -> Vec<String> {
        serde_json::from_str(one(name)).expect("the form without a shell")
    };
    // The names that Docker gives to platforms are those of the programs for gh.
    let (program, path) = one("COPY")
        .trim_start_matches("--chmod=755 ")
        .split_once(' ')
        .expect("two");
    let platforms: Vec<String> = targets()
        .into_iter()
        .filter_map(|target| target.platform)
        .collect();
    // Docker takes a default in place of the processor that it builds for.
    assert!(instructions.contains(&("ARG", "TARGETARCH")));
    for processor in ["amd64", "arm64"] {
        let file = program.replace("${TARGETARCH}", processor);
        let platform = file
            .strip_prefix("gh-deployctl-")
            .expect("a program for gh");
        assert!(platforms.iter().any(|known| known == platform), "{file}");
    }
    let entry = words("ENTRYPOINT");
    assert_eq!(entry, [path, "agent"]);
    // The arguments are understood: only the file is missing.
    let arguments = entry.iter().skip(1).cloned().chain(words("CMD"));
    let outcome = Machine::new().run(arguments).expect(2);
    if cfg!(feature = "agent") {
        let missing = "error: /etc/deployctl/deployctl.toml: No such file";
        assert!(
            outcome.stderr().starts_with(missing),
            "{}",
            outcome.stderr()
        );
    }
}

/// Runs the extension as gh does, by the path of its program.
fn extension(machine: &Machine, launcher: &Path, line: &str) -> Outcome {
    let launcher = launcher.to_str().expect("Unicode");
    machine.program(launcher, line.split(' ')).finish()
}

#[test]
fn the_extension_names_commands_as_they_are_called() {
    let (_folder, launcher) = Release::extension();
    let machine = Machine::new();
    let help = extension(&machine, &launcher, "list --help").expect(0);
    for line in ["Usage: gh deployctl list [OPTIONS]", "  gh deployctl list"] {
        assert!(help.stdout().contains(line), "{line}: {}", help.stdout());
    }
    let same = extension(&machine, &launcher, "help list").expect(0);
    assert_eq!(same.stdout(), help.stdout());
    let topic = extension(&machine, &launcher, "help actions").expect(0);
    assert!(topic.stdout().contains("url=$(gh deployctl wait -e"));
    assert!(topic.stdout().contains("deployctl finds the repository"));
    for line in ["--help", "list --help", "help exit-codes", "env --help"] {
        let text = extension(&machine, &launcher, line).expect(0);
        let own = machine.run(line.split(' ')).expect(0);
        assert_eq!(
            text.stdout().replace("gh deployctl", "deployctl"),
            own.stdout()
        );
        let lines = text.stdout().lines().map(str::trim_start);
        let missed: Vec<&str> = lines
            .filter(|line| line.starts_with("deployctl -"))
            .collect();
        assert!(missed.is_empty(), "{missed:?}");
    }
    let wrong = extension(&machine, &launcher, "list --nonsense").expect(2);
    assert!(
        wrong.stderr().contains("Usage: gh deployctl list"),
        "{}",
        wrong.stderr()
    );
    let unknown = extension(&machine, &launcher, "help creat").expect(2);
    let hint = "hint: did you mean 'gh deployctl help create'?\n";
    assert!(unknown.stderr().ends_with(hint), "{}", unknown.stderr());

    let elsewhere = Machine::new().tool("uname", "echo Plan9");
    let outcome = extension(&elsewhere, &launcher, "list").expect(1);
    let said = "error: there is no deployctl for Plan9-Plan9 here: ";
    assert!(outcome.stderr().starts_with(said), "{}", outcome.stderr());
}

#[test]
fn gh_runs_the_extension_with_its_own_settings() {
    let world = World::new();
    let (_folder, launcher) = Release::extension();
    let machine = Machine::new()
        .env("DEPLOYCTL_API_URL", world.server.url())
        .env("GH_HOST", "ghe.example.com")
        .env("GH_ENTERPRISE_TOKEN", "a-token-of-the-tests")
        .env("GH_REPO", "octocat/hello-world");
    let id = world.create("--ref main -e staging");
    // What gh itself does: it runs the file of this name in its folder.
    let list = extension(&machine, &launcher, "list --json=id --jq .[].id").expect(0);
    assert_eq!(list.stdout().trim_end(), id);

    // Without GH_HOST it works on the hosts of gh's logins.
    let elsewhere = Machine::new().env("DEPLOYCTL_NO_GH", "1");
    let folder = elsewhere.home().join("config/gh");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(
        folder.join("hosts.yml"),
        "ghe.example.com:\n    user: octocat\n",
    )
    .expect("written");
    let list = extension(&elsewhere, &launcher, "list -R octocat/hello-world").expect(4);
    assert!(
        list.stderr().contains("no token for ghe.example.com"),
        "{}",
        list.stderr()
    );
    let own = elsewhere
        .run(["list", "-R", "octocat/hello-world"])
        .expect(4);
    assert!(
        own.stderr().contains("no token for github.com"),
        "{}",
        own.stderr()
    );

    if Command::new("gh").arg("--version").output().is_err() {
        skipped("gh");
        return;
    }
    let folder = launcher.parent().expect("a folder");
    let gh = machine.at(folder).env("GH_TOKEN", "a-token-of-the-tests");
    drop(
        gh.program("gh", ["extension", "install", "."])
            .finish()
            .expect(0),
    );
    let list = gh.program("gh", ["deployctl", "list", "--json=id", "--jq", ".[].id"]);
    assert_eq!(list.finish().expect(0).stdout().trim_end(), id);
    let terminal = Terminal::start_program(&gh, 30, 100, "gh", ["deployctl", "list"]);
    let ending = terminal.finish().expect(0);
    assert!(ending.screen.contains(&id), "{}", ending.screen);
    let terminal = Terminal::start_program(&gh, 100, 100, "gh", ["deployctl", "create", "-h"]);
    let ending = terminal.finish().expect(0);
    assert!(
        ending.screen.contains("Usage: gh deployctl create"),
        "{}",
        ending.screen
    );
}
