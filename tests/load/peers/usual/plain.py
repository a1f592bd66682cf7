"""Views without a framework on top: the list as JSON, and a page of chefs from one template."""

import base64
import json
from datetime import datetime

import orjson
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from tests.load.peers.usual.forms import ExploreForm
from tests.load.peers.usual.models import Chef

MONEY = ("hourly_rate", "session_rate", "price_per_guest")
COLUMNS = [
    *("id", "owner_id", "name", "bio", "cuisine", "location", "timezone", "max_guests"),
    *("is_active", "instant_booking", "review_count", "rating_hundredths", "picture", "currency"),
    *("created_at", "updated_at", *(f"{name}_amount" for name in MONEY)),
]
PAGE_SIZE = 12


def chefs(request):
    """The newest chefs behind the cursor: `.values()` and orjson."""
    limit = int(request.GET.get("limit", 20))
    found = Chef.objects.filter(is_active=True)
    if cursor := request.GET.get("cursor"):
        created_at, pk = json.loads(base64.urlsafe_b64decode(cursor))
        at = datetime.fromisoformat(created_at)
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))
    rows = list(found.order_by("-created_at", "-id").values(*COLUMNS)[: limit + 1])
    link = None
    if len(rows) > limit:
        key = json.dumps([str(rows[limit - 1]["created_at"]), rows[limit - 1]["id"]])
        cursor = base64.urlsafe_b64encode(key.encode()).decode()
        link = request.build_absolute_uri(f"?cursor={cursor}")
    page = {"next": link, "previous": None, "results": [as_json(row) for row in rows[:limit]]}
    return HttpResponse(orjson.dumps(page), content_type="application/json")


def as_json(row):
    currency = row.pop("currency")
    for name in MONEY:
        row[name] = {"amount": row.pop(f"{name}_amount"), "currency": currency}
    hundredths = row.pop("rating_hundredths")
    row["rating"] = hundredths / 100 if row["review_count"] else None
    row["picture"] = f"/static/{row['picture']}.svg" if row["picture"] else None
    return row


def chef(request, pk):
    """One chef."""
    row = get_object_or_404(Chef.objects.filter(is_active=True).values(*COLUMNS), pk=pk)
    return HttpResponse(orjson.dumps(as_json(row)), content_type="application/json")


def explore(request):
    """Chefs by the filters of the query string, the best rated first."""
    form = ExploreForm(request.GET)
    form.is_valid()
    found = form.narrow(Chef.objects.filter(is_active=True))
    context = {
        "form": form,
        "total": found.count(),
        "chefs": found.order_by("-rating_hundredths", "-id")[:PAGE_SIZE],
        "cuisines": Chef.objects.order_by("cuisine").values_list("cuisine", flat=True).distinct(),
        "places": Chef.objects.order_by("location").values_list("location", flat=True).distinct(),
    }
    return render(request, "usual/explore.html", context)
