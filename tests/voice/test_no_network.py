"""Importing brand voice and building every provider touches no network."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: Any look-up or connection ends the process, also one in a thread or inside an ``except``.
GUARD = """
import os, socket, sys
def refuse(*args, **kwargs):
    sys.stderr.write(f"network touched: {args[1:] or args}\\n")
    sys.stderr.flush()
    os._exit(9)
class Guarded(socket.socket):
    connect = connect_ex = sendto = sendmsg = refuse
socket.socket = Guarded
socket.create_connection = refuse
socket.getaddrinfo = socket.gethostbyname = socket.gethostbyname_ex = refuse
"""

WORK = """
import importlib, pkgutil
import synth_core.voice
names = [m.name for m in pkgutil.walk_packages(synth_core.voice.__path__, "synth_core.voice.")]
assert "synth_core.voice.providers.openai" in names and len(names) > 15, names
for name in names:
    importlib.import_module(name)
from synth_core.voice.providers import PROVIDERS, make
from synth_core.voice.records import Brand, Line, Prompt
brand = Brand("Tide", (Line("Six stools, two lamps, one very good gin.", "x", "bar"),
                       Line("Four chairs, one stove, and no speeches.", "x", "bar")))
made = {key: make(key, brand=brand, model="m", api_key="sk-test-key") for key in PROVIDERS}
for one in made.values():
    one.payload(Prompt("s", "u", (), "b"), 2, temperature=1.0, seed=1)
    one.notes()
assert made["embedded"].generate(Prompt("s", "u", (), "b"), 2, temperature=1.0, seed=1)
assert made["fake"].generate(Prompt("s", "u", (), "b"), 2, temperature=1.0, seed=1)
print("done", len(names))
"""


def run(code: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


def test_import_and_building_every_provider_call_nobody():
    ended = run(GUARD + WORK)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert ended.stdout.startswith("done")


def test_the_guard_does_stop_a_call():
    ask = WORK + (
        "\nimport threading\n"
        "def ask():\n"
        "    try:\n"
        "        made['local'].generate(Prompt('s', 'u', (), 'b'), 1, temperature=1.0, seed=1)\n"
        "    except Exception:\n"
        "        pass\n"
        "t = threading.Thread(target=ask); t.start(); t.join()\n"
    )
    ended = run(GUARD + ask)
    assert ended.returncode == 9 and "network touched" in ended.stderr
