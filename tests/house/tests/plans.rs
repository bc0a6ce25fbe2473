//! The plan of every crate of the workspace, and that the crates keep to them.
//!
//! A test that fails here says which file uses what of which file. Move what is used down to a room
//! that both may use, or pass it in. A new arrow is a decision about the whole crate: there is no
//! way to allow it for one file.

mod members;
mod root;

use std::collections::BTreeSet;

use libkafka_house::{Plan, Source, check};
use members::members;
use root::root;

const PLANS: [(&str, &str); 13] = [
    ("examples/proxy", PROXY),
    ("libkafka-batch", BATCH),
    ("libkafka-client", CLIENT),
    ("libkafka-derive", DERIVE),
    ("libkafka-protocol", PROTOCOL),
    ("tests/alone", ""),
    ("tests/broker", BROKER),
    ("tests/deadline", ""),
    ("tests/history", HISTORY),
    ("tests/house", HOUSE),
    ("tests/integration", INTEGRATION),
    ("tests/kafka", KAFKA),
    ("tests/renamed", ""),
];

const BATCH: &str = "
    # What an application should see.
    visible -> read_committed record_set records batch decoder header record error
    read_committed -> batch decoder control_type error
    # Batches that are read.
    record_set -> batch frame error
    batch -> records decoder legacy header frame attributes crc error
    decoder -> codec legacy header attributes error
    records -> legacy header record varint attributes error
    legacy -> header frame record attributes crc error
    # Batches that are built.
    data = header frame record attributes error
    builder -> builder_options compressed_records record_writer control_type data
    compressed_records -> builder_options attributes error
    record_writer -> batch_buffer encode header record error
    builder_options -> codec header
    encode -> record varint
    restamp -> header frame attributes error
    # What is in them.
    header -> frame attributes crc error
    control -> control_type record varint error
    control_type -> record error
    codec -> attributes
    record -> varint
    frame -> error
    error -> attributes
    attributes batch_buffer crc partition varint ->
    pure: record_writer.rs header.rs restamp.rs records.rs legacy.rs read_committed.rs visible.rs
";

const DERIVE: &str = "
    # The stages of the pipeline.
    fallback -> expand valid attr
    expand -> valid ast attr versions
    valid -> ast attr versions
    ast -> attr versions
    attr -> versions
    versions ->
";

const PROTOCOL: &str = "
    names = api_key error error_code versions
    cursor = input limits overlooked reader writer
    # Whole messages.
    consumer_protocol frame -> messages request message cursor wire names
    testing -> generate message wire limits error
    # What derived code calls.
    __derive -> features generate json message schema wire cursor names
    json -> wire schema names
    generate -> message schema wire limits names
    features ->
    # Messages.
    messages -> wire names
    request -> message wire names
    message -> schema wire cursor names
    # Single values.
    wire -> schema cursor names
    reader writer -> failure input limits names
    failure -> error
    input limits manual overlooked ->
    schema -> versions
    # Plain data.
    error -> api_key versions
    api_key constants error_code versions ->
";

const BROKER: &str = "
    # What a test holds.
    control -> broker error fault shared state
    builder -> broker error listener release sasl server shared state tls
    broker -> error listener server shared timer
    # Threads.
    server -> connection peer sasl shared
    connection -> api budget fault log_line peer sasl shared transport
    timer -> shared
    # A request.
    log_line -> api peer
    api -> clock fault peer release sasl shared state
    peer -> clock sasl
    # What all threads share.
    shared -> budget clock state
    state -> clock fault listener release sasl tls
    fault -> transport
    sasl -> clock
    tls -> error transport
    budget clock error listener release transport ->
";

