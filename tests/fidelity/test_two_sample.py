"""The two-sample test: neutral on real rows, tells what is broken and how, sees through copies."""

import numpy as np
import pandas as pd
import pytest

from synth_core import fidelity
from synth_core.fidelity import two_sample
from tests.fidelity.makers import held, rows


def sample(count: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=count)
    return pd.DataFrame(
        {
            "amount": (np.exp(x) * (rng.random(count) > 0.23)).round(2),
            "score": (x + rng.normal(size=count)).round(1),
            "channel": rng.choice(["web", "shop", "phone"], count, p=[0.5, 0.3, 0.2]),
            "visits": rng.poisson(3, count),
            "age": pd.Series(rng.integers(18, 80, count)).mask(rng.random(count) < 0.12),
        }
    )


TRAIN = rows(sample(1_000, 1))
FRESH = held(rows(sample(1_000, 2)).frame, TRAIN)


def made(seed: int = 3) -> pd.DataFrame:
    return rows(sample(1_000, seed)).frame


def tried(synthetic: pd.DataFrame, holdout=FRESH) -> fidelity.TwoSample:
    return fidelity.report(TRAIN, holdout, synthetic, seed=1).two_sample


def test_other_real_rows_are_neutral():
    found = tried(made())
    limit = 4.2 * found.null_se
    assert all(abs(auc - 0.5) < limit for auc in (found.auc_fresh, found.auc_train, found.auc_real))
    assert found.rows == 1_000 and found.null_se == pytest.approx(np.sqrt(2_001 / 12e6))
    assert not found.telling and "cannot tell" in found.sentence


def test_a_copy_is_neutral_to_fresh_rows_and_far_under_a_half_to_training_rows():
    found = tried(TRAIN.frame)
    assert abs(found.auc_fresh - found.auc_real) < 4.2 * found.null_se
    assert found.auc_train < 0.4 and "near-copies" in found.sentence


@pytest.mark.parametrize(
    ("column", "broken", "words"),
    [
        ("amount", lambda f: f["amount"].where(f["amount"] > 0, 0.01), "o exact zeros (real 24 %)"),
        ("age", lambda f: f["age"].fillna(40), "ever missing (real 12 %)"),
        ("visits", lambda f: f["visits"].mask(f.index < 200, 17), "Larger than any real value in 20 % of rows;"),
        ("channel", lambda f: f["channel"].mask(f.index % 2 == 0, "web"), "of rows (real 49 %)."),
    ],
)
def test_what_is_broken_comes_first_and_is_named(column, broken, words):
    frame = made()
    found = tried(frame.assign(**{column: broken(frame)}))
    assert found.auc_fresh > 0.55 and "tells synthetic from fresh real rows" in found.sentence
    assert found.telling[0].name == column and words in found.telling[0].sentence
    assert found.telling[0].share > 0.2 and sum(t.share for t in found.telling) <= 1 + 1e-9


def test_what_shows_only_together_names_the_partner():
    frame = made()
    shuffled = frame.assign(score=frame["score"].sample(frac=1, random_state=0).to_numpy())
    found = tried(shuffled)
    partners = {t.name: t.sentence for t in found.telling}
    assert "only together with “amount”" in partners["score"]


def test_decimals_alone_give_nothing_away():
    """Numbers are first rounded to the real column's decimals; the report says it in the column's sentence."""
    frame = made()
    finer = frame.assign(score=frame["score"] + np.random.default_rng(0).uniform(-0.049, 0.049, len(frame)))
    found = fidelity.report(TRAIN, FRESH, finer, seed=1)
    assert found.two_sample.auc_fresh < 0.5 + 4.2 * found.two_sample.null_se
    assert "decimals more" in next(f.sentence for f in found.features if f.name == "score")


def test_without_a_holdout_training_rows_are_the_yardstick():
    found = tried(made(), None)
    assert found.auc_fresh is None and found.auc_real is None
    assert "training rows" in found.sentence and 0.4 < found.auc_train < 0.6


@pytest.mark.parametrize(("count", "possible"), [(19, False), (20, True), (45, True)])
def test_few_rows(count, possible):
    report = fidelity.report(TRAIN, FRESH, made().head(count), seed=1)
    assert (report.two_sample is not None) == possible
    assert possible or any(u.name == "Two-sample test" and "20 rows" in u.reason for u in report.unavailable)


def test_the_reason_is_in_the_formula():
    assert "√((n + m + 1) / (12·n·m))" in two_sample.FORMULA
