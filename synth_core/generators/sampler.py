"""The generators as a sampler of imbalanced-learn, for a pipeline of the user's own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from numbers import Integral
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils import check_target_type
from pandas.api.types import is_float_dtype
from sklearn.utils import check_array, check_random_state
from sklearn.utils._param_validation import Interval
from sklearn.utils.validation import validate_data

from synth_core.errors import GeneratorError, SchemaError
from synth_core.generators._user_frames import number, restored, train_rows
from synth_core.generators.base import Generator
from synth_core.generators.labels import Committee
from synth_core.generators.registry import CATALOGUE, create
from synth_core.tables import Train

_POLICIES = ("own", "committee")
_CHUNK = 50_000  #: most rows made at once while rows of given classes are looked for
_TRIAL = 20_000  #: rows made before giving up on a class that comes too seldom


class AugmentingSampler(BaseOverSampler):
    """Adds synthetic rows after the real ones; goes where an over-sampler of imbalanced-learn goes.

    ``fit_resample`` fits a generator on the rows it is given, which in a pipeline are the training rows only, and
    appends the rows it makes. The real rows stay as they are, in their order; column names, dtypes and label types are
    kept.

    Parameters
    ----------
    generator : str
        A name from ``synth_core.generators.CATALOGUE``.
    labels : {"committee", "own"}
        Who says which class a synthetic row belongs to. "own": the generator. "committee": the class is drawn from the
        probabilities of a :class:`~synth_core.generators.labels.Committee` fitted on the same rows.
    rows : int, optional
        Add this many rows, in the class mix that the generator and ``labels`` give them. ``sampling_strategy`` is then
        not used. If left out, as many rows of each class are added as ``sampling_strategy`` asks for.
    sampling_strategy : float, str, dict or callable
        As in any over-sampler of imbalanced-learn; "auto" brings every class to the size of the largest.
    generator_settings : dict, or tuple of (name, value), optional
        Settings of the generator, such as ``{"min_leaf": 30}``.
    roles : dict of str to str, optional
        Column → role, where the role read from its name and values is wrong, for example ``{"plan_id":
        "categorical"}``. The columns of an array are called x0, x1, and so on.
    max_draws : int
        Most rows made in the search for rows of given classes.
    random_state : int, RandomState instance or None
        The same integer gives the same rows.

    Attributes
    ----------
    sampling_strategy_ : dict
        Class → rows of it that were added.
    generator_ : Generator
        Fitted on the rows of the last ``fit_resample``.
    notes_ : list of str
        Plain sentences: columns that were not learned, settings that were lowered.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Notes
    -----
    Rows of given classes are found by rejection: rows are made until each class has enough, and the others are
    dropped. They are thus distributed as the generator, fitted on all classes, makes them given the class. The rarer a
    class, the more rows have to be made and labelled: a smaller ``sampling_strategy`` is quicker. Only where the rarest
    class alone is wanted, with its own labels, is the SMOTE family told so (its setting ``classes="minority"``), which
    drops none.

    A lift study enters each synthetic row once per class, weighted by the committee's probabilities. ``fit_resample``
    can return no weights, so here the class is drawn: unbiased, with more noise.

    Identifiers, personal data and free text are not learned: ids are made up, the others left missing (``notes_`` says
    which columns). Take them out before, or set ``roles``.

    Examples
    --------
    >>> import numpy as np
    >>> from synth_core.generators import AugmentingSampler
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(200, 3)), np.repeat(["no", "yes"], [160, 40])
    >>> _, y_more = AugmentingSampler(labels="own", random_state=0).fit_resample(X, y)
    >>> int((y_more == "yes").sum())
    160
    """

    _parameter_constraints: ClassVar[dict] = {
        **BaseOverSampler._parameter_constraints,
        "generator": [str],
        "labels": [str],
        "rows": [Interval(Integral, 0, None, closed="left"), None],
        "generator_settings": [Mapping, tuple, None],
        "roles": [Mapping, None],
        "max_draws": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        generator: str = "trees",
        labels: str = "committee",
        rows: int | None = None,
        *,
        sampling_strategy: Any = "auto",
        generator_settings: Mapping[str, Any] | tuple[tuple[str, Any], ...] | None = None,
        roles: Mapping[str, str] | None = None,
        max_draws: int = 1_000_000,
        random_state: Any = None,
    ) -> None:
        super().__init__(sampling_strategy=sampling_strategy)
        self.generator = generator
        self.labels = labels
        self.rows = rows
        self.generator_settings = generator_settings
        self.roles = roles
        self.max_draws = max_draws
        self.random_state = random_state

    def fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]:
        """The rows given, then synthetic ones.

        Parameters
        ----------
        X : DataFrame, array or list, shape (n_rows, n_features)
            Numbers, texts, dates, categories; values may be missing.
        y : Series, DataFrame, array or list, shape (n_rows,)
            Two or more classes.

        Returns
        -------
        X_resampled, y_resampled
            Of the types of ``X`` and ``y``, shapes (n_rows + n_added, n_features) and (n_rows + n_added,); a frame
            gets a fresh index.

        Raises
        ------
        GeneratorError
            Unknown generator, setting or role, missing labels, fewer rows of a class than asked for within
            ``max_draws``, or values that a column's dtype cannot hold.
        TableError
            Columns that cannot be read as a table.
        ValueError, TypeError
            What scikit-learn and imbalanced-learn refuse: parameters of a wrong type, one class, sparse matrices.
        """
        if np.asarray(pd.isna(y)).any():
            raise GeneratorError("The labels have missing values. Remove those rows or fill in the outcome.")
        return super().fit_resample(X, y, **params)

    def _check_X_y(self, X: Any, y: Any, accept_sparse: Any = None) -> tuple[Any, np.ndarray, bool]:
        """Frames stay frames: only they can hold columns of different types."""
        y, binarised = check_target_type(y, indicate_one_vs_all=True)
        if isinstance(X, pd.DataFrame):
            if X.columns.has_duplicates:
                repeated = X.columns[X.columns.duplicated()][0]
                raise GeneratorError(f"Column name “{repeated}” is used twice. Give each column a name of its own.")
            for name, values in X.items():
                if is_float_dtype(values.dtype) and np.isinf(values.to_numpy("float64", na_value=np.nan)).any():
                    raise GeneratorError(f"Column “{name}” holds infinite values. Replace them, or mark them missing.")
        else:
            X = check_array(X, dtype=None, ensure_all_finite="allow-nan")
        validate_data(self, X=X, y=y, reset=True, skip_check_array=True)
        return X, y, binarised

    def _fit_resample(self, X: Any, y: np.ndarray, **params: Any) -> tuple[Any, np.ndarray]:
        if self.labels not in _POLICIES:
            raise GeneratorError(f"There is no way to label called “{self.labels}”. Choose {' or '.join(_POLICIES)}.")
        classes, codes = np.unique(y, return_inverse=True)
        wanted = None
        if self.rows is None:
            wanted = np.array([self.sampling_strategy_.get(label, 0) for label in classes])
        count = self.rows if wanted is None else int(wanted.sum())
        rng = np.random.default_rng(check_random_state(self.random_state).randint(2**31 - 1))
        if isinstance(X, pd.DataFrame):
            frame = X.reset_index(drop=True)
        else:
            frame = pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])])
        train = train_rows(frame, codes, self.roles)
        self.generator_ = self._create(codes, wanted).fit(train, seed=int(rng.integers(2**31)))
        label = _Labeller(train, self.labels if count else "own", len(classes), rng)
        if wanted is None:
            made = self.generator_.sample(count, seed=int(rng.integers(2**31)))
            made_codes = label(made)
        else:
            made, made_codes = self._of_classes(wanted, train, classes, label, rng)
        self.notes_ = list(self.generator_.notes)
        added = np.bincount(made_codes, minlength=len(classes))
        self.sampling_strategy_ = OrderedDict((c, int(n)) for c, n in zip(classes, added, strict=True) if n)
        new = pd.DataFrame(
            {
                name: restored(made[column.name], column, train.frame[column.name], frame[name], rng)
                for name, column in zip(frame.columns, train.schema, strict=False)  # the target comes last
            }
        )
        if isinstance(X, pd.DataFrame):
            both = pd.concat([frame, new], ignore_index=True) if count else frame
        else:
            dtype = X.dtype.kind if X.dtype.kind in "US" else X.dtype  # texts as long as they need to be
            both = np.vstack([X, new.to_numpy(dtype=object).astype(dtype)])
        return both, np.concatenate([y, classes[made_codes]])

    def _create(self, codes: np.ndarray, wanted: np.ndarray | None) -> Generator:
        settings = dict(self.generator_settings or {})
        entry = CATALOGUE.get(self.generator)
        if wanted is not None and self.labels == "own" and entry is not None and entry.needs_classes:
            only_rarest = np.flatnonzero(wanted).tolist() == [int(np.bincount(codes).argmin())]
            settings.setdefault("classes", "minority" if only_rarest else "all")
        return create(self.generator, **settings)

    def _of_classes(
        self, wanted: np.ndarray, train: Train, classes: np.ndarray, label: _Labeller, rng: np.random.Generator
    ) -> tuple[pd.DataFrame, np.ndarray]:
        """``wanted[c]`` rows of each class, and their classes; rows of other classes are dropped."""
        parts, kept, made = [], [], 0
        got, seen = np.zeros_like(wanted), np.zeros(len(wanted))
        share = np.bincount(label.own(train.frame), minlength=len(wanted)) / len(train)
        while (left := wanted - got).any():
            # One row counts as seen beforehand, in the real class mix: no rate is 0.
            needed = (left / ((seen + share) / (made + 1))).max()
            if made and (made >= self.max_draws or (made >= _TRIAL and made + needed > 2 * self.max_draws)):
                rarest = int((left / (seen + share)).argmax())
                raise GeneratorError(
                    f"{self.generator_.title} made {int(seen[rarest]):,} rows of class “{classes[rarest]}” in "
                    f"{made:,} draws; {wanted[rarest]:,} are wanted, and max_draws is {self.max_draws:,}. Ask for "
                    "fewer (sampling_strategy), set rows to take the classes as they come, or raise max_draws."
                )
            count = int(min(1.1 * needed + 20, _CHUNK, self.max_draws - made))
            chunk = self.generator_.sample(count, seed=int(rng.integers(2**31)))
            found = label(chunk)
            rank = np.zeros(count, dtype=int)  # of each row within its class
            for c in range(len(wanted)):
                rank[found == c] = np.arange((found == c).sum())
            use = rank < left[found]
            parts.append(chunk[use])
            kept.append(found[use])
            got += np.bincount(found[use], minlength=len(wanted))
            seen += np.bincount(found, minlength=len(wanted))
            made += count
        if not parts:
            return self.generator_.sample(0, seed=0), np.zeros(0, dtype=int)
        chosen = pd.concat(parts, ignore_index=True)
        # Ids are different from one another within a chunk only.
        chosen = self.generator_._preparer.renew_aside(chosen, seed=int(rng.integers(2**31)))
        return chosen, np.concatenate(kept)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        return tags


class _Labeller:
    """Class numbers of synthetic rows, under a labelling policy."""

    def __init__(self, train: Train, policy: str, count: int, rng: np.random.Generator) -> None:
        self._target, self._positive, self._rng = train.schema.target, train.schema.positive, rng
        self._committee = None
        if policy == "committee":
            try:
                self._committee = Committee(int(rng.integers(2**31))).fit(train)
            except SchemaError as error:
                if count == 2:
                    raise
                raise GeneratorError(
                    f"The committee cannot label {count} classes. Use labels=“own”, the generator's labels."
                ) from error

    def __call__(self, made: pd.DataFrame) -> np.ndarray:
        """Shape (n_rows,)."""
        if self._committee is None or not len(made):
            return self.own(made)
        chances = self._committee.predict(made)
        if chances.ndim == 1:  # of the positive class
            positive = number(self._positive)
            return np.where(self._rng.random(len(made)) < chances, positive, 1 - positive)
        order = np.array([number(name) for name in self._committee.target.classes])
        above = self._rng.random((len(made), 1)) * chances.sum(axis=1, keepdims=True) >= chances.cumsum(axis=1)
        return order[np.minimum(above.sum(axis=1), len(order) - 1)]

    def own(self, rows: pd.DataFrame) -> np.ndarray:
        """The class that the rows themselves hold, shape (n_rows,)."""
        return rows[self._target].map(number).to_numpy(dtype=int)
