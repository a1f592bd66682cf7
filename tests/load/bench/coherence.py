"""Whether anybody reads what is older than the last write that was acknowledged."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from itertools import cycle

from tests.load.bench.comparing import Line
from tests.load.bench.seeded import Seeded
from tests.load.bench.servers import Ground
from tests.site import GIVE_UP

WRITES = 250
READERS = 12  # connections, each of which stays with one worker
READ = ("/api/coocook/chefs/{}", "/coocook/chefs/{}")


def coherence(ground: Ground) -> Iterator[Line]:
    """Reads after each write, from all four workers of one machine."""
    yield _stale(ground, "4 workers, one machine", [ground.four_workers])


def coherence_redis(ground: Ground) -> Iterator[Line]:
    """Reads after each write, from two machines that write in turns and share a Redis."""
    yield _stale(ground, "2 machines, Redis", ground.machines)


def _stale(ground: Ground, where: str, sites: Sequence[Seeded]) -> Line:
    """Rename a chef again and again, and count who reads an earlier name after that."""
    chef, owner = ground.sqlite.open_chefs[0], ground.sqlite.tokens("chef")[0]
    asked = stale = 0
    with ExitStack() as stack:
        readers = [
            stack.enter_context(closing(HTTPConnection("127.0.0.1", site.site.port, GIVE_UP)))
            for _number, site in zip(range(READERS), cycle(sites), strict=False)
        ]
        for number, site in zip(range(WRITES), cycle(sites), strict=False):
            name = f"Renamed {number:03}"
            _rename(site, chef, name, owner)
            for reader in readers:
                for path in READ:
                    asked += 1
                    stale += name not in _read(reader, path.format(chef))
    what = f"stale of {asked} reads after {WRITES} writes"
    return Line(f"coherence: {where}", "", "", what, stale, "≤ 0", stale == 0)


def _rename(site: Seeded, chef: int, name: str, owner: str) -> None:
    path, headers = f"/api/coocook/chefs/{chef}", {"If-Match": "*"}
    answer = site.site.call("PATCH", path, {"name": name}, token=owner, headers=headers)
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} {answer.body[:300]!r}")


def _read(reader: HTTPConnection, path: str) -> str:
    reader.request("GET", path)
    answer = reader.getresponse()
    body = answer.read().decode()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
    return body
