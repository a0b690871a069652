import numpy as np
import pandas as pd
import pytest

from synth_core.tables import Table, table_from_frame
from synth_core.tables.loading import set_target


def make_table(rows: int = 400, share: float = 0.3, seed: int = 0, strength: float = 1.0) -> Table:
    """Two informative quantities, noise, and a category; exactly ``share`` of the rows are positive."""
    rng = np.random.default_rng(seed)
    age, income, noise = rng.normal(size=(3, rows))
    channel = rng.choice(["mail", "search", "social"], rows)
    score = strength * (age + 0.7 * income + 0.8 * (channel == "mail")) + rng.logistic(size=rows)
    booked = np.where(score >= np.sort(score)[-round(share * rows)], "yes", "no")
    frame = pd.DataFrame(
        {"age": age.round(3), "income": income.round(3), "noise": noise.round(3), "channel": channel, "booked": booked}
    )
    return set_target(table_from_frame(frame), "booked", "yes")


@pytest.fixture(scope="session")
def split():
    return make_table().split(seed=3)
