"""Results that were really computed, once, and the extremes made from them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from synth_core import advice, fidelity, lift
from synth_core.generators.dp.release import Spend
from synth_core.generators.registry import create
from synth_core.generators.training import Training
from synth_core.tables import load_sample, table_from_frame
from tests.pages import (
    stored_budget,
    stored_fidelity,
    stored_journeys,
    stored_privacy,
    stored_prospective,
    stored_voice,
)


@pytest.fixture(scope="session")
def split():
    return load_sample("travel").split(seed=1)


@pytest.fixture(scope="session")
def part():
    """Fewer rows, for studies."""
    return load_sample("travel").take(range(560)).split(seed=1)


@pytest.fixture(scope="session")
def study(part):
    return lift.study(part, arms=["trees"], rows=200, folds=3, repeats=1, curves=True, n_jobs=1, seed=2)


@pytest.fixture(scope="session")
def learning(split):
    return advice.measure(split.train, seed=2, folds=3, n_jobs=1)


@pytest.fixture(scope="session")
def learning_of_nothing(learning):
    """Too few rows for any point."""
    return replace(learning, points=(), worth=())


@pytest.fixture(scope="session")
def long_names(study):
    """Candidates as an Autopilot names them, with markup in one of them; far apart in F1 and inflation."""
    generators = ("Trees, committee labels", "SMOTE-NC, its own labels", "<b>CTGAN</b> (batch_size=500, epochs=300)")
    model = next(a for a in study.arms if a.role == "candidate")
    found = tuple(
        replace(
            model,
            key=f"long/{i}",
            title=f"{name}, {3_840 * (i + 1):,} rows × weight 5, LightGBM, small trees",
            inflation=(0.4, 9.6, 1.0)[i],
            scores=replace(model.scores, f1_at_half=(0.1, 0.4, 0.0)[i], f1_tuned=(0.45, 0.41, 0.3)[i]),
        )
        for i, name in enumerate(generators)
    )
    arms = (*(a for a in study.arms if a.role == "reference"), *found)
    return replace(
        study,
        arms=arms,
        verdict=replace(study.verdict, arm=found[0].key),
        curves=replace(study.curves, arm=found[0].key),
    )


@pytest.fixture(scope="session")
def number(study):
    """A study of a number by date: R², nothing that needs two classes, a fold that could not be scored."""
    bare = {n: None for n in ("brier", "ece", "average_precision", "f1_at_half", "f1_tuned")}
    arms = tuple(
        replace(a, scores=replace(a.scores, **bare), inflation=None, fold_scores=(float("nan"), *a.fold_scores[1:]))
        for a in study.arms
    )
    curves = {f"{kind}_{who}": None for kind in ("roc", "pr", "calibration") for who in ("arm", "reference")}
    return replace(
        study, task="regression", metric="R²", by_date="day", arms=arms, holdout=replace(study.holdout, **curves)
    )


@pytest.fixture(scope="session")
def report(split):
    rows = create("trees").fit(split.train, seed=1).sample(400, seed=2)
    return fidelity.report(split.train, split.holdout, rows, seed=1)


@pytest.fixture(scope="session")
def without_holdout(split):
    rows = split.holdout.frame
    return fidelity.report(split.train, None, rows, seed=1)


@pytest.fixture(scope="session")
def one_feature(report):
    """One feature, no pairs, no projection, no outcome."""
    first = report.features[0]
    apart, held = (replace(measures, target_auc=None) for measures in (first.synthetic, first.holdout))
    alone = replace(first, target_auc_real=None, synthetic=apart, holdout=held)
    return replace(report, features=(alone,), associations=None, projection=None, target=None, positive=None)


@pytest.fixture(scope="session")
def many_features(report):
    """Eighty long names with markup in them, falling KL down to zero and up to 40, gaps among the values."""
    base = report.features
    features = tuple(
        replace(
            base[i % len(base)],
            name=f"<b>column</b> {i:02d} of a table with long names",
            synthetic=replace(
                base[i % len(base)].synthetic,
                kl=40.0 / 2**i if i % 9 else 0.0,
                target_auc=None if i % 5 == 0 else 0.3 + i / 200,
            ),
            holdout=None if i % 2 else replace(base[i % len(base)].holdout, kl=0.02),
        )
        for i in range(80)
    )
    size = 40
    real = tuple(tuple(1.0 if i == j else None if (i + j) % 7 == 0 else 0.1 for j in range(size)) for i in range(size))
    synthetic = tuple(
        tuple(1.0 if i == j else -0.9 if {i, j} == {3, 34} else 0.2 for j in range(size)) for i in range(size)
    )
    names = tuple(f.name for f in features[:size])
    associations = fidelity.Associations(names, real, synthetic, 0.9, None, ())
    return replace(report, features=features, associations=associations)


@pytest.fixture(scope="session")
def feature(report):
    return next(f for f in report.features if f.is_quantity)


@pytest.fixture(scope="session")
def wide_feature(report):
    """Eighty levels with markup in their names."""
    shares = tuple(1 / 80 for _ in range(80))
    marginal = fidelity.Marginal(tuple(f"<b>level {i}</b>" for i in range(80)), shares, shares[::-1])
    return replace(report.features[0], name="<b>column</b>", is_quantity=False, marginal=marginal)


@pytest.fixture(scope="session")
def pair():
    return stored_fidelity.pair()


@pytest.fixture(scope="session")
def crowded_pair():
    """As many cells as there can be, all but one empty, no holdout."""
    size = 13
    labels = tuple(f"<b>level {i} of a long name</b>" for i in range(size))
    real = tuple(tuple(float(i == j == 0) for j in range(size)) for i in range(size))
    return stored_fidelity.pair(
        first="<b>column 1</b>", second="<b>column 2</b>", first_labels=labels, second_labels=labels, real=real,
        synthetic=real[::-1], holdout=None, similarity=None,
    )  # fmt: skip


@pytest.fixture(scope="session")
def two_runs():
    return {"Trees": stored_fidelity.report(), "Copula": stored_fidelity.report(0.1)}


@pytest.fixture(scope="session")
def four_runs(many_features, report):
    """Long names with markup, and runs that lack some features."""
    part = replace(report, features=report.features[:2])
    names = (f"<b>run {i}</b>, {4_000 * (i + 1):,} rows by a generator of a long name" for i in range(4))
    return dict(zip(names, (many_features, report, part, many_features), strict=True))


@pytest.fixture(scope="session")
def few_columns():
    return load_sample("travel")


@pytest.fixture(scope="session")
def many_columns():
    """Long names with markup in them, twenty levels, an empty column and one value only."""
    rng = np.random.default_rng(3)
    numbers = {f"<b>column</b> {i:02d} of a table": rng.lognormal(i, 1, 200).round(2) for i in range(20)}
    levels = {"<b>levels</b>": rng.choice([f"<b>level {i}</b>" for i in range(20)], 200)}
    frame = pd.DataFrame({"counts": rng.poisson(3, 200), **levels, **numbers, "empty": None, "same": 5})
    return table_from_frame(frame)


@pytest.fixture(scope="session")
def stopped_training():
    """Stopped early, a tenth of the rows held out."""
    distances = tuple(0.1 + 0.3 * 0.8**i for i in range(20)) + (0.12,) * 8
    losses = {"generator_loss": (0.5,) * 28, "discriminator_loss": (-0.2,) * 28}
    return Training(1_000, 700, 500, tuple(range(25, 725, 25)), distances, losses, reference=0.05, held_out=200)


@pytest.fixture(scope="session")
def young_training():
    """The first check of a small table's training: nothing kept yet, nothing held out."""
    return Training(1_000, 25, 0, (25,), (0.4,), {"loss": (30.0,)})


