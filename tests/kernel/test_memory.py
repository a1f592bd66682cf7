"""What processes do with memory, measured in processes of their own."""

import os
import platform
import subprocess
import sys

import pytest

PROGRAM = """
import sys, threading
import psutil
from argon2.low_level import Type, hash_secret
from softfactory.kernel.memory import spare_memory

if sys.argv[1] == "given back":
    spare_memory()

def sign_in():
    for _ in range(3):
        hash_secret(b"password", b"some salt", 1, 19 * 1024, 1, 16, Type.ID)
    done.wait()
    leave.wait()

done, leave = threading.Barrier(5), threading.Event()
threads = [threading.Thread(target=sign_in) for _ in range(4)]
before = psutil.Process().memory_info().rss
for thread in threads:
    thread.start()
done.wait()
print((psutil.Process().memory_info().rss - before) // 2**20)
leave.set()
"""


def megabytes_kept(how):
    """What a process still has when four of its threads have checked some passwords."""
    command = [sys.executable, "-c", PROGRAM, how]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="about glibc alone")
def test_large_blocks_are_given_back():
    assert megabytes_kept("given back") < 10 < megabytes_kept("kept")


# What a child writes when it looks at each of many objects of its parent's, and at code.
LOOKING = """
import ctypes, gc, os, re, sys
from pathlib import Path
from softfactory.kernel.memory import share_memory

texts = [f"text {number}" for number in range(200_000)]
rows = [{"text": text} for text in texts]
code = [compile(f"a_{number} = {number}.5", "", "exec") for number in range(20_000)]
if sys.argv[1] == "shared":
    share_memory()
else:
    gc.freeze()

def look():
    seen = None
    for thing in texts:
        seen = thing
    for row in rows:
        seen = row["text"]
    for one in code:
        seen = one.co_consts[0]

child = os.fork()
if not child:
    look()
    rollup = Path("/proc/self/smaps_rollup").read_text()
    print(int(re.search(r"Private_Dirty: +(\\d+)", rollup)[1]) // 1024)
    sys.stdout.flush()
    os._exit(0)
os.waitpid(child, 0)
"""


def megabytes_written(how):
    command = [sys.executable, "-c", LOOKING, how]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


# Something that is made when it is first looked at.
LAZY = """
import types
from softfactory.kernel.memory import share_memory

class Lazy:
    @property
    def __class__(self):
        print("woken")
        return types.FunctionType

kept = Lazy()
share_memory()
"""


def test_what_is_lazy_stays_so():
    command = [sys.executable, "-c", LAZY]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == ""


@pytest.mark.skipif(platform.system() != "Linux", reason="counted by Linux")
def test_what_a_fork_only_looks_at_stays_shared():
    assert megabytes_written("shared") < 5 < 20 < megabytes_written("not shared")


# Whether small blocks that are asked for after it lie among those of before, which have gaps.
GAPS = """
import ctypes
import sys
from softfactory.kernel.memory import share_memory

library = ctypes.CDLL(None)
malloc, free = library.malloc, library.free
malloc.argtypes, malloc.restype, free.argtypes = [ctypes.c_size_t], ctypes.c_size_t, [
    ctypes.c_size_t
]
sizes = (20, 100, 1_000, 5_000)
blocks = [malloc(size) for _ in range(1_000) for size in sizes]
end = malloc(100_000)
for block in blocks[::3]:
    free(block)
if sys.argv[1] == "shared":
    share_memory()
print(sum(malloc(size) < end for size in sizes))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="about glibc alone")
@pytest.mark.parametrize(("how", "among_them"), [("shared", "0"), ("not shared", "4")])
def test_new_blocks_lie_beside_what_is_shared(how, among_them):
    command = [sys.executable, "-c", GAPS, how]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.split() == [among_them]


# How often the server's master shares its memory when it forks three workers.
FORKS = """
import gc, runpy
from types import SimpleNamespace
import django

django.setup()
pre_fork = runpy.run_path("gunicorn.conf.py")["pre_fork"]
times = []
pre_fork.__globals__["share_memory"] = lambda: (times.append(1), gc.freeze())
for _ in range(3):
    pre_fork(SimpleNamespace(WORKERS={}), SimpleNamespace(is_background=False))
print(len(times))
"""


def test_a_master_shares_its_memory_once_however_many_workers_die(tmp_path):
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "softfactory.settings", "SOFTFACTORY_DEMO": "1"}
    env |= {"DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", FORKS]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=env)
    assert done.stdout == "1\n"
