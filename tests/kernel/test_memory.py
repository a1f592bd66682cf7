"""Where freed memory goes, measured in a process of its own."""

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
