//! Batches whose delivery time is over.

use super::*;

/// A queue with one batch that has been given away to be sent, and its time over.
fn overdue() -> World {
    let mut world = World::new(true, 5, false);
    for step in [Step::Id, Step::Push, Step::Id, Step::Close] {
        world.step(step);
    }
    for step in [Step::BeginBuild, Step::EndBuild, Step::Send] {
        world.step(step);
    }
    assert_eq!(world.wire.len(), 1);
    world.now += Duration::from_secs(121);
    world.queue.tick(world.now);
    assert!(!world.queue.has_failed(), "only a lane knows what was sent");
    world
}

#[test]
fn a_batch_that_was_given_to_a_lane_and_expires_is_in_doubt_only_if_it_was_sent() {
    for (fate, in_doubt) in [(Fate::RequestLost, true), (Fate::NotSent, false)] {
        let mut world = overdue();
        world.step(Step::Answer(fate));
        let [finished] = &world.finished[..] else {
            panic!("{} batches", world.finished.len())
        };
        let failure = finished.outcome.as_ref().expect_err("a failure");
        assert_eq!(failure.reason, Reason::Expired);
        assert_eq!(failure.possibly_written, in_doubt);
        // Numbers of what is in doubt are lost; others are assigned again.
        world.step(Step::Push);
        assert_eq!(world.queue.wants_producer(), in_doubt);
    }
}

#[test]
fn a_batch_that_was_taken_back_expires_without_doubt() {
    let mut world = overdue();
    let id = world.wire.pop_front().expect("a batch").id;
    world.queue.put_back(id);
    world.queue.tick(world.now);
    let finished = world.queue.next_failed().expect("a batch");
    let failure = finished.outcome.expect_err("a failure");
    assert_eq!(failure.reason, Reason::Expired);
    assert!(!failure.possibly_written);
}
