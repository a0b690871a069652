"""Well-formed files that the corpus starts from, made once per process."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

import numpy as np

from synth_core.journeys.presets import PRESETS
from synth_core.tables import TableLibrary, load_sample, read_table, to_csv_bytes, travel_leads

ASSETS = Path(__file__).resolve().parents[2] / "assets"
ID = "enquiry_id"  #: header of the leads' ids
CHANNELS = ("Search", "Social", "Mail", "Display", "organic")


@cache
def tables() -> tuple[str, ...]:
    """Tables as comma-separated text, small enough that thousands are read in minutes."""
    return (_mixed(), _leads(60), _numeric(), "a,b\n1,x\n2,y\n", _wide(), _long(), _dates())


@cache
def journeys() -> tuple[str, ...]:
    """Event rows and path rows."""
    rng = random.Random(1)
    events = ["user_id,timestamp,channel,conversion,revenue"]
    for user in range(40):
        for step in range(rng.randrange(1, 5)):
            buys = step == 2
            day = f"2024-03-{1 + (user + 3 * step) % 28:02d} {rng.randrange(24):02d}:15:00"
            events.append(f"u{user},{day},{rng.choice(CHANNELS)},{int(buys)},{rng.randrange(90) if buys else 0}")
    paths = ["path,conversions,value,nulls"]
    for count in range(30):
        steps = " > ".join(rng.choices(CHANNELS, k=rng.randrange(1, 5)))
        paths.append(f"{steps},{count % 4},{(count % 4) * 12.5},{count}")
    named = ["customer,event_date,source,event_name"]
    named += [
        f"c{i // 3},{1 + i % 12}/{1 + i % 28}/2024,{CHANNELS[i % 4]},{'purchase' if i % 3 == 2 else 'view'}"
        for i in range(60)
    ]
    return tuple("\n".join(lines) + "\n" for lines in (events, paths, named))


def credits() -> tuple[str, ...]:
    """A vendor's credits."""
    return (
        "channel,credit,value\nSearch,12.5,300\nSocial,4,80\nMail,3.5,0\nDisplay,0,0\norganic,9,10\n",
        "Channel,Share\nSearch,40%\nSocial,30%\nMail,20%\nDisplay,10%\n",
    )


@cache
def lines() -> tuple[str, ...]:
    """Lines of copy: a table, plain lines, one object a row, chats."""
    house = (ASSETS / "voice/house.csv").read_text("utf-8").split("\n")[:40]
    plain = "- Book early, sleep late.\n2) “Spring is closer than you think.”\n\nA quiet week by the sea\n"
    records = [{"brief": "spring", "text": f"Line number {i} says hello."} for i in range(6)]
    chats = [
        {"messages": [{"role": "user", "content": "Write"}, {"role": "assistant", "content": f"Line {i} here"}]}
        for i in range(4)
    ]
    return (
        "\n".join(house), plain, "\n".join(map(json.dumps, records)), "\n".join(map(json.dumps, chats)),
        json.dumps(records), json.dumps(["One line here", "Another line there"]),
    )  # fmt: skip


@cache
def blueprints() -> tuple[str, ...]:
    """Blueprints as YAML."""
    small = (
        "blueprint: Small\nrows: 50\ncolumns:\n  - {name: id, type: id}\n"
        "  - {name: age, type: integer, low: 18, high: 70}\n"
        "  - name: kind\n    type: category\n    levels: {a: 50 %, b: 50 %}\n"
        "  - {name: day, type: date, from: 2026-01-01, to: 2026-02-01}\n"
        "correlations:\n  - [age, kind, 0.2]\ntarget:\n  name: bought\n  prevalence: 0.2\n  drivers: {age: 0.4}\n"
    )
    return small, (ASSETS / "blueprints/campaign-leads.yaml").read_text("utf-8")


def dictionary() -> str:
    """A data dictionary."""
    return (ASSETS / "blueprints/data-dictionary.csv").read_text("utf-8")


