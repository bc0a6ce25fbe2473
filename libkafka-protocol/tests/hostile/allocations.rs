//! An allocator that counts, thread by thread.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Bytes that were asked of the allocator, without its own overhead.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Allocations {
    /// Most at a time, above what there was at the start.
    pub(crate) peak: usize,
    /// The largest single allocation.
    pub(crate) largest: usize,
    /// All together, whether freed since or not.
    pub(crate) total: usize,
    live: usize,
}

thread_local! {
    static COUNT: Cell<Allocations> = const { Cell::new(Allocations { peak: 0, largest: 0, total: 0, live: 0 }) };
}

impl Allocations {
    /// Runs `work` and counts what it allocates, its result included.
    pub(crate) fn of<T>(work: impl FnOnce() -> T) -> (T, Self) {
        COUNT.set(Self::default());
        let result = work();
        (result, COUNT.get())
    }

    fn add(mut self, size: usize) -> Self {
        self.live += size;
        self.total += size;
        self.largest = self.largest.max(size);
        self.peak = self.peak.max(self.live);
        self
    }

    /// What is freed may have been there before the count began.
    fn remove(mut self, size: usize) -> Self {
        self.live = self.live.saturating_sub(size);
        self
    }
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call goes on to the system's allocator as it came. The counter
// is a constant cell without a destructor, so counting never allocates.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = COUNT.try_with(|count| count.set(count.get().add(layout.size())));
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let _ = COUNT.try_with(|count| count.set(count.get().remove(layout.size())));
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both blocks at a time: where it moves, that is what it takes.
        let counted =
            |count: &Cell<Allocations>| count.set(count.get().add(size).remove(layout.size()));
        let _ = COUNT.try_with(counted);
        // SAFETY: the caller's promise is the one that is asked for.
        unsafe { System.realloc(block, layout, size) }
    }
}

#[test]
fn the_count_sees_what_is_allocated() {
    let (_, count) = Allocations::of(|| {
        drop(Vec::<u8>::with_capacity(1000));
        let mut grown = Vec::<u8>::with_capacity(10);
        grown.reserve_exact(500);
        Box::new([0u8; 100])
    });
    assert_eq!((count.largest, count.peak), (1000, 1000));
    assert_eq!(count.total, 1000 + 10 + 500 + 100);
}
