"""The SMOTE family (imbalanced-learn): new rows between a row and a near neighbour of its class."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import sklearn
from imblearn.over_sampling import ADASYN, SMOTE, SMOTEN, SMOTENC, BorderlineSMOTE

from synth_core.errors import GeneratorError
from synth_core.generators._zeros import with_zeros
from synth_core.generators.base import Generator
from synth_core.generators.prepare import Encoded
from synth_core.progress import Progress

_MIXED = 10_000  #: most rows of a class among which neighbours are looked for
_WORKING_MB = 64  #: for the distances looked at together; scikit-learn would take 1 GB in each worker


class _SmoteFamily(Generator):
    """What the family shares: rows are made class by class, between standardised quantities, before any rounding.

    Parameters
    ----------
    neighbours : int
        A row is mixed with one of its ``neighbours`` nearest rows of the same class; lowered, with a note, for
        classes that are too small.
    classes : {"all", "minority"}
        All classes in their real proportions, or the rarest class only.
    """

    needs_classes: ClassVar[bool] = True
    max_levels: ClassVar[int | None] = 200

    def __init__(self, neighbours: int = 5, classes: str = "all") -> None:
        self.neighbours = int(neighbours)
        self.classes = classes

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        self._target = encoded.target.key
        self._y = encoded.frame[self._target].to_numpy()
        self._count = np.bincount(self._y)
        if (self._count > 0).sum() < 2:
            raise GeneratorError(
                f"{self.title} adds rows of a class, but “{encoded.target.source}” has one class in the training rows. "
                "Use Trees, or add rows of another class."
            )
        self._quantities = encoded.quantities
        self._levels = [k for k in encoded.levels if k != self._target]
        numbers = encoded.frame[self._quantities].to_numpy()
        self._mean, self._scale = numbers.mean(axis=0), numbers.std(axis=0)
        self._scale[self._scale == 0] = 1.0
        self._x = np.hstack([(numbers - self._mean) / self._scale, encoded.frame[self._levels].to_numpy(dtype=float)])
        self._sizes = [next(v.levels for v in encoded.variables if v.key == k) for k in self._levels]
        self._note_variant()
        smallest = int(self._count[self._count > 0].min())
        if smallest <= self.neighbours:
            self.notes.append(
                f"Neighbours lowered from {self.neighbours} to {smallest - 1}: the rarest class has {smallest} "
                f"training row{'s' if smallest > 1 else ''}."
            )

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        parts, labels = [], []
        for label, wanted in enumerate(self._wanted(rows)):
            if wanted:
                parts.append(self._in_units(self._of_class(label, wanted, int(rng.integers(2**31))), label))
                labels.append(np.full(wanted, label))
            progress.report("sampling", sum(map(len, parts)), rows)
        order = rng.permutation(rows)
        made = pd.DataFrame(np.concatenate(parts)[order], columns=self._quantities + self._levels)
        made[self._target] = np.concatenate(labels)[order]
        return made

    def _in_units(self, made: np.ndarray, label: int) -> np.ndarray:
        """Rows of one class with their quantities in the table's units, and as many zeros as the real ones have."""
        count = len(self._quantities)
        real = self._x[self._y == label, :count] * self._scale + self._mean
        quantities = made[:, :count] * self._scale + self._mean
        return np.hstack([with_zeros(quantities, real, self._scale), made[:, count:]])

    def _wanted(self, rows: int) -> np.ndarray:
        """Rows to make of each class; shares are rounded so that they add up."""
        if self.classes == "minority":
            share = (np.arange(len(self._count)) == np.where(self._count > 0, self._count, np.inf).argmin()).astype(
                float
            )
        else:
            share = self._count / self._count.sum()
        wanted = np.floor(rows * share).astype(int)
        left = np.argsort(-(rows * share - wanted), kind="stable")[: rows - wanted.sum()]
        wanted[left] += 1
        return wanted

    def _of_class(self, label: int, wanted: int, seed: int) -> np.ndarray:
        """Exactly ``wanted`` new rows of one class, shape (wanted, features)."""
        have = self._x[self._y == label]
        k = min(self.neighbours, len(have) - 1)
        if k < 1 or not self._x.shape[1]:
            self._note("A class with a single training row cannot be mixed with a neighbour: that row is repeated.")
            return np.repeat(have[:1], wanted, axis=0)
        made = self._resample(self._sampler, self._inputs(), label, wanted, k, seed)
        made = self._outputs(made)[:wanted]
        if (short := wanted - len(made)) > 0:
            self._note(
                f"{self.title} made {len(made):,} of {wanted:,} rows of a class; plain SMOTE made the other {short:,}."
            )
            rest = self._resample(self._plain, self._x, label, short, k, seed)
            made = np.vstack([made, rest])
        return made

    def _resample(self, sampler, x: np.ndarray, label: int, wanted: int, k: int, seed: int) -> np.ndarray:
        """New rows by an imbalanced-learn sampler; possibly more or fewer than wanted."""
        y = np.where(self._y == label, 1, 0)
        if (excess := int(y.sum()) - _MIXED) > 0:
            # All pairs of a large class are compared, whatever few rows are wanted: time and memory without bound.
            dropped = np.random.default_rng(seed).choice(np.flatnonzero(y), excess, replace=False)
            x, y = np.delete(x, dropped, axis=0), np.delete(y, dropped)
            self._note(f"Of a class with more than {_MIXED:,} training rows, {_MIXED:,} drawn at random were mixed.")
        try:
            with warnings.catch_warnings(), sklearn.config_context(working_memory=_WORKING_MB):
                warnings.simplefilter("ignore")  # delivered rows are counted by the caller
                resampled, _ = sampler(int((y == 1).sum()) + wanted, k, seed).fit_resample(x, y)
        except (ValueError, RuntimeError) as error:  # how ADASYN says that it finds no row near another class
            if not str(error).startswith(("No samples will be generated", "Not any neigbours")):
                raise
            return np.empty((0, x.shape[1]))
        return np.random.default_rng(seed).permutation(resampled[len(x) :])

    def _plain(self, total: int, k: int, seed: int):
        """SMOTE for this table's mix of columns."""
        settings = {"sampling_strategy": {1: total}, "random_state": seed, "k_neighbors": k}
        if not self._levels:
            return SMOTE(**settings)
        if not self._quantities:
            return SMOTEN(**settings)
        return SMOTENC(list(range(len(self._quantities), self._x.shape[1])), **settings)

    def _sampler(self, total: int, k: int, seed: int):
        return self._plain(total, k, seed)

    def _inputs(self) -> np.ndarray:
        return self._x

    def _outputs(self, made: np.ndarray) -> np.ndarray:
        return made

    def _state(self) -> dict[str, Any]:
        raise GeneratorError(f"{self.title} mixes real rows, so a saved one would hold them. Save Trees instead.")

    def _note_variant(self) -> None:
        return None

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


