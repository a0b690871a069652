"""The interface of every generator, and the template that wraps the shared layer around it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators._constraints import Constraints
from synth_core.generators.prepare import Encoded, Preparer
from synth_core.generators.training import Training
from synth_core.generators.where import Conditions, conditional_rows
from synth_core.progress import SILENT, Progress
from synth_core.tables import Schema, Table, Train, require_train


class Generator(ABC):
    """Learns from training rows, then makes rows with the same columns, dtypes and order.

    A new generator is one file: a subclass with ``_fit`` and ``_sample`` on encoded variables.

    Attributes
    ----------
    name : str
        Short name used in code, results and URLs.
    title : str
        Name shown on screen.
    max_levels : int or None
        Most levels a column may have before the shared layer pools the rarest.
    min_rows : int
        Fewest training rows it accepts.
    needs_classes : bool
        Whether it refuses tables without a two-class or multi-class target.
    aims : bool
        Whether it makes rows with given levels directly, by ``_sample_given``, instead of picking them from many.
    training : Training or None
        After ``fit``: how a generator that trains step by step came closer to the real rows.
    notes : list of str
        After ``fit`` and ``sample``: plain sentences on what was changed or lowered on the user's behalf.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    max_levels: ClassVar[int | None] = None
    min_rows: ClassVar[int] = 1
    needs_classes: ClassVar[bool] = False
    aims: ClassVar[bool] = False
    layer: ClassVar[type] = Preparer  #: the shared layer; what takes its place has the same methods

    notes: list[str]
    training: Training | None = None

    def fit(self, train: Train, *, seed: int, progress: Progress = SILENT) -> Self:
        """Learn from ``train``.

        Raises
        ------
        TypeError
            ``train`` is not :class:`~synth_core.tables.Train`.
        GeneratorError
            The data or the settings do not suit this generator; the text says why and what to do.
        Cancelled
            ``progress`` asked to stop.
        """
        table = require_train(train).table
        if len(table) < self.min_rows:
            raise GeneratorError(
                f"{self.title} needs at least {self.min_rows:,} training rows; there are {len(table):,}. "
                "Use Trees or the Gaussian copula for tables this small."
            )
        progress.report("encoding", 0, 1)
        self._constraints, table = Constraints.learn(table, seed=seed)
        self._preparer = Preparer(self._most_levels(table)).fit(table)
        encoded = self._preparer.encode(table, seed=seed)
        self.notes = list(self._preparer.notes)
        if self.needs_classes and (encoded.target is None or encoded.target.is_quantity):
            raise GeneratorError(
                f"{self.title} adds rows of a class, so it needs a target column with classes. "
                "Choose one on the Data page, or use Trees."
            )
        progress.report("encoding", 1, 1)
        if encoded.variables:
            self._fit(encoded, seed=seed, progress=progress)
        progress.report("fitting", 1, 1)
        return self

    def sample(
        self, rows: int, *, seed: int, progress: Progress = SILENT, where: Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """Make ``rows`` rows; the training columns, dtypes and order.

        Parameters
        ----------
        where : mapping, optional
            Column → value that every row must have, such as ``{"booked": "yes", "region": "West"}``: columns with
            levels, the target included. Generators that cannot aim make rows until enough of them fit; ``notes`` then
            say how many were thrown away.

        Raises
        ------
        GeneratorError
            Not fitted yet, ``rows`` is negative, or rows like ``where`` cannot be made.
        """
        if not hasattr(self, "_preparer"):
            raise GeneratorError(f"{self.title} has not been fitted yet: call fit() first.")
        if rows < 0:
            raise GeneratorError(f"{rows} rows cannot be made: ask for 0 or more.")
        progress.report("sampling", 0, rows)
        self.notes = [n for n in self.notes if n not in self._preparer.outside.notes()]
        self._preparer.outside.clear()
        if where:
            out = conditional_rows(self, rows, Conditions.of(where, self.schema), seed=seed, progress=progress)
        else:
            out = self._made_rows(rows, seed=seed, progress=progress)
            if self._constraints:
                out = self._keep_rules(out, seed=seed, progress=progress)
        self.notes += self._preparer.outside.notes()
        progress.report("sampling", len(out), rows)
        return out

    def _made_rows(
        self, rows: int, *, seed: int, progress: Progress, given: dict[str, int] | None = None
    ) -> pd.DataFrame:
        """``rows`` rows of the table, with levels ``given`` by variable key; some may break a rule between columns."""
        if rows and given:
            generated = self._sample_given(rows, given, seed=seed, progress=progress)
        elif rows and self._preparer.variables:
            generated = self._sample(rows, seed=seed, progress=progress)
        else:
            generated = pd.DataFrame({v.key: np.zeros(rows) for v in self._preparer.variables}, index=range(rows))
        made = self._preparer.restore(generated.reset_index(drop=True), len(generated), seed=seed)
        return self._constraints.restore(made, seed=seed) if self._constraints else made

    def _keep_rules(self, rows: pd.DataFrame, *, seed: int, progress: Progress) -> pd.DataFrame:
        """As many rows, none of which breaks a rule; ``notes`` say how many had to be changed."""
        self.notes = [n for n in self.notes if n not in self._constraints.notes]
        rows = self._constraints.keep(
            rows, lambda more, again: self._made_rows(more, seed=again, progress=SILENT), seed=seed, progress=progress
        )
        self.notes += self._constraints.notes
        return self._preparer.renew_aside(rows, seed=seed)  # rows of several samples may share an id

    @property
    def schema(self) -> Schema:
        """The columns of the rows that a fitted generator makes."""
        if not hasattr(self, "_preparer"):
            raise GeneratorError(f"{self.title} has not been fitted yet: call fit() first.")
        return self._constraints.plan.schema if self._constraints else self._preparer._schema

    def _most_levels(self, table: Table) -> int | None:
        """Most levels a column of ``table`` may have before the shared layer pools the rarest."""
        return self.max_levels

    @abstractmethod
    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        """Learn from encoded variables (never empty)."""

    @abstractmethod
    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        """Exactly ``rows`` rows of the encoded variables' keys (rows ≥ 1); codes as whole numbers."""

    def _sample_given(self, rows: int, given: dict[str, int], *, seed: int, progress: Progress) -> pd.DataFrame:
        """As :meth:`_sample`, with the codes ``given`` by variable key.

        Raises
        ------
        GeneratorError
            This generator does not aim (:attr:`aims`), or no path leads to those levels.
        """
        raise GeneratorError(f"{self.title} cannot aim at rows with given levels.")

    def _state(self) -> dict[str, Any]:
        """What ``_sample`` needs, as nested dicts and lists of plain values (str, int, float, bool, None) and arrays.

        Arrays are numpy arrays of numbers or booleans, never objects. It must hold no training row, nor anything that
        ties values of one row together; Trees alone keep single numbers of a column, sorted within each leaf. What the
        constructor is given (attributes named like the settings) and the shared layer are stored by
        :mod:`synth_core.generators.saving`.

        Raises
        ------
        GeneratorError
            This generator cannot be saved; the text says why.
        """
        raise GeneratorError(f"{self.title} cannot be saved.")

    def _set_state(self, state: dict[str, Any]) -> None:
        """Take back what :meth:`_state` gave (lists may come back for tuples); afterwards ``_sample`` works.

        ``self._preparer`` is already set, so the encoded variables are ``self._preparer.variables``.
        """
        raise GeneratorError(f"{self.title} cannot be loaded.")
