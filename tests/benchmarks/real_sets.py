"""The real tables that benchmarks measure on, read as an analyst would read them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from synth_core.tables import Table, read_table

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"


@dataclass(frozen=True)
class RealSet:
    """Where a table lies, its target, and the columns that would give the outcome away."""

    name: str
    file: str
    target: str
    positive: str
    drop: tuple[str, ...] = ()
    header: bool = True
    rows: int = 960  #: training rows of the lift suite
    quote: str = field(default='"', repr=False)

    @property
    def path(self) -> Path:
        return FOLDER / self.file

    def table(self) -> Table:
        """The whole table."""
        if self.header and not self.drop:
            data = self.path.read_bytes()
        else:
            frame = pd.read_csv(self.path, header=0 if self.header else None, dtype=str, keep_default_na=False)
            frame.columns = [str(c) if self.header else f"x{c + 1}" for c in frame.columns]
            buffer = io.StringIO()
            frame.drop(columns=list(self.drop)).to_csv(buffer, index=False)
            data = buffer.getvalue().encode()
        return read_table(data, target=self.target, positive=self.positive, name=self.name)


SETS = (
    RealSet("travel_package_18f", "travel_package_18f.csv", "ProdTaken", "1"),
    RealSet("bank_full", "bank_full.csv", "deposit", "yes", drop=("duration",)),
    RealSet("online_shoppers", "online_shoppers_intention.csv", "Revenue", "TRUE"),
    RealSet("telco_churn", "telco_churn.csv", "Churn", "Yes"),
    RealSet("caravan", "caravan_insurance.csv", "Purchase", "Yes"),
    RealSet("adult", "adult_income.csv", "income >50K", "1"),
    RealSet("german_credit", "german_credit.csv", "x21", "2", header=False, rows=600),
    RealSet("ifood", "ifood_marketing_campaign.csv", "Response", "1"),
    RealSet("hillstrom_visit", "hillstrom_email.csv", "visit", "1", drop=("conversion", "spend")),
    RealSet("mammography", "mammography.csv", "x7", "'1'", header=False),
)
