"""What the SDV-based generators hand to SDV and take back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.stats import norm

from synth_core.generators import create
from synth_core.generators._quantiles import Quantiles
from synth_core.generators._sdv import TABLE, metadata, seeded, whole_codes
from synth_core.generators.prepare import Variable
from tests.generators.makers import train_rows

VARIABLES = (Variable("v0", "emails_opened", None), Variable("v1", "city", 3), Variable("m2", "spend", 2))


def test_metadata_names_numbers_and_categories_and_detects_nothing():
    columns = metadata(VARIABLES).to_dict()["tables"][TABLE]["columns"]
    assert columns == {
        "v0": {"sdtype": "numerical"}, "v1": {"sdtype": "categorical"}, "m2": {"sdtype": "categorical"}
    }  # fmt: skip


def test_whole_codes_stay_within_the_levels():
    made = pd.DataFrame({"m2": [0.4, 1.6], "v1": [-0.6, 2.7], "v0": [1.5, -3.0], "extra": 0}, index=[5, 9])
    found = whole_codes(made, VARIABLES)
    assert list(found.columns) == ["v0", "v1", "m2"] and list(found.index) == [0, 1]
    assert found["v1"].tolist() == [0, 2] and found["m2"].tolist() == [0, 1]
    assert found["v0"].tolist() == [1.5, -3.0]


def test_seeds_are_local_and_given_back_even_after_an_error():
    np.random.seed(1)  # noqa: NPY002
    torch.manual_seed(1)
    expected = np.random.RandomState(1).rand(), torch.Generator().manual_seed(1)
    drawn = []
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), seeded(42):
            drawn.append((np.random.rand(), torch.rand(1).item()))  # noqa: NPY002
            assert torch.get_num_threads() == 1
            _ = 1 / 0
    assert drawn[0] == drawn[1]
    assert np.random.rand() == expected[0]  # noqa: NPY002
    assert torch.rand(1).item() == torch.rand(1, generator=expected[1]).item()


def test_quantiles_bring_training_values_back_and_are_normal_in_between():
    rng = np.random.default_rng(0)
    values = np.where(rng.random(2_000) < 0.4, 0.0, rng.lognormal(3, 2, 2_000))
    quantiles = Quantiles.of(values)
    np.testing.assert_allclose(quantiles.to_values(quantiles.to_scores(values)), values)
    drawn = quantiles.to_values(rng.normal(size=20_000))
    assert (drawn == 0).mean() == pytest.approx((values == 0).mean(), abs=0.01)
    positive = quantiles.to_scores(values[values > 0])
    assert positive.min() == pytest.approx(norm.ppf((values == 0).mean()), abs=0.01)
    assert quantiles.to_values(np.array([-9.0, 9.0])).tolist() == [0.0, values.max()]


def test_the_copula_keeps_distributions_and_rank_correlations():
    rng = np.random.default_rng(0)
    x = rng.normal(size=1_500)
    spend = np.where(rng.random(1_500) < 0.3, 0, np.exp(x + rng.normal(size=1_500))).round(2)
    label = np.where(x + rng.normal(size=1_500) > 0, "yes", "no")
    frame = pd.DataFrame({"x": x.round(3), "spend": spend, "label": label, "visits": rng.poisson(2, 1_500)})
    made = create("copula").fit(train_rows(frame, "label"), seed=1).sample(4_000, seed=2)
    for column in ("x", "spend", "visits"):
        for share in (0.25, 0.5, 0.75, 0.9):
            real = frame[column].quantile(share)
            assert (made[column] <= real).mean() == pytest.approx((frame[column] <= real).mean(), abs=0.06)
    assert (made["label"] == "yes").mean() == pytest.approx((frame["label"] == "yes").mean(), abs=0.03)
    assert made["x"].corr(made["spend"], "spearman") == pytest.approx(
        frame["x"].corr(frame["spend"], "spearman"), abs=0.1
    )
    gap = [f.loc[f["label"] == "yes", "x"].mean() - f.loc[f["label"] == "no", "x"].mean() for f in (made, frame)]
    # A copula weakens relations with a two-level column, because its levels are spread over an interval first.
    assert 0.5 * gap[1] < gap[0] < 1.1 * gap[1]
