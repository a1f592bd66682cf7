"""What plans cost: the page of prices, the products' API, what one may use, and counting a use.

    .venv/bin/python -m tests.load.cost_of_plans

CPU time in one process and queries, on a demo database of its own (SQLite) whose customer has three
subscriptions and none of the demo's exemption; each figure is the median.
"""

import json
import tempfile

from tests.load.cost_of_pages import run

TURNS = 200

MEASURE = f"""
import json, statistics, time, django
django.setup()
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import Client
from softfactory.accounts.models import ApiToken, User
from softfactory.kernel import clock
from softfactory.kernel.db import kept
from softfactory.kernel.fragments import fragments
from softfactory.kernel.http.bodies import encoded
from softfactory.kernel.wsgi import Application
from subscriptions.models import Exemption, Plan
from subscriptions.services.entitlements import allows
from subscriptions.services.subscribing import subscribe
from subscriptions.services.usage import record_usage
settings.STORIES = False
Exemption.objects.all().delete()
ana = User.objects.get(email="ana@demo.example")
now = clock.now()
for plan in Plan.objects.filter(interval="year").order_by("pk")[:2]:
    subscribe(user=ana, plan_id=plan.pk, now=now)
studio = Plan.objects.get(product__slug="social-studio", interval="year")
subscribe(user=ana, plan_id=studio.pk, now=now)
text = ApiToken.new_text()
ApiToken.for_text(text, user=ana, scopes=["subscriptions:read"],
    expires_at=now.replace(year=now.year + 1), last_used_at=now).save()
headers = {{"Host": "localhost", "Accept-Encoding": "br"}}
client = Client(headers=headers)
signed = Client(headers=headers | {{"Authorization": f"Bearer {{text}}"}})

def keep(): pass
def forget_answers(): caches["default"].clear(); fragments.clear(); encoded.clear()

def get(path, who=client):
    def ask():
        assert who.get(path).status_code == 200
    return ask

def may():
    return allows(ana, "sns.accounts", used=1, now=now)

def use(turn=iter(range(10**6))):
    record_usage(user=ana, feature="sns.posts", quantity=1, key=str(next(turn)), now=now)

ways = {{
    "the page of prices, made": (forget_answers, get("/pricing")),
    "the page of prices, kept": (keep, get("/pricing")),
    "the products' API, made": (forget_answers, get("/api/platform/products")),
    "the products' API, kept": (keep, get("/api/platform/products")),
    "what one may use, by API": (keep, get("/api/platform/entitlements", signed)),
    "may one, read anew": (kept.forget_everything, may),
    "may one, known": (keep, may),
    "may one, counted": (keep, lambda: allows(ana, "sns.posts", now=now)),
    "a use, counted": (keep, use),
}}
spent, queries = {{name: [] for name in ways}}, {{}}
for turn in range({TURNS}):
    for name, (before, do) in ways.items():
        before()
        begun = time.process_time()
        do()
        spent[name].append(time.process_time() - begun)
connection.force_debug_cursor = True
for name, (before, do) in ways.items():
    before()
    connection.queries_log.clear()
    do()
    queries[name] = len(connection.queries_log)
print(json.dumps({{name: [statistics.median(spent[name]) * 1e6, queries[name]] for name in ways}}))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run(folder, "manage.py", "migrate", "--verbosity", "0")
        sizes = ("--users", "2", "--chefs", "2", "--bookings", "0")
        run(folder, "manage.py", "seed_demo", *sizes, "--verbosity", "0")
        found = json.loads(run(folder, "-c", MEASURE))
    for name, (microseconds, queries) in found.items():
        print(f"{name:28} {microseconds:8.0f} µs  {queries:4.0f} queries")


if __name__ == "__main__":
    main()
