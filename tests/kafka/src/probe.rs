//! Asks a broker whom it knows: how the fixture sees that a broker is up.
//!
//! Written by hand, and not with libkafka-protocol, so that the judge does not lean on the judged.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(5);

/// The ids of the live brokers in the Metadata v4 answer of the broker at `address`; none while it
/// knows of no controller. Every Kafka from 1.0 to 4.4 speaks v4.
///
/// # Errors
/// While the broker does not answer. A nonsensical answer is an `InvalidData`.
pub(crate) fn live_brokers(address: SocketAddr) -> io::Result<Vec<i32>> {
    // Metadata, v4, correlation id 1, client id "up", no topics, no creation of topics.
    const REQUEST: [u8; 21] = [
        0, 0, 0, 17, 0, 3, 0, 4, 0, 0, 0, 1, 0, 2, b'u', b'p', 0, 0, 0, 0, 0,
    ];
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(&REQUEST)?;
    let length = read_i32(&mut stream)?;
    let mut answer = stream.take(u64::try_from(length).unwrap_or(0));

    let _correlation_id = read_i32(&mut answer)?;
    let _throttle_time_ms = read_i32(&mut answer)?;
    let mut ids = Vec::new();
    for _ in 0..read_i32(&mut answer)? {
        ids.push(read_i32(&mut answer)?);
        skip_string(&mut answer)?; // host
        let _port = read_i32(&mut answer)?;
        skip_string(&mut answer)?; // rack
    }
    skip_string(&mut answer)?; // cluster_id
    let controller_id = read_i32(&mut answer)?;
    Ok(if controller_id < 0 { Vec::new() } else { ids })
}

fn read_i32(from: &mut impl Read) -> io::Result<i32> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes)?;
    Ok(i32::from_be_bytes(bytes))
}

/// A nullable string, whose length is an int16.
fn skip_string(from: &mut impl Read) -> io::Result<()> {
    let mut bytes = [0; 2];
    from.read_exact(&mut bytes)?;
    let length = i16::from_be_bytes(bytes).max(0) as u64;
    let skipped = io::copy(&mut from.take(length), &mut io::sink())?;
    if skipped < length {
        Err(io::ErrorKind::UnexpectedEof.into())
    } else {
        Ok(())
    }
}
