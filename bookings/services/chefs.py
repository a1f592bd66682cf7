"""What an owner does with a chef: create it, edit it, say when it works.

An owner's write locks the chef's row, at the version that the owner saw: bookings that are being
written hold the same row, so each of the two is decided on the other, or before it.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from bookings.models import AvailabilityException, AvailabilityRule, Chef, Policy
from bookings.slots import Schedule, Travel
from softfactory.accounts.models import User
from softfactory.kernel.db.generations import touch
from softfactory.kernel.db.retry import transactional
from softfactory.kernel.money import Money
from softfactory.kernel.problems import InvalidRequest, stale_version

#: The prices of a chef, `Money` each, all in one currency.
RATES = ("session_rate", "hourly_rate", "price_per_guest")

type Details = Mapping[str, Any]  # fields of a chef by name; rates are Money


@transactional
def create_chef(*, owner: User, details: Details) -> Chef:
    """Create a chef, who works at no time yet. Raises InvalidRequest if currencies are mixed."""
    with touch("calendar"), touch("chefs"):
        return Chef.objects.create(owner=owner, **_columns(details))


@transactional
def edit_chef(*, chef: Chef, versions: Collection[int] | None, changes: Details) -> Chef:
    """Change these fields of the chef and return it as it is then.

    Raises PreconditionFailed unless the chef is at one of `versions` (None means any), and
    InvalidRequest if its currencies would be mixed.
    """
    locked = _lock(chef, versions)
    with touch("calendar", chef.pk), touch("chefs", chef.pk):
        columns = _columns(changes, locked)
        Chef.objects.filter(pk=chef.pk).update(**columns)
        if columns.get("currency", locked.currency) != locked.currency:
            Chef.objects.filter(
                pk=chef.pk
            ).keep_diets()  # menus in the old one are on offer no more
    return Chef.objects.get(pk=chef.pk)


@transactional
def replace_availability(
    *,
    chef: Chef,
    versions: Collection[int] | None,
    schedule: Schedule,
    instant_booking: bool | None = None,
) -> Chef:
    """Let the chef work by this schedule and no other; bookings that exist stay as they are.

    Unless it is None, `instant_booking` says whether bookings are confirmed at once. Returns the
    chef `with_availability()`. Raises PreconditionFailed unless the chef is at one of `versions`
    (None means any).
    """
    _lock(chef, versions)
    with touch("calendar", chef.pk), touch("chefs", chef.pk):
        _replace_windows(chef, schedule)
        Chef.objects.filter(pk=chef.pk).update(
            timezone=schedule.zone.key,
            buffer_before_minutes=schedule.buffer_before,
            buffer_after_minutes=schedule.buffer_after,
            minimum_notice_minutes=schedule.minimum_notice,
            horizon_days=schedule.horizon_days,
            durations=list(schedule.durations),
            slot_step_minutes=schedule.step,
            bookings_per_day=schedule.per_day,
            **_travel_columns(schedule.travel),
            **({} if instant_booking is None else {"instant_booking": instant_booking}),
        )
    return Chef.objects.with_availability().get(pk=chef.pk)


@transactional
def replace_policy(
    *, chef: Chef, versions: Collection[int] | None, terms: Mapping[str, Any]
) -> Chef:
    """Let the chef be paid by these terms from now on: columns of a Policy.

    Nothing upfront means that nothing is paid here. Returns the chef with its policy. Raises
    PreconditionFailed unless the chef is at one of `versions` (None means any).
    """
    _lock(chef, versions)
    policy = Policy.objects.create(**terms) if terms["upfront_percent"] else None
    with touch("calendar", chef.pk), touch("chefs", chef.pk):
        Chef.objects.filter(pk=chef.pk).update(policy=policy)
    return Chef.objects.with_policy().get(pk=chef.pk)


def _lock(chef: Chef, versions: Collection[int] | None) -> Chef:
    found = Chef.objects.select_for_update().filter(pk=chef.pk).at_versions(versions).first()
    if found is None:
        raise stale_version()
    return found


def _travel_columns(travel: Travel | None) -> dict[str, Any]:
    """A chef who counts no travel has a base nevertheless, if there was one."""
    if travel is None:
        return {"travel_kmh": None, "travel_most_km": None}
    return {
        "base_latitude": travel.latitude,
        "base_longitude": travel.longitude,
        "travel_kmh": travel.speed_kmh,
        "travel_most_km": travel.most_km,
    }


def _replace_windows(chef: Chef, schedule: Schedule) -> None:
    AvailabilityRule.objects.filter(chef=chef).delete()
    AvailabilityRule.objects.bulk_create(
        AvailabilityRule(chef=chef, weekday=row.weekday, starts=row.starts, ends=row.ends)
        for row in schedule.weekly
    )
    AvailabilityException.objects.filter(chef=chef).delete()
    AvailabilityException.objects.bulk_create(
        AvailabilityException(chef=chef, date=row.date, starts=row.starts, ends=row.ends)
        for row in schedule.dated
    )


def _columns(details: Details, chef: Chef | None = None) -> dict[str, Any]:
    """The columns that `details` write: a rate is an amount, and all rates share a currency.

    Rates of `chef` that stay count too, unless they are nothing in any currency.
    """
    given = {name: details[name] for name in RATES if name in details}
    staying = [getattr(chef, name) for name in RATES if chef is not None and name not in given]
    columns = {name: value for name, value in details.items() if name not in given}
    if given:
        columns["currency"] = _shared_currency(given, [rate for rate in staying if rate])
        columns |= {f"{name}_amount": rate.amount for name, rate in given.items()}
    return columns


def _shared_currency(given: Mapping[str, Money], staying: Collection[Money]) -> str:
    currencies = {rate.currency for rate in (*given.values(), *staying)}
    if len(currencies) == 1:
        return currencies.pop()
    message = _("All prices of a chef are in one currency. Send those that are in another one too.")
    errors = [{"field": name, "code": "mixed_currencies", "message": message} for name in given]
    raise InvalidRequest("invalid", message, errors=errors)
