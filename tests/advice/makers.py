"""Small tables, each a situation that an analyst could describe in one sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.advice import Learning
from synth_core.advice.results import Model
from synth_core.lift.results import CurvePoint
from synth_core.tables import Table, set_target, table_from_frame


def leads(rows: int = 1_200, positives: int = 350, numbers: int = 12, levels: int = 6, seed: int = 0) -> pd.DataFrame:
    """Numbers and categories with an outcome ``booked`` that depends on a few of them, exactly ``positives`` yes."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, numbers)).round(3)
    frame = pd.DataFrame(x, columns=[f"n{i}" for i in range(numbers)])
    for i in range(levels):
        frame[f"c{i}"] = rng.choice(["north", "south", "east"], rows)
    score = x[:, 0] + 0.7 * x[:, 1] + rng.logistic(size=rows)
    frame["booked"] = np.where(score >= np.sort(score)[-positives], "yes", "no") if positives else "no"
    return frame


def table(frame: pd.DataFrame, target: str | None = "booked") -> Table:
    found = table_from_frame(frame, name="bookings")
    return set_target(found, target, "yes" if target == "booked" else None) if target else found


def bookings() -> Table:
    """1,200 bookings of 18 months with 18 features."""
    return table(leads())


def fraud() -> Table:
    """40,000 payments of which 120 (0.3 %) are fraud."""
    return table(leads(40_000, 120, numbers=5, levels=3))


def twelve() -> Table:
    """600 rows, 12 of them with the outcome."""
    return table(leads(600, 12, numbers=5, levels=2))


def large() -> Table:
    """200,000 rows, 30 % with the outcome."""
    return table(leads(200_000, 60_000, numbers=3, levels=1))


def patients(rows: int = 5_000) -> Table:
    """A row for each patient; names are known to be sensitive."""
    frame = leads(rows, rows // 4, numbers=4, levels=3)
    frame.insert(0, "email", [f"p{i}@clinic.org" for i in range(rows)])
    return table(frame)


def visits() -> Table:
    """Rows of 300 customers who come back."""
    frame = leads(3_000, 800, numbers=4, levels=2)
    ids = np.random.default_rng(1).integers(0, 2_900, 3_000)
    frame.insert(0, "customer_id", [f"C-{i:05d}" for i in ids])
    return table(frame)


def ids_only() -> Table:
    """Two columns of ids."""
    return table(pd.DataFrame({"order_id": [f"O-{i:06d}" for i in range(300)], "row_id": range(300)}), None)


def text_only() -> Table:
    """Reviews and nothing else."""
    rng = np.random.default_rng(2)
    words = [f"word{i}" for i in range(400)]
    lines = [" ".join(rng.choice(words, 9)) for _ in range(300)]
    return table(pd.DataFrame({"review": lines}), None)


def with_gaps(share: float) -> Table:
    """1,200 bookings whose features are missing at random in ``share`` of the cells."""
    frame = leads()
    rng = np.random.default_rng(3)
    features = frame.columns[:-1]
    return table(frame.assign(**{c: frame[c].where(rng.random(len(frame)) >= share) for c in features}))


def drifting() -> Table:
    """Of enquiries before November one in five booked, since then half."""
    frame = leads(2_000, 500, numbers=4, levels=2)
    rng = np.random.default_rng(4)
    days = pd.date_range("2024-01-01", periods=2_000, freq="4h")
    rate = np.where(np.arange(2_000) < 1_600, 0.2, 0.5)
    frame["booked"] = np.where(rng.random(2_000) < rate, "yes", "no")
    frame.insert(0, "enquired", days.strftime("%Y-%m-%d"))
    return table(frame)


def steady(shift: float = 0.0) -> Table:
    """As above, but the outcome stays; ``shift`` is added to a column from November on."""
    frame = leads(2_000, 500, numbers=4, levels=2)
    frame["n2"] = frame["n2"] + np.where(np.arange(2_000) < 1_600, 0.0, shift)
    frame.insert(0, "enquired", pd.date_range("2024-01-01", periods=2_000, freq="4h").strftime("%Y-%m-%d"))
    return table(frame)


def spending() -> Table:
    """The target is a number."""
    frame = leads()
    return table(frame.drop(columns="booked").assign(spend=(100 + 30 * frame["n0"]).round(2)), "spend")


def untargeted() -> Table:
    """1,200 bookings, nobody has said what is to be predicted."""
    return table(leads(), None)


def repeated() -> Table:
    """40 bookings, each copied 15 times."""
    frame = leads(40, 12)
    return table(pd.concat([frame] * 15, ignore_index=True))


def crowded() -> Table:
    """3,000 products among 9,000 rows."""
    frame = leads(9_000, 2_000, numbers=3, levels=1)
    names = np.random.default_rng(5).integers(0, 3_000, 9_000)
    return table(frame.assign(product=[f"P{i}x" for i in names]))


def leaking() -> Table:
    """A column that is filled in once the booking is made."""
    frame = leads()
    return table(frame.assign(deposit=np.where(frame["booked"] == "yes", 100, 0)))


def tiny() -> Table:
    """Six rows."""
    return table(leads(6, 0).drop(columns="booked"), None)


def learning(
    twice: float = 0.02, error: float = 0.004, score: float = 0.8, rows: int = 960, *, simple: float = 0.0,
    metric: str = "AUC", interval: float = 0.02,
) -> Learning:  # fmt: skip
    """A curve by hand: what as many rows again would add ± ``error``, and the score with all rows."""

    def worth(more: int, factor: float) -> CurvePoint:
        return CurvePoint(more, factor * twice, factor * (twice - error), factor * (twice + error))

    points = tuple(
        CurvePoint(round(s * rows), score - twice * (1 - s), score - twice * (1 - s) - interval, score + interval)
        for s in (0.2, 0.5, 1.0)
    )
    models = (
        Model("R1", "LightGBM, default", score, 0.1, 0.4),
        Model("R2", "LightGBM, small trees", score + simple, 0.12, 0.41),
        Model("W", "LightGBM, class weights", score - 0.003, 0.3, 0.4),
    )
    more = (worth(500, min(500 / rows, 1.0)), worth(rows, 1.0), worth(4 * rows, 1.887))
    return Learning(metric, points, more, rows, rows, models, "R1", 5, 7, 3.0)
