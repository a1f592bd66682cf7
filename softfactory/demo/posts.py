"""What the first chef's owner has of social posts: templates, a campaign, drafts. Nothing of it
was ever published: the demo has no account on any network.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bookings.models import Chef, Review
from sns.models import Post
from sns.services.approving import submit_post
from sns.services.filling import fill_template, page_of
from sns.services.planning import create_campaign, create_template
from sns.services.writing import write_post
from softfactory.accounts.models import User


class DemoTemplate(NamedTuple):
    """A text to begin with, and what it is for."""

    name: str
    text: str


TEMPLATES = (
    DemoTemplate(
        "Last-minute opening",
        "{slot.date}, {slot.time}: {chef.name} is free after all. {chef.cuisine} cooking at your"
        " own table in {chef.place}.\n\n{slot.link}",
    ),
    DemoTemplate(
        "What a guest said",
        "“{review.text}”\n\n{review.author}, {review.rating} of 5 stars. Thank you!\n\n{chef.link}",
    ),
    DemoTemplate(
        "Who we are",
        "{chef.name} cooks {chef.cuisine} food in {chef.place}: in your kitchen, for your guests."
        " Rated {chef.rating}.\n\n{chef.link}",
    ),
    DemoTemplate("New menu", "{menu.name}, from {menu.price}.\n\n{menu.courses}\n\n{chef.link}"),
)

DRAFTS = (
    "The first ramps of the year came in this morning. They go into the pancakes tonight, and"
    " tomorrow there will be none left. #market",
    "How we season a stone pot, and why yours sticks:\n\n1. Heat it empty, slowly.\n2. Oil, then"
    " rice water, then oil again.\n3. Never, ever soap.\n\nThe crust at the bottom is the best"
    " part. Ask for it. #bibimbap",
)
FOR_REVIEW = "Two seats left at the long table on Saturday. Who is in?"


def write_social(owner: User, chef: Chef, *, now: datetime) -> list[Post]:
    """Write it all for an owner; returns the posts, none of which goes anywhere yet."""
    for template in TEMPLATES:
        create_template(user=owner, owner=owner, now=now, **template._asdict())
    campaign = create_campaign(
        user=owner,
        owner=owner,
        now=now,
        name="Long table",
        utm_campaign="long-table",
        starts_on=now.date(),
        ends_on=now.date() + timedelta(days=42),
    )
    about = fill_template(TEMPLATES[2].text, chef=chef) if chef.review_count else DRAFTS[0]
    common: dict[str, Any] = {"user": owner, "owner": owner, "now": now}
    posts = [write_post(**common, text=text) for text in (*DRAFTS, about)]
    quotable = Review.objects.quotable().filter(chef=chef).newest_first().first()
    if quotable:
        text = fill_template(TEMPLATES[1].text, chef=chef, review=quotable)
        posts.append(write_post(**common, text=text, review=quotable))
    waiting = write_post(**common, text=FOR_REVIEW, campaign=campaign.pk, link=page_of(chef))
    return [*posts, submit_post(user=owner, post=waiting, now=now)]
