use hmac::{Hmac, Mac};
use sha2::Sha256;

/// What stands before the digest in the header `X-Hub-Signature-256`.
const SCHEME: &str = "sha256=";

/// A signature that is not that of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidSignature {
    /// There is none.
    #[error("it carries no X-Hub-Signature-256")]
    Missing,
    /// It is not `sha256=` and 64 hexadecimal digits.
    #[error("its X-Hub-Signature-256 is not of the form sha256=HEX")]
    Malformed,
    /// It was made with none of the secrets, or for another body.
    #[error("its signature does not match")]
    Mismatch,
}

/// Holds the value of `X-Hub-Signature-256` against the raw body, in constant
/// time. Several secrets serve while one replaces the other; any of them will
/// do.
///
/// # Errors
/// If there is no signature, it is malformed, or no secret made it. Without a
/// secret nothing is valid.
pub(crate) fn verify<S: AsRef<[u8]>>(
    secrets: &[S],
    header: Option<&str>,
    body: &[u8],
) -> Result<(), InvalidSignature> {
    let header = header.ok_or(InvalidSignature::Missing)?;
    let digest = header
        .strip_prefix(SCHEME)
        .and_then(digest_of)
        .ok_or(InvalidSignature::Malformed)?;
    // Every secret is tried, so that the time tells nothing of which one it was.
    let matches = secrets.iter().fold(false, |found, secret| {
        found | mac(secret.as_ref(), body).verify_slice(&digest).is_ok()
    });
    matches.then_some(()).ok_or(InvalidSignature::Mismatch)
}

fn mac(secret: &[u8], body: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length");
    mac.update(body);
    mac
}

fn digest_of(hex: &str) -> Option<[u8; 32]> {
    let hex = hex.as_bytes();
    if hex.len() != 64 {
        return None;
    }
    let mut digest = [0; 32];
    for (byte, pair) in digest.iter_mut().zip(hex.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The test vector of GitHub's documentation.
    const SECRET: &[u8] = b"It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello, World!";
    const SIGNATURE: &str =
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    fn sign(secret: &[u8], body: &[u8]) -> String {
        let digest = mac(secret, body).finalize().into_bytes();
        format!("{SCHEME}{digest:x}")
    }

    #[test]
    fn the_documented_vector_holds() {
        assert_eq!(verify(&[SECRET], Some(SIGNATURE), BODY), Ok(()));
    }

    #[test]
    fn any_of_several_secrets_will_do() {
        for secrets in [[SECRET, b"new"], [b"old", SECRET]] {
            assert_eq!(verify(&secrets, Some(SIGNATURE), BODY), Ok(()));
        }
    }

    #[test]
    fn what_is_not_signed_is_refused() {
        let no_secrets: [&[u8]; 0] = [];
        for (secrets, header, body, wanted) in [
            (&[SECRET][..], None, BODY, InvalidSignature::Missing),
            (&[SECRET], Some(""), BODY, InvalidSignature::Malformed),
            (
                &[SECRET],
                Some(&SIGNATURE[7..]),
                BODY,
                InvalidSignature::Malformed,
            ),
            (
                &[SECRET],
                Some("sha1=00"),
                BODY,
                InvalidSignature::Malformed,
            ),
            (
                &[SECRET],
                Some(&SIGNATURE[..70]),
                BODY,
                InvalidSignature::Malformed,
            ),
            (
                &[SECRET],
                Some(SIGNATURE),
                b"Hello, World?",
                InvalidSignature::Mismatch,
            ),
            (
                &[b"another"],
                Some(SIGNATURE),
                BODY,
                InvalidSignature::Mismatch,
            ),
            (
                &no_secrets[..],
                Some(SIGNATURE),
                BODY,
                InvalidSignature::Mismatch,
            ),
        ] {
            assert_eq!(verify(secrets, header, body), Err(wanted), "{header:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_signed_is_valid(secret: Vec<u8>, body: Vec<u8>) {
            prop_assert_eq!(verify(&[&secret], Some(&sign(&secret, &body)), &body), Ok(()));
        }

        #[test]
        fn any_header_is_taken_without_a_panic(header: String) {
            prop_assert!(verify(&[SECRET], Some(&header), BODY).is_err());
        }
    }
}
