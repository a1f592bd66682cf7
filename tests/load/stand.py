"""The site as it runs for a load test: its processes on a throw-away folder, behind nginx."""

import getpass
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from string import Template

from tests.site import GIVE_UP, ROOT, Site, free_port, throw_away_database

SHIPPED = ROOT / "docs" / "deploy" / "nginx.conf"
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"

# What surrounds the shipped file: everything that nginx writes lies in one folder, for no root.
AROUND = Template("""\
daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
${user}
worker_processes 1;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
    include ${types};
    default_type application/octet-stream;
    sendfile on;
    access_log ${folder}/access.log combined buffer=64k flush=5s;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    include ${folder}/site.conf;
}
""")
TYPES = (
    "/etc/nginx/mime.types",
    "/usr/local/etc/nginx/mime.types",
    "/opt/homebrew/etc/nginx/mime.types",
)


WARM = ("/", "/coocook/explore", "/accounts/login", "/api/coocook/chefs")
WARMERS = 8


class Stand:
    """A running site: where it is, and its processes by what they are."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.address = f"http://127.0.0.1:{site.port}"
        self.processes: dict[str, subprocess.Popen] = {}

    def start(self, name: str, command: Sequence[str]) -> None:
        """Start one more process, which writes to a log of its name."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command,
                env=self.site.env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> None:
        """End everything that was started, the latest first; who does not go is killed."""
        for process in reversed(self.processes.values()):
            _signal(process, signal.SIGTERM)
        for process in reversed(self.processes.values()):
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
        self.site.kill()

    def warm_up(self) -> None:
        """Ask for the main pages, so that no start is measured: each process compiles them once."""
        chef = json.loads((self.folder / "people.json").read_text())["chefs"][0]["id"]
        own = (f"/coocook/chefs/{chef}", f"/api/coocook/chefs/{chef}/slots")
        with ThreadPoolExecutor(WARMERS) as pool:
            asked = [pool.submit(self.site.call, "GET", path) for path in (*WARM, *own) * WARMERS]
        cold = [future.result().status for future in asked if future.result().status != 200]
        if cold:
            raise RuntimeError(f"The site answers {cold[0]} before there is any load.")

    def verify(self) -> dict[str, int]:
        """Return how often each invariant is violated."""
        command = [sys.executable, "manage.py", "verify", "--json"]
        done = subprocess.run(
            command, env=self.site.env, cwd=ROOT, check=False, capture_output=True, text=True
        )
        if not done.stdout.strip():
            raise RuntimeError(f"verify failed:\n{done.stderr}")
        return json.loads(done.stdout)["violations"]


@contextmanager
def standing(folder: Path, *, sizes: Mapping[str, int], is_direct: bool) -> Iterator[Stand]:
    """Yield a seeded site that runs, on DATABASE_URL's server or on SQLite; stop it afterwards.

    `people.json` in the folder tells who may take part.
    """
    with ExitStack() as stack:
        is_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
        database = throw_away_database("postgresql" if is_postgresql else "sqlite", folder)
        site = Site(folder, stack.enter_context(database))
        nginx = None if is_direct else shutil.which("nginx", path=PATH)
        site.env |= {"TRUSTED_PROXIES": "127.0.0.1" if nginx else "", "PYTHONUNBUFFERED": "1"}
        site.env["BACKGROUND_IN_WEB"] = "1"
        seeds = [f"--{name}={number}" for name, number in sizes.items()]
        (folder / "people.json").write_text(site.manage("seed_demo", "--json", *seeds))

        stand = Stand(site, folder)
        stack.callback(stand.stop)
        site.start()
        if nginx:
            _put_in_front(stand, nginx)
        stand.warm_up()
        yield stand


def nginx_command(nginx: str, folder: Path, *, port: int, upstream: int) -> list[str]:
    """Write the shipped file, filled in, and what is around it; returns how to start nginx."""
    folder.mkdir()
    values = {
        "LISTEN": f"127.0.0.1:{port}",
        "HOSTS": "127.0.0.1 localhost",
        "UPSTREAM": f"127.0.0.1:{upstream}",
        "CHECKOUT": str(ROOT),
        "CACHE": str(folder / "cache"),
    }
    (folder / "site.conf").write_text(Template(SHIPPED.read_text()).safe_substitute(values))
    types = next((path for path in TYPES if Path(path).exists()), os.devnull)
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    around = folder / "nginx.conf"
    around.write_text(AROUND.substitute(folder=folder, user=user, types=types))
    return [nginx, "-p", str(folder), "-c", str(around)]


def _put_in_front(stand: Stand, nginx: str) -> None:
    """Start nginx before the site, and wait until it answers."""
    behind, port = stand.site.port, free_port()
    command = nginx_command(nginx, stand.folder / "nginx", port=port, upstream=behind)
    stand.start("nginx", command)
    stand.site.port = port
    stand.address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + GIVE_UP
    while stand.site.call("GET", "/api/health").status != 200:
        if stand.processes["nginx"].poll() is not None or time.monotonic() > deadline:
            log = (stand.folder / "nginx.log").read_text()
            raise RuntimeError(f"nginx did not start in front of port {behind}:\n{log}")
        time.sleep(0.05)


def _signal(process: subprocess.Popen, number: signal.Signals) -> None:
    """Signal a process and its children, if they are there."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
