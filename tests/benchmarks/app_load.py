"""Twenty people at once on one server, and one person for a long while.

Each of ``--sessions`` users signs in on a websocket of their own (the app's real protocol, without a browser's drawing)
and moves between pages for ``--seconds``, looking at each for 5 to 15 s; pages that refresh themselves do so meanwhile.
Five of them start a run of the page Generate, so that the runs queue. Every user has a table, a finished run and
category values with a mark of their own: a mark in somebody else's session is ``cross_talk``. Then one user switches
pages ``--switches`` times in a row. Run with ``python -m tests.benchmarks.app_load``; the last line is one JSON object:

``page_switch_p50_s``, ``page_switch_p95_s`` from asking for a page until its last part has arrived;
``mb_per_session`` what the server's memory grew by at most, per session, from none (every page seen once) to all;
``mb_growth`` what it grew by over the last four fifths of the long row of switches; ``runs_in_order`` whether runs
started in the order of the clicks; ``own_marks`` how many pages showed the user's own mark, without which no foreign
one would mean nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from synth_core.runs import ACTIVE, Store
from synth_core.tables import TableLibrary, load_sample, read_table
from tests.benchmarks.websocket_client import ISSUER, Session, secrets
from tests.browser.conftest import Server

WITH_RUN = ("Generate", "Fidelity")
WITH_TABLE = ("Data", "Lift", "Budget", "Privacy")
OTHER = ("", "Runs", "Journeys", "Blueprint", "Voice", "Guide", "Report")
STARTERS = 5


@dataclass
class User:
    """A user, what they store, and what their session met."""

    subject: str
    store: Store
    dataset: str = ""
    run: str = ""
    switches: list[float] = field(default_factory=list)
    own: int = 0
    foreign: int = 0
    exceptions: int = 0

    @property
    def mark(self) -> str:
        return f"zq{self.subject}qz"

    def query(self, page: str) -> dict[str, str]:
        if page in WITH_RUN:
            return {"dataset": self.dataset, "run": self.run}
        return {"dataset": self.dataset} if page in WITH_TABLE else {}


def furnish(workspace: Path, number: int) -> list[User]:
    """Users with a table and a finished run each; rows are made once and marked for everybody."""
    table = load_sample("travel").take(range(1_200))
    maker = Store(workspace / "maker")
    dataset = TableLibrary(maker.workspace / "datasets").add(table)
    spec = {"dataset": dataset, "generator": "trees", "settings": {}, "rows": 1_000, "seed": 7, "holdout": 0.2}
    made = maker.submit("generate", spec, title="made", dataset=dataset)
    while maker.get(made.id).state in ACTIVE:
        time.sleep(0.2)
    level = str(table.frame[table.schema.names[1]].iloc[0])
    users = []
    for i in range(number):
        subject = f"user{i:02}"
        owner = hashlib.sha256(f"{ISSUER}|{subject}".encode()).hexdigest()[:32]
        user = User(subject, Store(workspace / "shared", owner=owner))
        marked = table.frame.astype(object).replace(level, f"{level} {user.mark}")
        own = read_table(marked.to_csv(index=False).encode(), name=f"{user.mark}.csv", target=table.target)
        user.dataset = TableLibrary(user.store.layout.home / "datasets").add(own)

        def fill(folder: Path, user: User = user) -> None:
            shutil.copytree(maker.folder(made.id), folder, dirs_exist_ok=True)
            summary = json.loads((folder / "summary.json").read_text("utf-8"))
            summary["spec"]["dataset"] = user.dataset
            (folder / "summary.json").write_text(json.dumps(summary), "utf-8")

        title = f"1,000 rows by Trees · {user.mark}"
        user.run = user.store.adopt(
            "generate", {**spec, "dataset": user.dataset}, title=title, dataset=user.dataset, fill=fill
        ).id
        users.append(user)
    return users


def memory(server: Server) -> float:
    """MB of the server's own process, shared pages counted in parts."""
    return psutil.Process(server.process.pid).memory_full_info().pss / 1e6


