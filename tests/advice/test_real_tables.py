"""What the adviser says of real tables, read as they come; with a learning curve for a few of them."""

from __future__ import annotations

import pytest

from synth_core.advice import advise, facts_of, measure
from synth_core.tables import read_table
from tests.tables.makers import REAL, needs_real

pytestmark = needs_real

EXPECTED = [
    # file, target, answer, deciding rule, generator, other reasons that must be given
    ("travel_package_18f.csv", "ProdTaken", "worth a try", "small", "trees", {"repeated"}),
    ("bank_full.csv", "deposit", "wrong tool", "probably enough", "trees", set()),
    ("online_shoppers_intention.csv", "Revenue", "worth a try", "small", "trees", {"repeated"}),
    ("telco_churn.csv", "Churn", "worth a try", "small", "trees", set()),
    ("caravan_insurance.csv", "Purchase", "worth a try", "small", "smotenc", {"imbalanced", "repeated"}),
    ("adult_income.csv", "income >50K", "wrong tool", "probably enough", "trees", {"repeated"}),
    ("german_credit.csv", None, "worth a try", "small", "trees", set()),
    ("ifood_marketing_campaign.csv", "Response", "not yet", "moved", "trees", {"repeated"}),
    ("mammography.csv", None, "worth a try", "small", "smote", {"imbalanced", "repeated"}),
    ("keel_abalone19.csv", "Class", "not yet", "too few", "smotenc", {"imbalanced"}),
    ("hillstrom_email.csv", "conversion", "not yet", "leak", "smotenc", {"imbalanced", "repeated"}),
    ("ad_table_30k.csv", "conv", "not yet", "leak", "smotenc", {"imbalanced"}),
    ("facebook_ads_conversions.csv", "Spent", "worth a try", "small", "trees", set()),
]  # fmt: skip


def opened(file: str, target: str | None):
    path = REAL / file
    if target is None:  # no header: the last column
        target = read_table(path).schema.names[-1]
    return read_table(path, target)


@pytest.mark.parametrize("file, target, answer, rule, generator, others", EXPECTED, ids=[e[0] for e in EXPECTED])
def test_expected_advice(file, target, answer, rule, generator, others):
    found = advise(opened(file, target))
    assert (found.answer, found.reasons[0].rule, found.choice.generator) == (answer, rule, generator)
    assert {r.rule for r in found.reasons[1:]} == others


def test_lines_of_copy_are_no_table_to_learn_from():
    found = advise(read_table(REAL / "slogans_500.csv"))
    assert found.choice is None and found.reasons[0].rule in ("only ids", "only text")


def test_customers_to_share_get_a_guarantee():
    facts = facts_of(opened("telco_churn.csv", "Churn"))
    found = advise(facts, goal="share", sensitive=True)
    assert (found.answer, found.choice.generator, found.choice.settings) == ("right tool", "dp_mst", {"epsilon": 1.0})
    assert advise(facts, goal="share").choice.generator == "trees"


def test_a_measured_curve_of_a_small_table():
    table = opened("german_credit.csv", None)
    found = advise(table, learning=measure(table.split(0.2, seed=7).train, n_jobs=1))
    assert found.answer == "worth a try" and found.reasons[0].rule == "rising"
    assert "simpler" in {b.rule for b in found.better}


@pytest.mark.slow
@pytest.mark.parametrize(
    "file, target, answer, rule",
    [
        ("telco_churn.csv", "Churn", "wrong tool", "flat"),
        ("adult_income.csv", "income >50K", "wrong tool", "flat"),
        ("caravan_insurance.csv", "Purchase", "worth a try", "rising"),
    ],
)
def test_a_measured_curve_of_a_larger_table(file, target, answer, rule):
    table = opened(file, target)
    found = advise(table, learning=measure(table.split(0.2, seed=7).train))
    assert (found.answer, found.reasons[0].rule) == (answer, rule)