@pytest.fixture(scope="session")
def privacy():
    return stored_privacy.report()


@pytest.fixture(scope="session")
def privacy_without_holdout():
    return stored_privacy.without_holdout()


@pytest.fixture(scope="session")
def crowded_privacy():
    return stored_privacy.crowded()


@pytest.fixture(scope="session")
def self_test():
    return stored_privacy.self_test()


@pytest.fixture(scope="session")
def empty_self_test(self_test):
    """No meter could run on any scenario."""
    return replace(self_test, scenarios=tuple(replace(s, meters=(), passed=False) for s in self_test.scenarios))


@pytest.fixture(scope="session")
def crowded_self_test():
    return stored_privacy.crowded_self_test()


@pytest.fixture(scope="session")
def split_of_budget():
    return (Spend("categories and ranges", 0.01, 5e-7), Spend("counts per pair", 0.03), Spend("conversion", 0.0, 5e-7))


@pytest.fixture(scope="session")
def utility():
    return stored_budget.curve()


@pytest.fixture(scope="session")
def utility_without_target():
    return stored_budget.without_target()


@pytest.fixture(scope="session")
def refused_utility(utility):
    """No ε worked."""
    return replace(utility, points=(), unavailable=stored_budget.without_target().unavailable[:1])


@pytest.fixture(scope="session")
def graded():
    """Six channels, three seeds."""
    return stored_journeys.grades()


@pytest.fixture(scope="session")
def graded_once():
    """Twenty channels with long names and markup in them, one seed."""
    return stored_journeys.grades(stored_journeys.LONG, seeds=1)


@pytest.fixture(scope="session")
def nothing_graded():
    return stored_journeys.nothing()


@pytest.fixture(scope="session")
def stressed():
    return stored_journeys.stress()


@pytest.fixture(scope="session")
def stressed_once():
    """Thirty presets, one seed."""
    return stored_journeys.stress({f"p{i}": f"Preset {i} with a long name" for i in range(30)}, seeds=1)


@pytest.fixture(scope="session")
def attributed():
    return stored_journeys.attributed(stored_journeys.LONG)


@pytest.fixture(scope="session")
def attributed_by_one(attributed):
    """One model, no interval."""
    return replace(attributed, credits=attributed.credits[2:3], intervals=(None,))


@pytest.fixture(scope="session")
def voice_profile():
    return stored_voice.profile(stored_voice.brand())


@pytest.fixture(scope="session")
def voice_without_contrast():
    return stored_voice.profile(stored_voice.brand(12, 0))


@pytest.fixture(scope="session")
def voice_batch():
    return stored_voice.batch(stored_voice.brand(), "0" * 16 + "@1", 60)


@pytest.fixture(scope="session")
def voice_batch_of_nothing(voice_batch):
    """No line came."""
    return replace(voice_batch, verdicts=(), funnel=stored_voice.funnel(()))


@pytest.fixture(scope="session")
def prospective():
    """A standing after twelve weeks, a file of leads, and twelve of them."""
    return stored_prospective.standing(), stored_prospective.leads(), stored_prospective.cohorts()


@pytest.fixture(scope="session")
def prospective_untold():
    """No outcome yet; fifty features with long names and markup in them, one file."""
    many = stored_prospective.named_leads()
    return stored_prospective.untold(), many, stored_prospective.cohorts(1, many)


@pytest.fixture(scope="session")
def prospective_of_nothing():
    """No week, no drift, no file."""
    found = stored_prospective.leads(drift=(), drift_score=stored_prospective.drift("score"))
    return stored_prospective.standing(0, calibration_reference=(), calibration_arm=(), deciles=()), found, ()
