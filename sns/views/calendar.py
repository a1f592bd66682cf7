"""The calendar: a month or a week of posts, each of which can be moved to another day."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, get_day_names
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from sns.models import Post
from sns.times import instant_of
from sns.views.workspace import show, workspace_of
from softfactory.kernel import clock
from softfactory.kernel.components.times import date_locale
from softfactory.kernel.http.sign_in import sign_in_required
from softfactory.kernel.zones import zone_names

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MOST_POSTS = 500
MOVABLE = (Post.State.SCHEDULED,)
TONES = {
    Post.State.PUBLISHED: "positive",
    Post.State.SCHEDULED: "waiting",
    Post.State.APPROVED: "waiting",
    Post.State.FAILED: "danger",
    Post.State.PARTLY: "danger",
    Post.State.MISSED: "danger",
}


class Entry(NamedTuple):
    """A post on its day: its time there, how it looks, and whether it can be moved."""

    post: Post
    time: str
    tone: str
    is_movable: bool


class Cell(NamedTuple):
    """A day, its posts in order, and whether it belongs to another month."""

    day: date
    name: str
    entries: list[Entry]
    is_outside: bool
    is_today: bool
    is_past: bool


@require_safe
@sign_in_required
def show_calendar(request: HttpRequest) -> HttpResponse:
    """The month or week of a day (`?on=`), today's by default, by the owner's clock."""
    workspace = workspace_of(request)
    name = workspace.owner.timezone
    zone = ZoneInfo(name if name in zone_names() else "UTC")
    today = clock.now().astimezone(zone).date()
    on = _asked_day(request) or today
    is_week = request.GET.get("view") == "week"
    first, last = _bounds(on, is_week=is_week)
    begins, ends = (instant_of(_midnight(day), zone) for day in (first, last + DAY))
    own = Post.objects.of_owners(workspace.owners)
    posts = list(own.between(begins, ends)[:MOST_POSTS])
    locale = date_locale()
    context = {
        "weeks": list(_weeks(posts, first, last, zone, on=on, today=today, is_week=is_week)),
        "weekdays": [get_day_names("abbreviated", locale=locale)[n] for n in range(7)],
        "is_week": is_week,
        "view": "week" if is_week else "month",
        "title": _title(on, first, is_week=is_week),
        "zone": str(zone),
        "is_empty": not posts,
        **_ways(on, today, is_week=is_week),
    }
    return show(request, "calendar", context, workspace=workspace)


def _asked_day(request: HttpRequest) -> date | None:
    try:
        asked = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return None
    return asked if 1990 <= asked.year <= 2200 else None


def _bounds(on: date, *, is_week: bool) -> tuple[date, date]:
    """The first and last day shown: whole weeks, from Monday."""
    if is_week:
        first = _monday(on)
        return first, first + 6 * DAY
    begins = on.replace(day=1)
    ends = (begins + 31 * DAY).replace(day=1) - DAY
    return _monday(begins), _monday(ends) + 6 * DAY


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time())


def _weeks(
    posts: Iterable[Post],
    first: date,
    last: date,
    zone: ZoneInfo,
    *,
    on: date,
    today: date,
    is_week: bool,
) -> Iterable[list[Cell]]:
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for post in posts:
        local = (post.scheduled_at or datetime.min.replace(tzinfo=UTC)).astimezone(zone)
        movable = post.state in MOVABLE
        tone = TONES.get(Post.State(post.state), "neutral")
        by_day[local.date()].append(Entry(post, f"{local:%H:%M}", tone, movable))
    locale = date_locale()
    day = first
    while day <= last:
        yield [
            Cell(
                one,
                format_skeleton("MMMMEEEEd", one, locale=locale),
                by_day[one],
                not is_week and one.month != on.month,
                one == today,
                one < today,
            )
            for one in (day + n * DAY for n in range(7))
        ]
        day += WEEK


def _title(on: date, first: date, *, is_week: bool) -> str:
    locale = date_locale()
    if not is_week:
        return format_skeleton("yMMMM", on, locale=locale)
    last = first + 6 * DAY
    ends = format_skeleton("yMMMd", last, locale=locale)
    return f"{format_skeleton('MMMd', first, locale=locale)} – {ends}"


def _ways(on: date, today: date, *, is_week: bool) -> dict[str, Any]:
    """Addresses of what is before and after, of today, and of the other view."""
    if is_week:
        before, after = on - WEEK, on + WEEK
    else:
        begins = on.replace(day=1)
        before, after = (begins - DAY).replace(day=1), (begins + 31 * DAY).replace(day=1)
    here = reverse("sns:calendar")
    view = "view=week&" if is_week else ""
    return {
        "before": f"{here}?{view}on={before}",
        "after": f"{here}?{view}on={after}",
        "today": f"{here}?{view}on={today}",
        "month_view": f"{here}?on={on}",
        "week_view": f"{here}?view=week&on={on}",
    }
