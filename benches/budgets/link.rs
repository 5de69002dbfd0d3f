//! A link with a delay: data arrives half a round trip after it was sent.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Listens and forwards all data. Its threads end with the process.
pub(crate) fn far_away(server: &str, round_trip: Duration) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?.to_string();
    let server = server.to_owned();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            if let Ok(server) = TcpStream::connect(&server) {
                drop(join(client, server, round_trip));
            }
        }
    });
    Ok(address)
}

fn join(client: TcpStream, server: TcpStream, round_trip: Duration) -> std::io::Result<()> {
    let there = (client.try_clone()?, server.try_clone()?);
    // On loopback a connection is established at once; on a real link it takes a
    // round trip.
    let connected = Instant::now() + round_trip;
    carry(there.0, there.1, round_trip / 2, connected);
    carry(server, client, round_trip / 2, connected);
    Ok(())
}

/// Forwards the data of one direction. Data that is sent together arrives
/// together, however long the delay is.
fn carry(mut from: TcpStream, mut to: TcpStream, way: Duration, connected: Instant) {
    let (sender, parcels) = mpsc::channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut buffer = vec![0; 65536];
        loop {
            let count = from.read(&mut buffer).unwrap_or(0);
            let arrives = Instant::now().max(connected) + way;
            if sender.send((arrives, buffer[..count].to_vec())).is_err() || count == 0 {
                return;
            }
        }
    });
    thread::spawn(move || {
        drop(to.set_nodelay(true));
        for (arrives, bytes) in parcels {
            thread::sleep(arrives.saturating_duration_since(Instant::now()));
            if bytes.is_empty() || to.write_all(&bytes).is_err() {
                break;
            }
        }
        // The other side may have disconnected already.
        drop(to.shutdown(Shutdown::Write));
    });
}
