"""Where a request's CPU time goes: `python -m tests.load.profile warm`, `cold`, `own` or `post`.

    warm  the list of chefs, ready to be sent
    cold  the list of chefs, made anew for each request
    own   who one is (/api/auth/me), which is never kept
    post  a booking

Prints what a request takes, then the functions in which that time passes, each without those that
it calls. Python's profiler makes calls dearer than they are: the shares are for looking, the time
above them is measured without it. `--out FILE` keeps the profile, for snakeviz and its like.
"""

import argparse
import cProfile
import io
import json
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.load.bench.seeded import Seeded
from tests.load.bench.servers import Ground
from tests.load.bench.topics import BOOKINGS, CHEFS
from tests.open_chefs import HOURS
from tests.site import ROOT

REQUESTS = 400
WARM_UP = 40
ROWS = 30
ME = "/api/auth/me"
COMPRESSED = {"HTTP_ACCEPT_ENCODING": "gzip"}

type Sent = dict[str, Any]


def warm(seeded: Seeded) -> Iterator[Sent]:
    yield from cycle([{"path": CHEFS}])


def cold(seeded: Seeded) -> Iterator[Sent]:
    yield from cycle([{"path": CHEFS, "moves": seeded.hidden_chef}])


def own(seeded: Seeded) -> Iterator[Sent]:
    yield from cycle([{"path": ME, "token": token} for token in seeded.tokens("customer")])


def post(seeded: Seeded) -> Iterator[Sent]:
    tokens = cycle(seeded.tokens("customer"))
    for body in seeded.free_starts():
        booked = body | {"duration_hours": HOURS}
        yield {"path": BOOKINGS, "token": next(tokens), "body": booked}


PROFILED: dict[str, Callable[[Seeded], Iterator[Sent]]] = {
    profiled.__name__: profiled for profiled in (warm, cold, own, post)
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.load.profile", description=__doc__)
    parser.add_argument("what", choices=PROFILED)
    parser.add_argument("--out", type=Path, help="keep the profile in this file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="softfactory-profile-") as name, ExitStack() as stack:
        seeded = Ground(Path(name), stack).sqlite
        sent = list(islice(PROFILED[asked.what](seeded), 2 * REQUESTS + WARM_UP))
        program = f"from tests.load.profile import profile; profile({str(asked.out or '')!r})"
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            env=seeded.site.env,
            cwd=ROOT,
            input=json.dumps(sent),
            text=True,
        )


def profile(out: str) -> None:
    """Answer what comes on standard input, in this process alone; print where the time went."""
    from softfactory.wsgi import application

    sent = json.load(sys.stdin)
    _answer(application, sent[:WARM_UP])
    seconds = _answer(application, sent[WARM_UP : WARM_UP + REQUESTS])
    profiler = cProfile.Profile()
    profiler.enable()
    _answer(application, sent[WARM_UP + REQUESTS :])
    profiler.disable()
    print(f"{seconds / REQUESTS * 1e6:.0f} µs of CPU a request\n")
    stats = pstats.Stats(profiler)
    if out:
        stats.dump_stats(out)
    print(f"{'%':>5} {'calls':>6}  function, without what it calls")
    rows = sorted(stats.stats.items(), key=lambda row: -row[1][2])  # type: ignore[attr-defined]
    whole = sum(own_time for _function, (_primitive, _calls, own_time, *_rest) in rows)
    for (file, line, name), (_primitive, calls, own_time, *_rest) in rows[:ROWS]:
        share = 100 * own_time / whole
        print(f"{share:5.1f} {calls / REQUESTS:6.1f}  {_place(file, line)}{name}")


def _answer(application: Callable, sent: list[Sent]) -> float:
    """Give all these requests to the application; return the CPU seconds that it took."""
    from bookings.models import Chef

    spent = 0.0
    for one in sent:
        if pk := one.get("moves"):
            Chef.objects.filter(pk=pk).update(is_active=False)
        environ = environ_of(**one)
        statuses: list[str] = []
        begun = time.process_time()
        answer = application(environ, partial(_note, statuses))
        b"".join(answer)
        spent += time.process_time() - begun
        if hasattr(answer, "close"):
            answer.close()
        if statuses[0][:1] != "2":
            raise RuntimeError(f"{one}: {statuses[0]}")
    return spent


def _note(statuses: list[str], status: str, _headers: object, _error: object = None) -> None:
    statuses.append(status)


def environ_of(
    path: str, token: str = "", body: Mapping[str, Any] | None = None, **_other: Any
) -> dict[str, Any]:
    """Return a request as the server hands it over."""
    content = json.dumps(body).encode() if body is not None else b""
    parts = urlsplit(path)
    environ = {
        "REQUEST_METHOD": "GET" if body is None else "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
        **COMPRESSED,
    }
    if token:
        environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    if body is not None:
        environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(content))}
    return environ


def _place(file: str, line: int) -> str:
    """Say where a function is: from the checkout, or from the library's own folder."""
    if file == "~":
        return ""
    short = file.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]
    return f"{short.rpartition('/lib/python3.13/')[2]}:{line} "


if __name__ == "__main__":
    main()
