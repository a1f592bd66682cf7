"""The list of chefs by Django Ninja."""

import base64
import json
from datetime import datetime

from django.db.models import Q
from ninja import NinjaAPI, Schema

from tests.load.peers.usual.models import Chef

api = NinjaAPI(openapi_url=None)


class MoneyOut(Schema):
    amount: int
    currency: str


class ChefOut(Schema):
    id: int
    owner_id: int
    name: str
    bio: str
    cuisine: str
    location: str
    timezone: str
    hourly_rate: MoneyOut
    session_rate: MoneyOut
    price_per_guest: MoneyOut
    max_guests: int
    is_active: bool
    instant_booking: bool
    rating: float | None
    review_count: int
    picture: str | None
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_hourly_rate(chef):
        return chef.money("hourly_rate")

    @staticmethod
    def resolve_session_rate(chef):
        return chef.money("session_rate")

    @staticmethod
    def resolve_price_per_guest(chef):
        return chef.money("price_per_guest")

    @staticmethod
    def resolve_picture(chef):
        return chef.picture_url


class PageOut(Schema):
    next: str | None
    previous: str | None
    results: list[ChefOut]


@api.get("/chefs", response=PageOut)
def chefs(request, limit: int = 20, cursor: str | None = None):
    found = Chef.objects.filter(is_active=True).order_by("-created_at", "-id")
    if cursor:
        created_at, pk = json.loads(base64.urlsafe_b64decode(cursor))
        at = datetime.fromisoformat(created_at)
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))
    rows = list(found[: limit + 1])
    link = None
    if len(rows) > limit:
        key = json.dumps([str(rows[limit - 1].created_at), rows[limit - 1].id])
        cursor = base64.urlsafe_b64encode(key.encode()).decode()
        link = request.build_absolute_uri(f"?cursor={cursor}")
    return {"next": link, "previous": None, "results": rows[:limit]}
