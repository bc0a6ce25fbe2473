//! Brokers that keep a connection waiting, each in its own way.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Mutex;

use libkafka_testbroker::FaultHandle;

use super::*;
use crate::net::{ConnectError, Connector, Transport, wait_for};

/// A peer that keeps a connection waiting in a phase, and the configuration to reach it with.
struct Stall {
    phase: Phase,
    config: Config,
    listener: TcpListener,
    _queue: Vec<TcpStream>,
}

/// Peers that keep a connection waiting, each in its own way.
fn stalls() -> Vec<Stall> {
    let stall = |phase, config| Stall {
        phase,
        config,
        listener: TcpListener::bind("127.0.0.1:0").unwrap(),
        _queue: Vec::new(),
    };
    // One whose queue is full, so that nobody gets through to it.
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let full = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    full.bind(&any.into()).unwrap();
    full.listen(0).unwrap();
    let listener: TcpListener = full.into();
    let address = listener.local_addr().unwrap();
    let time = Duration::from_millis(200);
    let queue = std::iter::from_fn(|| TcpStream::connect_timeout(&address, time).ok());
    let full = Stall {
        phase: Phase::Connect,
        config: Config::new("unused"),
        _queue: queue.collect(),
        listener,
    };
    vec![
        full,
        // The system takes the connection, as it does for a process that is stopped.
        stall(Phase::Negotiate, Config::new("unused")),
        #[cfg(feature = "tls")]
        stall(Phase::Tls, Config::new("unused").tls(tls())),
    ]
}

#[cfg(feature = "tls")]
fn tls() -> Arc<rustls::ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    let roots = rustls::RootCertStore::empty();
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

/// A broker that asks for SASL and never answers a client of the id `stalled`.
fn silent_in_sasl() -> (TestBroker, FaultHandle) {
    let broker = TestBroker::builder().listener(Listener::SaslPlaintext);
    let broker = broker.user("alice", "secret").start().unwrap();
    let fault = Fault::on(ApiKey::SASL_AUTHENTICATE).client_id("stalled");
    let fault = broker.inject(fault.silence());
    (broker, fault)
}

fn with_sasl() -> Config {
    Config::new("unused").sasl(Plain::new("alice", "secret"))
}

/// Makes a hundred calls over `sane`, going round for the others too, of which nothing comes.
fn hundred_calls(sane: &mut Link, others: &mut [Link]) {
    make_calls(100, sane, others);
}

fn make_calls(count: usize, sane: &mut Link, others: &mut [Link]) {
    let deadline = Deadline::after(LONG);
    let mut calls = 0;
    while calls < count {
        assert!(!deadline.is_past(), "{calls} calls");
        for other in &mut *others {
            other.advance().unwrap();
            assert!(other.receive::<MetadataResponse>().unwrap().is_none());
        }
        if sane.receive::<MetadataResponse>().unwrap().is_some() {
            calls += 1;
        }
        sane.open();
        if sane.in_flight() == 0 && sane.advance().unwrap() {
            send(sane, Deadline::after(LONG)).unwrap();
        }
        let others = others.iter().map(|link| link.interest());
        wait_for(others.chain([sane.interest()]), deadline).unwrap();
    }
}

#[test]
fn brokers_that_stall_while_they_are_connected_to_hold_up_nobody() {
    let (broker, silent) = silent_in_sasl();
    let mut sane = link(with_sasl(), broker.address(1));
    let mut others = vec![link(with_sasl().client_id("stalled"), broker.address(1))];
    let stalls = stalls();
    for stall in &stalls {
        let address = stall.listener.local_addr().unwrap();
        // Longer than all the calls take: one that were waited for would be an error.
        let config = stall.config.clone().connect_timeout(2 * LONG);
        others.push(link(config, address));
    }
    others.iter_mut().for_each(Link::open);
    let deadline = Deadline::after(LONG);
    hundred_calls(&mut sane, &mut others);
    // They may be over before the one that stalls latest has come that far.
    while silent.hits() == 0 {
        assert!(!deadline.is_past(), "nobody stalls in SASL");
        hundred_calls(&mut sane, &mut others);
    }
}

#[test]
fn brokers_that_stall_while_they_are_connected_to_are_given_up_in_time() {
    let (broker, silent) = silent_in_sasl();
    let stalls = stalls();
    let sasl = with_sasl().client_id("stalled");
    let mut all = vec![(Phase::Authenticate, sasl, broker.address(1))];
    for stall in &stalls {
        let address = stall.listener.local_addr().unwrap();
        all.push((stall.phase, stall.config.clone(), address));
    }
    for (phase, config, address) in all {
        // Before one is silent in SASL, it has to answer.
        let time = match phase {
            Phase::Authenticate => Duration::from_secs(2),
            _ => Duration::from_millis(200),
        };
        let mut link = link(config.connect_timeout(time), address);
        let began = Instant::now();
        let error = get_ready(&mut link).unwrap_err();
        assert!(began.elapsed() >= time);
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
        assert_eq!(error.at().unwrap().phase, phase);
        assert!(!error.possibly_written());
    }
    assert_eq!(silent.hits(), 1);
}

#[test]
fn brokers_that_drip_or_read_nothing_hold_up_nobody() {
    let broker = TestBroker::builder().start().unwrap();
    let mut sane = to(&broker);
    let mut links = ["dripping", "unread", "silent"].map(|id| {
        let mut link = link(Config::new("unused").client_id(id), broker.address(1));
        get_ready(&mut link).unwrap();
        link
    });
    let on = |id| Fault::on(ApiKey::METADATA).client_id(id);
    let drip = broker.inject(on("dripping").drip(1, Duration::from_millis(500)));
    // Until it is released, it reads nothing more.
    let pause = broker.inject(on("unread").pause());
    let silence = broker.inject(on("silent").silence());
    for link in &mut links {
        send(link, Deadline::after(2 * LONG)).unwrap();
    }
    send_large(&mut links[1]);
    hundred_calls(&mut sane, &mut links);
    assert_eq!((drip.hits(), pause.hits(), silence.hits()), (1, 1, 1));
    pause.release();
}

/// Connects to nobody, for as long as it may.
#[derive(Default)]
struct Blocking(Mutex<Vec<Duration>>);

impl Connector for Arc<Blocking> {
    fn connect(
        &self,
        _: &crate::address::Address,
        deadline: Deadline,
        _: &mut crate::timings::Timings,
    ) -> Result<Box<dyn Transport>, ConnectError> {
        let time = deadline.remaining();
        self.0.lock().unwrap().push(time);
        thread::sleep(time);
        Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into())
    }
}

#[test]
fn a_connector_that_can_only_wait_gets_slices_and_longer_and_longer_pauses() {
    let broker = TestBroker::builder().start().unwrap();
    let mut sane = to(&broker);
    let blocking = Arc::new(Blocking::default());
    let config = Config::new("unused").connector(Arc::clone(&blocking));
    let config = config.connect_timeout(Duration::from_secs(4));
    let mut link = link(config, broker.address(1));
    link.open();
    // So few that the time to connect is not over before they are, on a busy machine either.
    make_calls(10, &mut sane, std::slice::from_mut(&mut link));
    let error = get_ready(&mut link).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert_eq!(error.at().unwrap().phase, Phase::Connect);
    let slices = blocking.0.lock().unwrap();
    assert!(
        slices
            .iter()
            .all(|time| *time <= Duration::from_millis(100)),
        "{slices:?}"
    );
    // After 0, 200, 500, 1000, 1900, 3000 ms, or later.
    assert!((2..=6).contains(&slices.len()), "{slices:?}");
}
