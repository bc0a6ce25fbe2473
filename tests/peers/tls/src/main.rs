//! TLS: what each provider of cryptography costs a client. Both ends are in memory; the server's is
//! always ring, and only what the client does is timed.

use std::sync::Arc;

use pair::{Pair, Party};
use peers_harness::{Candidate, Counting, Work, compare};
use rustls::crypto::CryptoProvider;
use rustls::{CipherSuite, NamedGroup};

mod pair;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// About a batch.
const BYTES: usize = 64 * 1024;

fn main() {
    let party = Party::new();
    let providers: [(&str, CryptoProvider); 2] = [
        ("ring", rustls::crypto::ring::default_provider()),
        ("graviola", rustls_graviola::default_provider()),
    ];
    let handshake = Work {
        unit: "handshake",
        units: 1,
        bytes: 0,
    };
    let as_it_comes = providers
        .clone()
        .map(|(name, provider)| (name, party.client(Arc::new(provider))));
    let alike = providers.map(|(name, provider)| (name, party.client(Arc::new(same(provider)))));
    for (what, configs) in [("with X25519", &alike), ("as it comes", &as_it_comes)] {
        let handshakes = configs.iter().map(|(name, config)| {
            let party = &party;
            Candidate::measured(name, move || Pair::connect(party, config).1)
        });
        let title = format!("TLS 1.3 handshake {what}, a certificate of P-256, the client's part");
        compare(&title, handshake, first_as_reference(handshakes));
    }

    let mut pairs: Vec<_> = alike
        .iter()
        .map(|(name, config)| (name, Pair::connect(&party, config).0))
        .collect();
    let batch = Work {
        unit: "byte",
        units: BYTES,
        bytes: BYTES,
    };
    let text = vec![0x5a; BYTES];
    let sends = pairs.iter_mut().map(|(name, pair)| {
        let text = &text;
        Candidate::measured(name, move || pair.send(text))
    });
    let title = format!("Send 64 KiB, {SUITE:?}");
    compare(&title, batch, first_as_reference(sends));
    let receives = pairs.iter_mut().map(|(name, pair)| {
        let text = &text;
        Candidate::measured(name, move || pair.receive(text))
    });
    let title = format!("Receive 64 KiB, {SUITE:?}");
    compare(&title, batch, first_as_reference(receives));
}

/// The cipher that all of them use for data.
const SUITE: CipherSuite = CipherSuite::TLS13_AES_256_GCM_SHA384;

/// A provider that is asked for what others are asked for: each has an order of its own, and
/// graviola starts with a key exchange that quantum computers cannot break.
fn same(mut provider: CryptoProvider) -> CryptoProvider {
    provider
        .cipher_suites
        .retain(|suite| suite.suite() == SUITE);
    provider
        .kx_groups
        .retain(|group| group.name() == NamedGroup::X25519);
    provider
}

fn first_as_reference<'a>(candidates: impl Iterator<Item = Candidate<'a>>) -> Vec<Candidate<'a>> {
    let mut candidates: Vec<_> = candidates.collect();
    let first = candidates.remove(0).reference();
    candidates.insert(0, first);
    candidates
}
