"""A chef's short address, the picture of links to it, and what machines read on its page."""

import json
import re
from collections.abc import Mapping

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from bookings.models import Chef, Menu
from bookings.services.sharing import Share, make_picture, share_of
from softfactory.kernel.http.pictures import answer_for_good
from softfactory.kernel.pictures import SHARED

# A data block is no script, and so the content security policy lets it be; but it ends where HTML
# says that it ends, whatever stands in it.
IN_HTML = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
NUMBER = re.compile(r"(?:.*-)?([1-9][0-9]{0,17})", re.DOTALL)


def short_name(chef: Chef) -> str:
    """Return what a chef's short address ends in: `soo-ah-lim-5`. Its number alone says who."""
    return "-".join(filter(None, [slugify(chef.name)[:40].strip("-"), str(chef.pk)]))


@require_safe
def short_address(request: HttpRequest, named: str) -> HttpResponse:
    """Lead from `/c/soo-ah-lim-5` to the chef, also where the chef was called otherwise then."""
    number = NUMBER.fullmatch(named)
    if number is None:
        raise Http404
    chef = get_object_or_404(Chef.objects.active().only("pk"), pk=int(number[1]))
    return redirect("bookings:chef", pk=chef.pk)


@require_safe
def show_share(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The picture of a link to a chef, for good; what it was called before leads to it.

    Who shows links asks once for each; whoever else asks costs no drawing.
    """
    try:
        return answer_for_good(request, SHARED, name)
    except Http404:
        chef = get_object_or_404(Chef.objects.active(), pk=pk)
    share = share_of(chef, Menu.objects.offered().of_chef(pk).oldest_first())
    if share is None:
        raise Http404
    if share.name != name:
        return redirect("bookings:share", pk=pk, name=share.name)
    try:
        make_picture(share)
    except FileNotFoundError as error:  # the dish's, as after a restore without files
        raise Http404 from error
    return answer_for_good(request, SHARED, name)


def share_shown(chef: Chef, share: Share | None) -> dict[str, str] | None:
    """Return where the picture of a link to the chef is, and its words."""
    if share is None:
        return None
    address = reverse("bookings:share", args=[chef.pk, share.name])
    return {"address": f"{settings.SITE_URL}{address}", "alt": share.alt}


def structured(chef: Chef, picture: Mapping[str, str] | None) -> SafeString:
    """Return the chef as a FoodEstablishment of schema.org, in JSON-LD that fits into HTML."""
    page = f"{settings.SITE_URL}{reverse('bookings:chef', args=[chef.pk])}"
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "FoodEstablishment",
        "@id": page,
        "url": page,
        "name": chef.name,
        "description": chef.bio,
        "servesCuisine": chef.cuisine,
        "address": {"@type": "PostalAddress", "addressLocality": chef.location},
        "makesOffer": {
            "@type": "Offer",
            "url": page,
            "priceSpecification": {
                "@type": "PriceSpecification",
                "minPrice": str(chef.price_from.major),
                "priceCurrency": chef.currency,
            },
        },
    }
    if picture:
        facts["image"] = picture["address"]
    if chef.review_count:
        facts["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": chef.rating,
            "reviewCount": chef.review_count,
            "bestRating": 5,
        }
    return SafeString(json.dumps(facts, ensure_ascii=False).translate(IN_HTML))  # nosec B703
