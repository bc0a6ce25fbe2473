use std::io::{self, IoSlice};
use std::time::Duration;

use super::*;

/// Hands out `bytes`, at most `step` at a time.
struct Source {
    bytes: Vec<u8>,
    step: usize,
    reads: usize,
}

impl Transport for Source {
    fn write(&mut self, _: &[IoSlice<'_>], _: Deadline) -> io::Result<usize> {
        unreachable!("nothing is written")
    }

    fn read(&mut self, buffer: &mut [u8], _: Deadline) -> io::Result<usize> {
        self.reads += 1;
        let n = buffer.len().min(self.step).min(self.bytes.len());
        buffer[..n].copy_from_slice(&self.bytes[..n]);
        self.bytes.drain(..n);
        Ok(n)
    }
}

fn frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = (payload.len() as i32).to_be_bytes().to_vec();
    frame.extend_from_slice(payload);
    frame
}

fn read(reader: &mut ResponseReader, source: &mut Source, last: bool) -> Result<Bytes, ReadError> {
    let deadline = Deadline::after(Duration::from_secs(60));
    reader.read(source, 64 << 20, last, deadline)
}

#[test]
fn frames_come_whole_however_the_stream_is_cut() {
    let payloads: Vec<Vec<u8>> = [0usize, 1, 5000, 2_400_000, 17]
        .iter()
        .map(|&n| (0..n).map(|i| (i * 7 + n) as u8).collect())
        .collect();
    for step in [1021, 4096, 1 << 20, usize::MAX] {
        for last in [true, false] {
            let mut source = Source {
                bytes: payloads.iter().flat_map(|p| frame(p)).collect(),
                step,
                reads: 0,
            };
            let mut reader = ResponseReader::new();
            for payload in &payloads {
                let frame = read(&mut reader, &mut source, last);
                assert!(frame.is_ok_and(|frame| frame == payload), "step {step}");
            }
            let end = read(&mut reader, &mut source, last);
            assert!(matches!(end, Err(ReadError::Closed)));
        }
    }
}

#[test]
fn a_small_frame_takes_one_read() {
    let mut source = Source {
        bytes: frame(b"response"),
        step: usize::MAX,
        reads: 0,
    };
    assert!(read(&mut ResponseReader::new(), &mut source, true).is_ok());
    assert_eq!(source.reads, 1);
}

#[test]
fn a_buffer_is_used_again_once_its_response_is_dropped() {
    let mut source = Source {
        bytes: [1, 2, 3].map(|n| frame(&[n; 100_000])).concat(),
        step: 50_000,
        reads: 0,
    };
    let mut reader = ResponseReader::new();
    let mut next = || match read(&mut reader, &mut source, true) {
        Ok(frame) => frame,
        Err(_) => panic!("no frame"),
    };
    let first = next();
    let place = first.as_ptr();
    drop(first);
    let second = next();
    assert_eq!(second.as_ptr(), place);
    let third = next();
    assert_ne!(third.as_ptr(), place);
    assert!(
        second.iter().all(|&byte| byte == 2),
        "still held, still whole"
    );
}

#[test]
fn a_claimed_length_takes_no_memory_that_the_bytes_do_not_justify() {
    let mut source = Source {
        bytes: (60_000_000i32).to_be_bytes().to_vec(),
        step: usize::MAX,
        reads: 0,
    };
    let mut reader = ResponseReader::new();
    assert!(matches!(
        read(&mut reader, &mut source, true),
        Err(ReadError::Closed)
    ));
    assert!(reader.buffer.len() < 2 * TRUSTED);
}

#[test]
fn an_impossible_length_is_named() {
    for length in [-1, i32::MIN, i32::MAX] {
        let mut source = Source {
            bytes: length.to_be_bytes().to_vec(),
            step: usize::MAX,
            reads: 0,
        };
        let result = read(&mut ResponseReader::new(), &mut source, true);
        assert!(matches!(result, Err(ReadError::Length(n)) if n == length));
    }
}

/// Bytes that a reader keeps while it is not read from.
fn kept(reader: &ResponseReader) -> usize {
    let home = reader.home.0.lock().unwrap();
    reader.buffer.len() + home.iter().map(Vec::len).sum::<usize>()
}

fn frames(sizes: &[usize]) -> Source {
    Source {
        bytes: sizes.iter().flat_map(|&n| frame(&vec![7; n])).collect(),
        step: usize::MAX,
        reads: 0,
    }
}

#[test]
fn a_buffer_that_was_needed_once_goes_after_some_frames_that_do_not_need_it() {
    for (small, last) in [(10, true), (10, false), (100_000, true), (100_000, false)] {
        let mut reader = ResponseReader::new();
        let sizes = [&[1_000_000][..], &[small; 8]].concat();
        let mut source = frames(&sizes);
        for n in sizes {
            let frame = read(&mut reader, &mut source, last);
            assert!(frame.is_ok_and(|frame| frame == vec![7; n]));
        }
        assert!(kept(&reader) <= SMALL, "{small}: {}", kept(&reader));
    }
}

#[test]
fn a_buffer_that_is_needed_now_and_then_stays() {
    let sizes = [[1_000_000, 10, 10, 10]; 10].concat();
    let mut source = frames(&sizes);
    let mut reader = ResponseReader::new();
    let mut large = Vec::new();
    for n in sizes {
        let Ok(frame) = read(&mut reader, &mut source, true) else {
            panic!("no frame");
        };
        if n > 10 {
            large.push(frame.as_ptr());
        }
    }
    large.sort_unstable();
    large.dedup();
    assert!(large.len() <= 2, "two buffers serve all: {large:?}");
}

#[test]
fn a_small_frame_that_is_kept_does_not_keep_a_large_buffer() {
    let mut source = frames(&[1_000_000, 10, 1_000_000]);
    let mut reader = ResponseReader::new();
    let mut next = || match read(&mut reader, &mut source, true) {
        Ok(frame) => frame,
        Err(_) => panic!("no frame"),
    };
    let place = next().as_ptr();
    let small = next();
    assert_eq!(next().as_ptr(), place);
    assert!(small.iter().all(|&byte| byte == 7));
}
