use secrecy::{ExposeSecret, SecretSlice};
use serde::{Deserialize, Serialize};

use super::answer::{Answer, Misread};
use super::environments::environment_path;
use super::page::{Item, Walk};
use super::path::ApiPath;
use super::sealed::seal;
use super::transport::Request;
use super::{ApiError, Client, Paging};
use crate::model::{PublicKey, RepoSlug, Secret};

#[derive(Serialize)]
struct Put<'a> {
    encrypted_value: &'a str,
    key_id: &'a str,
}

impl Item for Secret {
    fn number(&self) -> Option<u64> {
        None
    }
}

impl Client {
    /// All secrets of an environment, without their values. Needs the
    /// permission "Environments: read".
    ///
    /// See <https://docs.github.com/rest/actions/secrets#list-environment-secrets>.
    pub async fn secrets(
        &self,
        repo: &RepoSlug,
        environment: &str,
    ) -> Result<Vec<Secret>, ApiError> {
        let url = path(repo, environment)?.below(self.rest());
        Walk::new(self, url, Paging::all(), self.budget(), listed)
            .all()
            .await
    }

    /// The key that an environment's secrets are sealed with. Needs the
    /// permission "Environments: read".
    ///
    /// See <https://docs.github.com/rest/actions/secrets#get-an-environment-public-key>.
    pub async fn public_key(
        &self,
        repo: &RepoSlug,
        environment: &str,
    ) -> Result<PublicKey, ApiError> {
        let url = path(repo, environment)?
            .then("public-key")
            .below(self.rest());
        let reply = self
            .call(&Request::get(url), self.budget(), Answer::json)
            .await?;
        Ok(reply.value)
    }

    /// Seals a value and writes it, in place of one that was there; whether
    /// the secret is new. Safe to repeat. Needs the permission "Environments:
    /// write".
    ///
    /// # Errors
    /// [`ApiError::Sealing`] if the server's key is none.
    ///
    /// See <https://docs.github.com/rest/actions/secrets#create-or-update-an-environment-secret>.
    pub async fn put_secret(
        &self,
        repo: &RepoSlug,
        environment: &str,
        name: &str,
        value: &SecretSlice<u8>,
    ) -> Result<bool, ApiError> {
        let path = path(repo, environment)?.segment(name)?;
        let key = self.public_key(repo, environment).await?;
        let sealed = seal(&key, value.expose_secret())?;
        let body = Put {
            encrypted_value: &sealed,
            key_id: &key.key_id,
        };
        let request = Request::put(path.below(self.rest()), &body)?;
        let reply = self
            .call(&request, self.budget(), |answer| answer.done(&[201]))
            .await?;
        Ok(reply.answer.status == 201)
    }

    /// Deletes a secret. Needs the permission "Environments: write".
    ///
    /// See <https://docs.github.com/rest/actions/secrets#delete-an-environment-secret>.
    pub async fn delete_secret(
        &self,
        repo: &RepoSlug,
        environment: &str,
        name: &str,
    ) -> Result<(), ApiError> {
        self.delete(path(repo, environment)?.segment(name)?).await
    }
}

fn path(repo: &RepoSlug, environment: &str) -> Result<ApiPath, ApiError> {
    Ok(environment_path(repo, environment)?.then("secrets"))
}

fn listed(answer: &Answer) -> Result<Vec<Secret>, Misread> {
    #[derive(Deserialize)]
    struct Page {
        secrets: Vec<Secret>,
    }
    answer.json().map(|page: Page| page.secrets)
}
