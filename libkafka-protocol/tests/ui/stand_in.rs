//! Where the derive fails, its one error is the only one: what stands in for
//! the code keeps every use of the struct from being another.

use libkafka_protocol::wire::{Encode, Nullable};
use libkafka_protocol::{Error, KafkaWire, Request, Response, WireStruct};

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-1", flexibel = "1+")]
struct ThingRequest<T> {
    name: String,
    value: T,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-1", flexible = "1+")]
struct ThingResponse {
    parts: Option<Vec<Part>>,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Part {
    #[kafka(tags = 1)]
    id: i32,
}

fn call<R: Request>(request: &R) -> Result<R::Response, Error> {
    let mut bytes = Vec::new();
    request.encode(1, &mut bytes)?;
    R::Response::decode_exact(1, &bytes)
}

fn is_inner<T: Encode + Nullable + WireStruct + Default>() {}

fn main() {
    let response = call(&ThingRequest { name: String::new(), value: 7 });
    let _ = response.map(|response| response.throttle_time_ms());
    let _ = ThingRequest::<i32>::decode(1, b"");
    let _ = Part { id: 3, ..Default::default() };
    is_inner::<Part>();
}