class Smote(_SmoteFamily):
    """SMOTE; SMOTE-NC where there are categories.

    Source: Chawla et al., "SMOTE: synthetic minority over-sampling technique", JAIR 2002.
    """

    name: ClassVar[str] = "smote"
    title: ClassVar[str] = "SMOTE"

    def _note_variant(self) -> None:
        if self._levels:
            self._note(f"The table has categories, so SMOTE{'-NC' if self._quantities else '-N'} was used.")


class SmoteNC(_SmoteFamily):
    """SMOTE-NC; plain SMOTE without categories, SMOTE-N without quantities.

    Source: Chawla et al., JAIR 2002, section 6.1.
    """

    name: ClassVar[str] = "smotenc"
    title: ClassVar[str] = "SMOTE-NC"

    def _note_variant(self) -> None:
        if not self._levels:
            self._note("The table has no categories, so plain SMOTE was used.")
        elif not self._quantities:
            self._note("The table has categories only, so SMOTE-N was used.")


class _OneHotFamily(_SmoteFamily):
    """Variants without a categorical form: levels become indicators, a new row takes its largest indicator.

    Indicators are scaled as SMOTE-NC scales them: two different levels lie the median standard deviation of the
    quantities (here 1) apart.
    """

    def _inputs(self) -> np.ndarray:
        count = len(self._quantities)
        blocks = [np.eye(size)[self._x[:, count + j].astype(int)] / np.sqrt(2) for j, size in enumerate(self._sizes)]
        return np.hstack([self._x[:, :count], *blocks])

    def _outputs(self, made: np.ndarray) -> np.ndarray:
        count = len(self._quantities)
        edges = count + np.cumsum([0, *self._sizes])
        codes = [made[:, a:b].argmax(axis=1) for a, b in pairwise(edges)]
        return np.column_stack([made[:, :count], *codes])


class BorderlineSmote(_OneHotFamily):
    """Borderline-SMOTE 1: only rows whose neighbours are mostly of other classes are mixed.

    Source: Han, Wang & Mao, "Borderline-SMOTE", ICIC 2005.
    """

    name: ClassVar[str] = "borderline_smote"
    title: ClassVar[str] = "Borderline-SMOTE"

    def _sampler(self, total: int, k: int, seed: int):
        around = min(10, len(self._x) - 1)
        return BorderlineSMOTE(
            sampling_strategy={1: total}, random_state=seed, k_neighbors=k, m_neighbors=around, kind="borderline-1"
        )


class Adasyn(_OneHotFamily):
    """ADASYN: more rows where a row's neighbours are of other classes.

    Source: He et al., "ADASYN: adaptive synthetic sampling", IJCNN 2008.
    """

    name: ClassVar[str] = "adasyn"
    title: ClassVar[str] = "ADASYN"

    def _sampler(self, total: int, k: int, seed: int):
        return ADASYN(sampling_strategy={1: total}, random_state=seed, n_neighbors=k)
