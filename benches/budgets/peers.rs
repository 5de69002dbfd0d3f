//! The command lines of each program for a server on this machine.

use crate::PROGRAM;
use crate::measure::{Run, find};
use crate::sandbox::REPO;

/// deployctl.
pub(crate) fn deployctl(line: &str, address: &str) -> Run {
    Run::new(PROGRAM, line)
        .env("DEPLOYCTL_API_URL", format!("http://{address}"))
        .env("DEPLOYCTL_TOKEN", "bench")
        .env("DEPLOYCTL_REPO", REPO)
}

/// gh, which uses plain http for one host name only, and reaches it with a proxy.
pub(crate) fn gh(line: &str, address: &str) -> Option<Run> {
    let proxy = format!("http://{address}");
    Some(
        Run::new(find("gh")?, line)
            .env("GH_HOST", "github.localhost")
            .env("GH_TOKEN", "bench")
            .env("GH_ENTERPRISE_TOKEN", "bench")
            .env("GH_NO_UPDATE_NOTIFIER", "1")
            .env(
                "GH_CONFIG_DIR",
                std::env::temp_dir()
                    .join("deployctl-bench-gh")
                    .to_string_lossy(),
            )
            .env("HTTP_PROXY", proxy.clone())
            .env("http_proxy", proxy),
    )
}

/// curl, for one request.
pub(crate) fn curl(path: &str, address: &str) -> Option<Run> {
    let line = format!("--silent --fail --compressed http://{address}/{path}");
    Some(
        Run::new(find("curl")?, &line)
            .arg("--header")
            .arg("authorization: Bearer bench"),
    )
}
