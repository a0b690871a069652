"""Rows under differential privacy: noisy counts of columns and of pairs of columns, then draws from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators.base import Generator
from synth_core.generators.dp.declaring import from_dict
from synth_core.generators.dp.layer import Released
from synth_core.generators.dp.measure import measure
from synth_core.generators.dp.release import Release
from synth_core.generators.dp.tree import Tree
from synth_core.generators.prepare import Encoded
from synth_core.progress import SILENT, Progress
from synth_core.tables import Role, Schema, Train, require_train


class DpMst(Generator):
    """MST (McKenna, Miklau and Sheldon, 2021) on OpenDP's noise, with every column counted together with the target.

    Without the latter, models trained on its rows know the outcome from one or two columns only: on adult at ε = 1 they
    reached an AUC of 0.84 instead of 0.90, and the error of all pairs was 0.047 instead of 0.041.

    Parameters
    ----------
    epsilon, delta : float
        The guarantee.
    person : str or None
        Column that tells whose row it is; None where every row is another person's.
    person_rows : int
        Most rows of one person that are used.
    declared : mapping, optional
        By column what is known without the rows: ``{"labels": [...]}``, or ``{"low": …, "high": …}``.

    Attributes
    ----------
    release : Release
        After ``fit``: all that is known of the training rows.
    """

    name, title = "dp_mst", "DP (MST)"
    aims = True
    layer = Released

    def __init__(
        self,
        epsilon: float = 1.0,
        delta: float = 1e-6,
        person: str | None = None,
        person_rows: int = 1,
        declared: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.epsilon, self.delta = float(epsilon), float(delta)
        self.person, self.person_rows = person, person_rows
        self.declared = {name: dict(known) for name, known in declared.items()} if declared else None

    def fit(self, train: Train, *, seed: int, progress: Progress = SILENT) -> Self:
        """Measure the training rows once; ``seed`` seeds nothing, since noise that can be repeated protects nobody.

        Raises
        ------
        TypeError
            ``train`` is not :class:`~synth_core.tables.Train`.
        GeneratorError
            ε is too small for this many columns, or the person column does not exist; the text says what to do.
        Cancelled
            ``progress`` asked to stop.
        """
        table = require_train(train).table
        progress.report("encoding", 0, 1)
        if self.person and self.person not in table.schema:
            raise GeneratorError(f"There is no column “{self.person}” that could tell whose row it is.")
        release = measure(
            table, epsilon=self.epsilon, delta=self.delta, unit=self.person or None, unit_rows=self.person_rows,
            declared=from_dict(self.declared or {}), progress=progress,
        )  # fmt: skip
        progress.report("fitting", 0, 1)
        self._constraints = None
        self._preparer = Released(release, table.schema)
        self._grow()
        self.notes = _notes(release, table.schema)
        progress.report("fitting", 1, 1)
        return self

    @property
    def release(self) -> Release:
        """All that is known of the training rows."""
        if not hasattr(self, "_preparer"):
            raise GeneratorError(f"{self.title} has not been fitted yet: call fit() first.")
        return self._preparer.release

    def _grow(self) -> None:
        names = [axis.name for axis in self.release.axes]
        target = self.schema.target
        self._tree = Tree.fit(self.release, names.index(target) if target in names else None)

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        raise NotImplementedError("It learns from a release, never from encoded rows.")

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        return self._sample_given(rows, {}, seed=seed, progress=progress)

    def _sample_given(self, rows: int, given: dict[str, int], *, seed: int, progress: Progress) -> pd.DataFrame:
        keys = [v.key for v in self._preparer.variables]
        codes = self._tree.sample(rows, seed, {keys.index(key): cell for key, cell in given.items()}, progress)
        return pd.DataFrame(codes, columns=keys)

    def _state(self) -> dict[str, Any]:
        """Nothing: the release, which the shared layer's part of a file holds, is all there is."""
        return {}

    def _set_state(self, state: dict[str, Any]) -> None:
        self._grow()


def _notes(release: Release, schema: Schema) -> list[str]:
    """What was promised, what was spent, and what differs from other generators. No noisy figure: folds share them."""
    whose = "one row" if release.unit is None else f"one “{release.unit}” (at most {release.unit_rows:,} rows)"
    total = sum(s.rho for s in release.spent if s.rho) or 1.0
    parts = ", ".join(f"{s.what} {s.rho / total:.0%}".replace("%", " %") for s in release.spent if s.rho)
    notes = [
        f"Differential privacy with ε = {release.epsilon:g} and δ = {release.delta:g}; protected is {whose}. "
        f"Budget: {parts}.",
        "Values that few rows have, and the smallest and largest numbers, do not come out; the number of training rows "
        "is known roughly only.",
        "Every fit measures anew and would spend the budget again if its rows were handed out. Figures that compare "
        "these rows with real ones (fidelity, privacy, a verdict) are outside the guarantee.",
    ]
    if names := schema.with_roles(Role.SENSITIVE, Role.FREE_TEXT):
        notes.append(f"{', '.join(names)}: left blank.")
    if names := schema.with_roles(Role.IDENTIFIER):
        notes.append(f"{', '.join(names)}: new ids are made without a look at the real ones; one may equal a real id.")
    if schema.rules:
        notes.append("Rules between columns are not kept: they were found in the rows, which would cost budget.")
    return notes
