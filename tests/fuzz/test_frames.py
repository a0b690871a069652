"""Whatever a frame holds and an analyst chooses: rows, a report and exports come out, or a plain refusal."""

import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from synth_core.errors import SynthError
from synth_core.tables import set_roles, set_target, table_from_frame
from tests.fuzz import readers
from tests.fuzz.strategies import edits, frames


def goes_through(frame, chosen, *, deep):
    try:
        table = table_from_frame(frame)
        for place, role in chosen:
            name = table.schema.names[place % len(table.schema.names)]
            table = (
                set_target(table, name, drop_missing_target=True) if role is None else set_roles(table, {name: role})
            )
    except SynthError as refusal:
        readers.plain(refusal)
        return
    with tempfile.TemporaryDirectory() as folder:
        try:
            readers.use(table, random.Random(0), Path(folder), deep=deep)
        except SynthError as refusal:
            readers.plain(refusal)


ANY = {"deadline": None, "database": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=25, **ANY)
@given(frames(), edits)
def test_any_frame_is_stored_and_exported_or_refused_in_words(frame, chosen):
    goes_through(frame, chosen, deep=False)


@pytest.mark.slow
@settings(max_examples=400, **ANY)
@given(frames(), edits)
def test_any_frame_gives_rows_and_a_report_or_is_refused_in_words(frame, chosen):
    goes_through(frame, chosen, deep=True)