const CLIENT: &str = "
    # Plain data, used by all.
    escaped timings topic_partition wire_value ->
    deadline -> wire_value
    address sasl_error -> escaped
    broker -> address
    learnt -> address broker
    place -> broker
    error -> address place sasl_error topic_partition
    error_text -> error escaped place
    exchange -> broker error place timings
    partition_results -> error topic_partition
    call_time -> deadline
    retryable -> call_time error
    within -> call_time deadline retryable
    retry -> deadline error retryable within
    plain = address broker call_time deadline error error_text escaped exchange learnt partition_results place retry retryable sasl_error timings topic_partition wire_value within

    # Bytes and secrets, no Kafka message.
    net sasl -> plain
    bootstrap -> address error escaped
    config -> bootstrap net sasl plain

    # One broker, the cluster, and what a caller holds.
    connection -> config net sasl plain
    cluster -> connection config net plain
    admin -> cluster plain
    fetch -> cluster connection net plain
    producer -> cluster connection config net plain
    group -> fetch cluster connection config net plain
    consumer -> group fetch cluster connection config net plain

    pure: bootstrap.rs broker.rs error.rs error/io.rs error/retry.rs error_text.rs escaped.rs place.rs sasl_error.rs timings.rs
    pure: partition_results.rs wire_value.rs
    pure: connection/negotiation.rs
    pure: cluster/refresh_pacing.rs cluster/topic_metadata.rs cluster/topology.rs topic_partition.rs
    pure: fetch/lane_fetch.rs fetch/lane_options.rs fetch/lane_partition.rs fetch/session.rs
    pure: fetch/lane_partitions.rs
    pure: cluster/leader_hint.rs fetch/fetched.rs fetch/offset_spec.rs fetch/options.rs fetch/position.rs fetch/request.rs
    pure: producer/batch_queue.rs producer/batch_queue/filling.rs producer/batch_queue/outcomes.rs
    pure: producer/carrier.rs producer/deliveries.rs producer/delivery.rs producer/in_flight.rs
    pure: producer/memory.rs
    pure: producer/numbering.rs producer/queued_batch.rs producer/sent.rs
    pure: producer/lane_batch.rs producer/lane_options.rs producer/lane_response.rs
    pure: producer/outcome_queue.rs
    pure: producer/options.rs producer/produced.rs producer/request.rs producer/request_packer.rs
    pure: group/membership/actions.rs group/membership/assign_task.rs group/membership/backoff.rs
    pure: group/membership/base.rs group/membership/claim.rs group/membership/claims.rs
    pure: group/membership/classic/answers.rs group/membership/classic/lead.rs
    pure: group/membership/classic/member.rs group/membership/classic/protocol.rs
    pure: group/membership/classic/subscribe.rs group/membership/consumer/answers.rs
    pure: group/membership/consumer/heartbeat.rs group/membership/consumer/member.rs
    pure: group/membership/consumer/protocol.rs group/membership/event.rs
    pure: group/membership/identity.rs group/membership/later.rs group/membership/leave_request.rs
    pure: group/membership/liveness.rs group/membership/options.rs group/membership/protocol.rs
    pure: group/membership/state_machine.rs group/membership/step.rs
    pure: group/membership/subscription.rs group/membership/topics.rs group/tracker.rs
    pure: producer/partitioner.rs
    pure: group/membership/topic_replaced.rs fetch/lookup_requests.rs
    pure: consumer/answers.rs consumer/buffer.rs consumer/claim_reader.rs consumer/claim_status.rs
    pure: consumer/claimed_batch.rs consumer/commit_rounds.rs consumer/marks.rs consumer/options.rs
    pure: consumer/policies.rs consumer/polled.rs consumer/readers.rs consumer/report.rs
    pure: consumer/starts.rs consumer/cursor.rs consumer/work.rs consumer/work_queue.rs
    pure: group/assignor/assign.rs group/assignor/balance.rs group/assignor/claims.rs
    pure: group/assignor/cooperative_sticky.rs group/assignor/deal.rs group/assignor/layout.rs
    pure: group/assignor/range.rs group/assignor/round_robin.rs group/assignor/sticky.rs
    pure: group/assignor/subscription.rs group/assignor/user_data.rs
";

const HISTORY: &str = "
    report -> anomaly check digest event history rules timeline
    check -> anomaly checks digest history rules
    checks -> anomaly claim digest event partition_digest rules
    timeline -> claim digest partition_digest
    digest -> claim commit event history intervals partition_digest
    partition_digest -> claim commit event intervals
    claim commit -> event
    history -> error event json lines
    lines -> error event json verifiable
    recorder verifiable -> event json
    json -> event
    anomaly error event intervals rules ->
    pure: anomaly.rs check.rs claim.rs commit.rs digest.rs event.rs intervals.rs json.rs
    pure: partition_digest.rs report.rs rules.rs timeline.rs verifiable.rs
";

const HOUSE: &str = "
    check -> cycle imports module plan purity resolve source
    purity resolve -> imports module
    module -> imports source
    cycle imports plan source ->
";

const PROXY: &str = "
    proxy -> connection rename routes
    connection -> change frames rename rewrite routes
    # A message names topics and brokers, and ApiVersions the versions that are rewritten.
    messages -> change rewrite
    rewrite -> change
    change -> rename routes
    frames rename routes ->
    pure: change.rs messages.rs rename.rs rewrite.rs
";

const INTEGRATION: &str = "
    cluster -> wire patience
    strangers topics -> patience
    access example lane_reader patience records wire ->
";

const KAFKA: &str = "
    names = error listener mechanism user version
    run = java process
    # What a test holds.
    builder -> kafka certificates settings names
    kafka -> cluster server_properties storage zookeeper jars probe
    kafka -> certificates guard ports process properties settings names
    group_oracle -> oracle
    group_oracle oracle tool -> classes jars python session cache run names
    require -> python run names
    # A cluster, before it runs.
    storage zookeeper server_properties security tier -> cluster certificates properties names
    storage zookeeper security -> classes run
    cluster -> ports properties settings run names
    settings -> certificates names
    # Programs.
    session -> guard process names
    python classes jars -> one_shot cache java names
    java -> process names
    process certificates -> guard names
    one_shot cache guard ports -> error
    # Plain data.
    mechanism -> user version
    version -> error
    error listener probe properties user ->
";

#[test]
fn every_crate_keeps_to_its_plan() {
    let mut violations = Vec::new();
    for (folder, plan) in PLANS {
        let source = Source::read(&root().join(folder).join("src")).expect("a readable crate");
        let found = check(&source, &Plan::new(plan));
        violations.extend(found.iter().map(|found| format!("{folder}: {found}")));
    }
    assert!(violations.is_empty(), "\n{}", violations.join("\n"));
}

#[test]
fn every_member_of_the_workspace_has_a_plan() {
    let planned = PLANS.iter().map(|(folder, _)| *folder);
    let planned: BTreeSet<_> = planned.map(str::to_owned).collect();
    assert_eq!(BTreeSet::from_iter(members()), planned);
}
