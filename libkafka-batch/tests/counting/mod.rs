//! An allocator that counts, thread by thread, so that tests do not disturb one another.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What an action asked of the allocator.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Allocations, growing ones included.
    pub(crate) count: usize,
    /// The most bytes held at a time, beyond those held before.
    pub(crate) peak: usize,
    held: isize,
}

thread_local! {
    static USAGE: Cell<Usage> = const { Cell::new(Usage { count: 0, peak: 0, held: 0 }) };
}

/// Runs `action` and says what it asked for.
pub(crate) fn count<T>(action: impl FnOnce() -> T) -> (T, Usage) {
    USAGE.set(Usage::default());
    let result = action();
    (result, USAGE.get())
}

fn note(change: isize) {
    // While a thread ends there is nothing to count with, nor anyone who counts.
    let _ = USAGE.try_with(|usage| {
        let mut now = usage.get();
        now.held += change;
        now.count += usize::from(change > 0);
        now.peak = now.peak.max(usize::try_from(now.held).unwrap_or(0));
        usage.set(now);
    });
}

// SAFETY: every call goes to the system's allocator with the arguments that it came with.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size() as isize);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size() as isize);
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        note(-(layout.size() as isize));
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(-(layout.size() as isize));
        note(size as isize);
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
