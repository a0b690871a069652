"""What a blueprint states: columns, how they go together, and what drives the target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from synth_core.tables.rules import Derived, Rule

#: Distribution of a number → what must be stated for it. Means and standard deviations are those of the rows that are
#: not zero, before ``low`` and ``high`` cut the distribution off.
DISTRIBUTIONS: dict[str, tuple[str, ...]] = {
    "uniform": ("low", "high"),
    "beta": ("low", "high", "mean"),
    "normal": ("mean", "sd"),
    "lognormal": ("mean", "sd"),
    "gamma": ("mean", "sd"),
    "exponential": ("mean",),
    "poisson": ("mean",),
    "negative binomial": ("mean", "sd"),
}
#: Distributions of counts.
COUNTS = frozenset({"poisson", "negative binomial"})


@dataclass(frozen=True)
class Number:
    """A number.

    Attributes
    ----------
    name : str
    whole : bool
        Whole numbers only.
    distribution : str
        One of ``DISTRIBUTIONS``; empty: the plainest one that fits what is stated (see :meth:`chosen`).
    mean, sd : float or None
        Of the rows that are not zero.
    low, high : float or None
        Smallest and largest value.
    decimals : int
        Digits after the point, where the numbers are not whole.
    zero : float
        Share of the filled rows that are exactly 0.
    missing : float
        Share of the rows left blank.
    description : str
    """

    name: str
    whole: bool = False
    distribution: str = ""
    mean: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    decimals: int = 2
    zero: float = 0.0
    missing: float = 0.0
    description: str = ""

    @property
    def step(self) -> float:
        """The distance between neighbouring values."""
        return 1.0 if self.whole else 10.0**-self.decimals

    def chosen(self) -> str:
        """The distribution: as stated, else by what is known.

        Low and high give a uniform one, with a mean or a standard deviation a beta; a mean alone gives the
        exponential (Poisson for counts), the distribution that assumes least about amounts with that mean; mean and
        standard deviation give a gamma where nothing lies below zero, else a normal one.
        """
        if self.distribution:
            return self.distribution
        if self.low is not None and self.high is not None:
            return "uniform" if self.mean is None else "beta"
        if self.sd is None:
            return "poisson" if self.whole else "exponential"
        return "gamma" if self.low is not None and self.low >= 0 else "normal"


@dataclass(frozen=True)
class Category:
    """One of several levels; without shares they are equally frequent. Correlations follow the order of the levels."""

    name: str
    levels: tuple[str, ...]
    shares: tuple[float, ...] = ()
    missing: float = 0.0
    description: str = ""


@dataclass(frozen=True)
class Boolean:
    """Yes or no; ``share`` is that of the second label."""

    name: str
    share: float = 0.5
    labels: tuple[str, str] = ("no", "yes")
    missing: float = 0.0
    description: str = ""


@dataclass(frozen=True)
class Date:
    """A day from ``start`` to ``end``.

    Attributes
    ----------
    weekdays : tuple of 7 floats, optional
        How frequent Monday to Sunday are, in any unit.
    months : tuple of 12 floats, optional
        The season: how frequent January to December are, in any unit.
    """

    name: str
    start: dt.date
    end: dt.date
    weekdays: tuple[float, ...] = ()
    months: tuple[float, ...] = ()
    missing: float = 0.0
    description: str = ""


@dataclass(frozen=True)
class Identifier:
    """A different value in every row: 1, 2, 3 …, or ``prefix`` and six digits."""

    name: str
    prefix: str = ""
    description: str = ""


@dataclass(frozen=True)
class Faked:
    """Made-up names, e-mail addresses and the like (see :mod:`synth_core.tables.fakes`)."""

    name: str
    what: str = "name"
    missing: float = 0.0
    description: str = ""


ColumnSpec = Number | Category | Boolean | Date | Identifier | Faked
#: Columns with a position in the copula, which may be correlated and drive the target.
Modelled = Number | Category | Boolean | Date


@dataclass(frozen=True)
class Correlation:
    """Correlation of the normal scores of two columns: exact for normal columns, near the rank correlation for others.

    For two continuous columns the rank correlation (Spearman) is ``6/π · asin(value/2)``, at most 0.02 from ``value``.
    """

    first: str
    second: str
    value: float


@dataclass(frozen=True)
class TargetSpec:
    """The column to predict, drawn from a logistic model.

    Attributes
    ----------
    name : str
    prevalence : float
        Share of rows with the second label.
    labels : tuple of two str
        The second is the outcome of interest.
    drivers : mapping of str to float or mapping of str to float
        What moves the log-odds of the outcome. Numbers and dates: change per standard deviation of the stated column.
        Yes/no columns: change from the first label to the second. Categories: change per level, 0 for levels left out.
        A blank cell changes nothing.
    """

    name: str
    prevalence: float = 0.1
    labels: tuple[str, str] = ("no", "yes")
    drivers: Mapping[str, float | Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Blueprint:
    """A table described before there is one.

    Attributes
    ----------
    name : str
        For display.
    columns : tuple of ColumnSpec
        Without the target, which comes last in the table.
    rows : int
        Rows to draw unless told otherwise.
    correlations : tuple of Correlation
        Pairs that are not named are uncorrelated.
    target : TargetSpec or None
    rules : tuple of Rule
        What holds between columns. Columns that a sum or a ratio computes are numbers of which nothing else has to be
        stated.
    description : str
    """

    name: str
    columns: tuple[ColumnSpec, ...]
    rows: int = 5_000
    correlations: tuple[Correlation, ...] = ()
    target: TargetSpec | None = None
    rules: tuple[Rule, ...] = ()
    description: str = ""

    @property
    def computed(self) -> frozenset[str]:
        """Names of the columns that rules compute."""
        return frozenset(r.derived for r in self.rules if isinstance(r, Derived))

    def column(self, name: str) -> ColumnSpec | None:
        """The column called ``name``, None where there is none."""
        return next((c for c in self.columns if c.name == name), None)

    @property
    def modelled(self) -> tuple[Modelled, ...]:
        """The columns with a position in the copula."""
        return tuple(c for c in self.columns if isinstance(c, Modelled))
