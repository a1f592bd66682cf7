"""What a network would not take of a post, told before it is sent."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sns.networks.protocol import MOST_PARTS, Content, Issue, Part, Picture, PictureRules, Rules
from sns.networks.written import with_link
from sns.text.units import fits, graphemes, measure


def issues_of(content: Content, rules: Rules) -> list[Issue]:
    """Return what is amiss with a post, by the rules alone; parts are counted from 0."""
    written = with_link(content, rules)
    issues = list(_issues_of_all(content, written.parts, rules))
    for number, part in enumerate(written.parts):
        issues += _issues_of_text(part.text, number, rules)
        issues += _issues_of_pictures(part.pictures, number, rules.pictures)
    return issues


def _issues_of_all(content: Content, parts: tuple[Part, ...], rules: Rules) -> Iterator[Issue]:
    if not any(part.text.strip() or part.pictures for part in parts):
        yield Issue("empty", _("There is nothing to publish. Write something."))
    if rules.needs_title and not content.title.strip():
        yield Issue("title_missing", _("A title is missing. Write one."))
    if len(parts) > 1 and not rules.has_threads:
        yield Issue("no_threads", _("There are no threads here. Make it one post."))
    if len(parts) > MOST_PARTS:
        message = _("A thread has at most %(most)s parts. Shorten it.")
        yield Issue("too_many_parts", message % {"most": MOST_PARTS})


def _issues_of_text(text: str, number: int, rules: Rules) -> Iterator[Issue]:
    if fits(text, rules):
        return
    over = measure(text, rules) - (rules.most or 0)
    if rules.most is not None and over > 0:
        message = ngettext(
            "%(count)s character too many. Shorten it.",
            "%(count)s characters too many. Shorten it.",
            over,
        )
        yield Issue("too_long", message % {"count": over}, number)
    else:
        message = _("Its signs take more than %(most)s bytes. Shorten it.")
        yield Issue("too_long", message % {"most": rules.most_bytes}, number)


def _issues_of_pictures(
    pictures: tuple[Picture, ...], number: int, rules: PictureRules
) -> Iterator[Issue]:
    if len(pictures) > rules.most:
        message = ngettext("At most %(most)s picture.", "At most %(most)s pictures.", rules.most)
        yield Issue("too_many_pictures", message % {"most": rules.most}, number)
    for picture in pictures:
        yield from _issues_of_picture(picture, number, rules)


def _issues_of_picture(picture: Picture, number: int, rules: PictureRules) -> Iterator[Issue]:
    if picture.content_type not in rules.types:
        kind = picture.content_type.rpartition("/")[2]
        yield Issue("picture_type", _("No pictures of type %(kind)s.") % {"kind": kind}, number)
    pixels = picture.width * picture.height
    if len(picture.content) > rules.most_bytes or pixels > (rules.most_pixels or pixels):
        yield Issue("picture_too_large", _("A picture is too large."), number)
    alt = graphemes(picture.alt.strip())
    if not alt:
        message = _("A picture has no description for those who don't see it. Write one.")
        yield Issue("alt_missing", message, number, is_warning=not rules.is_alt_required)
    elif rules.longest_alt is not None and alt > rules.longest_alt:
        message = _("A picture's description has at most %(most)s characters.")
        yield Issue("alt_too_long", message % {"most": rules.longest_alt}, number)
