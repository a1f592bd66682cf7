"""Baselines: every endpoint measured, on a site of its own; and what changed since, if anything."""

import json
import random
import statistics
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bookings.models import Chef
from monitoring.services.baselines import measuring
from monitoring.services.baselines.comparing import (
    Change,
    Verdict,
    compare,
    gone,
    regressions,
)
from monitoring.services.baselines.taking import NotMeasured, _Runner
from monitoring.services.baselines.telling import as_markdown, changes_as_markdown
from monitoring.visits import VISITS, Answer

CHEFS = "GET /api/coocook/chefs"
ROUNDS = 7


def costs(cpu_ms, *, noise=0.05, queries=2, size=4000, seed=0):
    """Costs whose rounds differ by so much."""
    rng = random.Random(seed)
    rounds = [cpu_ms * rng.gauss(1, noise) for _ in range(ROUNDS)]
    middle = statistics.median(rounds)
    spread = dict.fromkeys(("min", "mean", "median", "p95", "p99"), middle)
    return {
        "cpu_ms": spread,
        "wall_ms": spread,
        "queries": queries,
        "bytes": size,
        "rounds_cpu_ms": rounds,
    }


def baseline(*, cpu_ms=5.0, calibration_ms=10.0, seed=0, **costing):
    """A baseline of one endpoint, as a file has it."""
    cold = costs(cpu_ms, seed=seed, **costing)
    warm = costs(cpu_ms / 8, seed=seed + 1, **costing)
    return {
        "format": 1,
        "taken_at": "2026-11-25T09:30:00+00:00",
        "commit": "a" * 40,
        "is_dirty": False,
        "database": "sqlite 3.53.0",
        "sizes": {"chefs": 200},
        "rounds": ROUNDS,
        "requests": 5,
        "calibration_ms": [calibration_ms] * ROUNDS,
        "endpoints": {CHEFS: {"cold": cold, "warm": warm, "budget": None}},
    }


class Burning:
    """Answers every visit alike, after so many rounds of the same work."""

    def __init__(self, times=1):
        self.times = times
        self.states = []

    def ask(self, visit, before=None):
        self.states.append(before)
        begun = time.process_time()
        for _ in range(self.times):
            sum(number * number for number in range(20_000))
        spent = time.process_time() - begun
        return Answer(queries=2, bytes=4000, seconds=spent, cpu_seconds=spent)


def measured(asker):
    """A baseline of one endpoint as this asker answers."""
    endpoints, calibrations = measuring.measure(asker, [VISITS[CHEFS]], rounds=5, requests=3)
    return baseline() | {"endpoints": endpoints, "calibration_ms": calibrations}


class TestComparing:
    @pytest.mark.parametrize("seed", range(2, 12))
    @pytest.mark.parametrize("noise", [0.01, 0.1, 0.4])
    def test_two_runs_of_the_same_code_differ_by_noise(self, seed, noise):
        again = baseline(seed=seed * 10, noise=noise)

        assert compare(baseline(noise=noise), again) == []

    def test_a_slower_computer_is_no_regression(self):
        slower = baseline(cpu_ms=15.0, calibration_ms=30.0)

        assert compare(baseline(), slower) == []

    def test_half_more_time_is_one(self):
        changes = compare(baseline(), baseline(cpu_ms=7.5, seed=5))

        assert [(c.verdict, c.state, c.measure) for c in changes] == [
            ("worse", "cold", "cpu_ms"),
            ("worse", "warm", "cpu_ms"),
        ]

    def test_on_a_slower_computer_too_and_told_as_on_the_first(self):
        changes = compare(baseline(noise=0), baseline(cpu_ms=30, calibration_ms=30, noise=0))

        assert changes[0] == Change(Verdict.WORSE, CHEFS, "cold", "cpu_ms", 5.0, 10.0)
        assert str(changes[0]) == f"{CHEFS} cold: cpu_ms 5 → 10 (+100 %), worse."

    def test_less_time_is_told_as_better(self):
        changes = compare(baseline(), baseline(cpu_ms=2.5, seed=5))

        assert {change.verdict for change in changes} == {"better"}
        assert regressions(changes) == []

    def test_one_query_more_is_a_regression_whatever_the_times(self):
        changes = compare(baseline(), baseline(queries=3))

        assert [(c.measure, c.before, c.after) for c in changes] == [("queries", 2, 3)] * 2
        assert regressions(changes) == changes

    def test_a_few_bytes_are_not_and_many_are(self):
        assert compare(baseline(), baseline(size=4060)) == []
        assert {c.measure for c in compare(baseline(), baseline(size=4500))} == {"bytes"}

    def test_what_is_new_or_gone_is_told_apart(self):
        before, after = baseline(), baseline()
        after["endpoints"]["GET /new"] = after["endpoints"].pop(CHEFS)

        assert compare(before, after) == [Change(Verdict.NEW, "GET /new")]
        assert gone(before, after) == [Change(Verdict.GONE, CHEFS)]

    @pytest.mark.parametrize(
        "other", [{"sizes": {"chefs": 1}}, {"database": "postgresql 15.18"}, {"format": 0}]
    )
    def test_what_is_not_alike_is_not_compared(self, other):
        with pytest.raises(ValueError, match="differ"):
            compare(baseline(), baseline() | other)