def checked(user: User, session: Session, users: list[User]) -> None:
    user.own += user.mark.encode() in session.texts
    others = (u.mark.encode() for u in users if u is not user)
    user.foreign += sum(mark in session.texts for mark in others)
    user.exceptions += session.exceptions


async def browse(user: User, users: list[User], url: str, seconds: float, seed: int) -> None:
    rng = random.Random(seed)
    async with Session(url, user.subject) as session:
        await session.open()
        known = [p for p in (*WITH_RUN * 2, *WITH_TABLE * 2, *OTHER) if p in session.pages]
        await session.look(rng.uniform(0, 10))
        until = time.perf_counter() + seconds
        if seed < STARTERS:
            await session.open("Generate", dataset=user.dataset)
            await session.press("Generate")
            await session.look(10)
        while time.perf_counter() < until:
            page = rng.choice(known)
            user.switches.append(await session.open(page, **user.query(page)))
            checked(user, session, users)
            await session.look(rng.uniform(5, 15))


async def together(users: list[User], server: Server, seconds: float) -> float:
    """All users at once; the most memory that the server had meanwhile, in MB."""
    most = memory(server)

    async def watch() -> None:
        nonlocal most
        while True:
            await asyncio.sleep(1)
            most = max(most, memory(server))

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(browse(u, users, server.url, seconds, i) for i, u in enumerate(users)))
    watching.cancel()
    return most


async def long_row(user: User, users: list[User], server: Server, switches: int) -> list[float]:
    """The server's memory after each fifth of ``switches``."""
    found = []
    async with Session(server.url, user.subject) as session:
        await session.open()
        pages = [p for p in (*WITH_RUN, *WITH_TABLE, *OTHER) if p in session.pages]
        for number in range(1, switches + 1):
            page = pages[number % len(pages)]
            await session.open(page, **user.query(page))
            checked(user, session, users)
            if number % (switches // 5) == 0:
                found.append(memory(server))
    return found


async def warm(user: User, url: str) -> None:
    """Every page once, so that what is loaded once is not counted per session."""
    async with Session(url, user.subject) as session:
        await session.open()
        for page in session.pages:
            await session.open(page, **user.query(page))


def queue_of(users: list[User], before: set[str]) -> tuple[list[str], bool]:
    """States of the runs started meanwhile, and whether they worked in the order they were submitted in."""
    store = users[0].store
    rows = store.database.read("SELECT id, state, started FROM runs ORDER BY seq")
    new = [r for r in rows if r["id"] not in before]
    began = [r["started"] for r in new]
    return [r["state"] for r in new], None not in began and began == sorted(began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--switches", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        users = furnish(Path(folder), options.sessions)
        before = {r.id for u in users for r in u.store.list()}
        server = Server(Path(folder) / "shared")
        (Path(folder) / "secrets.toml").write_text(secrets(server.url), "utf-8")
        server.options = ("--secrets.files", str(Path(folder) / "secrets.toml"))
        server.start()
        try:
            asyncio.run(warm(users[0], server.url))
            alone = memory(server)
            crowd = asyncio.run(together(users, server, options.seconds))
            deadline = time.monotonic() + 300
            while any(r.state in ACTIVE for u in users for r in u.store.list()) and time.monotonic() < deadline:
                time.sleep(0.5)
            states, in_order = queue_of(users, before)
            fifths = asyncio.run(long_row(users[0], users, server, options.switches))
        finally:
            server.kill()
        took = sorted(s for u in users for s in u.switches)
        figures = {
            "sessions": options.sessions,
            "switches": len(took),
            "page_switch_p50_s": round(statistics.median(took), 2),
            "page_switch_p95_s": round(took[int(0.95 * len(took))], 2),
            "page_switch_worst_s": round(took[-1], 2),
            "mb_per_session": round((crowd - alone) / options.sessions, 1),
            "server_mb": round(crowd),
            "own_marks": sum(u.own for u in users),
            "cross_talk": sum(u.foreign for u in users),
            "exceptions": sum(u.exceptions for u in users),
            "queued_runs": states,
            "runs_in_order": in_order,
            "mb_by_fifth": [round(m) for m in fifths],
            "mb_growth": round(fifths[-1] - fifths[0], 1),
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
