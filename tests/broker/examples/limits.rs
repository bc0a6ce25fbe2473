//! Limits of the program: the time from its start until it listens, the Metadata requests that it
//! answers in a second, and the CPU time that each takes.
//!
//! `cargo run --release -p libkafka-testbroker --example limits -- PROGRAM`

use std::error::Error;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{MetadataRequest, RequestHeader};
use libkafka_protocol::{ApiKey, frame};

const STARTS: usize = 101;
const CONNECTIONS: usize = 4;
/// How many requests a connection has on their way.
const PIPELINED: usize = 32;
const TIME: Duration = Duration::from_secs(5);

/// Starts the program, and returns it with its address and the time that took.
fn start(program: &str) -> io::Result<(Child, String, Duration)> {
    let begin = Instant::now();
    let mut child = Command::new(program)
        .args(["--listen", "127.0.0.1:0", "--topic", "orders:4"])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    let said = child.stdout.take().expect("a pipe");
    BufReader::new(said).read_line(&mut line)?;
    let took = begin.elapsed();
    let address = line.trim_end().trim_start_matches("listening on ");
    Ok((child, address.to_owned(), took))
}

/// The CPU time that the program has taken, in seconds, where the system tells it as Linux does.
fn cpu_time(program: &Child) -> Option<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{}/stat", program.id())).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(2);
    let ticks = ticks.map(|ticks| ticks.parse::<f64>().ok());
    Some(ticks.sum::<Option<f64>>()? / TICKS_PER_SECOND)
}

fn end(mut program: Child) -> io::Result<()> {
    program.kill()?;
    program.wait()?;
    Ok(())
}

/// Asks until the time is over; returns how many answers came.
fn ask(address: &str, request: &[u8]) -> io::Result<usize> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answers = BufReader::with_capacity(64 * 1024, stream.try_clone()?);
    let requests = request.repeat(PIPELINED);
    let begin = Instant::now();
    let mut count = 0;
    while begin.elapsed() < TIME {
        stream.write_all(&requests)?;
        for _ in 0..PIPELINED {
            let mut length = [0; 4];
            answers.read_exact(&mut length)?;
            let mut answer = vec![0; u32::from_be_bytes(length) as usize];
            answers.read_exact(&mut answer)?;
        }
        count += PIPELINED;
    }
    Ok(count)
}

fn main() -> Result<(), Box<dyn Error>> {
    let program = std::env::args().nth(1).ok_or("usage: limits PROGRAM")?;
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let (child, _, took) = start(&program)?;
        end(child)?;
        times.push(took);
    }
    times.sort();
    let (median, slowest) = (times[STARTS / 2], times[STARTS - 1]);
    println!("from start to listening: {median:.1?}, at most {slowest:.1?}");

    let header = RequestHeader {
        request_api_key: ApiKey::METADATA,
        request_api_version: 12,
        ..Default::default()
    };
    let topic = MetadataRequestTopic {
        name: Some("orders".to_owned()),
        ..Default::default()
    };
    let request = MetadataRequest {
        topics: Some(vec![topic]),
        ..Default::default()
    };
    let mut frame = Vec::new();
    frame::encode_request(&header, &request, &mut frame)?;
    let (child, address, _) = start(&program)?;
    let begin = Instant::now();
    let counts: Result<Vec<usize>, io::Error> = thread::scope(|scope| {
        let ask = || ask(&address, &frame);
        let clients: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(ask)).collect();
        let answers = clients.into_iter().map(|c| c.join().expect("no panic"));
        answers.collect()
    });
    let time = begin.elapsed().as_secs_f64();
    let count = counts?.iter().sum::<usize>() as f64;
    println!(
        "Metadata: {:.0} requests/s on {CONNECTIONS} connections",
        count / time
    );
    if let Some(cpu_time) = cpu_time(&child) {
        println!(
            "the broker's CPU: {:.1} µs per request",
            cpu_time / count * 1e6
        );
    }
    end(child)?;
    Ok(())
}
