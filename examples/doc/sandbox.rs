// What the examples in the documentation of `src/api` run on: a sandbox with
// the repository octocat/hello-world, and a client of it.

#[cfg(feature = "sandbox")]
fn with_sandbox(
    example: impl AsyncFnOnce(
        deployctl::api::Client,
        deployctl::model::RepoSlug,
    ) -> Result<(), Box<dyn std::error::Error>>,
) {
    use deployctl::api::{Client, ClientConfig, Token};
    use deployctl::model::Endpoints;
    use deployctl::sandbox::{Config, RepositorySource, Sandbox};

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let done = runtime.block_on(async {
        let data = tempfile::tempdir()?;
        let mut config = Config::new(data.path());
        config.repositories = vec![RepositorySource {
            owner: "octocat".to_owned(),
            name: "hello-world".to_owned(),
            path: None,
        }];
        let sandbox = Sandbox::start(config).await?;
        let endpoints = Endpoints::from_rest(&sandbox.url().parse()?);
        let config = ClientConfig::new(endpoints).token(Token::new("any".to_owned())?);
        example(Client::new(config)?, "octocat/hello-world".parse()?).await
    });
    done.expect("the example works");
}

#[cfg(not(feature = "sandbox"))]
fn with_sandbox(
    _: impl AsyncFnOnce(
        deployctl::api::Client,
        deployctl::model::RepoSlug,
    ) -> Result<(), Box<dyn std::error::Error>>,
) {
}
