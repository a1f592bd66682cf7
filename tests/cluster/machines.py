"""Machines inside this one: each a network namespace with cables that can be pulled."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.site import GIVE_UP, ROOT

LAN = "10.77.0"  # between everybody
CACHE = "10.78.0"  # between the web machines and Redis alone
OURSELVES = 1  # the last part of this process's own addresses, as a client


def ip(*arguments: str) -> None:
    """Run Debian's `ip`. Raises RuntimeError with what it says."""
    done = subprocess.run(["ip", *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr}")


class Machine:
    """One machine: its addresses, its programs by name, and its cables by network."""

    def __init__(self, name: str, number: int, folder: Path, *networks: str) -> None:
        self.name = name
        self.number = number
        self.folder = folder / name
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self.programs: dict[str, subprocess.Popen] = {}
        ip("netns", "add", name)
        ip("-n", name, "link", "set", "lo", "up")
        for network in networks:
            self._connect(network)

    def address(self, network: str = LAN) -> str:
        return f"{network}.{self.number}"

    def _connect(self, network: str) -> None:
        ours, theirs = f"{network.split('.')[1]}-in", self._plug(network)
        ip("link", "add", theirs, "type", "veth", "peer", "name", ours, "netns", self.name)
        ip("link", "set", theirs, "master", _switch(network), "up")
        ip("-n", self.name, "addr", "add", f"{self.address(network)}/24", "dev", ours)
        ip("-n", self.name, "link", "set", ours, "up")

    def pull(self, network: str) -> None:
        """Pull the cable: whatever is sent is lost, and nobody is told."""
        ip("link", "set", self._plug(network), "down")

    def plug_in(self, network: str) -> None:
        ip("link", "set", self._plug(network), "up")

    def _plug(self, network: str) -> str:
        return f"{self.name}-{network.split('.')[1]}"

    def inside(self, command: Sequence[str], user: str = "") -> list[str]:
        """Return the command as it is run on this machine."""
        switch = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        return ["ip", "netns", "exec", self.name, *switch, *command]

    def run(
        self, *command: str, user: str = "", env: Mapping[str, str] = os.environ, text: str = ""
    ) -> str:
        """Run a command to its end; returns what it printed. Raises RuntimeError if it failed."""
        done = subprocess.run(
            self.inside(command, user),
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT if not user else "/",
            env=env,
            input=text,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} on {self.name}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(
        self,
        program: str,
        command: Sequence[str],
        *,
        user: str = "",
        env: Mapping[str, str] = os.environ,
    ) -> None:
        """Start a program that goes on; what it says is in a log of its name."""
        with (self.folder / f"{program}.log").open("ab") as log:
            self.programs[program] = subprocess.Popen(
                self.inside(command, user),
                stdout=log,
                stderr=log,
                cwd=ROOT if not user else "/",
                env=env,
                start_new_session=True,
            )

    def send(self, program: str, number: signal.Signals) -> None:
        """Signal a program and its children."""
        with suppress(ProcessLookupError):
            os.killpg(self.programs[program].pid, number)

    def end(self, program: str, number: signal.Signals = signal.SIGTERM) -> None:
        """Let a program end by this signal to its first process, and wait until it has."""
        self.programs[program].send_signal(number)
        self.programs.pop(program).wait(GIVE_UP)

    def kill(self, program: str) -> None:
        """End a program and its children at once."""
        self.send(program, signal.SIGKILL)
        self.programs.pop(program).wait(GIVE_UP)

    def said(self, program: str) -> str:
        return (self.folder / f"{program}.log").read_text(errors="replace")


def lay_networks() -> None:
    """Make a switch for each network, with this process on both, as a client.

    They live in the namespaces of `bin/cluster`, and are gone with it, however it ends.
    """
    for network in (LAN, CACHE):
        ip("link", "add", _switch(network), "type", "bridge")
        ip("addr", "add", f"{network}.{OURSELVES}/24", "dev", _switch(network))
        ip("link", "set", _switch(network), "up")


def _switch(network: str) -> str:
    return f"sf-{network.split('.')[1]}"
