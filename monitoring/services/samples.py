"""Samples over time: each host's clock takes them, adds them up and prunes them by age."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from monitoring.models import Reading, Sample
from monitoring.services.system import this_host, usage
from monitoring.services.totals import Tally, epoch, pack, read_meters, unpack

FINE, COARSE = Sample.Resolution.FINE, Sample.Resolution.COARSE
KEPT = {FINE: timedelta(hours=24), COARSE: timedelta(days=30)}
BIN = timedelta(seconds=COARSE)


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
            Sample.objects.create(
                host=host,
                resolution=FINE,
                starts_at=before.taken_at if before else now - timedelta(seconds=FINE),
                ends_at=now,
                tally=pack(moved_since(before, tally)),
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
    """Add up this host's fine samples of each 5 minutes that are over; return how many."""
    mine = Sample.objects.filter(host=this_host())
    last = mine.coarse().order_by("-ends_at").values_list("ends_at", flat=True).first()
    fine = mine.fine().since(last or now - KEPT[FINE])
    bins: dict[datetime, list[Sample]] = {}
    for one in fine.filter(ends_at__lte=_bin(now)):
        bins.setdefault(_bin(one.ends_at - timedelta(microseconds=1)), []).append(one)
    coarse = [_coarse(start, samples) for start, samples in bins.items()]
    return len(Sample.objects.bulk_create(coarse, ignore_conflicts=True))


def _bin(instant: datetime) -> datetime:
    return datetime.fromtimestamp(instant.timestamp() // COARSE * COARSE, instant.tzinfo)


def _coarse(start: datetime, samples: list[Sample]) -> Sample:
    return Sample(
        host=samples[0].host,
        resolution=COARSE,
        starts_at=start,
        ends_at=start + BIN,
        tally=pack(total(samples)),
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
