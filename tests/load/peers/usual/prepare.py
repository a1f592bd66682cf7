"""Makes the usual project's own tables in the site's database, and prints tokens as JSON.

Its table of bookings starts with all that the site has.
"""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.load.peers.usual.settings")
django.setup()

from django.db import connection  # noqa: E402
from rest_framework.authtoken.models import Token  # noqa: E402

from tests.load.peers.usual.models import Booking, User  # noqa: E402

CUSTOMERS = 8


def main() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Token)
        editor.create_model(Booking)
    columns = ", ".join(
        field.column for field in Booking._meta.concrete_fields if not field.primary_key
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO usual_booking ({columns}) SELECT {columns} FROM bookings_booking"
        )
    customers = User.objects.order_by("pk")[:CUSTOMERS]
    tokens = [Token.objects.create(user=customer).key for customer in customers]
    print(json.dumps({"tokens": tokens}))


if __name__ == "__main__":
    main()
