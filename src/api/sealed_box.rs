use base64::prelude::{BASE64_STANDARD, Engine as _};
use crypto_box::aead::OsRng;

use super::ApiError;
use crate::model::PublicKey;

/// Encrypts a value so that only the owner of the private key can read it:
/// libsodium's `crypto_box_seal`, in base64.
///
/// The ephemeral key comes from the system's random number generator; it is not
/// a parameter because no other generator would be secure.
///
/// # Errors
/// [`ApiError::Sealing`] if the key is not 32 bytes in base64, or the system
/// has no randomness.
///
/// See <https://docs.github.com/rest/guides/encrypting-secrets-for-the-rest-api>.
pub fn seal(key: &PublicKey, value: &[u8]) -> Result<String, ApiError> {
    let bytes = BASE64_STANDARD.decode(&key.key).ok();
    let bytes: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.try_into().ok());
    let bytes = bytes.ok_or_else(|| {
        ApiError::Sealing("the server's public key is not 32 bytes in base64".to_owned())
    })?;
    let sealed = crypto_box::PublicKey::from(bytes)
        .seal(&mut OsRng, value)
        .map_err(|error| ApiError::Sealing(error.to_string()))?;
    Ok(BASE64_STANDARD.encode(sealed))
}

#[cfg(test)]
mod tests {
    use crypto_box::SecretKey;

    use super::*;

    fn key(secret: &SecretKey) -> PublicKey {
        PublicKey {
            key_id: "1".to_owned(),
            key: BASE64_STANDARD.encode(secret.public_key().as_bytes()),
        }
    }

    #[test]
    fn only_the_owner_of_the_key_can_open_it() {
        let (owner, other) = (SecretKey::from([7; 32]), SecretKey::from([8; 32]));
        let large = vec![0xff; 48 * 1024];
        for value in [&b""[..], b"hunter2", "é\0\n".as_bytes(), &large] {
            let sealed = seal(&key(&owner), value).expect("sealed");
            let sealed = BASE64_STANDARD.decode(sealed).expect("base64");
            assert_eq!(sealed.len(), value.len() + 48);
            assert_eq!(owner.unseal(&sealed).expect("opened"), value);
            assert!(other.unseal(&sealed).is_err());
        }
    }

    #[test]
    fn no_two_boxes_are_alike() {
        let key = key(&SecretKey::from([7; 32]));
        let sealed = |value: &[u8]| seal(&key, value).expect("sealed");
        assert_ne!(sealed(b"a"), sealed(b"a"));
    }

    #[test]
    fn a_key_that_is_none_is_refused() {
        for text in ["", "AAAA", "not base64!", &"A".repeat(44)] {
            let key = PublicKey {
                key_id: "1".to_owned(),
                key: text.to_owned(),
            };
            assert!(matches!(seal(&key, b"x"), Err(ApiError::Sealing(_))));
        }
    }
}
