"""What a neural generator will need, known before it starts: width, updates, time and memory. Needs no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from synth_core.errors import GeneratorError
from synth_core.generators.prepare import Preparer
from synth_core.tables import Table

MOST_LEVELS = 50  # levels of one column before the rarest are pooled
_FEWEST_LEVELS = 8  # as far as the cap on the width may bring that down
WIDEST = 1_500  # outputs of a network
_MODES = 6  # outputs of a typical quantity beside its place
_HIDDEN = 128
_RATE = 1.7e10  # multiplications a second of one core in matrices of this size
_OVERHEAD = {"ctgan": 5e-3, "tvae": 2e-3}  # seconds an update takes however small the matrices
_PASSES = {"ctgan": 12.0, "tvae": 6.0}  # multiplications an update makes for each weight and row of its batch
_LIBRARIES = 0.35  # GB that Python and PyTorch take before any row is read
_SHARE = 0.8  # of the memory that is free now may be planned with


@dataclass(frozen=True)
class Preset:
    """Step budget for tables of up to ``rows`` training rows."""

    rows: float
    updates: int
    batch_size: int


#: Chosen on two real tables, then measured on six (``tests/benchmarks/generators.py``); up to 500 rows by analogy only.
PRESETS: dict[str, tuple[Preset, ...]] = {
    "ctgan": (Preset(500, 1_000, 40), Preset(2_000, 1_400, 60), Preset(float("inf"), 2_000, 200)),
    "tvae": (Preset(500, 2_000, 50), Preset(2_000, 2_500, 60), Preset(float("inf"), 2_500, 200)),
}


@dataclass(frozen=True)
class Plan:
    """How a step budget is spent: ``updates`` batches of ``batch_size`` out of ``rows`` rows.

    ``usual`` is the preset number of updates for a table of this size.
    """

    rows: int
    batch_size: int
    updates: int
    usual: int

    def epoch(self, update: int) -> int:
        """The pass over the rows that ``update`` belongs to, from 1."""
        return (update - 1) * self.batch_size // self.rows + 1


def plan(name: str, rows: int, steps: int | None = None) -> Plan:
    """The preset of generator ``name`` for ``rows`` training rows, or ``steps`` updates.

    Batches are small enough for several updates an epoch: with 500 rows a batch, a table of 1,000 rows gets two
    updates an epoch and is hardly trained at all.
    """
    preset = next(p for p in PRESETS[name] if rows <= p.rows)
    batch = max(2, min(preset.batch_size, rows // 4))
    return Plan(rows, batch, steps or preset.updates, preset.updates)


@dataclass(frozen=True)
class Estimate:
    """What fitting will take.

    Attributes
    ----------
    width : int
        Columns of the table as the network sees it.
    plan : Plan
    seconds : float
        On one core of a usual processor.
    gigabytes : float
        Memory at its peak.
    """

    width: int
    plan: Plan
    seconds: float
    gigabytes: float

    def __str__(self) -> str:
        if self.seconds < 90:
            time = f"{max(5, 5 * round(self.seconds / 5)):.0f} s"
        else:
            time = f"{max(2, round(self.seconds / 60)):,.0f} min"
        return (
            f"About {self.width:,} columns wide as a network sees it; at most {self.plan.updates:,} updates of "
            f"{self.plan.batch_size:,} rows, roughly {time} and {self.gigabytes:.1f} GB of memory."
        )


def estimate(name: str, table: Table, steps: int | None = None, *, rows: int | None = None) -> Estimate:
    """What fitting generator ``name`` (``"ctgan"`` or ``"tvae"``) on ``table`` will take.

    Parameters
    ----------
    name : str
    table : Table
        The training rows, or the whole table they come from.
    steps : int or None
        Step budget; None = the preset.
    rows : int or None
        Training rows where ``table`` holds more.

    Raises
    ------
    GeneratorError
        The network would be too wide, or would need more memory than there is.
    """
    spent = plan(name, rows or len(table), steps)
    variables = Preparer(level_cap(table)).fit(table).variables
    quantities = sum(v.is_quantity for v in variables)
    width = sum(1 + _MODES if v.is_quantity else v.levels for v in variables)
    conditions = sum(v.levels for v in variables if not v.is_quantity) if name == "ctgan" else 0
    weights = (width + conditions) * _HIDDEN * 3 + 4 * _HIDDEN**2
    seconds = spent.updates * (_OVERHEAD[name] + spent.batch_size * weights * _PASSES[name] / _RATE)
    seconds += 2 + 1e-5 * spent.rows * len(variables)
    row_bytes = 40 * len(variables) + 8 * quantities
    drawn = 4 * 2_000 * (width * 6 + len(variables) * max((v.levels or _MODES for v in variables), default=1) * 2)
    gigabytes = _LIBRARIES + (spent.rows * row_bytes + weights * 32 + drawn) / 1e9
    found = Estimate(width, spent, seconds, gigabytes)
    _refuse(name, found, len(variables))
    return found


def level_cap(table: Table) -> int:
    """Most levels a column may keep so that all columns together stay below :data:`WIDEST` outputs; 8 to 50."""
    counts = [min(int(n), MOST_LEVELS) for n in table.frame.nunique()]
    cap = MOST_LEVELS
    while cap > _FEWEST_LEVELS and sum(min(n, cap) for n in counts) > WIDEST:
        cap -= 1
    return cap


def _refuse(name: str, found: Estimate, columns: int) -> None:
    title = {"ctgan": "CTGAN", "tvae": "TVAE"}[name]
    if found.width > 2 * WIDEST:
        raise GeneratorError(
            f"{title} would see this table as {found.width:,} columns ({columns:,} columns, levels side by side); "
            f"{2 * WIDEST:,} is the most it can learn from. Set columns aside on the Data page, or use Trees."
        )
    free = free_gigabytes()
    if free is not None and found.gigabytes > _SHARE * free:
        raise GeneratorError(
            f"{title} would need about {found.gigabytes:.1f} GB of memory for {found.plan.rows:,} rows × "
            f"{found.width:,} columns, and {free:.1f} GB are free. Use fewer rows or columns, or Trees."
        )


def free_gigabytes() -> float | None:
    """Memory that can be used now, in GB; None where the system does not tell."""
    try:
        lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text("utf-8").splitlines())
        return int(lines["MemAvailable"].split()[0]) * 1024 / 1e9
    except (OSError, KeyError, ValueError):
        return None
