"""Stored prospective tests: one folder each."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synth_core.errors import ScorerError
from synth_core.prospective import files
from synth_core.prospective.log import TestLog

_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Info:
    """What a list of tests shows.

    Attributes
    ----------
    id, name : str
    created : float
        Unix time.
    cohorts, outcome_files : int
    """

    id: str
    name: str
    created: float
    cohorts: int
    outcome_files: int


class Tests:
    """Prospective tests in a folder. The name of a test is shown, and never part of a path.

    Parameters
    ----------
    folder : str or Path
        Created with the first test.
    """

    __test__ = False  #: no test case, whatever its name

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def create(
        self, scorer_path: str | Path, *, name: str, id_column: str, date_column: str = "",
        maturity_days: int | None = None, negative: str = "", now: float | None = None,
    ) -> str:  # fmt: skip
        """Start a test and return its id; see :meth:`TestLog.create`.

        Raises
        ------
        ScorerError
            The scorer cannot be used, or the name is missing or taken.
        """
        if any(info.name.casefold() == name.strip().casefold() for info in self.list()):
            raise ScorerError(f"There is a prospective test “{name.strip()}” already. Choose another name.")
        test_id = secrets.token_hex(8)
        TestLog.create(
            self.folder / test_id, scorer_path, name=name, id_column=id_column, date_column=date_column,
            maturity_days=maturity_days, negative=negative, now=now,
        )  # fmt: skip
        return test_id

    def get(self, test_id: str) -> TestLog:
        """The test with this id.

        Raises
        ------
        ScorerError
            There is none, or its settings are damaged.
        """
        return TestLog(self._place(test_id))

    def ids(self) -> Sequence[str]:
        """Of all folders that hold a test, readable or not."""
        places = self.folder.iterdir() if self.folder.is_dir() else ()
        return sorted(p.name for p in places if _ID.fullmatch(p.name) and p.is_dir())

    def list(self) -> Sequence[Info]:
        """All tests that can be read, the newest first."""
        found = [info for i in self.ids() if (info := self._info(i)) is not None]
        return sorted(found, key=lambda info: (-info.created, info.id))

    def remove(self, test_id: str) -> None:
        """Forget a test with all that it logged.

        Raises
        ------
        ScorerError
            There is none.
        """
        place = self._place(test_id)
        grave = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder))
        place.rename(grave / "test")  # gone at once for readers, whatever happens to the files
        shutil.rmtree(grave, ignore_errors=True)

    def _place(self, test_id: str) -> Path:
        if not isinstance(test_id, str) or not _ID.fullmatch(test_id) or not (self.folder / test_id).is_dir():
            raise ScorerError(
                "This prospective test was not found. It may have been removed: choose another, or start one."
            )
        return self.folder / test_id

    def _info(self, test_id: str) -> Info | None:
        place = self.folder / test_id
        try:
            settings = TestLog(place).settings
        except ScorerError:
            return None
        counts = (len(files.records(place / part)) for part in ("cohorts", "outcomes"))
        return Info(test_id, settings.name, settings.created, *counts)
