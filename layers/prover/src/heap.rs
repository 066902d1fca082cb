//! The heap: mimalloc, and an end of the process that its parent can tell from a crash once there is no more memory.

use std::alloc::{GlobalAlloc, Layout};

use mimalloc::MiMalloc;

/// The exit code of a process that ran out of memory: ENOMEM.
pub const OUT_OF_MEMORY: i32 = 12;

/// musl's own allocator makes proofs a fifth slower.
pub struct Heap;

// SAFETY: memory comes from mimalloc and goes back to it; nothing else is done with it.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        granted(unsafe { MiMalloc.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        granted(unsafe { MiMalloc.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        granted(unsafe { MiMalloc.realloc(memory, layout, bytes) })
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { MiMalloc.dealloc(memory, layout) }
    }
}

fn granted(memory: *mut u8) -> *mut u8 {
    if memory.is_null() {
        end_out_of_memory();
    }
    memory
}

/// Ends the process at once. Unwinding, and whatever else runs at an ordinary exit, may take memory itself.
pub fn end_out_of_memory() -> ! {
    // SAFETY: ends the process and touches nothing of it.
    unsafe { libc::_exit(OUT_OF_MEMORY) }
}
