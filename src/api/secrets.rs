use secrecy::{ExposeSecret, SecretSlice};
use serde::{Deserialize, Serialize};

use super::page::Item;
use super::path::ApiPath;
use super::request::Request;
use super::response::{ReadError, Response};
use super::sealed_box::seal;
use super::{ApiError, EnvironmentHandle};
use crate::model::{PublicKey, Secret};

#[derive(Serialize)]
struct SealedValue<'a> {
    encrypted_value: &'a str,
    key_id: &'a str,
}

impl Item for Secret {
    fn id(&self) -> Option<u64> {
        None
    }
}

impl EnvironmentHandle<'_> {
    /// All secrets of the environment, without their values. Needs the
    /// permission "Environments: read".
    ///
    /// See <https://docs.github.com/rest/actions/secrets#list-environment-secrets>.
    pub async fn secrets(self) -> Result<Vec<Secret>, ApiError> {
        self.client.list(&self.secrets_path()?, read_page).await
    }

    /// Encrypts a value with the environment's public key and sets it as the
    /// value of a secret. Returns whether the secret is new. Safe to repeat.
    /// Needs the permission "Environments: write".
    ///
    /// # Errors
    /// [`ApiError::Sealing`] if the server's public key is not valid.
    ///
    /// See <https://docs.github.com/rest/actions/secrets#create-or-update-an-environment-secret>.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/doc/sandbox.rs"));
    /// use deployctl::api::EnvironmentSettings;
    /// use secrecy::SecretSlice;
    ///
    /// # fn main() { with_sandbox(async |client, slug| {
    /// let qa = client.repo(&slug).environment("qa");
    /// qa.put(&EnvironmentSettings::new()).await?;
    /// let value = SecretSlice::from(b"hunter2".to_vec());
    /// let is_new = qa.put_secret("API_KEY", &value).await?;
    /// assert!(is_new);
    /// assert_eq!(qa.secrets().await?[0].name, "API_KEY");
    /// qa.delete_secret("API_KEY").await?;
    /// # Ok(())
    /// # }); }
    /// ```
    pub async fn put_secret(self, name: &str, value: &SecretSlice<u8>) -> Result<bool, ApiError> {
        let path = self.secrets_path()?.segment(name)?;
        let key = self.public_key().await?;
        let sealed = seal(&key, value.expose_secret())?;
        let body = SealedValue {
            encrypted_value: &sealed,
            key_id: &key.key_id,
        };
        let request = Request::put(path.below(self.client.rest()), &body)?;
        let read = |response: &Response| response.done(&[201]);
        let reply = self
            .client
            .call(&request, self.client.budget(), read)
            .await?;
        Ok(reply.response.status == 201)
    }

    /// Deletes a secret. Needs the permission "Environments: write".
    ///
    /// See <https://docs.github.com/rest/actions/secrets#delete-an-environment-secret>.
    pub async fn delete_secret(self, name: &str) -> Result<(), ApiError> {
        let path = self.secrets_path()?.segment(name)?;
        self.client.delete(&path).await
    }

    /// The key that the values of the environment's secrets are encrypted with.
    ///
    /// See <https://docs.github.com/rest/actions/secrets#get-an-environment-public-key>.
    async fn public_key(self) -> Result<PublicKey, ApiError> {
        self.client
            .get(&self.secrets_path()?.then("public-key"))
            .await
    }

    fn secrets_path(self) -> Result<ApiPath, ApiError> {
        Ok(self.path()?.then("secrets"))
    }
}

fn read_page(response: &Response) -> Result<Vec<Secret>, ReadError> {
    #[derive(Deserialize)]
    struct Page {
        secrets: Vec<Secret>,
    }
    response.json().map(|page: Page| page.secrets)
}
