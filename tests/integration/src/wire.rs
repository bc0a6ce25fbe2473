//! A connection that says exactly what a test wants said, and hears what came back.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use bytes::Bytes;
use libkafka_protocol::messages::RequestHeader;
use libkafka_protocol::{Request, frame};

/// Far longer than any answer takes: a busy machine is no failure.
const DEADLINE: Duration = Duration::from_secs(180);

/// A connection, one frame at a time. A test that something goes wrong with panics.
pub struct Wire {
    stream: TcpStream,
    correlation_id: i32,
}

impl Wire {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Wire {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        Wire {
            stream,
            correlation_id: 0,
        }
    }

    /// Sends a request and waits for its response.
    #[track_caller]
    pub fn call<R: Request>(&mut self, version: i16, request: &R) -> R::Response {
        self.send(version, request);
        match self.receive::<R>(version) {
            Ok(response) => response,
            Err(error) => panic!("{} v{version}: {error}", R::API_KEY),
        }
    }

    /// Sends a request.
    pub fn send<R: Request>(&mut self, version: i16, request: &R) {
        let out = self.encode(version, request);
        self.send_bytes(&out);
    }

    fn encode<R: Request>(&mut self, version: i16, request: &R) -> Vec<u8> {
        self.correlation_id += 1;
        let header = RequestHeader {
            request_api_key: R::API_KEY,
            request_api_version: version,
            correlation_id: self.correlation_id,
            client_id: Some("wire".into()),
            ..Default::default()
        };
        let mut out = Vec::new();
        frame::encode_request(&header, request, &mut out).unwrap();
        out
    }

    /// Sends a request if the other side takes it in that time.
    pub fn try_send<R: Request>(&mut self, version: i16, request: &R, limit: Duration) -> bool {
        self.stream.set_write_timeout(Some(limit)).unwrap();
        let out = self.encode(version, request);
        self.stream.write_all(&out).is_ok()
    }

    /// Sends bytes as they are.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// Waits for the response to the request that was sent last.
    ///
    /// # Errors
    /// If the connection ends, or it is no such response.
    pub fn receive<R: Request>(&mut self, version: i16) -> io::Result<R::Response> {
        let frame = self.receive_frame()?;
        let (correlation_id, response) =
            frame::decode_response_exact(version, &frame).map_err(io::Error::other)?;
        assert_eq!(correlation_id, self.correlation_id);
        Ok(response)
    }

    /// What the other side sends, without its length.
    ///
    /// # Errors
    /// If the connection ends.
    pub fn receive_frame(&mut self) -> io::Result<Bytes> {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length)?;
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        self.stream.read_exact(&mut frame)?;
        Ok(frame.into())
    }

    /// Waits for so many bytes.
    pub fn receive_bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.stream.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// Reads until the other side ends the connection.
    pub fn read_to_end(&mut self, bytes: &mut Vec<u8>) {
        self.stream.read_to_end(bytes).unwrap();
    }

    /// Waits for the other side to end the connection without another word.
    #[track_caller]
    pub fn expect_end(&mut self) {
        match self.stream.read(&mut [0]) {
            Ok(0) => {}
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {}
            other => panic!("the connection goes on: {other:?}"),
        }
    }
}
