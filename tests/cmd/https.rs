//! HTTPS to a server whose certificate authority only this user trusts.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::support::cli::Machine;

/// A server that answers every request with an empty list. Its threads run
/// until the tests end.
struct Server {
    url: String,
    requests: Arc<AtomicUsize>,
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/tls")
        .join(name)
}

impl Server {
    fn start(certificate: &str) -> Self {
        let certificate =
            CertificateDer::from_pem_file(fixture(certificate)).expect("a certificate");
        let key = PrivateKeyDer::from_pem_file(fixture("server.key")).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("a pair");
        let config = Arc::new(config);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let url = format!("https://{}", listener.local_addr().expect("an address"));
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        let (started, starts) = mpsc::channel();
        thread::spawn(move || {
            started.send(()).expect("the test waits");
            for client in listener.incoming().flatten() {
                let (config, count) = (Arc::clone(&config), Arc::clone(&count));
                // A client that does not trust the certificate closes the
                // connection.
                thread::spawn(move || drop(answer(config, client, &count)));
            }
        });
        starts.recv().expect("started");
        Self { url, requests }
    }
}

fn answer(
    config: Arc<ServerConfig>,
    client: TcpStream,
    count: &AtomicUsize,
) -> Result<(), Box<dyn std::error::Error>> {
    let connection = ServerConnection::new(config)?;
    let mut stream = BufReader::new(StreamOwned::new(connection, client));
    let mut line = String::new();
    while stream.read_line(&mut line)? > 2 {
        line.clear();
    }
    count.fetch_add(1, Ordering::SeqCst);
    let stream = stream.get_mut();
    stream.write_all(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\
          connection: close\r\n\r\n[]",
    )?;
    stream.conn.send_close_notify();
    stream.flush()?;
    // The client closes the connection first.
    drop(stream.sock.read(&mut [0]));
    Ok(())
}

#[test]
fn a_private_authority_is_trusted_when_it_is_configured() {
    let server = Server::start("server.pem");
    let machine = Machine::with_server(&server.url);
    let trusting = Machine::with_server(&server.url).env("SSL_CERT_FILE", fixture("authority.pem"));
    let outcome = trusting.run(["list", "--json=id"]).expect(0);
    assert_eq!(outcome.stdout(), "[]\n");
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);

    let outcome = machine.run(["list", "--json=id"]).expect(1);
    let stderr = outcome.stderr();
    assert!(stderr.contains("its issuer is not trusted"), "{stderr}");
    assert!(stderr.contains("SSL_CERT_FILE"), "{stderr}");
    assert!(stderr.contains(r#""code":"tls""#), "{stderr}");
    assert_eq!(
        server.requests.load(Ordering::SeqCst),
        1,
        "nothing was sent"
    );
}

#[test]
fn a_self_signed_certificate_is_trusted_when_it_is_configured() {
    let server = Server::start("self-signed.pem");
    let list = |url: &str, trusted: &str| {
        let machine = Machine::with_server(url).env("SSL_CERT_FILE", fixture(trusted));
        machine.run(["list", "--json=id"])
    };
    let outcome = list(&server.url, "self-signed.pem").expect(0);
    assert_eq!(outcome.stdout(), "[]\n");
    let elsewhere = server.url.replace("127.0.0.1", "localhost");
    let expired = Server::start("expired.pem");
    for (url, trusted, stderr) in [
        (
            &server.url,
            "authority.pem",
            "it is a certificate authority's (CA:TRUE)",
        ),
        (
            &elsewhere,
            "self-signed.pem",
            "it is valid for 127.0.0.1, but not for localhost",
        ),
        (
            &expired.url,
            "expired.pem",
            "it expired at 2021-01-01T00:00:00Z",
        ),
    ] {
        let outcome = list(url, trusted).expect(1);
        assert!(outcome.stderr().contains(stderr), "{}", outcome.stderr());
    }
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);
    assert_eq!(expired.requests.load(Ordering::SeqCst), 0);
}

#[test]
fn trusted_certificates_that_cannot_be_read_are_named() {
    let server = Server::start("server.pem");
    let machine = Machine::with_server(&server.url);
    let empty = machine.file("none.pem", "");
    for (file, stderr) in [
        (
            empty,
            "loaded from the system\",\"exit_code\":1,\"hint\":\"install the system's",
        ),
        ("/no/such/file.pem".into(), "'/no/such/file.pem'"),
    ] {
        let machine = Machine::with_server(&server.url).env("SSL_CERT_FILE", file);
        let outcome = machine.run(["list", "--json=id"]).expect(1);
        assert!(outcome.stderr().contains(stderr), "{}", outcome.stderr());
    }
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
}

/// Starts a listener that answers the first bytes of each connection with
/// `answer`. Returns its address and the number of connections.
fn answering(answer: &'static [u8]) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let came = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&came);
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::SeqCst);
            // The client may have closed the connection.
            let _ = client.read(&mut [0; 4096]);
            let _ = client.write_all(answer);
            let _ = client.read(&mut [0; 4096]);
        }
    });
    (address, came)
}

#[test]
fn permanent_tls_errors_are_not_temporary_failures() {
    let proxied = "https://api.deployctl.example";
    let (proxy, asked) = answering(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    let (plain, spoken_to) = answering(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    let (ssh, greeted) = answering(b"SSH-2.0-OpenSSH_9.9\r\n");
    let (plain, ssh) = (format!("https://{plain}"), format!("http://{ssh}"));
    for (url, count, stderr) in [
        (proxied, asked, "407"),
        (&plain, spoken_to, "does not speak TLS"),
        (&ssh, greeted, "is not HTTP"),
    ] {
        let machine = Machine::with_server(url)
            .env("HTTPS_PROXY", format!("http://{proxy}"))
            .env("SSL_CERT_FILE", fixture("authority.pem"));
        let outcome = machine.run(["list", "--json=id"]).expect(1);
        assert!(outcome.stderr().contains(stderr), "{}", outcome.stderr());
        assert_eq!(count.load(Ordering::SeqCst), 1, "{stderr}");
    }
}
