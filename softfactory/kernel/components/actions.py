"""Components that one presses or opens: icon, button, menu, dialog, sheet."""

from typing import Literal, get_args

from django.utils.safestring import SafeString

from softfactory.kernel.components.library import register, rendered

IconName = Literal[
    "",
    "arrow-left",
    "arrow-right",
    "calendar",
    "check",
    "chevron-down",
    "clock",
    "close",
    "copy",
    "filter",
    "globe",
    "info",
    "mail",
    "map-pin",
    "menu",
    "minus",
    "moon",
    "plus",
    "refresh",
    "search",
    "star",
    "sun",
    "user",
    "users",
    "warning",
]
ICONS = tuple(filter(None, get_args(IconName)))


@register.simple_tag
def icon(name: IconName, label: str = "") -> SafeString:
    """A drawn sign; without a label it is silent to who listens."""
    return rendered("icon", name=name, file=f"components/icons/{name}.html", label=label)


@register.simple_block_tag
def button(
    content: SafeString,
    kind: Literal["primary", "quiet", "danger", "plain"] = "quiet",
    href: str = "",
    type: Literal["submit", "button", "reset"] = "submit",  # noqa: A002 - the attribute's name
    name: str = "",
    value: str = "",
    form: str = "",
    icon: IconName = "",
    size: Literal["normal", "small"] = "normal",
    wide: bool = False,
    disabled: bool = False,
    opens: str = "",
) -> SafeString:
    """A button, or with `href` a link that looks like one; `opens` names a dialog or sheet."""
    return rendered(
        "button",
        content=content,
        kind=kind,
        href=href,
        type="button" if opens else type,
        name=name,
        value=value,
        form=form,
        icon=icon,
        size=size,
        wide=wide,
        disabled=disabled,
        opens=opens,
    )


@register.simple_block_tag
def menu(content: SafeString, label: str, avatar: str = "") -> SafeString:
    """Links and buttons behind a label; `avatar` is a name whose initials stand before it."""
    return rendered("menu", content=content, label=label, avatar=avatar)


@register.simple_block_tag
def dialog(
    content: SafeString,
    id: str,  # noqa: A002 - the attribute's name
    title: str,
) -> SafeString:
    """A modal dialog, opened by a button's or link's `opens`."""
    return rendered("dialog", content=content, id=id, title=title)


@register.simple_block_tag
def sheet(
    content: SafeString,
    id: str,  # noqa: A002 - the attribute's name
    title: str,
) -> SafeString:
    """A rail beside the page that is a sheet from below on a narrow screen."""
    return rendered("sheet", content=content, id=id, title=title)
