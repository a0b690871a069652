"""The meters on rows whose answer is known: copies look bad, independent rows neutral."""

import json

import numpy as np
import pandas as pd
import pytest

from synth_core import privacy
from synth_core.errors import SchemaError
from synth_core.generators.trees import Trees
from synth_core.privacy import distances
from synth_core.privacy.census import census
from synth_core.privacy.population import population
from synth_core.privacy.selftest import noisy
from synth_core.tables import Role, load_sample, set_roles, table_from_frame
from synth_core.tables.alignment import align
from tests.privacy.makers import divided, people
from tests.tables.makers import needs_real

KEYS = {"matches", "dcr", "nndr", "mia_distance", "mia_density", "singling_out", "linkability", "attribute"}


@pytest.fixture(scope="module")
def rows():
    return divided(people(1_200))


def test_every_meter_flags_a_verbatim_copy(rows):
    train, unseen, _ = rows
    report = privacy.report(train, unseen, train.frame, seed=1)
    assert {m.key for m in report.meters} == KEYS
    assert all(m.flagged and m.grade == "high" for m in report.meters)
    assert report.matches == len(train) and report.matches_unique == report.unique_train
    assert report.meter("dcr").value > 0.95, "the most used score certifies this copy with 1.0 as safe"
    assert report.memberships[0].tpr_at_1 > 0.9


def test_a_noisy_copy_is_seen_by_every_meter_that_looks_at_distances(rows):
    train, unseen, _ = rows
    report = privacy.report(train, unseen, noisy(train.frame, train.schema, seed=1), seed=1)
    assert all(report.meter(key).flagged for key in ("dcr", "nndr", "mia_distance", "mia_density"))


def test_independent_rows_are_flagged_no_more_often_than_stated():
    flagged = 0
    for seed in range(12):
        train, unseen, further = divided(people(600, seed), seed)
        flagged += bool(privacy.report(train, unseen, further, seed=seed).flagged)
    assert flagged <= 2  # 2 % are allowed: more than 2 of 12 happen once in 600 such tests


def test_unequal_sizes_do_not_move_the_neutral_point():
    """With an 80/20 split the usual score reads 0.31 for independent rows; ours stays at one half."""
    values = []
    for seed in range(10):
        table = table_from_frame(people(1_500, seed))
        split = table.split(holdout=0.2, seed=seed)
        aligned = align(split.train, split.holdout, people(500, seed + 1_000))
        counted = census(aligned, None)
        _, (dcr, _) = distances.measure(population(counted, seed=seed))
        values.append(dcr.evidence.value)
    assert np.mean(values) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("share", [0.5, 0.2])
def test_copies_among_independent_rows_are_found(rows, share):
    train, unseen, further = rows
    copies = train.frame.sample(round(share * len(further)), random_state=0)
    mixed = pd.concat([copies, further.iloc[len(copies) :]])
    report = privacy.report(train, unseen, mixed, seed=1)
    assert report.meter("nndr").flagged and report.meter("matches").flagged


def test_finer_trees_read_worse_than_coarse_ones(rows):
    train, unseen, _ = rows
    fine, coarse = (
        privacy.report(train, unseen, Trees(min_leaf=n).fit(train, seed=1).sample(700, seed=1), seed=1) for n in (1, 15)
    )
    for key in ("nndr", "dcr", "mia_distance"):
        assert fine.meter(key).risk > coarse.meter(key).risk


