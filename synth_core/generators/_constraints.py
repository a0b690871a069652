"""Rules between columns, kept by every generator: rewrite what it learns, repair what it made, draw the rest anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from synth_core.generators._plan_state import from_state, to_state
from synth_core.generators._repair import repair
from synth_core.generators._rewrite import Rewrite
from synth_core.progress import SILENT, Progress
from synth_core.tables import Table
from synth_core.tables.rules import breaks_any
from synth_core.tables.schema import SET_ASIDE

_ROUNDS = 8  #: times that rows are drawn anew
_FEWEST = 50  #: rows drawn at a time


class Constraints:
    """The rules of a table, around one fitted generator.

    Attributes
    ----------
    notes : list of str
        After :meth:`keep`: how many rows were repaired or drawn anew, in plain sentences.
    """

    def __init__(self, plan: Rewrite) -> None:
        self.plan = plan
        self.rules = plan.schema.rules
        self.notes: list[str] = []
        self._moved = 0

    @classmethod
    def learn(cls, table: Table, *, seed: int) -> tuple[Constraints | None, Table]:
        """What to keep to and what to fit a generator on; ``(None, table)`` for a table without rules."""
        if not table.schema.rules:
            return None, table
        plan, rewritten = Rewrite.learn(table, seed=seed)
        return cls(plan), rewritten

    def _state(self) -> dict[str, Any]:
        return to_state(self.plan)

    @classmethod
    def _from_state(cls, state: dict[str, Any]) -> Constraints:
        return cls(from_state(state))

    @property
    def rewritten(self) -> frozenset[str]:
        """Columns that a generator does not see as they are: no condition can be put on their variables."""
        return self.plan.rewritten

    def restore(self, made: pd.DataFrame, *, seed: int) -> pd.DataFrame:
        """Rows of the table from rows of the rewritten table; few of them, if any, still break a rule."""
        rng = np.random.default_rng([seed, 1])
        frame, moved = repair(self.plan.back(made, rng), self.plan, self.plan.states(made, rng))
        self._moved = int(moved.sum())
        return frame[self.plan.schema.names]

    def keep(
        self,
        rows: pd.DataFrame,
        draw: Callable[[int, int], pd.DataFrame],
        *,
        seed: int,
        progress: Progress = SILENT,
    ) -> pd.DataFrame:
        """``rows`` with those that still break a rule replaced; as many rows, of the same classes where possible.

        Parameters
        ----------
        rows : pandas.DataFrame
            From :meth:`restore`.
        draw : callable
            ``draw(number, seed)`` makes so many more rows.
        """
        moved = self._moved
        bad = np.flatnonzero(breaks_any(rows, self.rules))
        again = len(bad)
        for number in range(1, _ROUNDS + 1):
            if not len(bad):
                break
            progress.report("sampling", len(rows) - len(bad), len(rows))
            own = int(np.random.SeedSequence([seed, number]).generate_state(1)[0] >> 1)
            more = draw(max(2 * len(bad), _FEWEST), own)
            more = more[~breaks_any(more, self.rules)]
            rows, bad = self._replace(rows, bad, more, once=True, any_class=number > _ROUNDS // 2)
        repeated = len(bad)
        if len(bad):
            good = np.delete(np.arange(len(rows)), bad)
            rows, bad = self._replace(rows, bad, rows.iloc[good], once=False, any_class=True)
        self.notes = self._said(moved, again, repeated - len(bad), len(bad))
        return rows

    def _replace(
        self, rows: pd.DataFrame, bad: np.ndarray, spare: pd.DataFrame, *, once: bool, any_class: bool
    ) -> tuple[pd.DataFrame, np.ndarray]:
        """Rows at ``bad`` taken from ``spare``, of their own class first; the rows, and the positions left over."""
        take = np.arange(len(rows))
        theirs, own = self._classes(spare), self._classes(rows.iloc[bad])
        free = np.ones(len(spare), dtype=bool)
        for label in np.unique(own):
            wanted, found = bad[own == label], np.flatnonzero(theirs == label)
            if len(found):
                found = found[: len(wanted)] if once else np.resize(found, len(wanted))
                take[wanted[: len(found)]] = len(rows) + found
                free[found] = False
        if any_class:
            wanted, found = bad[take[bad] < len(rows)], np.flatnonzero(free if once else np.ones(len(spare), bool))
            if len(found):
                found = found[: len(wanted)] if once else np.resize(found, len(wanted))
                take[wanted[: len(found)]] = len(rows) + found
        out = pd.concat([rows, spare], ignore_index=True).iloc[take].reset_index(drop=True)
        for name in self.plan.schema.with_roles(*SET_ASIDE):
            out[name] = rows[name]  # a row drawn elsewhere brings an id that is taken here
        return out, bad[take[bad] < len(rows)]

    def _classes(self, rows: pd.DataFrame) -> np.ndarray:
        target = self.plan.schema.target
        if target is None or target in self.plan.movable:
            return np.zeros(len(rows), dtype=int).astype(str)
        return rows[target].astype(str).to_numpy(dtype=str)

    @staticmethod
    def _said(moved: int, again: int, repeated: int, left: int) -> list[str]:
        said = []
        if moved:
            said.append(f"Rules between columns: values of {_rows(moved)} were moved so that every rule holds.")
        if again - repeated - left:
            said.append(f"Rules between columns: {_rows(again - repeated - left)} that broke a rule were drawn anew.")
        if repeated:
            said.append(
                f"Rules between columns: {_rows(repeated)} could not be drawn so that every rule holds; other "
                "synthetic rows stand in their place."
            )
        if left:
            said.append(
                f"Rules between columns: {_rows(left)} still break{'s' if left == 1 else ''} a rule: this generator "
                "makes no row that keeps them all. See which rule the real rows break most, and leave it out."
            )
        return said


def _rows(count: int) -> str:
    return f"{count:,} row{'s' if count != 1 else ''}"
