"""Components that show something: picture, card, price, rating, badge, notice and their like."""

from collections.abc import Sequence
from typing import Any, Literal, get_args
from zlib import crc32

from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from softfactory.kernel.assets import picture_url
from softfactory.kernel.components.library import register, rendered
from softfactory.kernel.money import Money

Tone = Literal["neutral", "waiting", "positive", "warning", "danger", "done"]
TONES = get_args(Tone)
Unit = Literal["", "hour", "guest", "session", "booking", "month", "year"]

AVATAR_COLOURS = 6
HANGUL = range(0xAC00, 0xD7A4)


@register.inclusion_tag("components/picture.html")
def picture(
    name: str,
    alt: str = "",
    ratio: Literal["wide", "square", "tall"] = "wide",
    eager: bool = False,
) -> dict[str, Any]:
    """A drawing by its name, in a frame of fixed ratio; an empty plate if there is none."""
    return {
        "address": picture_url(name) or picture_url("plate"),
        "is_missing": picture_url(name) is None,
        "alt": alt,
        "ratio": ratio,
        "eager": eager,
    }


@register.inclusion_tag("components/avatar.html")
def avatar(name: str, size: Literal["small", "normal", "large"] = "normal") -> dict[str, Any]:
    """A person's initials on a colour that follows from the name."""
    colour = crc32(name.encode()) % AVATAR_COLOURS + 1
    return {"initials": initials(name), "size": size, "colour": colour}


def initials(name: str) -> str:
    """Return `AR` for Ana Ruiz, and the given name, 민지, for 김민지."""
    words = name.split()
    if not words:
        return "?"
    if ord(words[-1][0]) in HANGUL:
        return words[-1][-2:]
    ends = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


@register.simple_block_tag
def card(
    content: SafeString,
    href: str,
    title: str,
    picture: str = "",
    eyebrow: str = "",
    meta: str = "",
    rating: int | None = None,
    reviews: int = 0,
    price: Money | None = None,
    unit: Unit = "",
    eager: bool = False,
    level: int = 3,
) -> SafeString:
    """Something one can open: picture, title and facts; all of it is the link's target.

    `rating` is in hundredths; without it none is shown. `level` is the heading's.
    """
    return rendered(
        "card",
        content=content,
        href=href,
        title=title,
        picture=picture,
        eyebrow=eyebrow,
        meta=meta,
        rating=rating,
        reviews=reviews,
        price=price,
        unit=unit,
        eager=eager,
        heading=f"h{level}",
    )


@register.inclusion_tag("components/tile.html")
def tile(href: str, title: str, picture: str = "", note: str = "") -> dict[str, Any]:
    """A picture that leads somewhere, with its name below."""
    return {"href": href, "title": title, "picture": picture, "note": note}


@register.inclusion_tag("components/price.html")
def price(money: Money, unit: Unit = "", starting: bool = False) -> dict[str, Any]:
    """An amount of money, by what it is counted, with “from” before it if it is the least."""
    return {"money": money, "unit": _unit(unit), "starting": starting}


def _unit(unit: str) -> str:
    units = {
        "": "",
        "hour": pgettext("price", "per hour"),
        "guest": pgettext("price", "per guest"),
        "session": pgettext("price", "per visit"),
        "booking": pgettext("price", "per booking"),
        "month": pgettext("price", "per month"),
        "year": pgettext("price", "per year"),
    }
    return units[unit]


@register.inclusion_tag("components/price_lines.html")
def price_lines(lines: Sequence[tuple[str, Money]], total: Money, note: str = "") -> dict[str, Any]:
    """What a price is made of, line by line, and its sum."""
    return {"lines": lines, "total": total, "note": note}


@register.inclusion_tag("components/rating.html")
def rating(hundredths: int, count: int | None = None, compact: bool = False) -> dict[str, Any]:
    """A rating of `hundredths` (467 is 4.67) by `count` reviews; compact leaves out the words.

    Without a count it is one person's own rating.
    """
    value = f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") if count is None else None
    return {
        "value": value or f"{hundredths / 100:.2f}",
        "count": count,
        "compact": compact,
        "is_rated": hundredths > 0,
    }


@register.inclusion_tag("components/rating_bars.html")
def rating_bars(rows: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """How many gave how many stars."""
    return {"rows": rows, "total": sum(count for _stars, count in rows)}


@register.inclusion_tag("components/meter.html")
def meter(
    label: str, text: str, value: int = 0, most: int | None = None, note: str = ""
) -> dict[str, Any]:
    """How much of something is used, in words, and as a bar where there is a most."""
    return {"label": label, "text": text, "value": value, "most": most, "note": note}


@register.inclusion_tag("components/badge.html")
def badge(text: str, tone: Tone = "neutral") -> dict[str, Any]:
    """A state in a word, with a shape and a colour of its tone."""
    return {"text": text, "tone": tone}


@register.simple_block_tag
def notice(
    content: SafeString,
    tone: Literal["info", "positive", "warning", "danger"] = "info",
    title: str = "",
) -> SafeString:
    """Something to know before going on; read out at once when it is a danger."""
    return rendered("notice", content=content, tone=tone, title=title)


@register.simple_block_tag
def empty_state(content: SafeString, title: str, picture: str = "plate") -> SafeString:
    """What is shown where there is nothing: why, and the one next action."""
    return rendered("empty_state", content=content, title=title, picture=picture)


@register.inclusion_tag("components/skeleton.html")
def skeleton(
    shape: Literal["line", "text", "card"] = "line",
    id: str = "",  # noqa: A002 - the attribute's name
) -> dict[str, Any]:
    """Room kept for what is still loading."""
    return {"shape": shape, "id": id}


@register.inclusion_tag("components/toast.html")
def toast(text: str, tone: Literal["neutral", "positive", "danger"] = "neutral") -> dict[str, Any]:
    """A short word on what just happened; stands in the toasts' region."""
    return {"text": text, "tone": tone}


@register.inclusion_tag("components/copyable.html")
def copyable(value: str, label: str = "", secret: bool = False) -> dict[str, Any]:
    """A code or token with a button that copies it; a secret stands out as shown only once."""
    return {"value": value, "label": label, "secret": secret}


@register.inclusion_tag("components/steps.html")
def steps(labels: Sequence[str], current: int = 1) -> dict[str, Any]:
    """Where one is in a task of several steps; the first is 1."""
    return {"labels": labels, "current": current}
