"""One call of a profiled function, as silk keeps it.

silk's own decorator keeps the call on itself, where the threads of a worker would meet, and breaks
where no request is recorded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from silk.collector import DataCollector
from silk.profiling.profiler import silk_profile


@contextmanager
def profile(name: str, work: Callable) -> Iterator[None]:
    """Record what is done inside as a call of `work`, if silk records this request."""
    if DataCollector().request is None:
        yield
        return
    call = silk_profile(name)
    with call:
        code = work.__code__
        call.profile |= {
            "func_name": work.__qualname__,
            "file_path": code.co_filename,
            "line_num": code.co_firstlineno,
        }
        yield
