//! `serve`: serves one connection: frames in, frames out, in order.

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use libkafka_protocol::frame::{LENGTH_SIZE, decode_request_header};

use crate::api::{Call, Hangup, dispatch};
use crate::budget::Share;
use crate::fault::{Delivery, Strikes};
use crate::log_line;
use crate::peer::Peer;
use crate::sasl::Sasl;
use crate::shared::Shared;
use crate::transport::{Socket, Transport};

/// The longest frame that is read, like Kafka's `socket.request.max.bytes`.
const MAX_FRAME: usize = 100 * 1024 * 1024;
/// The memory that is allocated for a frame before its bytes arrive: a length alone is only a
/// claim.
const FIRST_READ: usize = 64 * 1024;
/// How much of a large frame is read before it counts as a move of the client.
const READ_AT_ONCE: usize = 1024 * 1024;
/// How much of a response is written before it counts as a move of the client.
const WRITTEN_AT_ONCE: usize = 64 * 1024;
/// A buffer larger than this is freed after its response.
const KEPT_BUFFER: usize = 64 * 1024;

/// Serves one client until either side closes the connection.
pub(crate) fn serve(shared: &Shared, stream: Arc<TcpStream>, peer: &mut Peer) {
    let _ = stream.set_nodelay(true);
    let mut transport = match transport(shared, Socket(stream), peer) {
        Ok(transport) => transport,
        Err(error) => {
            log::debug!("{}: {error}", peer.address);
            return;
        }
    };
    match run(shared, &mut transport, peer) {
        Ok(End::ByBroker) => {}
        Ok(End::ClientLeft) => log_line::client_left(peer),
        Err(error) if is_end(&error) => log_line::client_left(peer),
        Err(error) => log::debug!("{}: {error}", peer.address),
    }
    if !transport.is_reset() {
        transport.end();
    }
}

#[cfg(feature = "tls")]
fn transport(shared: &Shared, socket: Socket, peer: &Peer) -> io::Result<Transport> {
    let tls = shared.lock().tls_of(peer.listener);
    match tls {
        Some(tls) => tls.accept(socket).map_err(io::Error::other),
        None => Ok(Transport::Plain(socket)),
    }
}

#[cfg(not(feature = "tls"))]
fn transport(_: &Shared, socket: Socket, _: &Peer) -> io::Result<Transport> {
    Ok(Transport::Plain(socket))
}

/// Which side closed a connection.
enum End {
    ByBroker,
    ClientLeft,
}

/// Whether an error says that the other side closed the connection.
fn is_end(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(
        error.kind(),
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
    )
}

fn run(shared: &Shared, transport: &mut Transport, peer: &mut Peer) -> io::Result<End> {
    let share = shared.budget.share(Arc::clone(&peer.socket));
    let mut out = Vec::new();
    while let Some(frame) = read_frame(transport, &share)? {
        out.clear();
        if let Sasl::Raw(_) = peer.sasl {
            raw_sasl(shared, peer, &frame, &mut out)?;
            transport.write_all(&out)?;
            transport.flush()?;
            continue;
        }
        let Ok(sending) = answer(shared, &share, peer, &frame, &mut out) else {
            return Ok(End::ByBroker);
        };
        drop(frame);
        for delivery in sending.deliveries {
            delivery.send(&mut out, transport)?;
        }
        for chunk in out.chunks(WRITTEN_AT_ONCE) {
            transport.write_all(chunk)?;
            share.hold(out.capacity());
        }
        transport.flush()?;
        if out.capacity() > KEPT_BUFFER {
            out = Vec::new();
        }
        share.hold(0);
        if sending.hang_up {
            return Ok(End::ByBroker);
        }
        if !sending.muted.is_zero() && mute(shared, peer, sending.muted).is_err() {
            return Ok(End::ByBroker);
        }
    }
    // Nodes that are stopped end their connections too.
    Ok(if shared.lock().is_alive(peer.node, peer.incarnation) {
        End::ClientLeft
    } else {
        End::ByBroker
    })
}

/// How to send a response.
struct Sending {
    deliveries: Vec<Delivery>,
    /// How long the client is not read from afterwards.
    muted: Duration,
    /// Whether to close the connection then.
    hang_up: bool,
}

/// Appends the response to `out`, if there is one.
fn answer(
    shared: &Shared,
    share: &Share<'_>,
    peer: &mut Peer,
    frame: &Bytes,
    out: &mut Vec<u8>,
) -> Result<Sending, Hangup> {
    let (header, body) = decode_request_header(frame).map_err(|error| {
        log_line::unreadable(peer, frame, &error);
        Hangup::ByBroker
    })?;
    let mut call = Call {
        shared,
        header: &header,
        version: header.request_api_version,
        peer,
        strikes: Strikes::default(),
        hang_up_after: false,
        building: None,
        response_size: Cell::default(),
    };
    let result = dispatch(&mut call, &body, out);
    log_line::request(&call, body.len(), out.len(), result.err());
    // Before anybody else may build a large response.
    share.hold(frame.len() + out.capacity());
    result.map(|()| Sending {
        deliveries: call.strikes.deliveries,
        muted: shared.lock().throttle,
        hang_up: call.hang_up_after,
    })
}

/// Handles a message of a SASL exchange without a request around it.
fn raw_sasl(shared: &Shared, peer: &mut Peer, frame: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    let Sasl::Raw(mechanism) = &mut peer.sasl else {
        return Ok(());
    };
    let state = shared.lock();
    let users = Arc::clone(&state.users);
    let now_ms = state.clock.wall_ms();
    drop(state);
    let step = mechanism
        .step(frame, &users, now_ms)
        .map_err(io::Error::other)?;
    if let Some(user) = &step.user {
        peer.principal = format!("User:{user}");
        peer.sasl = Sasl::Done;
    }
    let length = i32::try_from(step.challenge.len()).map_err(io::Error::other)?;
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&step.challenge);
    Ok(())
}

/// Makes a client wait, as a broker does that enforces a quota (KIP-219).
fn mute(shared: &Shared, peer: &Peer, time: Duration) -> Result<(), Hangup> {
    let mut state = shared.lock();
    let deadline = state.clock.running() + time;
    while state.clock.running() < deadline {
        state.wait(Some(deadline));
        if !state.is_alive(peer.node, peer.incarnation) {
            return Err(Hangup::ByBroker);
        }
    }
    Ok(())
}

/// Reads a frame without its length; `None` if the client closed the connection.
fn read_frame(stream: &mut Transport, share: &Share<'_>) -> io::Result<Option<Bytes>> {
    let mut length = [0; LENGTH_SIZE];
    if stream.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut length[1..])?;
    let length = i32::from_be_bytes(length);
    let length = usize::try_from(length)
        .ok()
        .filter(|length| *length <= MAX_FRAME)
        .ok_or_else(|| io::Error::other(format!("a frame of {length} bytes")))?;
    let mut frame = Vec::new();
    while frame.len() < length {
        // As much again as has come, so that a claim costs no more than it is worth.
        let more = frame.len().clamp(FIRST_READ, READ_AT_ONCE);
        let more = more.min(length - frame.len());
        share.hold(frame.len() + more);
        frame.reserve_exact(more);
        let read = stream.take(more as u64).read_to_end(&mut frame)?;
        if read < more {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(Some(frame.into()))
}
