"""One column of an uploaded file: counts, amounts and names, with the row of whatever cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from synth_core.errors import JourneyError
from synth_core.tables import values
from synth_core.tables.values import MISSING, MISSING_IN_NUMBERS, Texts

_MOST = 1e12  #: of any count or amount
_YES = frozenset({"true", "yes", "y", "t", "converted", "conversion"})
_NO = frozenset({"false", "no", "n", "f", "not converted", "no conversion"})


@dataclass(frozen=True, eq=False)
class Cells:
    """One column as text.

    Attributes
    ----------
    header : str
    texts : Texts
    first_row : int
        Number of the first row of data, as a spreadsheet counts: 2 below a header.
    decimal_comma : bool
    """

    header: str
    texts: Texts
    first_row: int
    decimal_comma: bool = False

    @staticmethod
    def of(header: str, column: pa.Array, first_row: int, decimal_comma: bool = False) -> Cells:
        """With spaces around and doubled spaces inside each text taken out."""
        tidy = pc.utf8_trim_whitespace(pc.replace_substring_regex(column, r"\s+", " "))
        return Cells(header, Texts.of(tidy), first_row, decimal_comma)

    def __len__(self) -> int:
        return len(self.texts.codes)

    @cached_property
    def levels(self) -> list[str]:
        """The distinct texts."""
        return self.texts.levels.to_pylist()

    def blank(self, *, numbers: bool = False) -> np.ndarray:
        """Which rows hold nothing, or a text that means nothing; bool (rows,)."""
        tokens = MISSING_IN_NUMBERS if numbers else MISSING
        return self.spread(np.array([t.lower() in tokens for t in self.levels], bool))

    def spread(self, per_level: np.ndarray) -> np.ndarray:
        """From one entry per distinct text to one per row."""
        return self.texts.spread(per_level)

    def row(self, bad: np.ndarray) -> int:
        """Number of the first row where ``bad`` (rows,)."""
        return int(np.argmax(bad)) + self.first_row

    def at(self, bad: np.ndarray) -> str:
        """Where the first ``bad`` row is and what it holds, to begin a sentence with."""
        position = int(np.argmax(bad))
        text = self.levels[self.texts.codes[position]]
        held = f"“{text[:40]}”" if text else "nothing"
        return f"Row {position + self.first_row}, column “{self.header}” holds {held}"

    def amounts(self, advice: str) -> np.ndarray:
        """Numbers, with 0 where the cell is blank; float64 (rows,).

        Raises
        ------
        JourneyError
            A cell holds something else; ``advice`` is what to do then.
        """
        filled = ~self.texts.missing
        if not filled.any():
            return np.zeros(len(self))
        parsed = values.numbers(self.texts, decimal_comma=self.decimal_comma)
        tokens = () if parsed is None else parsed.missing_tokens
        endless = {"inf", "-inf"}
        strange = {  # what is a number and yet missing is too large: that is said below
            t for t in tokens
            if t.lower() in endless or (t.lower() not in MISSING_IN_NUMBERS and not values.is_number(t))
        }  # fmt: skip
        if parsed is None:
            plain = pd.to_numeric(pd.Series(self.levels, dtype="object"), errors="coerce")
            usual = {t for t in self.levels if t.lower() in MISSING_IN_NUMBERS}
            strange = {t for t, n in zip(self.levels, plain, strict=True) if not np.isfinite(n) and t not in usual}
            strange = strange or {t for t in self.levels if t and t.lower() not in MISSING}
        if strange:
            bad = self.spread(np.array([t in strange for t in self.levels], bool))
            raise JourneyError(f"{self.at(bad)}, which is no number. {advice}")
        assert parsed is not None
        found = parsed.values.to_numpy(dtype="float64", na_value=np.nan)
        beyond = np.isnan(found) & ~self.blank(numbers=True)  # more than a float can hold
        large = beyond | (np.abs(found) > _MOST)
        if large.any():
            raise JourneyError(f"{self.at(large)}, which is too large to be true. {advice}")
        return np.nan_to_num(found)

    def counts(self, what: str) -> np.ndarray:
        """Whole numbers from 0, or yes and no as 1 and 0; float64 (rows,). Blank cells are 0.

        Raises
        ------
        JourneyError
            A cell is no number, negative or not whole.
        """
        lowered = [t.lower() for t in self.levels]
        filled = {t for t in lowered if t not in MISSING_IN_NUMBERS}
        if filled and filled <= _YES | _NO:
            return self.spread(np.array([float(t in _YES) for t in lowered]))
        found = self.amounts(f"Write how many {what} there were, such as 0 or 1.")
        if (found < 0).any():
            raise JourneyError(
                f"{self.at(found < 0)}: there cannot be fewer than no {what}. "
                "Take out corrections and refunds, or write 0."
            )
        whole = np.isclose(found, np.round(found), rtol=0, atol=1e-9)
        if not whole.all():
            raise JourneyError(
                f"{self.at(~whole)}, but {what} are counted in whole numbers. If these are amounts of money, name the "
                "column “value”; if a model has shared them out, export the raw counts."
            )
        return np.round(found)

    def money(self) -> np.ndarray:
        """Values of conversions, 0 where blank; float64 (rows,).

        Raises
        ------
        JourneyError
            A cell is no number, or negative.
        """
        found = self.amounts("Write the value as a plain number.")
        if (found < 0).any():
            raise JourneyError(
                f"{self.at(found < 0)}: the value of a conversion cannot be negative. "
                "Take refunds out, or subtract them from the sale they belong to."
            )
        return found
