//! Over https, to a server whose authority only this machine's user trusts.

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

/// A server that answers every request with an empty list. Its threads end
/// with the tests.
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
    fn start() -> Self {
        let certificate =
            CertificateDer::from_pem_file(fixture("server.pem")).expect("a certificate");
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
                // A client that trusts nobody breaks off.
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
    // The client goes first.
    drop(stream.sock.read(&mut [0]));
    Ok(())
}

#[test]
fn an_authority_of_ones_own_is_trusted_when_it_is_named() {
    let server = Server::start();
    let machine = Machine::with_server(&server.url);
    let trusting = Machine::with_server(&server.url).env("SSL_CERT_FILE", fixture("authority.pem"));
    let outcome = trusting.run(["list", "--json=id"]).expect(0);
    assert_eq!(outcome.stdout(), "[]\n");
    assert_eq!(server.requests.load(Ordering::SeqCst), 1);

    let outcome = machine.run(["list", "--json=id"]).expect(75);
    let told = outcome.stderr();
    assert!(told.contains("certificate"), "{told}");
    assert!(told.contains("SSL_CERT_FILE"), "{told}");
    assert_eq!(
        server.requests.load(Ordering::SeqCst),
        1,
        "nothing was sent"
    );
}

#[test]
fn a_machine_that_trusts_nobody_is_told_so() {
    let server = Server::start();
    let machine = Machine::with_server(&server.url);
    let empty = machine.file("none.pem", "");
    let machine = machine.env("SSL_CERT_FILE", empty);
    let outcome = machine.run(["list", "--json=id"]).expect(75);
    assert!(
        outcome.stderr().contains("certificate"),
        "{}",
        outcome.stderr()
    );
    assert_eq!(server.requests.load(Ordering::SeqCst), 0);
}
