use url::Url;

use super::session::Session;
use crate::error::{Failure, Kind};
use crate::model::{Endpoints, RepoSlug};
use crate::term::open_page;

impl Session {
    /// Opens a page of the command's repository, without a request.
    ///
    /// # Errors
    /// As for [`Session::open_page`].
    pub(crate) async fn open_repository_page(
        &self,
        page: impl FnOnce(&Endpoints, &RepoSlug) -> Url,
    ) -> anyhow::Result<()> {
        let url = if self.is_sandbox() {
            let connection = self.connect(None).await?;
            page(connection.client.endpoints(), &connection.repo)
        } else {
            let target = self.target()?;
            page(&target.server.endpoints, &target.slug)
        };
        self.open_page(&url)
    }

    /// Opens a page in a web browser. Without a terminal, prints its URL.
    ///
    /// # Errors
    /// If no browser can be started, or the page is on the sandbox, which ends
    /// with the command. The URL is printed.
    pub(crate) fn open_page(&self, url: &Url) -> anyhow::Result<()> {
        let has_terminal = self.term.stdout_is_tty();
        if has_terminal && !self.is_sandbox() && open_page(&self.env, url.as_str()) {
            self.term.note(format!("opened {url}"));
            return Ok(());
        }
        self.term.line(url.as_str())?;
        if !has_terminal {
            return Ok(());
        }
        let failure = if self.is_sandbox() {
            Failure::new(
                Kind::Other,
                "the sandbox ends with this command, and its pages too",
            )
            .hint("run 'deployctl sandbox serve', which serves them until it is interrupted")
        } else {
            Failure::new(Kind::Other, "no web browser could be started")
                .hint("set BROWSER to the name of a program that opens a URL")
        };
        Err(failure.into())
    }
}
