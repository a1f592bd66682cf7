"""What a public page costs when it is not kept: with its fragments, with one card changed, without.

    .venv/bin/python -m tests.load.cost_of_pages

CPU time of the request in one process, on a demo database of its own with 200 chefs; the three ways
take turns, and each figure is the median of them.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile

PAGES = {"explore": "/coocook/explore", "chef": "/coocook/chefs/{pk}", "home": "/"}
REQUESTS = 60

MEASURE = f"""
import json, time, django
django.setup()
from django.core.cache import caches
from django.test import Client
from bookings.models import Chef
from softfactory.kernel.fragments import fragments
from softfactory.kernel.http.bodies import encoded
from django.conf import settings
settings.STORIES = False
client = Client(headers={{"Host": "localhost", "Accept-Encoding": "gzip"}})
best = Chef.objects.active().best_first().first()

def forget_nothing(turn): pass
def change_one(turn): Chef.objects.filter(pk=best.pk).update(name=f"{{best.name}} {{turn}}")
def forget_all(turn): fragments.clear(); encoded.clear()

found = {{}}
for name, path in {PAGES!r}.items():
    path = path.format(pk=best.pk)
    spent = found[name] = {{}}
    for turn in range({REQUESTS}):
        for before in (forget_nothing, change_one, forget_all):
            caches["default"].clear()
            before(turn)
            begun = time.process_time()
            assert client.get(path).status_code == 200
            spent.setdefault(before.__name__, []).append(time.process_time() - begun)
print(json.dumps(found))
"""


def run(folder: str, *arguments: str) -> str:
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "softfactory.settings",
        "SOFTFACTORY_DEMO": "1",
        "VAR_DIR": folder,
        "LOG_REQUESTS": "0",
        "SLOW_REQUEST_MS": "100000",
    }
    env.pop("DATABASE_URL", None)
    done = subprocess.run([sys.executable, *arguments], env=env, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run(folder, "manage.py", "migrate", "--verbosity", "0")
        run(folder, "manage.py", "seed_demo", "--chefs", "200", "--verbosity", "0")
        found = json.loads(run(folder, "-c", MEASURE))
    for name, ways in found.items():
        kept, changed, plain = (statistics.median(spent[5:]) * 1000 for spent in ways.values())
        print(
            f"{name}: plain {plain:.2f} ms, with fragments {kept:.2f} ms ({kept / plain:.2f}),"
            f" one card changed {changed:.2f} ms ({changed / plain:.2f})"
        )


if __name__ == "__main__":
    main()
