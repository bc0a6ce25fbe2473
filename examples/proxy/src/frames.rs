//! Frames, as they are on the wire: four bytes of length, and as many bytes.

use std::io::{Error, ErrorKind, Result};

use libkafka_protocol::Bytes;
use libkafka_protocol::frame::LENGTH_SIZE;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// The longest frame that is passed on, in bytes: what Kafka's brokers accept by default
/// (`socket.request.max.bytes`).
pub const MAX_FRAME: usize = 100 << 20;

/// Reads a frame without its length; none if the other side has ended before it.
pub(crate) async fn read(from: &mut (impl AsyncRead + Unpin)) -> Result<Option<Bytes>> {
    let mut length = [0; LENGTH_SIZE];
    match from.read_exact(&mut length).await {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    };
    let length = usize::try_from(i32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > MAX_FRAME {
        let error = format!("a frame of {length} bytes");
        return Err(Error::new(ErrorKind::InvalidData, error));
    }
    let mut frame = Vec::new();
    // It takes memory for what comes, not for what the length claims.
    from.take(length as u64).read_to_end(&mut frame).await?;
    match frame.len() == length {
        true => Ok(Some(frame.into())),
        false => Err(ErrorKind::UnexpectedEof.into()),
    }
}

/// Writes a frame.
pub(crate) async fn write(to: &mut (impl AsyncWrite + Unpin), frame: &[u8]) -> Result<()> {
    let length = i32::try_from(frame.len()).map_err(Error::other)?;
    to.write_all(&length.to_be_bytes()).await?;
    to.write_all(frame).await
}
