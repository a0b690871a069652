"""What the app does with an upload, reader by reader; each ends in success, a SynthError, or a failure."""

from __future__ import annotations

import hashlib
import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from synth_core import fidelity, generators
from synth_core.blueprint.draw import draw
from synth_core.blueprint.reading import from_yaml, read_blueprint, to_yaml
from synth_core.errors import SynthError
from synth_core.generators import saving
from synth_core.journeys.library import JourneyLibrary
from synth_core.journeys.reading import read_credits
from synth_core.journeys.world import World
from synth_core.prospective import frozen
from synth_core.prospective.library import Tests
from synth_core.runs import Store
from synth_core.tables import (
    Release,
    Role,
    Table,
    TableLibrary,
    combined,
    read_table,
    set_roles,
    set_target,
    sheet_names,
    to_csv_bytes,
    to_parquet_bytes,
)
from synth_core.tables.overview import overview
from synth_core.tables.release import set_releases
from synth_core.tasks import results, unpacking
from synth_core.voice import reading as voice
from tests.fuzz import bases, misdeeds
from tests.fuzz.corpus import Case

_EXPORTED = 200_000  #: rows above which an export is a step of its own, with a limit of its own
_DEEP = 0.12  #: share of the tables that also go through split, generator and fidelity


def read(case: Case, home: Path, folder: Path) -> None:
    """Read ``case`` as the app would; ``folder`` is empty and thrown away.

    Raises
    ------
    SynthError
        The file is refused.
    """
    _READERS[case.reader](case, home, folder)


def _table(case: Case, home: Path, folder: Path) -> None:
    rng = random.Random(case.seed)
    sheet = None
    if case.name.lower().endswith(".xlsx") and (sheets := sheet_names(case.data)):
        sheet = rng.choice(sheets)
    table = read_table(case.data, name=case.name, sheet=sheet)
    use(table, rng, folder, deep=rng.random() < _DEEP)


def use(table: Table, rng: random.Random, folder: Path, *, deep: bool) -> None:
    """Everything that may come after reading: looks, edits, storing and export, and if ``deep`` rows and fidelity."""
    overview(table)
    table = _edited(table, rng)
    overview(table)
    library = TableLibrary(folder / "datasets")
    stored = library.get(library.add(table))
    assert stored.sha256() == table.sha256(), "the stored table differs"
    assert stored.schema == table.schema, "the stored schema differs"
    library.remember(table)
    library.recalled(table)
    library.list()
    if len(table) > _EXPORTED:
        return
    exported = to_csv_bytes(table.frame, table.schema)
    to_parquet_bytes(table.frame, table.schema)
    if len(table) < 2_000 and table.frame.shape[1] < 200:
        _comes_back(table, exported)
    if deep and len(table) <= 400 and table.frame.shape[1] <= 40:
        _rows(table, rng)


def _edited(table: Table, rng: random.Random) -> Table:
    """The table after an analyst's edits, those refused left out."""
    names = table.schema.names
    for _ in range(rng.randrange(3)):
        edit = rng.choice((
            lambda t, n: set_roles(t, {n: rng.choice(list(Role))}),
            lambda t, n: set_target(t, n, drop_missing_target=rng.random() < 0.5),
            lambda t, n: set_releases(t, {n: rng.choice(list(Release))}),
        ))  # fmt: skip
        try:
            table = edit(table, rng.choice(names))
        except SynthError as refusal:
            plain(refusal)
    return table


def _comes_back(table: Table, exported: bytes) -> None:
    """An export can be read again and has the same number of rows, unless a row of it is blank."""
    controls = re.search(rb"[\x00-\x08\x0e-\x1f]", exported)  # such a file is taken for binary data
    if controls or table.frame.isna().all(axis=1).any() or table.frame.shape[1] == 1:
        return
    try:
        again = read_table(exported)
    except SynthError as error:
        raise AssertionError(f"an export cannot be read again: {error}") from error
    assert abs(len(again) - len(table)) <= 1, f"{len(table)} rows exported, {len(again)} read again"


def _rows(table: Table, rng: random.Random) -> None:
    """Split, a quick generator, fidelity, and the rows beside the real ones as an export."""
    if table.target is None:
        table = set_target(table, rng.choice(table.schema.names), drop_missing_target=True)
    split = table.split(holdout=0.3, seed=7)
    generator = generators.create(rng.choice(("smotenc", "trees"))).fit(split.train, seed=7)
    rows = generator.sample(30, seed=7)
    assert list(rows.columns) == split.train.schema.names, "other columns than the training rows"
    fidelity.report(split.train, split.holdout, rows, seed=7)
    to_csv_bytes(combined(split.train.frame, rows, table.schema), table.schema)


