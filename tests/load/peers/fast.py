"""The list of chefs by FastAPI and SQLAlchemy: models, response models and a session each.

`/chefs` is written as both manuals show it; `/chefs/columns` reads columns instead of models and
writes JSON without response models, as one would who looks for time.
"""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import orjson
from fastapi import Depends, FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import create_engine, event, select, tuple_
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.load.peers.addresses import IS_SQLITE, PRAGMAS, for_sqlalchemy

engine = create_engine(for_sqlalchemy(), pool_size=10)
app = FastAPI(openapi_url=None)


if IS_SQLITE:

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection, _record) -> None:
        for name, value in PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")


class Base(DeclarativeBase):
    pass


class Chef(Base):
    """The site's table of chefs."""

    __tablename__ = "bookings_chef"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int]
    name: Mapped[str]
    bio: Mapped[str]
    cuisine: Mapped[str]
    location: Mapped[str]
    timezone: Mapped[str]
    currency: Mapped[str]
    hourly_rate_amount: Mapped[int]
    session_rate_amount: Mapped[int]
    price_per_guest_amount: Mapped[int]
    max_guests: Mapped[int]
    is_active: Mapped[bool]
    instant_booking: Mapped[bool]
    rating_hundredths: Mapped[int]
    review_count: Mapped[int]
    picture_name: Mapped[str] = mapped_column("picture")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def hourly_rate(self) -> dict:
        return {"amount": self.hourly_rate_amount, "currency": self.currency}

    @property
    def session_rate(self) -> dict:
        return {"amount": self.session_rate_amount, "currency": self.currency}

    @property
    def price_per_guest(self) -> dict:
        return {"amount": self.price_per_guest_amount, "currency": self.currency}

    @property
    def rating(self) -> float | None:
        return self.rating_hundredths / 100 if self.review_count else None

    @property
    def picture(self) -> str | None:
        return f"/static/{self.picture_name}.svg" if self.picture_name else None


class MoneyOut(BaseModel):
    amount: int
    currency: str


class ChefOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

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


class PageOut(BaseModel):
    next: str | None
    previous: str | None
    results: list[ChefOut]


def session() -> Iterator[Session]:
    with Session(engine) as opened:
        yield opened


Opened = Annotated[Session, Depends(session)]
Limit = Annotated[int, Query(ge=1, le=100)]


def page_of(what, limit: int, cursor: str | None):
    """The newest chefs behind the cursor, and one more."""
    query = select(*what).where(Chef.is_active)
    if cursor:
        created_at, pk = json.loads(base64.urlsafe_b64decode(cursor))
        key = (datetime.fromisoformat(created_at), pk)
        query = query.where(tuple_(Chef.created_at, Chef.id) < key)
    return query.order_by(Chef.created_at.desc(), Chef.id.desc()).limit(limit + 1)


def next_link(request: Request, rows: list, limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    key = json.dumps([str(rows[limit - 1].created_at), rows[limit - 1].id])
    cursor = base64.urlsafe_b64encode(key.encode()).decode()
    return str(request.url.include_query_params(cursor=cursor))


@app.get("/chefs")
def chefs(
    request: Request, session: Opened, limit: Limit = 20, cursor: str | None = None
) -> PageOut:
    rows = list(session.scalars(page_of([Chef], limit, cursor)))
    found = [ChefOut.model_validate(chef) for chef in rows[:limit]]
    return PageOut(next=next_link(request, rows, limit), previous=None, results=found)


COLUMNS = list(Chef.__table__.columns)


@app.get("/chefs/columns")
def chefs_by_columns(
    request: Request, session: Opened, limit: Limit = 20, cursor: str | None = None
) -> Response:
    rows = session.execute(page_of(COLUMNS, limit, cursor)).all()
    page = {
        "next": next_link(request, rows, limit),
        "previous": None,
        "results": [as_json(row) for row in rows[:limit]],
    }
    return Response(orjson.dumps(page), media_type="application/json")


def as_json(row) -> dict:
    return {
        "id": row.id,
        "owner_id": row.owner_id,
        "name": row.name,
        "bio": row.bio,
        "cuisine": row.cuisine,
        "location": row.location,
        "timezone": row.timezone,
        "hourly_rate": {"amount": row.hourly_rate_amount, "currency": row.currency},
        "session_rate": {"amount": row.session_rate_amount, "currency": row.currency},
        "price_per_guest": {"amount": row.price_per_guest_amount, "currency": row.currency},
        "max_guests": row.max_guests,
        "is_active": row.is_active,
        "instant_booking": row.instant_booking,
        "rating": row.rating_hundredths / 100 if row.review_count else None,
        "review_count": row.review_count,
        "picture": f"/static/{row.picture}.svg" if row.picture else None,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
