mod stalls;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{MetadataRequest, MetadataResponse};
use libkafka_testbroker::{Broker as TestBroker, Fault, Listener};

use super::*;
use crate::error::Error;
use crate::net::wait;
use crate::place::Phase;
use crate::sasl::Plain;

const LONG: Duration = Duration::from_secs(60);

fn link(config: Config, address: SocketAddr) -> Link {
    let broker = Broker {
        id: None,
        address: crate::address::Address::new(address.ip().to_string(), address.port()),
        rack: None,
    };
    Link::new(Arc::new(config), Arc::new(broker), ApiKey::METADATA)
}

fn to(broker: &TestBroker) -> Link {
    link(Config::new("unused"), broker.address(1))
}

/// Goes round until a request can be sent.
fn get_ready(link: &mut Link) -> Result<(), Error> {
    let deadline = Deadline::after(LONG);
    link.open();
    while !link.advance()? {
        assert!(!deadline.is_past());
        wait(&[&*link], deadline).unwrap();
    }
    Ok(())
}

fn send(link: &mut Link, due: Deadline) -> Result<(), Error> {
    let request = MetadataRequest::default();
    let version = link.version::<MetadataRequest>(Versions::ALL)?.unwrap();
    assert!(link.send(&request, version, true, due)?);
    Ok(())
}

/// Sends more than any socket buffers, so that it stays here for the most part.
fn send_large(link: &mut Link) {
    send_large_by(link, true, Deadline::after(LONG));
}

fn send_large_by(link: &mut Link, answered: bool, due: Deadline) {
    // A topic that is asked for twice is answered once.
    let topic = |n: i32| MetadataRequestTopic {
        name: Some(format!("{n:x>30000}")),
        ..Default::default()
    };
    let request = MetadataRequest {
        topics: Some((0..1000).map(topic).collect()),
        ..Default::default()
    };
    let version = link.version::<MetadataRequest>(Versions::ALL).unwrap();
    let sent = link.send(&request, version.unwrap(), answered, due);
    assert!(sent.unwrap());
}

/// Goes round until a response has come.
fn receive(link: &mut Link) -> Result<MetadataResponse, Error> {
    let deadline = Deadline::after(LONG);
    loop {
        assert!(!deadline.is_past());
        if let Some(answer) = link.receive()? {
            return Ok(answer.response);
        }
        wait(&[&*link], deadline).unwrap();
        link.advance()?;
    }
}

fn call(link: &mut Link) -> Result<MetadataResponse, Error> {
    get_ready(link)?;
    send(link, Deadline::after(LONG))?;
    receive(link)
}

#[test]
fn requests_are_answered_in_order_up_to_a_window() {
    let broker = TestBroker::builder().start().unwrap();
    let mut link = to(&broker);
    assert_eq!(
        link.version::<MetadataRequest>(Versions::ALL).unwrap(),
        None
    );
    assert!(!link.advance().unwrap(), "nobody asked for it");
    get_ready(&mut link).unwrap();
    for n in 0..5 {
        assert_eq!(link.in_flight(), n);
        send(&mut link, Deadline::after(LONG)).unwrap();
    }
    let error = send(&mut link, Deadline::after(LONG)).unwrap_err();
    assert!(matches!(error, Error::InFlight { in_flight: 5 }), "{error}");
    for _ in 0..5 {
        assert_eq!(receive(&mut link).unwrap().brokers.len(), 1);
    }
    assert!(link.receive::<MetadataResponse>().unwrap().is_none());
    assert_eq!(broker.connections(1), 1);
}

#[test]
fn a_request_that_the_broker_does_not_take_at_once_is_written_when_it_does() {
    let broker = TestBroker::builder().start().unwrap();
    let mut link = to(&broker);
    get_ready(&mut link).unwrap();
    let fault = broker.inject(Fault::on(ApiKey::METADATA).times(1).pause());
    send(&mut link, Deadline::after(LONG)).unwrap();
    send_large(&mut link);
    assert!(!link.advance().unwrap(), "there is more to write");
    fault.release();
    assert_eq!(receive(&mut link).unwrap().topics.len(), 0);
    let response = receive(&mut link).unwrap();
    assert_eq!(response.topics.len(), 1000);
}