def _journeys(case: Case, home: Path, folder: Path) -> None:
    library = JourneyLibrary(folder / "journeys")
    found = library.get(library.add(case.data, case.name))
    assert len(found) and np.isfinite(found.conversions).all() and np.isfinite(found.value).all()
    library.list()


def _credits(case: Case, home: Path, folder: Path) -> None:
    credits = read_credits(case.data, name=case.name, channels=bases.CHANNELS, total=80.0)
    assert np.isfinite(credits.credit).all()


def _voice(case: Case, home: Path, folder: Path) -> None:
    assert voice.read(case.data, name=case.name, source="us").lines


def _blueprint(case: Case, home: Path, folder: Path) -> None:
    blueprint, _ = read_blueprint(case.data, case.name)
    assert from_yaml(to_yaml(blueprint)) == blueprint, "a saved blueprint reads differently"
    if len(blueprint.columns) <= 40:
        draw(blueprint, 25, seed=1)


def _log(home: Path, folder: Path):
    tests = Tests(folder / "prospective")
    return tests.get(tests.create(home / "scorer-logistic.zip", name="Fuzz", id_column=bases.ID))


def _leads(case: Case, home: Path, folder: Path) -> None:
    log = _log(home, folder)
    log.add_leads(case.data, label=case.name)
    log.cohorts()
    assert np.isfinite(log.joined()[["score_reference", "score_arm"]].to_numpy(float)).all()


def _outcomes(case: Case, home: Path, folder: Path) -> None:
    log = _log(home, folder)
    log.add_leads(bases.leads().encode(), label="leads")
    log.add_outcomes(case.data, label=case.name)
    log.outcome_files()
    log.joined()


@cache
def _lead_frame(home: Path) -> pd.DataFrame:
    return read_table(bases.leads().encode()).frame


def _scorer(case: Case, home: Path, folder: Path) -> None:
    scorer = frozen.load(case.data)
    frame = _lead_frame(home)
    kept = [n for n in scorer.card.features if n in frame]
    try:
        scorer.score(frame[kept])
    except SynthError as refusal:  # a scorer of other columns
        plain(refusal)


def _generator(case: Case, home: Path, folder: Path) -> None:
    saving.read_card(io.BytesIO(case.data))
    saving.load(io.BytesIO(case.data)).sample(20, seed=1)


def _world(case: Case, home: Path, folder: Path) -> None:
    world = World.from_json(case.data)
    assert World.from_json(world.to_json()) == world


def _stored(case: Case, home: Path, folder: Path) -> None:
    """A workspace somebody has damaged: a stored table, and what was remembered for the next one like it."""
    place = folder / "datasets"
    with zipfile.ZipFile(io.BytesIO(case.data)) as archive:
        archive.extractall(place)
    library = TableLibrary(place)
    table = read_table(bases.tables()[0].encode(), name="stored")
    library.recalled(table)
    library.list()
    try:
        table = library.get((home / "stored.id").read_text())
    except SynthError as refusal:
        plain(refusal)
    else:
        use(table, random.Random(case.seed), folder / "more", deep=False)
    library.add(table)


def _pack(case: Case, home: Path, folder: Path) -> None:
    store = Store(folder / "workspace")
    try:
        runs = unpacking.adopt(store, case.data)
    except SynthError:
        assert not store.list(), "a refused pack left runs behind"
        raise
    results.load_generate(store.folder(runs["generate"].id))


_READERS: dict[str, Callable[[Case, Path, Path], None]] = {
    "table": _table, "journeys": _journeys, "credits": _credits, "voice": _voice, "blueprint": _blueprint,
    "leads": _leads, "outcomes": _outcomes, "scorer": _scorer, "generator": _generator, "world": _world,
    "stored": _stored, "pack": _pack, "misdeed": lambda case, home, folder: misdeeds.commit(case.data, folder),
}  # fmt: skip


class UnclearError(Exception):
    """A refusal that no analyst could read."""


def plain(refusal: SynthError) -> str:
    """The refusal's text, if it is a few plain sentences.

    Raises
    ------
    UnclearError
        Too long, not a sentence, or with signs of the machine in it.
    """
    text = str(refusal)
    machine = ("Traceback", "object at 0x", "<class '", "Error:", "dtype(", "\x00", "pyarrow", "numpy")
    if not 20 <= len(text) <= 900 or text[-1] not in ".?…" or any(sign in text for sign in machine):
        raise UnclearError(text[:2_000])
    return text


def fingerprint(data: bytes) -> str:
    """Short name of a file by its content."""
    return hashlib.sha256(data).hexdigest()[:12]
