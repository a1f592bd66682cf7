"""What processes do with memory: give back what is free, and share what they had before a fork."""

import ctypes
import gc
import sys
from itertools import filterfalse
from types import CodeType
from typing import Any

# Source: malloc.h of glibc.
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
LARGE = 1024 * 1024  # bytes
HEAPS = 2

LARGEST_GAP = 8 * 1024  # bytes


def spare_memory() -> None:
    """Let a large block leave the process when it is freed, and threads share two heaps.

    glibc takes the first large block that is freed for a sign of more to come, and keeps the later
    ones in the heap of the thread that freed them: of each thread that ever hashed a password, 12
    MiB. A fixed threshold ends that. What is free in one heap serves no thread of another; of our
    threads one at a time runs Python. Where the C library is another one, nothing is done.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_ARENA_MAX, HEAPS)


def share_memory() -> None:
    """Leave all there is unwritten from now on, so that processes forked from this one share it.

    Python counts references in the objects themselves: looking at one writes to it. It does not
    count those of what lives for ever, such as None (PEP 683), so all there is lives for ever
    now. The collector of garbage writes into whatever it looks at, so that it looks no more. New
    blocks would lie in whatever is free between the others.
    """
    gc.collect()
    if _none_is_not_counted():
        _let_live_for_ever(gc.get_objects())
    gc.freeze()
    _fill_gaps()


def _none_is_not_counted() -> bool:
    """Whether this Python counts where we look, and lets None live for ever."""
    is_python = sys.implementation.name == "cpython" and sys.maxsize > 2**32
    return is_python and _counts()[id(None) // 4] == sys.getrefcount(None)


def _counts() -> Any:
    """Return all memory, by four bytes: an object's count is, or ends, where it begins."""
    return (ctypes.c_uint32 * 2**45).from_address(0)


def _let_live_for_ever(things: list[Any]) -> None:
    """Count no references to these any more, nor to what only they lead to.

    They are what the collector of garbage knows; the rest is what it does not: texts, code.
    """
    counts = _counts()
    for_ever = counts[id(None) // 4]
    while things:
        for thing in things:
            counts[id(thing) // 4] = for_ever
        parts = gc.get_referents(*things)
        for thing in things:
            if type(thing) is CodeType:  # to ask for its class would wake what is lazy
                parts += _parts_of_code(thing)
        things = [
            part for part in filterfalse(gc.is_tracked, parts) if counts[id(part) // 4] < for_ever
        ]


def _parts_of_code(code: CodeType) -> tuple[object, ...]:
    names = (code.co_name, code.co_qualname, code.co_filename)
    return (*code.co_consts, *code.co_names, *names, code.co_linetable, code.co_exceptiontable)


def _fill_gaps() -> None:
    """Take what is free between the C library's blocks: some 0.7 MB, on a third of its pages."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        return
    malloc = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_size_t)(("malloc", library))
    free = ctypes.CFUNCTYPE(None, ctypes.c_size_t)(("free", library))
    end = malloc(LARGE // 8)  # bytes, for which there is no gap
    for size in range(LARGEST_GAP, 0, -16):
        while (block := malloc(size)) < end:
            pass
        free(block)
    free(end)