#[test]
fn a_request_that_is_not_written_in_time_is_an_error_whether_it_is_answered_or_not() {
    let broker = TestBroker::builder().start().unwrap();
    for answered in [true, false] {
        let mut link = to(&broker);
        get_ready(&mut link).unwrap();
        let pause = broker.inject(Fault::on(ApiKey::METADATA).times(1).pause());
        send_unanswered(&mut link);
        send_large_by(
            &mut link,
            answered,
            Deadline::after(Duration::from_millis(500)),
        );
        let error = error_of_waiting(&mut link);
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
        assert_eq!(error.at().unwrap().phase, Phase::Write);
        assert!(error.possibly_written());
        pause.release();
    }
}

#[test]
fn a_response_that_drips_is_read_bit_by_bit() {
    let broker = TestBroker::builder().start().unwrap();
    let mut link = to(&broker);
    get_ready(&mut link).unwrap();
    let drip = Fault::on(ApiKey::METADATA).drip(3, Duration::from_millis(1));
    let fault = broker.inject(drip);
    send(&mut link, Deadline::after(LONG)).unwrap();
    assert_eq!(receive(&mut link).unwrap().brokers.len(), 1);
    assert_eq!(fault.hits(), 1);
}

#[test]
fn a_response_that_is_overdue_is_an_error_and_the_next_connection_serves() {
    let broker = TestBroker::builder().start().unwrap();
    let mut link = to(&broker);
    get_ready(&mut link).unwrap();
    let fault = broker.inject(Fault::on(ApiKey::METADATA).times(1).silence());
    send(&mut link, Deadline::after(Duration::from_millis(500))).unwrap();
    let error = receive(&mut link).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert_eq!(error.at().unwrap().phase, Phase::Read);
    assert!(error.possibly_written());
    assert_eq!(link.in_flight(), 0);
    // The broker may read it later than that.
    fault.wait(1);
    assert!(!link.advance().unwrap(), "nobody asked for another");
    call(&mut link).unwrap();
}

#[test]
fn a_connection_that_breaks_says_so_once_and_is_made_again_after_a_pause() {
    let broker = TestBroker::builder().start().unwrap();
    let mut link = to(&broker);
    for n in 1..=3 {
        get_ready(&mut link).unwrap();
        let fault = broker.inject(Fault::on(ApiKey::METADATA).times(1).cut(5));
        send(&mut link, Deadline::after(LONG)).unwrap();
        let error = receive(&mut link).unwrap_err();
        assert!(matches!(error, Error::Closed { .. }), "{error}");
        assert_eq!((link.in_flight(), fault.hits()), (0, 1));
        assert_eq!(link.pause(), FIRST_PAUSE * (1 << (n - 1)));
    }
    call(&mut link).unwrap();
    assert_eq!(link.pause(), Duration::ZERO);
}

#[test]
fn a_broker_that_is_not_there_is_an_error_each_time_with_longer_and_longer_pauses() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let mut link = link(Config::new("unused"), nobody.unwrap());
    let pauses = [50, 100, 200].map(Duration::from_millis);
    for pause in pauses {
        let error = get_ready(&mut link).unwrap_err();
        assert_eq!(error.at().unwrap().phase, Phase::Connect, "{error}");
        assert_eq!(link.pause(), pause);
    }
    link.failures = u32::MAX;
    assert_eq!(link.pause(), LONGEST_PAUSE);
}

#[test]
fn a_connection_that_is_closed_while_idle_is_no_error_and_opened_again_on_demand() {
    let broker = TestBroker::builder().start().unwrap();
    let mut link = to(&broker);
    for _ in 0..3 {
        call(&mut link).unwrap();
        broker.close_connections(1);
        // It is noticed at once, and only once.
        while link.advance().unwrap() {
            let ready = wait(&[&link], Deadline::after(LONG)).unwrap();
            assert!(!ready.is_empty());
        }
        assert!(
            wait(&[&link], Deadline::after(Duration::from_millis(1)))
                .unwrap()
                .is_empty()
        );
    }
}

