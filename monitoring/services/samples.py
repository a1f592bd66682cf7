"""Samples over time: each host's clock takes them, adds them up and prunes them by age."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from monitoring.models import Reading, Sample
from monitoring.services.system import this_host, usage
from monitoring.services.totals import (
    Tally,
    epoch,
    pack,
    read_meters,
    summary_of,
    unpack,
)

FINE, COARSE, HOURLY = Sample.Resolution.FINE, Sample.Resolution.COARSE, Sample.Resolution.HOURLY
KEPT = {FINE: timedelta(hours=24), COARSE: timedelta(days=30), HOURLY: timedelta(days=30)}


def sample(now: datetime) -> int:
    """Take this host's sample, if 10 seconds have passed; return how many were taken.

    Whoever else takes it at the same time finds the reading moved, and leaves it at that.
    """
    host = this_host()
    before = Reading.objects.filter(host=host).first()
    if before is not None and now - before.taken_at < timedelta(seconds=FINE):
        return 0
    tally, standing = read_meters()
    gauges = usage() | standing
    reading = Reading(host=host, epoch=epoch(), taken_at=now, tally=pack(tally), gauges=gauges)
    try:
        with transaction.atomic():
            if not _replace(before, reading):
                return 0
            moved = pack(moved_since(before, tally))
            Sample.objects.create(
                host=host,
                resolution=FINE,
                starts_at=before.taken_at if before else now - timedelta(seconds=FINE),
                ends_at=now,
                tally=moved,
                summary=summary_of(moved),
                gauges=gauges | _processor(before, gauges, now),
            )
    except IntegrityError:
        return 0
    return 1


def _replace(before: Reading | None, reading: Reading) -> bool:
    if before is None:
        reading.save(force_insert=True)
        return True
    unmoved = Reading.objects.filter(host=before.host, taken_at=before.taken_at)
    return bool(
        unmoved.update(
            epoch=reading.epoch,
            taken_at=reading.taken_at,
            tally=reading.tally,
            gauges=reading.gauges,
        )
    )


def moved_since(before: Reading | None, tally: Tally) -> Tally:
    """Return what was counted after a reading; all of it, if the meters started anew since."""
    if before is None or before.epoch != epoch():
        return tally
    return tally - unpack(before.tally)


def _processor(before: Reading | None, gauges: dict, now: datetime) -> dict[str, float]:
    """Processor time used since, in percent of one processor. One that ended took its own along."""
    if before is None:
        return {}
    used = max(gauges["cpu_seconds"] - before.gauges.get("cpu_seconds", 0), 0)
    return {"cpu_percent": round(used / (now - before.taken_at).total_seconds() * 100, 1)}


def processor_percent(*, now: datetime) -> float | None:
    """Return what this host's last sample says of its processor time, if it is of this minute."""
    recent = Sample.objects.fine().since(now - timedelta(minutes=1)).filter(host=this_host())
    last = recent.last()
    return last.gauges.get("cpu_percent") if last else None


def make_coarse(now: datetime) -> int:
    """Add up this host's samples of each 5 minutes, then of each hour, that are over.

    Return how many were made.
    """
    return _add_up(FINE, COARSE, now) + _add_up(COARSE, HOURLY, now)


def _add_up(parts: int, whole: int, now: datetime) -> int:
    mine = Sample.objects.filter(host=this_host())
    last = mine.of(whole).order_by("-ends_at").values_list("ends_at", flat=True).first()
    bins: dict[datetime, list[Sample]] = {}
    found = mine.of(parts).since(last or now - KEPT[Sample.Resolution(parts)])
    for one in found.filter(ends_at__lte=_bin(now, whole)):
        bins.setdefault(_bin(one.ends_at - timedelta(microseconds=1), whole), []).append(one)
    made = [_sum(samples, start, whole) for start, samples in bins.items()]
    return len(Sample.objects.bulk_create(made, ignore_conflicts=True))


def _bin(instant: datetime, seconds: int) -> datetime:
    return datetime.fromtimestamp(instant.timestamp() // seconds * seconds, instant.tzinfo)


def _sum(samples: list[Sample], start: datetime, seconds: int) -> Sample:
    tally = pack(total(samples))
    return Sample(
        host=samples[0].host,
        resolution=seconds,
        starts_at=start,
        ends_at=start + timedelta(seconds=seconds),
        tally=tally,
        summary=summary_of(tally),
        gauges=highest(samples),
    )


def total(samples: Iterable[Sample]) -> Tally:
    """Return what these samples counted together."""
    tally: Tally = Counter()
    for one in samples:
        tally.update(unpack(one.tally))
    return tally


def highest(samples: Iterable[Sample]) -> dict[str, float]:
    """Return the highest value of each gauge."""
    found: dict[str, float] = {}
    for one in samples:
        for name, value in one.gauges.items():
            found[name] = max(value, found.get(name, value))
    return found


def prune(now: datetime) -> int:
    """Forget samples past their age, and hosts that have sent none for as long."""
    forgotten = 0
    for resolution, age in KEPT.items():
        old = Sample.objects.filter(resolution=resolution, ends_at__lte=now - age)
        forgotten += old.delete()[0]
    return forgotten + Reading.objects.filter(taken_at__lte=now - KEPT[COARSE]).delete()[0]
