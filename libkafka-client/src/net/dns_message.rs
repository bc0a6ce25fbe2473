//! `kind`, `records`: parse the answers of DNS servers.

use std::io;

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, RCODE, TYPE};

/// What a datagram turns out to be.
pub(super) enum Kind {
    /// The answer.
    Answer,
    /// The answer, with its end missing.
    Truncated,
    /// Something else.
    Other,
}

pub(super) fn query(id: u16, name: &str, record: TYPE) -> io::Result<Vec<u8>> {
    let name = Name::new(name).map_err(invalid)?;
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let question = Question::new(name, record.into(), CLASS::IN.into(), false);
    packet.questions.push(question);
    packet.build_bytes_vec().map_err(invalid)
}

/// The kind of a datagram, for the query with this id. Anybody can send one.
pub(super) fn kind(datagram: &[u8], id: u16) -> Kind {
    match Packet::parse(datagram) {
        Ok(packet) if packet.id() == id && packet.has_flags(PacketFlag::RESPONSE) => {
            match packet.has_flags(PacketFlag::TRUNCATION) {
                true => Kind::Truncated,
                false => Kind::Answer,
            }
        }
        _ => Kind::Other,
    }
}

/// What `wanted` makes of the records in an answer, of which there is at least one.
///
/// # Errors
/// [`io::ErrorKind::NotFound`] if the answer is that there are none.
pub(super) fn records<T>(
    answer: &[u8],
    wanted: impl Fn(&RData<'_>) -> Option<T>,
) -> io::Result<Vec<T>> {
    let packet = Packet::parse(answer).map_err(invalid)?;
    match packet.rcode() {
        RCODE::NoError => {}
        RCODE::NameError => return Err(nobody("the name does not exist")),
        code => return Err(io::Error::other(format!("the DNS server answers {code:?}"))),
    }
    let answers = packet.answers.iter();
    let found: Vec<T> = answers.filter_map(|record| wanted(&record.rdata)).collect();
    if found.is_empty() {
        return Err(nobody("the name has no such record"));
    }
    Ok(found)
}

fn nobody(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, reason)
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
