use std::fmt;
use std::sync::{Arc, OnceLock};
use std::thread;

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError,
    SignatureScheme,
};
use rustls_native_certs::load_native_certs;
use rustls_platform_verifier::Verifier;

use super::ApiError;

/// The TLS configuration, with the certificates that the system trusts.
///
/// Reading them takes longer than the rest of a command, so nothing is read for
/// plain http. With `ahead`, a thread reads them at once, while the host name
/// is resolved and the connection is established.
pub(super) fn tls(ahead: bool) -> Result<ClientConfig, ApiError> {
    let provider = Arc::new(ring::default_provider());
    let system = SystemCertificates {
        provider: Arc::clone(&provider),
        verifier: Arc::default(),
    };
    if ahead {
        let system = system.clone();
        // Without the thread they are read when they are needed.
        drop(thread::Builder::new().spawn(move || system.verifier().is_ok()));
    }
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ApiError::Setup(error.to_string()))?;
    let mut config = builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(system))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// The platform's verifier, created when it is first needed.
#[derive(Clone)]
struct SystemCertificates {
    provider: Arc<CryptoProvider>,
    verifier: Arc<OnceLock<Result<Verifier, Error>>>,
}

impl SystemCertificates {
    fn verifier(&self) -> Result<&Verifier, Error> {
        self.verifier
            .get_or_init(|| {
                Verifier::new(Arc::clone(&self.provider)).map_err(|error| unread().unwrap_or(error))
            })
            .as_ref()
            .map_err(Clone::clone)
    }
}

impl fmt::Debug for SystemCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemCertificates").finish_non_exhaustive()
    }
}

impl ServerCertVerifier for SystemCertificates {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.verifier()?.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verified {
            // The verifier has checked the dates before it reports this.
            Err(Error::InvalidCertificate(reason))
                if is_of_an_authority(&reason) && is_trusted(end_entity) =>
            {
                verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
                Ok(ServerCertVerified::assertion())
            }
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier()?
            .verify_tls12_signature(message, cert, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier()?
            .verify_tls13_signature(message, cert, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        // The client's first message needs these before any certificate is
        // read.
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Whether a certificate is rejected only because it is a certificate
/// authority's, like the self-signed certificates that openssl creates.
fn is_of_an_authority(reason: &CertificateError) -> bool {
    matches!(reason, CertificateError::Other(OtherError(cause)) if cause.to_string() == "CaUsedAsEndEntity")
}

/// Whether exactly this certificate is one of those that the system, or
/// `SSL_CERT_FILE`, trusts.
fn is_trusted(certificate: &CertificateDer<'_>) -> bool {
    load_native_certs().certs.contains(certificate)
}

/// Why no certificate could be read, if the reason is known.
fn unread() -> Option<Error> {
    let error = load_native_certs().errors.into_iter().next()?;
    Some(Error::General(format!(
        "the trusted certificates cannot be read: {error}"
    )))
}

/// Describes a TLS error that another attempt would meet again; `None` for a
/// temporary one.
pub(super) fn lasting_fault(error: &Error) -> Option<String> {
    use AlertDescription as Alert;
    Some(match error {
        Error::AlertReceived(Alert::CloseNotify | Alert::InternalError | Alert::UserCanceled) => {
            return None;
        }
        Error::InvalidCertificate(reason) => {
            format!(
                "the server's certificate is not accepted: {}",
                describe(reason)
            )
        }
        Error::InvalidMessage(_) => "the server does not speak TLS there".to_owned(),
        Error::General(text) => text.clone(),
        other => other.to_string(),
    })
}

/// How many names of a certificate are shown.
const MOST_NAMES: usize = 5;

/// The name in rustls's notation, such as `DnsName("x")`.
fn bare(name: &str) -> &str {
    name.split_once('(').map_or(name, |(_, inner)| {
        inner.trim_end_matches(')').trim_matches('"')
    })
}

fn describe(reason: &CertificateError) -> String {
    let at = |time: &UnixTime| {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
    };
    match reason {
        CertificateError::UnknownIssuer => "its issuer is not trusted".to_owned(),
        CertificateError::Expired => "it has expired".to_owned(),
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("it expired at {}", at(not_after))
        }
        CertificateError::NotValidYet => "it is not valid yet".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("it is not valid before {}", at(not_before))
        }
        CertificateError::NotValidForName => "it is valid for another host".to_owned(),
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => {
            let names = match presented.as_slice() {
                [] => "no host".to_owned(),
                some => {
                    let shown: Vec<&str> = some
                        .iter()
                        .take(MOST_NAMES)
                        .map(|name| bare(name))
                        .collect();
                    shown.join(", ")
                }
            };
            format!("it is valid for {names}, but not for {}", expected.to_str())
        }
        CertificateError::Revoked => "it was revoked".to_owned(),
        reason if is_of_an_authority(reason) => {
            "it is a certificate authority's (CA:TRUE), and not itself trusted".to_owned()
        }
        other => other.to_string(),
    }
}
