"""One prospective test: a folder with its frozen scorer, the leads it scored and what became of them.

::

    <workspace>/prospective/<test id>/
        test.json               name, id and date column, maturity, levels of the target, id of the scorer
        scorer.zip              both models, frozen
        cohorts/000001.json     a file of leads: label, when scored, week, drift
        cohorts/000001.parquet  lead_id, date, score_reference, score_arm; no other value of a lead is kept
        outcomes/000001.json    a file of outcomes: label, when received, counts
        outcomes/000001.parquet lead_id, outcome (1.0, 0.0)
        inbox/leads/            a nightly job drops files here,
        inbox/outcomes/         here,
        inbox/corrections/      and here (outcomes that overrule earlier ones);
        inbox/done/, failed/    where they end up, by kind; a failed one has a text file with the reason beside it

A file that is still being copied should have a name that starts with a dot, or ends in ``.part``, until it is complete.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from synth_core.errors import ScorerError
from synth_core.prospective import files, identity, leads, outcomes, scorer, settling
from synth_core.prospective.lead_files import Source, open_leads
from synth_core.prospective.outcomes import Levels, fold
from synth_core.prospective.results import Card, Cohort, OutcomeFile
from synth_core.records import build
from synth_core.tables.reading import load_bytes

if TYPE_CHECKING:
    from synth_core.prospective.inbox import Taken

MOST_NAME = 80
MOST_DAYS = 3 * 365
_DAY = 86_400


@dataclass(frozen=True)
class Settings:
    """What is fixed when a test starts.

    Attributes
    ----------
    name : str
    id_column, date_column : str
        Headers in the files of leads; an empty date column = a lead belongs to the week it was scored in.
    maturity_days : int or None
        Days after which a lead without an outcome counts as negative; None = it waits.
    levels : Levels
        Of the target.
    scorer : str
        ``Card.id``.
    created : float
        Unix time.
    """

    name: str
    id_column: str
    date_column: str
    maturity_days: int | None
    levels: Levels
    scorer: str
    created: float


class TestLog:
    """A prospective test in a folder; see the module's text for the layout.

    Several processes may add at once. Whatever is killed in the middle leaves a log that can be read.

    Parameters
    ----------
    folder : str or Path

    Raises
    ------
    ScorerError
        The folder holds no test, or a damaged one.
    """

    __test__ = False  #: no test case, whatever its name

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        try:
            self.settings = build(Settings, files.read_json(self.folder / "test.json"))
        except FileNotFoundError:
            raise ScorerError(
                "This prospective test was not found. It may have been removed: choose another, or start one."
            ) from None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ScorerError("The stored settings of this prospective test are damaged. Start a new test.") from error

    @classmethod
    def create(
        cls, folder: str | Path, scorer_path: str | Path, *, name: str, id_column: str, date_column: str = "",
        maturity_days: int | None = None, negative: str = "", now: float | None = None,
    ) -> TestLog:  # fmt: skip
        """Start a test.

        Parameters
        ----------
        folder : str or Path
            Must not exist yet.
        scorer_path : str or Path
            Copied.
        name : str
            For display; never part of a path.
        id_column, date_column : str
            Headers in the files of leads.
        maturity_days : int, optional
            Off by default. It cannot be changed later: a rule for missing outcomes must not follow the results.

        negative : str
            The target's other level, as outcomes spell it, where that is neither the training table's spelling nor a
            usual one of yes or no.

        Raises
        ------
        ScorerError
            The scorer cannot be used, a name is missing, or ``folder`` exists.
        """
        folder, name, id_column = Path(folder), name.strip(), id_column.strip()
        if not name or len(name) > MOST_NAME:
            raise ScorerError(f"A prospective test needs a name of at most {MOST_NAME} characters.")
        if not id_column:
            raise ScorerError("Name the column that holds the lead's id: outcomes are matched by it.")
        if maturity_days is not None and not 1 <= maturity_days <= MOST_DAYS:
            raise ScorerError(f"Outcomes may mature in 1 to {MOST_DAYS:,} days, not {maturity_days:,}.")
        frozen = scorer.load(scorer_path)
        levels = Levels(frozen.card.positive, negative.strip() or frozen.card.negative or None)
        if negative and fold(negative) == fold(levels.positive):
            raise ScorerError(f"“{negative}” is the positive outcome. Name the other one, or leave it open.")
        settings = Settings(
            name, id_column, date_column.strip(), maturity_days, levels, frozen.card.id,
            time.time() if now is None else now,
        )  # fmt: skip
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            raise ScorerError(f"There is a folder “{folder.name}” already. Choose another place for the test.")
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=folder.parent))
        try:
            for part in ("cohorts", "outcomes", "inbox/leads", "inbox/outcomes", "inbox/corrections"):
                (draft / part).mkdir(parents=True)
            files.write(draft / "scorer.zip", Path(scorer_path).read_bytes())
            files.write_json(draft / "test.json", asdict(settings))
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return cls(folder)

    @cached_property
    def scorer(self) -> scorer.Scorer:
        """The frozen scorer.

        Raises
        ------
        ScorerError
            Its file is not the one that the test started with.
        """
        frozen = scorer.load(self.folder / "scorer.zip")
        if frozen.card.id != self.settings.scorer:
            raise ScorerError(
                "The scorer in this test's folder is not the one it started with. Put the original file back: scores "
                "of two scorers cannot be compared."
            )
        return frozen

    @property
    def card(self) -> Card:
        return self.scorer.card

    def add_leads(self, data: Source, *, label: str, now: float | None = None) -> Cohort:
        """Score a file of leads and store the scores.

        A lead that was scored before keeps its first score; how many did is in ``Cohort.leads.notes``.

        Parameters
        ----------
        data : bytes, path or DataFrame
            CSV, Excel or Parquet as in :func:`synth_core.tables.read_table`.
        label : str
            As on screen.
        now : float, optional
            Unix time; of the clock if left out.

        Raises
        ------
        ScorerError
            No column of ids, no features, or no lead that was not scored before.
        TableError
            The file cannot be read as a table.
        """
        now = time.time() if now is None else now
        data, digest = _content(data)
        file = open_leads(data)
        ids = outcomes.column(file, self.settings.id_column)
        if ids is None:
            raise ScorerError(
                f"The leads have no column “{self.settings.id_column}”, by which outcomes are matched. Its columns "
                f"are: {', '.join(file.headers[:8])}."
            )
        frame, notes, missing, extra = leads.read_leads(data, self.scorer, name=label)
        if len(frame) != len(ids):
            raise ScorerError(f"“{label}” has {len(ids):,} rows, but {len(frame):,} could be read. Export it again.")
        dates, told = identity.dates(file, self.settings.date_column, len(ids), now, self.scorer.schema)
        notes = [*notes, *told]
        scores = self.scorer.score(frame)
        rows = pd.DataFrame({
            "lead_id": ids.to_numpy(),
            "date": dates.to_numpy(),
            "score_reference": scores["score_reference"].to_numpy(dtype=float),
            "score_arm": scores["score_arm"].to_numpy(dtype=float),
        })  # fmt: skip
        kept = identity.first_of_each(rows["lead_id"], notes)
        found = leads.check(self.scorer, frame)
        with files.lock(self.folder / ".lock"):
            before = pd.Index(self._scored()["lead_id"])
            again = kept & rows["lead_id"].isin(before).to_numpy()
            if again.any():
                notes.append(f"{identity.counted(int(again.sum()))} scored before: the first score stands.")
            kept &= ~again
            if not kept.any():
                raise ScorerError(f"All leads of “{label}” were scored before, so there is nothing to add.")
            said = list(dict.fromkeys([*found.notes, *notes]))
            held = {"rows": len(frame), "missing": list(missing), "extra": list(extra), "notes": said}
            record = {
                "label": label,
                "scored": now,
                "week": identity.monday(rows["date"][kept]).mode().iloc[0],
                "leads": asdict(found) | held,
            }
            stored = rows[kept]
            number = files.append(self.folder / "cohorts", stored, record | {"count": len(stored), "file": digest})
        return build(Cohort, {"id": number, **record})

    def add_outcomes(
        self, data: Source, *, label: str, now: float | None = None, correction: bool = False
    ) -> OutcomeFile:
        """Store what became of leads.

        Outcomes of leads that are scored only later count from then on.

        Parameters
        ----------
        data : bytes, path or DataFrame
            With the id column and the target; of two columns the other one is the outcome, whatever its name.
        correction : bool
            These outcomes stand above all others; among corrections the last one.

        Raises
        ------
        ScorerError
            A column is missing, or no row holds an outcome.
        TableError
            The file cannot be read as a table.
        """
        now = time.time() if now is None else now
        data, digest = _content(data)
        said = outcomes.read(
            data, id_column=self.settings.id_column, target=self.card.target, levels=self.settings.levels
        )
        with files.lock(self.folder / ".lock"):
            known = pd.Index(self._scored()["lead_id"])
            counts = settling.count(known, self._said(), said.rows, correction=correction)
            found = OutcomeFile(
                label=label,
                received=now,
                rows=said.total,
                matched=counts.matched,
                unknown=counts.unknown,
                repeated=counts.repeated,
                conflicting=counts.conflicting,
                unreadable=said.unreadable,
                notes=(*said.notes, *counts.notes),
            )
            record = asdict(found) | {"correction": correction, "file": digest}
            files.append(self.folder / "outcomes", said.rows, record)
        return found

    def cohorts(self) -> Sequence[Cohort]:
        """Files of leads in the order they were scored."""
        return [build(Cohort, {"id": p.stem, **_only(Cohort, r)}) for p, r in self._records("cohorts")]

    def outcome_files(self) -> Sequence[OutcomeFile]:
        """Files of outcomes in the order they were received."""
        return [build(OutcomeFile, _only(OutcomeFile, r)) for _, r in self._records("outcomes")]

    def joined(self, now: float | None = None) -> pd.DataFrame:
        """Every lead once, with its scores and what is known of it, sorted by week and id.

        Returns
        -------
        DataFrame
            ``lead_id``, ``cohort`` (id), ``week`` (Monday, ISO), ``date``, ``scored`` (Unix time), ``score_reference``,
            ``score_arm``, ``outcome`` (1.0, 0.0, NaN), ``conflicting`` (bool), ``received`` (Unix time or NaN),
            ``assumed`` (bool: negative only because it matured without an outcome).
        """
        now = time.time() if now is None else now
        scored = self._scored()
        known = settling.settle(pd.Index(scored["lead_id"]), self._said())
        out = pd.concat([scored.reset_index(drop=True), known.reset_index(drop=True)], axis=1)
        out.insert(2, "week", identity.monday(out["date"]))
        out["assumed"] = False
        if self.settings.maturity_days is not None:
            age = now / _DAY - out["date"].to_numpy().astype("datetime64[s]").astype("int64") / _DAY
            matured = (age >= self.settings.maturity_days) & out["outcome"].isna() & ~out["conflicting"]
            out.loc[matured, "outcome"], out["assumed"] = 0.0, matured
        return out.sort_values(["week", "lead_id"], ignore_index=True)

    def take_inbox(self, now: float | None = None, *, settle: float = 0.0) -> list[Taken]:
        """Add the files that were dropped in the inbox; see :func:`synth_core.prospective.inbox.take`."""
        from synth_core.prospective.inbox import take  # which needs this module

        return take(self, now=now, settle=settle)

    def holds(self, data: bytes, kind: str) -> bool:
        """Whether this very file was added before; ``kind`` is ``"leads"``, ``"outcomes"`` or ``"corrections"``."""
        digest = hashlib.sha256(data).hexdigest()
        if kind == "leads":
            return any(r["file"] == digest for _, r in self._records("cohorts"))
        wanted = kind == "corrections"
        return any(r["file"] == digest and r["correction"] == wanted for _, r in self._records("outcomes"))

    def _records(self, part: str) -> list[tuple[Path, dict[str, Any]]]:
        try:
            return [(path, files.read_json(path)) for path in files.records(self.folder / part)]
        except (OSError, ValueError) as error:
            raise _damaged() from error

    def _scored(self) -> pd.DataFrame:
        """The stored scores of all cohorts."""
        parts = [
            _rows(path).assign(cohort=path.stem, scored=record["scored"]) for path, record in self._records("cohorts")
        ]
        columns = ["lead_id", "cohort", "date", "scored", "score_reference", "score_arm"]
        if not parts:
            return pd.DataFrame({c: pd.Series(dtype=_DTYPES.get(c, "object")) for c in columns})
        return pd.concat(parts, ignore_index=True)[columns]

    def _said(self) -> pd.DataFrame:
        """The rows of all files of outcomes."""
        parts = [
            _rows(path).assign(received=record["received"], correction=record["correction"], file=int(path.stem))
            for path, record in self._records("outcomes")
        ]
        columns = ["lead_id", "outcome", "received", "correction", "file"]
        if not parts:
            return pd.DataFrame({c: pd.Series(dtype=_DTYPES.get(c, "object")) for c in columns})
        return pd.concat(parts, ignore_index=True)[columns]


_DTYPES = {
    "date": "datetime64[ns]", "scored": "float64", "score_reference": "float64", "score_arm": "float64",
    "outcome": "float64", "received": "float64", "correction": "bool", "file": "int64",
}  # fmt: skip


def _content(data: Source) -> tuple[bytes | pd.DataFrame, str]:
    """What is read once, and its SHA-256 (of a frame: empty)."""
    if isinstance(data, pd.DataFrame):
        return data, ""
    content = load_bytes(data)
    return content, hashlib.sha256(content).hexdigest()


def _only(record: type, content: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in content.items() if k in record.__dataclass_fields__}


def _rows(record: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(record.with_suffix(".parquet"))
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _damaged() from error


def _damaged() -> ScorerError:
    return ScorerError(
        "A stored file of this prospective test is damaged. Restore its folder from a copy, or start a new test."
    )
