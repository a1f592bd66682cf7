"""Another worker of the site, for test_coherence: it writes and reads a product on command."""

import os
import sys

import django
from django.conf import settings
from django.test import Client

django.setup()

from monitoring import processes  # noqa: E402
from subscriptions.models import Product  # noqa: E402

client = Client()
for line in sys.stdin:
    command, _space, name = line.strip().partition(" ")
    if command == "write":
        Product.objects.update(name=name)
        answer = "done"
    else:
        answer = client.get("/api/platform/products").json()["results"][0]["name"]
    print(answer, flush=True)  # noqa: T201
processes.forget_state_of(os.getpid(), settings.METERS_DIR)  # as gunicorn does for its workers
