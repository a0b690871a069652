"""Reading back what a run left in its folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from synth_core.advice.results import Advice
from synth_core.errors import JourneyError, RunError
from synth_core.generators.dp.release import Release
from synth_core.generators.dp.utility import UtilityCurve
from synth_core.generators.training import Training
from synth_core.journeys.results import Attributed, Calibration, Grades, Stress
from synth_core.lift.results import Study
from synth_core.privacy.results import PrivacyReport, SelfTest
from synth_core.prospective.results import Card, Leads
from synth_core.records import build
from synth_core.tables import Holdout, Schema, Split, Train
from synth_core.tables.table import DTYPES
from synth_core.tasks.alike import compared
from synth_core.tasks.places import library
from synth_core.voice.records import Batch, Profile

if TYPE_CHECKING:
    from synth_core.fidelity import FidelityReport
    from synth_core.prospective.frozen import Scorer


@dataclass(frozen=True, eq=False)
class Generated:
    """The result of a ``generate`` or ``audit`` run.

    Attributes
    ----------
    synthetic : pandas.DataFrame
        The rows that were made; the training columns, dtypes and order.
    schema : Schema
    notes : tuple of str
        What the generator changed or lowered, in plain sentences.
    fidelity : FidelityReport
    summary : dict
        Spec, rows delivered, sizes of the split, seconds.
    """

    synthetic: pd.DataFrame
    schema: Schema
    notes: tuple[str, ...]
    fidelity: FidelityReport
    summary: dict[str, Any]
    folder: Path

    @cached_property
    def split(self) -> Split:
        """The stored table, split as this run split it.

        Raises
        ------
        TableError
            The table has been removed.
        """
        spec = self.summary["spec"]
        return library(self.folder).get(spec["dataset"]).split(holdout=spec["holdout"], seed=spec["seed"])

    @cached_property
    def compared(self) -> tuple[Train, Holdout | None]:
        """The real rows its generator saw and those it did not, as the synthetic ones are compared with them.

        Raises
        ------
        TableError
            The table has been removed.
        """
        spec = self.summary["spec"]
        return compared(library(self.folder).get(spec["dataset"]), spec, self.schema)

    @cached_property
    def train(self) -> pd.DataFrame:
        """The real rows it was fitted on; split again from the stored table, never copied into the run.

        Raises
        ------
        TableError
            The table has been removed.
        """
        return self.split.train.frame

    @cached_property
    def real(self) -> pd.DataFrame:
        """Every row of the stored table, for comparing; never to be written anywhere.

        Raises
        ------
        TableError
            The table has been removed.
        """
        return library(self.folder).get(self.summary["spec"]["dataset"]).frame

    @property
    def training(self) -> Training | None:
        """How the generator's training went; None for those that do not train step by step."""
        stored = self.summary.get("training")
        return Training.from_dict(stored) if stored else None

    @cached_property
    def release(self) -> Release | None:
        """All that a private generator measured; None where nothing was promised.

        Raises
        ------
        RunError
            The file is damaged.
        """
        path = self.folder / "release.json"
        if not path.is_file():
            return None
        with _readable():
            return Release.from_dict(_json(path))

    @property
    def saved(self) -> Path | None:
        """The fitted generator; None where it could not be saved (``summary["not_saved"]`` says why)."""
        path = self.folder / "generator.zip"
        return path if path.is_file() else None


def load_generate(folder: Path) -> Generated:
    """The result of a ``generate`` or ``audit`` run.

    Raises
    ------
    RunError
        A file is missing or damaged.
    """
    from synth_core.fidelity import FidelityReport  # only now: most pages do without it

    with _readable():
        schema = Schema.from_dict(_json(folder / "schema.json"))
        summary = _json(folder / "summary.json")
        stored = pd.read_parquet(folder / "synthetic.parquet")
        synthetic = pd.DataFrame({c.name: stored[c.name].astype(DTYPES[c.kind]) for c in schema})
        report = FidelityReport.from_dict(_json(folder / "fidelity.json"))
        return Generated(synthetic, schema, tuple(summary["notes"]), report, summary, folder)


def load_study(folder: Path) -> Study:
    """The result of a ``lift`` run.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return Study.from_dict(_json(folder / "study.json"))


def load_advice(folder: Path) -> Advice:
    """The result of an ``advise`` run.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return Advice.from_dict(_json(folder / "advice.json"))


def load_privacy(folder: Path) -> PrivacyReport:
    """The result of a ``privacy`` run.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return PrivacyReport.from_dict(_json(folder / "privacy.json"))


def load_self_test(folder: Path) -> SelfTest:
    """The result of a ``self_test`` run.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return SelfTest.from_dict(_json(folder / "self_test.json"))


def load_dp_curve(folder: Path) -> UtilityCurve:
    """The result of a ``dp_curve`` run.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return UtilityCurve.from_dict(_json(folder / "dp_curve.json"))


def load_grades(folder: Path) -> Grades:
    """The result of a ``journeys`` run.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return Grades.from_dict(_json(folder / "grades.json"))


def load_stress(folder: Path) -> Stress:
    """The result of a ``stress`` run.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return Stress.from_dict(_json(folder / "stress.json"))


def load_attributed(folder: Path) -> Attributed:
    """The result of an ``attribute`` run.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return Attributed.from_dict(_json(folder / "attributed.json"))


def load_calibration(folder: Path) -> Calibration:
    """The result of a ``calibrate`` run.

    Raises
    ------
    RunError
        The file is missing or damaged, or its world is impossible.
    """
    with _readable():
        return Calibration.from_dict(_json(folder / "calibration.json"))


def load_profile(folder: Path) -> Profile:
    """The result of a ``voice_check`` run.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return Profile.from_dict(_json(folder / "profile.json"))


def load_batch(folder: Path) -> Batch:
    """The result of a ``voice`` run.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return Batch.from_dict(_json(folder / "batch.json"))


def load_card(folder: Path) -> Card:
    """What a ``freeze`` run froze, without its models.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return build(Card, _json(folder / "card.json"))


def load_scorer(folder: Path) -> Scorer:
    """The scorer of a ``freeze`` run; its file is ``scorer.zip``.

    Raises
    ------
    ScorerError
        The file is missing, changed or damaged.
    """
    from synth_core.prospective.frozen import load  # only now: it needs LightGBM, most pages do not

    return load(folder / "scorer.zip")


def load_leads(folder: Path) -> Leads:
    """What a ``score`` run found; the scores are ``scores.csv``.

    Raises
    ------
    RunError
        The file is missing or damaged.
    """
    with _readable():
        return build(Leads, _json(folder / "leads.json"))


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException, JourneyError) as error:
        raise RunError(
            "The stored result of this run is damaged, or an older version made it. Run it again."
        ) from error
