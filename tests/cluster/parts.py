"""The parts of a site on several machines, each started from the example that docs/deploy ships."""

import json
import os
import re
import secrets
import signal
import sys
from pathlib import Path
from string import Template
from typing import Any

from tests.cluster.machines import CACHE, LAN, Machine, lay_networks
from tests.load.stand import AROUND, TYPES
from tests.open_chefs import free_starts, open_chefs
from tests.programs import eventually
from tests.site import ROOT, Answer, ask

DEPLOY = ROOT / "docs" / "deploy"
POSTGRESQL = "/usr/lib/postgresql/15/bin"
NETWORKS = f"{LAN}.0/24"
SIZES = ("--users", "12", "--chefs", "12", "--bookings", "120")
OPEN_CHEFS = 12
UPSTREAM = r"^upstream \w+ \{.*?^\}\n"
PASSWORD = secrets.token_urlsafe(18)


def shipped(name: str, **places: str) -> str:
    """Return a shipped file with its places filled in."""
    return Template((DEPLOY / name).read_text()).safe_substitute(places)


class Cluster:
    """Two web machines behind nginx; PostgreSQL, its replica, pgbouncer and Redis behind them."""

    def __init__(self, folder: Path) -> None:
        lay_networks()
        folder = folder / "machines"
        folder.mkdir()
        self.proxy = Machine("proxy", 2, folder, LAN)
        self.web1 = Machine("web1", 11, folder, LAN, CACHE)
        self.web2 = Machine("web2", 12, folder, LAN, CACHE)
        self.primary = Machine("primary", 21, folder, LAN)
        self.replica = Machine("replica", 22, folder, LAN)
        self.redis = Machine("redis", 31, folder, CACHE)
        self.webs = (self.web1, self.web2)

    def start(self) -> None:
        """Start everything, with demo content and some chefs who work around the clock."""
        self.start_primary()
        self.manage("migrate", "--verbosity", "0")
        people = json.loads(self.manage("seed_demo", "--json", *SIZES))
        self._make_replica()
        self.start_replica()
        self.start_redis()
        for web in self.webs:
            self.start_web(web)
        self._start_proxy()
        self.await_whole()
        self.customers = [user for user in people["users"] if user["role"] == "customer"]
        self.owner = next(user for user in people["users"] if user["role"] == "chef")
        chefs = open_chefs(self.call, self.owner["token"], OPEN_CHEFS)
        self.edited, booked = chefs[:2], chefs[2:]
        self.free = [free_starts(booked[n::2]) for n in range(2)]

    def stop(self) -> None:
        """End every program, at once: nothing of what they wrote is kept."""
        for machine in (self.proxy, *self.webs, self.redis, self.replica, self.primary):
            for program in list(machine.programs):
                machine.kill(program)

    def call(self, method: str, path: str, body: Any = None, **sent: Any) -> Answer:
        """Ask the site, by way of nginx."""
        return ask(self.proxy.address(), method, path, body, **sent)

    def call_at(
        self, web: Machine, method: str, path: str, body: Any = None, **sent: Any
    ) -> Answer:
        """Ask one of the web machines itself."""
        return ask(f"{web.address()}:8000", method, path, body, **sent)

    def manage(self, *arguments: str) -> str:
        """Run a management command on the first web machine, at the primary itself."""
        own = {"DATABASE_URL": self._database(self.primary, 5432), "DATABASE_REPLICA_URL": ""}
        env = self._env(self.web1) | own
        return self.web1.run(sys.executable, "manage.py", *arguments, env=env)

    def await_whole(self) -> None:
        """Wait until all parts are up, reachable, and the replica has caught up."""
        for web in self.webs:
            eventually(lambda web=web: self._is_ready(web), f"{web.name}: {web.said('gunicorn')}")
        eventually(self.is_replica_level, "The replica never catches up.")
        eventually(
            lambda: self.call("GET", "/api/health").status == 200,
            f"nginx does not answer: {self.proxy.said('nginx')}",
        )

    def _is_ready(self, web: Machine) -> bool:
        return self.call_at(web, "GET", "/api/health/ready").status == 200

    # --- PostgreSQL and pgbouncer ---------------------------------------------------------------

    def start_primary(self) -> None:
        """Make the primary's data, and start it with pgbouncer beside it."""
        machine = self.primary
        here = machine.address()
        data = self._make_data(machine)
        machine.run(
            f"{POSTGRESQL}/initdb",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            f"--pgdata={data}",
            user="postgres",
        )
        hba = data / "pg_hba.conf"
        grants = (("softfactory", "softfactory"), ("replication", "replicator"))
        lines = [f"host {base} {user} {NETWORKS} scram-sha-256" for base, user in grants]
        hba.write_text("\n".join(["local all postgres trust", *lines, ""]))
        self._start_postgresql(machine, shipped("cluster/primary.conf", LISTEN=here))
        for statement in (
            f"CREATE ROLE softfactory LOGIN PASSWORD '{PASSWORD}'",
            "ALTER ROLE softfactory SET statement_timeout = '5s'",
            "ALTER ROLE softfactory SET jit = off",
            f"CREATE ROLE replicator LOGIN REPLICATION PASSWORD '{PASSWORD}'",
            "CREATE DATABASE softfactory OWNER softfactory",
        ):
            self.sql(machine, statement, database="postgres")

        users = machine.folder / "userlist.txt"
        users.write_text(f'"softfactory" "{PASSWORD}"\n')
        ini = shipped("cluster/pgbouncer.ini", PRIMARY=here, LISTEN=here)
        config = machine.folder / "pgbouncer.ini"
        config.write_text(ini.replace("/etc/pgbouncer/userlist.txt", str(users)))
        machine.start("pgbouncer", ["pgbouncer", str(config)], user="postgres")

    def _make_replica(self) -> None:
        data = self._make_data(self.replica)
        source = f"host={self.primary.address()} user=replicator password={PASSWORD}"
        self.replica.run(
            f"{POSTGRESQL}/pg_basebackup",
            f"--pgdata={data}",
            "--write-recovery-conf",
            "--checkpoint=fast",
            "--create-slot",
            "--slot=replica",
            f"--dbname={source}",
            user="postgres",
        )

    def start_replica(self) -> None:
        here = self.replica.address()
        settings = shipped("cluster/replica.conf", LISTEN=here)
        self._start_postgresql(self.replica, settings + "log_statement = all\n")

    def lose_replica(self) -> None:
        """The replica ends at once, as if its machine had."""
        self.replica.end("postgresql", signal.SIGQUIT)

    def is_replica_level(self) -> bool:
        """Tell whether the replica has replayed all that the primary has committed."""
        written = self.sql(self.primary, "SELECT pg_current_wal_lsn()")
        behind = f"SELECT pg_wal_lsn_diff('{written}', pg_last_wal_replay_lsn()) <= 0"
        return self.sql(self.replica, behind) == "t"

    def reads_of_replica(self) -> int:
        """Return how often chefs were read from the replica."""
        return self.replica.said("postgresql").count('FROM "bookings_chef"')

    def sql(self, machine: Machine, statement: str, *, database: str = "softfactory") -> str:
        """Run a statement as the database's superuser; returns its rows as text."""
        socket = str(machine.folder)
        options = ["-qAtX", "-v", "ON_ERROR_STOP=1", "-h", socket, "-d", database]
        return machine.run("psql", *options, "-c", statement, user="postgres").strip()

    def _make_data(self, machine: Machine) -> Path:
        machine.run("chown", "postgres", str(machine.folder))
        return machine.folder / "data"

    def _start_postgresql(self, machine: Machine, settings: str) -> None:
        data = machine.folder / "data"
        (data / "postgresql.conf").write_text(settings)
        command = [f"{POSTGRESQL}/postgres", "-D", str(data)]
        apart = ["-c", f"unix_socket_directories={machine.folder}"]
        machine.start("postgresql", [*command, *apart], user="postgres")
        check = [f"{POSTGRESQL}/pg_isready", "-q", "-h", str(machine.folder)]

        def answers() -> bool:
            try:
                machine.run(*check, user="postgres")
            except RuntimeError:
                return False
            return True

        eventually(answers, f"PostgreSQL: {machine.said('postgresql')}")

    # --- Redis, gunicorn, nginx -----------------------------------------------------------------

    def start_redis(self) -> None:
        config = self.redis.folder / "redis.conf"
        config.write_text(shipped("cluster/redis.conf", LISTEN=self.redis.address(CACHE)))
        self.redis.start("redis", ["redis-server", str(config), "--dir", str(self.redis.folder)])

    def start_web(self, web: Machine) -> None:
        """Start gunicorn and the clock; both may run on every web machine."""
        env = self._env(web)
        web.start("gunicorn", [sys.executable, "-m", "gunicorn", "softfactory.wsgi"], env=env)
        web.start("clock", [sys.executable, "manage.py", "run_due", "--loop"], env=env)

    def _start_proxy(self) -> None:
        folder = self.proxy.folder
        web1, web2 = (f"{web.address()}:8000" for web in self.webs)
        several = shipped("cluster/upstream.conf", WEB1=web1, WEB2=web2)
        single = shipped(
            "nginx.conf",
            LISTEN=f"{self.proxy.address()}:80",
            HOSTS=self.proxy.address(),
            CHECKOUT=str(ROOT),
            CACHE=str(folder / "cache"),
        )
        site, replaced = re.subn(UPSTREAM, "", single, flags=re.MULTILINE | re.DOTALL)
        if replaced != 1:
            raise RuntimeError("docs/deploy/nginx.conf has no longer one upstream.")
        (folder / "site.conf").write_text(several + site)
        types = next((path for path in TYPES if Path(path).exists()), os.devnull)
        around = AROUND.substitute(folder=folder, user="user root;", types=types)
        (folder / "nginx.conf").write_text(around)
        self.proxy.start("nginx", ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")])

    def _env(self, web: Machine) -> dict[str, str]:
        text = shipped(
            "cluster/web.env",
            WEB=web.address(),
            PROXY=self.proxy.address(),
            PRIMARY=self.primary.address(),
            REPLICA=self.replica.address(),
            REDIS=self.redis.address(CACHE),
            PASSWORD=PASSWORD,
        )
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        hosts = (self.proxy, *self.webs)
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "softfactory.settings",
            "SOFTFACTORY_DEMO": "1",
            "DEBUG": "0",
            "SECRET_KEY": "",
            "RATE_LIMITS": "off",
            "ALLOWED_HOSTS": ",".join(host.address() for host in hosts),
            "VAR_DIR": str(web.folder / "var"),
            **dict(line.split("=", 1) for line in lines),
        }

    def _database(self, machine: Machine, port: int) -> str:
        return f"postgres://softfactory:{PASSWORD}@{machine.address()}:{port}/softfactory"
