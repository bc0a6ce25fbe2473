use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, UdpSocket};
use std::thread;
use std::time::Duration;

use simple_dns::rdata::{A, SRV};
use simple_dns::{CLASS, Name, Packet, PacketFlag, RCODE, ResourceRecord};

use super::*;
use crate::net::wait_for;

/// The addresses of a host, waited for.
fn host(dns: &Dns, name: &str, deadline: Deadline) -> io::Result<Vec<IpAddr>> {
    match dns.begin(name, deadline).advance(deadline)? {
        Some(found) => Ok(found),
        None => Err(io::ErrorKind::TimedOut.into()),
    }
}

type Record = (u16, u16, u16, &'static str);

/// The answer to a query that it reads the id and name of.
fn answer(query: &[u8], code: RCODE, records: &[Record], truncated: bool) -> Vec<u8> {
    let query = Packet::parse(query).unwrap();
    let mut packet = Packet::new_reply(query.id());
    *packet.rcode_mut() = code;
    if truncated {
        packet.set_flags(PacketFlag::TRUNCATION);
    }
    let name = query.questions[0].qname.clone();
    for &(priority, weight, port, target) in records {
        let srv = SRV {
            priority,
            weight,
            port,
            target: Name::new(target).unwrap(),
        };
        let record = ResourceRecord::new(name.clone(), CLASS::IN, 60, RData::SRV(srv));
        packet.answers.push(record);
    }
    packet.build_bytes_vec().unwrap()
}

/// A server that answers one query by UDP, after a datagram that is not the answer.
fn server(code: RCODE, records: &'static [Record]) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    thread::spawn(move || {
        let mut buffer = [0; 512];
        let (n, from) = socket.recv_from(&mut buffer).unwrap();
        socket.send_to(b"noise", from).unwrap();
        let mut other = answer(&buffer[..n], RCODE::NoError, &[], false);
        other[0] ^= 0xff;
        socket.send_to(&other, from).unwrap();
        let answer = answer(&buffer[..n], code, records, false);
        socket.send_to(&answer, from).unwrap();
    });
    address
}

fn look_up(servers: &[SocketAddr]) -> io::Result<Vec<Address>> {
    let dns = Dns::with_servers(servers.iter().copied());
    let srv = Srv::new("_kafka._tcp.example.com").dns(dns);
    let deadline = Deadline::after(Duration::from_secs(60));
    let found = srv.begin(deadline).advance(deadline)?;
    found.ok_or_else(|| io::ErrorKind::TimedOut.into())
}

#[test]
fn records_come_in_the_order_of_their_priority() {
    let server = server(
        RCODE::NoError,
        &[
            (20, 0, 9092, "c.example"),
            (10, 5, 9093, "a.example"),
            (15, 0, 1, "b.example"),
        ],
    );
    let expected = [("a.example", 9093), ("b.example", 1), ("c.example", 9092)];
    let expected = expected.map(|(host, port)| Address::new(host, port));
    assert_eq!(look_up(&[server]).unwrap(), expected);
}

#[test]
fn among_equals_the_weight_is_the_chance_to_be_first() {
    let mut heavy = 0;
    for _ in 0..200 {
        let records = &[(1, 90, 1, "heavy.example"), (1, 10, 1, "light.example")];
        let found = look_up(&[server(RCODE::NoError, records)]).unwrap();
        heavy += usize::from(found[0].host == "heavy.example");
    }
    // 180 are to be expected; less or more than these, once in many thousand runs.
    assert!((155..200).contains(&heavy), "{heavy} of 200");
}

#[test]
fn a_name_that_is_not_there_is_an_error_at_once() {
    for (code, records) in [
        (RCODE::NameError, &[][..]),
        (RCODE::NoError, &[]),
        (RCODE::NoError, &[(0, 0, 0, "")]),
    ] {
        let error = look_up(&[server(code, records)]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound, "{error}");
    }
}

#[test]
fn the_next_server_is_asked_where_one_fails() {
    let failing = server(RCODE::ServerFailure, &[]);
    let sane = server(RCODE::NoError, &[(0, 0, 1, "a.example")]);
    assert_eq!(
        look_up(&[failing, sane]).unwrap(),
        [Address::new("a.example", 1)]
    );
}

#[test]
fn an_answer_that_does_not_fit_a_datagram_is_had_by_tcp() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let listener = TcpListener::bind(address).unwrap();
    thread::spawn(move || {
        let mut buffer = [0; 512];
        let (n, from) = socket.recv_from(&mut buffer).unwrap();
        let short = answer(&buffer[..n], RCODE::NoError, &[], true);
        socket.send_to(&short, from).unwrap();
        let (mut stream, _) = listener.accept().unwrap();
        let mut query = vec![0; n + 2];
        stream.read_exact(&mut query).unwrap();
        let whole = answer(
            &query[2..],
            RCODE::NoError,
            &[(0, 0, 1, "a.example")],
            false,
        );
        let length = whole.len() as u16;
        stream.write_all(&length.to_be_bytes()).unwrap();
        stream.write_all(&whole).unwrap();
    });
    assert_eq!(look_up(&[address]).unwrap(), [Address::new("a.example", 1)]);
}

#[test]
fn silence_ends_with_the_deadline() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let dns = Dns::with_servers([silent.local_addr().unwrap()]);
    let deadline = Deadline::after(Duration::from_millis(100));
    let error = host(&dns, "a.example", deadline).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert!(deadline.is_past());
}

#[test]
fn a_host_is_looked_up_unless_it_is_an_address_or_this_machine() {
    let dns = Dns::with_servers([]);
    let deadline = Deadline::after(Duration::from_secs(5));
    assert_eq!(
        host(&dns, "10.0.0.1", deadline).unwrap(),
        [IpAddr::from([10, 0, 0, 1])]
    );
    assert!(host(&dns, "localhost", deadline).unwrap()[0].is_loopback());
    assert!(host(&dns, "a.example", deadline).is_err());
}

#[test]
fn a_lookup_goes_on_where_it_stopped() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let servers = [silent.local_addr().unwrap(), socket.local_addr().unwrap()];
    thread::spawn(move || {
        loop {
            let mut buffer = [0; 512];
            let (n, from) = socket.recv_from(&mut buffer).unwrap();
            let query = Packet::parse(&buffer[..n]).unwrap();
            let mut packet = Packet::new_reply(query.id());
            let name = query.questions[0].qname.clone();
            let address = Ipv4Addr::new(10, 0, 0, 1).to_bits();
            let record = ResourceRecord::new(name, CLASS::IN, 60, RData::A(A { address }));
            packet.answers.push(record);
            socket
                .send_to(&packet.build_bytes_vec().unwrap(), from)
                .unwrap();
        }
    });
    let deadline = Deadline::after(Duration::from_secs(60));
    let mut lookup = Dns::with_servers(servers).begin("a.example", deadline);
    let mut steps = 0;
    let found = loop {
        match lookup.advance(Deadline::now()).unwrap() {
            Some(found) => break found,
            None => drop(wait_for([lookup.interest()], deadline).unwrap()),
        }
        steps += 1;
    };
    assert_eq!(found[0], IpAddr::from([10, 0, 0, 1]));
    // The first server has its time for either kind of address, and the second its own.
    assert!((2..20).contains(&steps), "{steps}");
}
