"""A post as it is written on a network: with its link where no card shows it."""

from dataclasses import replace

from sns.networks.protocol import Content, Part, Rules
from sns.text.units import fits


def shows_card(content: Content, rules: Rules) -> bool:
    """Tell whether the link is a card of its own. A post has pictures or a card, not both."""
    return bool(content.link) and rules.has_cards and not content.parts[0].pictures


def with_link(content: Content, rules: Rules) -> Content:
    """Return the post with its link after the text, or as a part of its own if it doesn't fit;
    unless a card shows it, or the text has it already.
    """
    if not content.link or shows_card(content, rules):
        return content
    if any(content.link in part.text for part in content.parts):
        return content
    *before, last = content.parts
    text = f"{last.text}\n\n{content.link}".strip()
    if fits(text, rules) or not rules.has_threads:
        return replace(content, parts=(*before, replace(last, text=text)))
    return replace(content, parts=(*content.parts, Part(content.link)))