#[test]
fn a_session_is_renewed_while_requests_are_in_flight_and_their_answers_are_kept() {
    let broker = TestBroker::builder()
        .listener(Listener::SaslPlaintext)
        .user("alice", "secret")
        .config("connections.max.reauth.ms", "5000")
        .start()
        .unwrap();
    let config = Config::new("unused").sasl(Plain::new("alice", "secret"));
    let mut link = link(config, broker.address(1));
    let deadline = Deadline::after(LONG);
    let mut answers = 0;
    let renewals = || broker.requests(ApiKey::SASL_HANDSHAKE) - 1;
    get_ready(&mut link).unwrap();
    // A second renewal within a second is one that brokers refuse.
    while renewals() < 1 {
        assert!(!deadline.is_past(), "{answers} answers");
        while link.receive::<MetadataResponse>().unwrap().is_some() {
            answers += 1;
        }
        while link.in_flight() < 3 && link.advance().unwrap() {
            send(&mut link, Deadline::after(LONG)).unwrap();
        }
        wait(&[&link], deadline).unwrap();
    }
    while link.in_flight() > 0 {
        receive(&mut link).unwrap();
        answers += 1;
    }
    assert_eq!(
        broker.requests(ApiKey::METADATA),
        answers + link.in_flight()
    );
    assert_eq!(broker.connections(1), 1);
}

/// The error of opening a link to a peer that says this at once.
fn greeted_with(greeting: &'static [u8]) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut link = link(Config::new("unused"), listener.local_addr().unwrap());
    let peer = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(greeting).unwrap();
        let _ = stream.read(&mut [0; 1000]);
        stream
    });
    let error = get_ready(&mut link).unwrap_err();
    drop(peer.join().unwrap());
    error
}

#[test]
fn a_peer_that_speaks_first_is_not_taken_for_a_broker() {
    let error = greeted_with(b"220 mail.example ESMTP\r\n");
    assert_eq!(error.at().unwrap().phase, Phase::Negotiate);
    assert!(!error.possibly_written());
    // It depends on which is first, its greeting or the first request.
    match error {
        Error::Unsolicited { answered: None, .. } => {}
        Error::ResponseLength { .. } => {
            assert!(error.to_string().contains("it is text"), "{error}")
        }
        error => panic!("{error}"),
    }
}

/// Sends a request that asks for no answer, as far as the link knows.
fn send_unanswered(link: &mut Link) {
    let request = MetadataRequest::default();
    let version = link.version::<MetadataRequest>(Versions::ALL).unwrap();
    let sent = link.send(&request, version.unwrap(), false, Deadline::after(LONG));
    assert!(sent.unwrap());
    assert_eq!(link.in_flight(), 0);
}

/// The error of a link that nobody sends anything more on.
fn error_of_waiting(link: &mut Link) -> Error {
    let deadline = Deadline::after(LONG);
    loop {
        assert!(!wait(&[&*link], deadline).unwrap().is_empty());
        if let Err(error) = link.advance() {
            return error;
        }
    }
}

fn is_unsolicited(error: &Error) {
    assert!(
        matches!(error, Error::Unsolicited { answered: Some(api), .. } if *api == ApiKey::METADATA),
        "{error}"
    );
    assert!(error.possibly_written());
}

#[test]
fn bytes_that_come_while_nothing_is_in_flight_are_an_error_at_once() {
    let broker = TestBroker::builder().start().unwrap();
    let mut link = to(&broker);
    get_ready(&mut link).unwrap();
    send_unanswered(&mut link);
    is_unsolicited(&error_of_waiting(&mut link));
    call(&mut link).unwrap();
}

#[test]
fn an_answer_that_nobody_asked_for_is_not_taken_for_that_to_the_next_request() {
    let broker = TestBroker::builder().start().unwrap();
    let mut link = to(&broker);
    get_ready(&mut link).unwrap();
    // So that its answer does not come before the next request is sent.
    let fault = broker.inject(Fault::on(ApiKey::METADATA).times(1).pause());
    send_unanswered(&mut link);
    send(&mut link, Deadline::after(LONG)).unwrap();
    fault.release();
    is_unsolicited(&receive(&mut link).unwrap_err());
    call(&mut link).unwrap();
}

#[test]
fn a_connection_that_ends_after_a_request_without_an_answer_is_an_error() {
    let broker = TestBroker::builder().start().unwrap();
    let mut link = to(&broker);
    get_ready(&mut link).unwrap();
    let fault = broker.inject(Fault::on(ApiKey::METADATA).times(1).hang_up());
    send_unanswered(&mut link);
    let error = error_of_waiting(&mut link);
    assert!(matches!(error, Error::Closed { .. }), "{error}");
    assert!(error.possibly_written());
    assert_eq!(fault.hits(), 1);
    call(&mut link).unwrap();
}
