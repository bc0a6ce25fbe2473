use std::net::{TcpListener, TcpStream};
#[cfg(not(windows))]
use std::os::fd::AsFd;

use super::*;
use crate::net::Waker;

const LONG: Duration = Duration::from_secs(60);

struct Always(Interest<'static>);

impl Waitable for Always {
    fn interest(&self) -> Interest<'_> {
        self.0.clone()
    }
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_millis(20))
}

fn indices(ready: &Ready) -> Vec<usize> {
    ready.iter().collect()
}

#[test]
fn a_wait_for_nothing_ends_with_its_deadline() {
    let deadline = soon();
    let ready = wait(&[&Always(Interest::nothing())], deadline).unwrap();
    assert!(ready.is_empty() && deadline.is_past());
    assert!(wait(&[], soon()).unwrap().is_empty());
    assert!(wait(&[&Waker::new().unwrap()], soon()).unwrap().is_empty());
}

#[test]
fn all_that_can_go_on_are_returned_and_no_others() {
    let (woken, asleep) = (Waker::new().unwrap(), Waker::new().unwrap());
    woken.wake();
    let now = Always(Interest::now());
    let nothing = Always(Interest::nothing());
    let due = Always(Interest::nothing().or_at(Instant::now()));
    let ready = wait(
        &[&asleep, &woken, &nothing, &due, &now],
        Deadline::after(LONG),
    );
    let ready = ready.unwrap();
    assert_eq!(indices(&ready), [1, 3, 4]);
    assert!(ready.contains(1) && !ready.contains(0));
    // Until it is attended to, it is ready.
    assert_eq!(
        indices(&wait(&[&woken], Deadline::after(LONG)).unwrap()),
        [0]
    );
    assert!(woken.take() && !woken.take());
    assert!(wait(&[&woken], soon()).unwrap().is_empty());
}

#[test]
fn another_thread_ends_a_wait_by_its_waker() {
    let waker = Waker::new().unwrap();
    let other = waker.clone();
    let waiting = std::thread::spawn(move || wait(&[&other], Deadline::after(LONG)).unwrap());
    waker.wake();
    assert_eq!(indices(&waiting.join().unwrap()), [0]);
    // However often it is called, nobody waits for it.
    (0..1_000_000).for_each(|_| waker.wake());
    assert!(waker.take());
}

#[test]
fn a_time_is_waited_for_and_the_first_of_two_counts() {
    let started = Instant::now();
    let first = started + Duration::from_millis(20);
    let interest = Interest::nothing().or_at(started + LONG).or_at(first);
    let ready = wait(&[&Always(interest)], Deadline::after(LONG)).unwrap();
    assert_eq!(indices(&ready), [0]);
    assert!(Instant::now() >= first);
}

#[test]
fn what_the_system_cannot_wait_for_is_asked_every_few_milliseconds() {
    let unknown = Always(Interest::unknown());
    let asleep = Waker::new().unwrap();
    let started = Instant::now();
    let ready = wait(&[&asleep, &unknown], Deadline::after(LONG)).unwrap();
    assert_eq!(indices(&ready), [1]);
    assert!(started.elapsed() >= TURN);
}

#[test]
fn a_socket_is_waited_for_to_be_read_to_be_written_and_to_end() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (peer, _) = listener.accept().unwrap();
    let readable = || Interest::readable(stream.as_fd());
    let writable = || Interest::writable(stream.as_fd());
    let ready = wait_for([readable(), writable()], Deadline::after(LONG)).unwrap();
    assert_eq!(indices(&ready), [1]);
    drop(peer);
    let ready = wait_for([readable()], Deadline::after(LONG)).unwrap();
    assert_eq!(indices(&ready), [0]);
}

#[test]
fn one_that_has_several_sockets_is_ready_once_with_any_of_them() {
    let wakers = [(); 3].map(|()| Waker::new().unwrap());
    struct Several<'a>(&'a [Waker]);
    impl Waitable for Several<'_> {
        fn interest(&self) -> Interest<'_> {
            let interests = self.0.iter().map(Waitable::interest);
            interests.fold(Interest::nothing(), Interest::or)
        }
    }
    let (one, others) = wakers.split_first().unwrap();
    let waitables: [&dyn Waitable; 2] = [one, &Several(others)];
    assert!(wait(&waitables, soon()).unwrap().is_empty());
    wakers[2].wake();
    let ready = wait(&waitables, Deadline::after(LONG)).unwrap();
    assert_eq!(indices(&ready), [1]);
    wakers[1].wake();
    let ready = wait(&waitables, Deadline::after(LONG)).unwrap();
    assert_eq!(indices(&ready), [1]);
    // The first of their times counts.
    let late = Interest::nothing().or_at(Instant::now() + LONG);
    let both = late.or(Interest::nothing().or_at(Instant::now()));
    let ready = wait(&[&Always(both)], Deadline::after(LONG)).unwrap();
    assert_eq!(indices(&ready), [0]);
}
