"""Where freed memory goes: back to the system, so that it serves whoever needs it next."""

import ctypes

# Source: malloc.h of glibc.
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
LARGE = 1024 * 1024  # bytes
HEAPS = 2


def spare_memory() -> None:
    """Let a large block leave the process when it is freed, and threads share two heaps.

    glibc takes the first large block that is freed for a sign of more to come, and keeps the later
    ones in the heap of the thread that freed them: of a password's hash 19 MiB for each thread. A
    fixed threshold ends that. What is free in one heap serves no thread of another; of our threads
    one at a time runs Python. Where the C library is another one, nothing is done.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_ARENA_MAX, HEAPS)
