"""The parts of `make bench` that measure nothing: answers as they come in, lines, the table."""

from collections import Counter

import pytest

from tests.load.bench import cpu, wire
from tests.load.bench.comparing import Comparison, Line, Measured, Round, line_of, spread
from tests.load.bench.crowd import Crowd
from tests.load.bench.printed import table

HEAD = b"HTTP/1.1 200 OK\r\nServer: bare\r\ncontent-length: 5\r\n\r\n"


def rounds(*seconds, database=0.0):
    return [Round(s, s + database, wire.Asked([], Counter())) for s in seconds]


# --- The wire -------------------------------------------------------------------------------


def test_an_answer_ends_where_its_length_says():
    assert wire.length(HEAD[:20]) is None
    assert wire.length(HEAD) == len(HEAD) + 5
    assert wire.length(HEAD + b"hello") == len(HEAD) + 5


def test_an_answer_without_a_body_ends_with_its_head():
    head = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"
    assert wire.length(head) == len(head)


def test_an_answer_of_unknown_length_is_an_error():
    with pytest.raises(ValueError, match="unknown length"):
        wire.length(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")


def test_reads_an_answer():
    answer = wire.parsed(HEAD + b"hello")
    assert (answer.status, answer.body) == (200, b"hello")
    assert answer.headers == [("Server", "bare"), ("content-length", "5")]


def test_writes_a_request_with_a_body():
    request = wire.written("POST", "/x", {"A": "b"}, b"{}")
    head, _gap, body = request.partition(b"\r\n\r\n")
    assert body == b"{}"
    assert head.splitlines() == [
        b"POST /x HTTP/1.1",
        b"Host: localhost",
        b"A: b",
        b"Content-Type: application/json",
        b"Content-Length: 2",
    ]


# --- CPU time -------------------------------------------------------------------------------


def test_time_that_was_spent_is_that_of_threads_that_are_still_there():
    before = {(1, "1"): 10**9, (1, "2"): 5 * 10**9}
    after = {(1, "1"): 3 * 10**9, (1, "3"): 10**9}
    assert cpu.spent(before, after) == 3.0


# --- The crowd ------------------------------------------------------------------------------


def test_a_crowd_counts_once_everybody_is_there():
    crowd = Crowd(port=0, requests=[])
    crowd.answered(200, 9.0)
    crowd.failed("connection lost")
    crowd.is_counted = True
    for status in (200, 503):
        crowd.answered(status, 0.01)
    crowd.failed("no answer")
    assert crowd.seconds == [0.01]
    assert crowd.failures == {"connection lost": 0, "503": 1, "no answer": 1}


# --- Lines ----------------------------------------------------------------------------------

TWICE_AS_QUICK = Measured(rounds(1e-4, 2e-4, 9e-4), rounds(2e-4, 4e-4, 9e-4))


@pytest.mark.parametrize(
    ("wanted", "measured", "target", "passed"),
    [
        ({"speed": 1.5}, 2.0, "≥ 1.5", True),
        ({"speed": 2.5}, 2.0, "≥ 2.5", False),
        ({"cost": 0.6}, 0.5, "≤ 0.6", True),
        ({"cost": 0.4}, 0.5, "≤ 0.4", False),
        ({"milliseconds": 0.1}, 0.2, "≤ 0.1 ms", False),
        ({}, 2.0, "", None),
    ],
)
def test_a_line_has_the_middle_of_the_ratios(wanted, measured, target, passed):
    line = line_of(Comparison("what", "peer", None, **wanted), TWICE_AS_QUICK)
    assert line.measured == pytest.approx(measured)
    assert (line.ours, line.theirs, line.against) == ("200", "400", "peer")
    assert (line.target, line.passed) == (target, passed)


def test_the_database_counts_where_it_is_wanted():
    measured = Measured(rounds(1e-4, database=1e-4), rounds(1e-4, database=3e-4))
    line = line_of(Comparison("what", "peer", None, counts_database=True), measured)
    assert (line.ours, line.theirs, line.measured) == ("200", "400", pytest.approx(2))


def test_spread_is_over_all_rounds():
    asked = [wire.Asked([n / 100 for n in part], Counter()) for part in (range(50), range(50, 101))]
    assert spread(Round(0, 0, one) for one in asked) == (0.5, 0.95)


def test_the_table_is_aligned():
    lines = [
        Line("short", "1", "20", "bare WSGI", 0.8125, "≥ 0.8", True),
        Line("somewhat longer", "100", "", "", None, "", None),
    ]
    head, first, second = table(lines).splitlines()
    assert first.endswith("0.812   ≥ 0.8  ok")
    assert head.index("beside") == first.index("bare WSGI")
    assert second.startswith("somewhat longer")
