"""Posts as WordPress stores them: blocks of HTML, a title, a slug."""

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.text import Truncator, slugify

from sns.networks.answers import words
from sns.networks.protocol import Content, Picture
from sns.text.found import find

LONGEST_TITLE, LONGEST_SLUG = 80, 60  # characters
DIGITS = 12


def slug_of(content: Content, key: str) -> str:
    """Return the last part of a post's address: words for people, and digits made of the key."""
    digits = hashlib.sha256(key.encode()).hexdigest()[:DIGITS]
    words = slugify(title_of(content))[:LONGEST_SLUG].strip("-_")
    return f"{words}-{digits}" if words else digits


def title_of(content: Content) -> str:
    """Return the post's title, or else the beginning of its text."""
    first, _, _ = content.parts[0].text.strip().partition("\n")
    return content.title.strip() or str(Truncator(first).chars(LONGEST_TITLE))


def blocks_of(content: Content, shown: Sequence[tuple[Picture, Any]]) -> str:
    """Return the text as blocks, and after it these pictures; each comes with what the site said
    of it when it was uploaded.
    """
    paragraphs = [
        paragraph.strip()
        for part in content.parts
        for paragraph in re.split(r"\n\s*\n", part.text)
        if paragraph.strip()
    ]
    blocks = [
        f"<!-- wp:paragraph -->\n<p>{_linked(paragraph)}</p>\n<!-- /wp:paragraph -->"
        for paragraph in paragraphs
    ]
    return "\n\n".join([*blocks, *_image_blocks(shown)])


def _linked(paragraph: str) -> str:
    pieces, at = [], 0
    for found in find(paragraph):
        if found.kind == "link":
            link = html.escape(found.value)
            pieces += [html.escape(paragraph[at : found.start]), f'<a href="{link}">{link}</a>']
            at = found.end
    return "".join([*pieces, html.escape(paragraph[at:])]).replace("\n", "<br>")


def _image_blocks(shown: Sequence[tuple[Picture, Any]]) -> Iterator[str]:
    for picture, media in shown:
        number = int(media["id"])
        source = html.escape(words(media.get("source_url"), most=2_000))
        alt = html.escape(picture.alt)
        yield (
            f'<!-- wp:image {{"id":{number}}} -->\n<figure class="wp-block-image">'
            f'<img src="{source}" alt="{alt}" class="wp-image-{number}"/></figure>\n'
            "<!-- /wp:image -->"
        )