@pytest.mark.django_db
class TestMeasuring:
    def test_a_slowdown_is_found_and_named(self):
        changes = compare(measured(Burning()), measured(Burning(times=4)))

        worse = regressions(changes)
        assert {(c.endpoint, c.state, c.measure) for c in worse} == {
            (CHEFS, "cold", "cpu_ms"),
            (CHEFS, "warm", "cpu_ms"),
        }

    def test_cold_requests_come_after_the_generations_moved(self):
        asker = Burning()
        measuring.measure(asker, [VISITS[CHEFS]], rounds=1, requests=2)

        _first, *cold = asker.states[:3]
        _unmeasured, *warm = asker.states[3:]
        assert cold == [measuring.move_generations] * 2
        assert warm == [measuring.nothing] * 2 * measuring.WARM_TIMES

    def test_what_is_never_kept_is_not_asked_for_warm(self):
        name = "POST /api/coocook/bookings"
        found, _calibrations = measuring.measure(Burning(), [VISITS[name]], rounds=1, requests=1)

        assert found[name]["warm"] is None
        assert found[name]["cold"]["queries"] == 2


class TestTelling:
    def test_a_table_has_a_row_for_each_state(self):
        told = as_markdown(baseline(noise=0))

        assert f"| {CHEFS} | cold | 2 | 4000 | 5.00 |" in told
        assert f"| {CHEFS} | warm | 2 | 4000 | 0.62 |" in told

    def test_nothing_is_said_to_be_nothing(self):
        assert changes_as_markdown([]) == "Nothing changed beyond noise."

    def test_changes_are_told_by_what_they_are(self):
        before, after = baseline(), baseline(queries=3)
        told = changes_as_markdown([*compare(before, after), Change(Verdict.GONE, "GET /old")])

        assert told.index("Worse:") < told.index("Not measured any more:")
        assert "- GET /old is gone." in told


class TestCommand:
    @pytest.fixture
    def files(self, tmp_path):
        """Two files: a baseline, and one that takes a query more."""
        paths = tmp_path / "before.json", tmp_path / "after.json"
        for path, found in zip(paths, (baseline(), baseline(queries=3)), strict=True):
            path.write_text(json.dumps(found))
        return paths

    def run(self, *arguments):
        out, err = StringIO(), StringIO()
        call_command("performance_baseline", *arguments, stdout=out, stderr=err)
        return out.getvalue()

    def test_says_that_nothing_changed(self, files):
        before, _after = files

        assert "Nothing changed" in self.run("--compare", str(before), "--measured", str(before))

    def test_ends_with_an_error_that_names_each_regression(self, files):
        before, after = files

        with pytest.raises(CommandError, match=f"(?s)2 worse:.*{CHEFS} cold: queries 2 → 3"):
            self.run("--compare", str(before), "--measured", str(after))

    def test_tells_programs_in_json(self, files):
        before, after = files
        told = json.loads(
            self.run("--compare", str(after), "--measured", str(before), "--format", "json")
        )

        assert told["changes"][0]["verdict"] == "better"
        assert told["baseline"]["endpoints"].keys() == {CHEFS}

    def test_a_file_that_is_none_is_named(self, tmp_path):
        with pytest.raises(CommandError, match="is no baseline"):
            self.run("--compare", str(tmp_path / "absent.json"))

    def test_baselines_that_are_not_alike_are_refused(self, files, tmp_path):
        other = tmp_path / "other.json"
        other.write_text(json.dumps(baseline() | {"sizes": {"chefs": 1}}))

        with pytest.raises(CommandError, match="can't be compared"):
            self.run("--compare", str(other), "--measured", str(files[0]))

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [(["--route", "nowhere"], "No endpoint"), (["--rounds", "0"], "from 1 up")],
    )
    def test_what_can_not_be_measured_is_refused(self, arguments, message):
        with pytest.raises(CommandError, match=message):
            self.run(*arguments)

    @pytest.mark.django_db(transaction=True)  # on a server, a database is made beside this one
    def test_measures_a_site_of_its_own(self, tmp_path):
        path = tmp_path / "baselines" / "one.json"
        sizes = ("--users=2", "--chefs=2", "--bookings=8", "--rounds=2", "--requests=1")
        told = self.run(
            "--output", str(path), *sizes, "--route", "GET /api/coocook/chefs", "POST /coocook"
        )

        found = json.loads(path.read_text())
        booked = found["endpoints"]["POST /coocook/chefs/{pk}/book"]
        assert booked["warm"] is None
        assert booked["cold"]["queries"] <= booked["budget"]["queries"]
        assert found["endpoints"][CHEFS]["warm"]["queries"] == 0
        assert len(found["calibration_ms"]) == 2
        assert found["sizes"] == {"users": 2, "chefs": 2, "bookings": 8}
        assert "| GET /api/coocook/chefs | cold |" in told
        assert not Chef.objects.exists()

    def test_only_a_throw_away_site_is_measured(self, monkeypatch, tmp_path):
        run = _Runner(tmp_path, f"sqlite:///{tmp_path / 'live.sqlite3'}")
        (tmp_path / "throw-away").unlink()

        with pytest.raises(NotMeasured, match="This writes to its database"):
            run("-m", "monitoring.services.baselines", "--rounds=1", "--requests=1", CHEFS)