def worlds() -> list[dict]:
    """Simulated worlds as plain values."""
    return [world.to_dict() for world in PRESETS.values()]


def leads() -> str:
    """Leads for the scorer of :func:`prepare`."""
    return _leads(40)


def outcomes() -> str:
    """Outcomes of :func:`leads`."""
    ids = [line.split(",")[0] for line in leads().strip("\n").split("\n")[1:]]
    return f"{ID},booked\n" + "".join(f"{name},{('yes', 'no', '')[i % 3]}\n" for i, name in enumerate(ids))


def prepare(folder: Path) -> None:
    """Write what takes seconds to make: scorers, a generator, a pack, a stored table; always the same."""
    if (folder / "ready").exists():
        return
    from synth_core import generators, lift  # here, since workers need none of it
    from synth_core.generators import saving
    from synth_core.prospective.scorer import freeze, save
    from tests.packs.makers import Made

    folder.mkdir(parents=True, exist_ok=True)
    table = load_sample("travel").take(np.arange(240))
    split = table.split(seed=7)
    for learner in ("lightgbm", "logistic"):
        study = lift.study(
            split, arms=["smotenc"], labels=["own"], rows=60, folds=2, repeats=1, learner=learner, seed=7
        )
        save(freeze(split, study, name="Fuzz", arms=["smotenc"]), folder / f"scorer-{learner}.zip")
    generator = generators.create("trees").fit(split.train, seed=7)
    saving.save(generator, folder / "generator-trees.zip", table=table.name, seed=7)
    (folder / "pack.zip").write_bytes(Made(folder / "made").pack())
    library = TableLibrary(folder / "stored")
    stored = read_table(tables()[0].encode(), name="stored")
    (folder / "stored.id").write_text(library.add(stored))
    library.remember(stored)
    (folder / "ready").touch()


def _mixed() -> str:
    rng = np.random.default_rng(0)
    rows = ["id,name,age,income,city,joined,active,note,outcome"]
    for i in range(50):
        age = "" if i % 11 == 0 else str(rng.integers(18, 80))
        rows.append(
            f"{1000 + i},Person {i},{age},{rng.normal(40_000, 9_000):.2f},{('Rome', 'Paris', 'Łódź')[i % 3]},"
            f"2024-{1 + i % 12:02d}-{1 + i % 28:02d},{('true', 'false')[i % 2]},"
            f'"said, {i % 5}",{("yes", "no", "no")[i % 3]}'
        )
    return "\n".join(rows) + "\n"


@cache
def _leads(rows: int) -> str:
    table = load_sample("travel")
    return to_csv_bytes(travel_leads(5, weeks=1)[0].head(rows), table.schema).decode()


def _numeric() -> str:
    rng = np.random.default_rng(2)
    body = rng.normal(0, 10, (40, 6)).round(3)
    return "x0,x1,x2,x3,x4,y\n" + "\n".join(",".join(map(str, row[:5])) + f",{int(row[5] > 0)}" for row in body) + "\n"


def _wide() -> str:
    return (
        ",".join(f"c{i}" for i in range(60))
        + "\n"
        + "\n".join(",".join(str((i * j) % 7) for i in range(60)) for j in range(12))
        + "\n"
    )


def _long() -> str:
    return "k,v,w\n" + "".join(f"k{i % 5},{i * 37 % 101},{'ab'[i % 2]}\n" for i in range(1_500))


def _dates() -> str:
    rows = ["date,ts,created_at,eu,us,month"]
    for i in range(30):
        day, month = 1 + i % 28, 1 + i % 12
        rows.append(f"2023-{month:02d}-{day:02d},{1_700_000_000 + i * 86_400},{45_000 + i},{day}.{month}.2023,"
                    f"{month}/{day}/23,{day} Mar 2024")  # fmt: skip
    return "\n".join(rows) + "\n"
