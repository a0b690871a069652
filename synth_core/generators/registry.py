"""Which generators there are, without importing any of their libraries."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from synth_core.errors import GeneratorError
from synth_core.generators.base import Generator

#: Who says which class a synthetic row belongs to. "own": the generator drew it. "committee": a committee of models
#: fitted on the training rows gives probabilities, and the row enters once per class with weights. "curated": the
#: generator's own, without the rows that the committee finds confidently wrong.
POLICIES = ("own", "committee", "curated")


@dataclass(frozen=True)
class Setting:
    """One setting of a generator, as the Generate page offers it."""

    name: str
    label: str
    default: float | int | str | None
    help: str
    low: float | int | None = None
    high: float | int | None = None
    choices: tuple[str, ...] = ()
    holds: Literal["number", "column", "values"] = "number"  #: a column's name, or by column what is known of it

    def check(self, title: str, value: Any) -> None:
        """Refuse a value outside the setting's choices or limits.

        Raises
        ------
        GeneratorError
        """
        if value == self.default:
            return
        if self.holds != "number":
            if not isinstance(value, str if self.holds == "column" else dict):
                raise GeneratorError(f"{title}: {self.label} is “{value}”; choose a column of the table.")
        elif self.choices:
            if value not in self.choices:
                raise GeneratorError(f"{title}: {self.label} is “{value}”; choose {' or '.join(self.choices)}.")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise GeneratorError(f"{title}: {self.label} is “{value}”; choose {self.low:,} to {self.high:,}.")


@dataclass(frozen=True)
class Entry:
    """A generator's place in the catalogue.

    ``expensive`` generators get a quick verdict (5 folds × 1) unless the user asks for more.
    ``library`` names the optional-licence dependency it needs, if any. ``private`` generators keep to differential
    privacy: their noise follows no seed, and nothing they say of the rows is exact.
    """

    name: str
    title: str
    summary: str
    module: str
    cls: str
    expensive: bool = False
    needs_classes: bool = False
    library: str | None = None
    private: bool = False
    settings: tuple[Setting, ...] = ()


_NEIGHBOURS = Setting("neighbours", "Neighbours (k)", 5, "Rows are mixed with one of their k nearest.", 1, 20)
_CLASSES = Setting(
    "classes",
    "Rows to add",
    "all",
    "All classes in their real proportions, or only the rarest class.",
    choices=("all", "minority"),
)
_STEPS = Setting(
    "steps",
    "Step budget",
    None,
    "Most training updates; empty = the preset for the size of the table. Training stops early when nothing improves.",
    50,
    20_000,
)
_DEVICE = Setting(
    "device",
    "Processor",
    "cpu",
    "“auto” uses a CUDA GPU where there is one; the same seed then gives other rows than on the processor.",
    choices=("cpu", "auto"),
)

CATALOGUE: dict[str, Entry] = {
    e.name: e
    for e in (
        Entry(
            "trees",
            "Trees",
            "Each column is drawn from a decision tree on the columns before it. Fast and close to the data.",
            "trees",
            "Trees",
            settings=(
                Setting(
                    "min_leaf",
                    "Smallest leaf (rows)",
                    None,
                    "Larger leaves copy less and blur more. Empty = chosen so that copies of training rows are as rare "
                    "as repeats among the real rows.",
                    2,
                    200,
                ),
                Setting(
                    "numbers",
                    "Numbers",
                    "smoothed",
                    "Moved at random towards their neighbours, or single values of real rows kept as they are.",
                    choices=("smoothed", "real"),
                ),
                Setting(
                    "order",
                    "Order of the columns",
                    "related",
                    "After the target: columns most related to it first, or as in the table.",
                    choices=("related", "table"),
                ),
            ),
        ),
        Entry(
            "smote",
            "SMOTE",
            "Mixes each row with a near neighbour of its class (imbalanced-learn).",
            "smote",
            "Smote",
            needs_classes=True,
            settings=(_NEIGHBOURS, _CLASSES),
        ),
        Entry(
            "smotenc",
            "SMOTE-NC",
            "SMOTE for tables with both numbers and categories (imbalanced-learn).",
            "smote",
            "SmoteNC",
            needs_classes=True,
            settings=(_NEIGHBOURS, _CLASSES),
        ),
        Entry(
            "borderline_smote",
            "Borderline-SMOTE",
            "SMOTE near the border between the classes only (imbalanced-learn).",
            "smote",
            "BorderlineSmote",
            needs_classes=True,
            settings=(_NEIGHBOURS, _CLASSES),
        ),
        Entry(
            "adasyn",
            "ADASYN",
            "SMOTE with more rows where the classes are hard to tell apart (imbalanced-learn).",
            "smote",
            "Adasyn",
            needs_classes=True,
            settings=(_NEIGHBOURS, _CLASSES),
        ),
        Entry(
            "copula",
            "Gaussian copula",
            "Each column's own distribution, joined by correlations (SDV).",
            "copula",
            "GaussianCopula",
            library="sdv",
        ),
        Entry(
            "simulation",
            "Statistical simulation",
            "A named distribution for every column, chosen by AIC. The plainest model, for tables of a few dozen rows.",
            "simulation",
            "Simulation",
            settings=(
                Setting(
                    "link",
                    "Columns together",
                    "copula",
                    "Joined by their correlations, shrunk as far as they could be noise, or each on its own.",
                    choices=("copula", "independent"),
                ),
            ),
        ),
        Entry(
            "ctgan",
            "CTGAN",
            "A neural generator against a discriminator. Slow; wants thousands of rows.",
            "ctgan",
            "Ctgan",
            expensive=True,
            settings=(_STEPS, _DEVICE),
        ),
        Entry(
            "tvae",
            "TVAE",
            "A variational auto-encoder. Slow; wants thousands of rows.",
            "tvae",
            "Tvae",
            expensive=True,
            settings=(_STEPS, _DEVICE),
        ),
        Entry(
            "dp_mst",
            "DP (MST)",
            "Differential privacy: rows drawn from noisy counts of columns and pairs of columns (OpenDP). They say "
            "almost the same whether or not any one person is in the table; how nearly, ε decides.",
            "dp.mst",
            "DpMst",
            private=True,
            settings=(
                Setting(
                    "epsilon", "ε", 1.0, "Smaller protects more and blurs more. 1 is usual, above 3 weak.", 0.01, 100.0
                ),
                Setting(
                    "delta", "δ", 1e-6, "Chance that the bound fails; far below 1 in the number of people.", 1e-12, 1e-3
                ),
                Setting(
                    "person", "Person column", None, "Tells whose row it is. Empty = one row each.", holds="column"
                ),
                Setting("person_rows", "Rows per person", 1, "Most that are used. More need more noise.", 1, 1_000),
                Setting("declared", "Known values", None, "By column: labels, or lowest and highest.", holds="values"),
            ),
        ),
    )
}


def create(name: str, **settings: Any) -> Generator:
    """A new, unfitted generator.

    Raises
    ------
    GeneratorError
        Unknown name or setting, or a value outside the setting's limits.
    """
    entry = CATALOGUE.get(name)
    if entry is None:
        raise GeneratorError(f"There is no generator called “{name}”. Choose one of: {', '.join(CATALOGUE)}.")
    declared = {s.name: s for s in entry.settings}
    for setting, value in settings.items():
        if setting not in declared:
            raise GeneratorError(f"{entry.title} has no setting called “{setting}”.")
        declared[setting].check(entry.title, value)
    cls = getattr(import_module(f"synth_core.generators.{entry.module}"), entry.cls)
    return cls(**settings)