def test_rows_that_several_people_share_give_nobody_away():
    """A table of few patterns comes back pattern by pattern from any good generator, and that is no leak."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.choice(list("ab"), 600) for name in ("x", "y", "z")})
    train, unseen, _ = divided(frame, target=None)
    report = privacy.report(train, unseen, train.frame, seed=1)
    assert report.unique_train == 0 and report.matches == len(train) and report.matches_unique == 0
    assert not report.flagged
    assert any("single nobody out" in u.reason for u in report.unavailable)


def test_same_seed_same_report_and_a_round_trip_through_json(rows):
    train, unseen, further = rows
    first, second = (privacy.report(train, unseen, further, seed=3) for _ in range(2))
    assert first == second
    assert privacy.PrivacyReport.from_dict(json.loads(json.dumps(first.to_dict(), allow_nan=False))) == first


def test_real_values_of_columns_that_must_not_leave_are_counted():
    frame = people(300).assign(email=[f"person{i}@example.org" for i in range(300)])
    table = set_roles(table_from_frame(frame), {"email": Role.SENSITIVE})
    split = table.split(seed=1)
    made = split.holdout.frame.assign(email=[split.train.frame["email"].iloc[0].upper(), *[None] * 59])
    report = privacy.report(split.train, split.holdout, made, seed=1)
    (email,) = report.overlaps
    assert (email.name, email.rows) == ("email", 1)
    assert "email (1)" in report.headline
    unseen = split.holdout.frame["email"].iloc[0]
    elsewhere = privacy.report(split.train, split.holdout, made.assign(email=[unseen, *[None] * 59]), seed=1)
    assert elsewhere.overlaps[0].rows == 1, "values of unseen rows must not leave either"
    clean = privacy.report(split.train, split.holdout, made.assign(email=None), seed=1)
    assert clean.overlaps[0].rows == 0 and "email" not in clean.headline


class TestDegenerate:
    """Listed with the reason; never a crash, never silently dropped."""

    def test_without_unseen_rows_only_verbatim_rows_are_looked_for(self, rows):
        train, *_ = rows
        report = privacy.report(train, None, train.frame, seed=1)
        assert report.matches == len(train) and not report.meters
        assert "never saw" in report.unavailable[-1].reason

    @pytest.mark.parametrize("count", [0, 1, 19])
    def test_hardly_any_synthetic_rows(self, rows, count):
        train, unseen, further = rows
        report = privacy.report(train, unseen, further.head(count), seed=1)
        assert report.synthetic_rows == count
        assert any(f"only {count} synthetic rows" in u.reason for u in report.unavailable)
        json.dumps(report.to_dict(), allow_nan=False)

    def test_missing_columns_infinite_values_and_unseen_levels(self, rows):
        train, unseen, further = rows
        odd = further.drop(columns="visits").assign(region="Mars")
        odd["income"] = odd["income"].where(np.arange(len(odd)) % 3 > 0, np.inf)
        odd["channel"] = None
        report = privacy.report(train, unseen, odd, seed=1)
        assert any(u.name == "visits" for u in report.unavailable)
        assert len(report.meters) >= 6
        json.dumps(report.to_dict(), allow_nan=False)

    def test_constant_synthetic_rows(self, rows):
        train, unseen, further = rows
        report = privacy.report(train, unseen, pd.concat([further.head(1)] * 200, ignore_index=True), seed=1)
        assert not report.meter("matches").flagged
        assert any("only 1 of 200 synthetic rows" in u.reason for u in report.unavailable)
        json.dumps(report.to_dict(), allow_nan=False)

    def test_numbers_as_text_and_other_dtypes(self, rows):
        train, unseen, further = rows
        plain = privacy.report(train, unseen, further, seed=1)
        kinds = {"age": "float64", "visits": "str", "region": "category"}
        typed = further.astype(kinds)
        assert privacy.report(train, unseen, typed, seed=1).meters == plain.meters

    def test_one_column(self):
        train, unseen, further = divided(people(400)[["income"]], target=None)
        report = privacy.report(train, unseen, further, seed=1)
        assert {m.key for m in report.meters} >= {"dcr", "mia_distance"}
        assert {u.name for u in report.unavailable} >= {"Linkability", "Attribute inference"}

    def test_no_column_in_common(self, rows):
        train, unseen, _ = rows
        report = privacy.report(train, unseen, pd.DataFrame({"other": range(50)}), seed=1)
        assert not report.meters and len(report.unavailable) > 6


def test_an_outsider_cannot_know_what_no_generator_looks_at():
    table = set_roles(table_from_frame(people(100)), {"region": Role.SENSITIVE})
    split = table.split(seed=1)
    with pytest.raises(SchemaError, match="“region” is sensitive"):
        privacy.report(split.train, split.holdout, split.holdout.frame, seed=1, known=["region"])
    with pytest.raises(SchemaError, match="no column called “colour”"):
        privacy.report(split.train, split.holdout, split.holdout.frame, seed=1, secret_columns=["colour"])


@needs_real
def test_a_self_test_on_a_real_table_reads_bad_bad_neutral():
    from tests.benchmarks.real_sets import SETS

    table = next(s for s in SETS if s.name == "telco_churn").table()
    split = table.take(np.arange(2_000)).split(seed=7)
    found = privacy.self_test(split.train, split.holdout, seed=7)
    assert [(s.key, s.expected, s.passed) for s in found.scenarios] == [
        ("copy", "bad", True),
        ("noisy", "bad", True),
        ("independent", "neutral", True),
    ]
    assert found.passed and "can be trusted" in found.headline
    assert privacy.SelfTest.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False))) == found


def test_a_self_test_of_too_few_rows_says_so():
    split = table_from_frame(people(40)).split(seed=1)
    found = privacy.self_test(split.train, split.holdout, seed=1)
    assert not found.passed and found.unavailable and "with care" in found.headline


def test_unseen_rows_of_a_later_period_are_said_to_be_no_fair_yardstick():
    split = load_sample("travel").split(by_date="enquiry_date", seed=1)
    report = privacy.report(split.train, split.holdout, split.holdout.frame, seed=1)
    assert any("enquiry_date" in u.reason for u in report.unavailable)


class TestPresets:
    def test_travel_sample(self):
        found = {p.key: p for p in privacy.presets(load_sample("travel").schema)}
        assert set(found["worst"].known) == {*load_sample("travel").schema.features, "booked"}
        assert found["worst"].secret_columns[:2] == ("booked", "household_income")
        assert "device" in found["platform"].known and "age" in found["acquaintance"].known
        assert "household_income" not in found["acquaintance"].known, "money is wanted, not known"
        for preset in list(found.values())[1:]:
            assert not set(preset.known) & set(preset.secret_columns)

    def test_one_column_has_none(self):
        assert privacy.presets(table_from_frame(people(30)[["income"]]).schema) == ()
