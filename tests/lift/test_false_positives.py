"""Where rows carry nothing new, “helps” must stay rare: measured, not assumed."""

import numpy as np
import pytest

from synth_core import lift
from synth_core.generators.trees import Trees
from tests.lift.conftest import make_table


def null_studies(monkeypatch, count: int, *, rows: int, made: int, **folds: int) -> list[str]:
    """Verdicts on ``count`` fresh tables of ``rows`` rows with a generator that only repeats training rows."""
    fit = Trees.fit

    def remember(self, train, **kwargs):
        self.real = train.frame
        return fit(self, train, **kwargs)

    def bootstrap(self, rows, *, seed, **_):
        return self.real.sample(rows, replace=True, random_state=seed).reset_index(drop=True)

    monkeypatch.setattr(Trees, "fit", remember)
    monkeypatch.setattr(Trees, "sample", bootstrap)
    found = []
    for seed in range(count):
        split = make_table(rows, seed=1_000 + seed).split(seed=seed)
        study = lift.study(split, arms=["trees"], labels=["own"], rows=made, seed=seed, n_jobs=1, **folds)
        found.append(study.verdict.word)
    return found


def test_quick_null_studies_do_not_say_helps(monkeypatch):
    """12 quick studies of small tables; see ``tests.benchmarks.verdict_calibration`` for 300 full ones on real rows."""
    words = null_studies(monkeypatch, count=12, rows=300, made=200, folds=3, repeats=1)
    assert words.count("helps") <= 2, words


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_at_most_five_percent_of_null_studies_say_helps(monkeypatch):
    """40 studies: if 5 % were called “helps”, more than six would be with probability 0.3 %."""
    words = null_studies(monkeypatch, count=40, rows=600, made=1_000, repeats=5)
    assert words.count("helps") <= 6, words
    assert np.isin(words, ["helps", "hurts", "no evidence"]).all()
