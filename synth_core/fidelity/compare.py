"""Compare synthetic rows with the real training rows, and the real holdout as a yardstick."""

from __future__ import annotations

import pandas as pd

from synth_core.fidelity import associations, features, kl, manifold, pairs, projection, two_sample
from synth_core.fidelity.results import FeatureFidelity, FidelityReport, TwoSample, Unavailable
from synth_core.fidelity.samples import bounded, draw, sizes
from synth_core.fidelity.scores import scores
from synth_core.tables import Holdout, Train
from synth_core.tables.alignment import Aligned, align

#: Field of ``Measures``, ``FeatureFidelity``, ``PairFidelity`` and the association matrices → how it is computed.
FORMULAS = {**features.FORMULAS, "similarity": pairs.FORMULA, "association": associations.FORMULA}


def report(train: Train, holdout: Holdout | None, synthetic: pd.DataFrame, *, seed: int) -> FidelityReport:
    """Compare synthetic rows with the real training rows, and the real holdout as a yardstick.

    What cannot be compared is listed in ``unavailable`` with the reason.

    Parameters
    ----------
    train : Train
    holdout : Holdout or None
    synthetic : pandas.DataFrame, shape (n_rows, n_columns)
        The training columns; absent ones, and those with values of another kind, are listed.
    seed : int
        For the rows drawn into samples, and for the models of the two-sample test.
    """
    schema = train.schema
    everything = align(train, holdout, synthetic)
    aligned = bounded(everything, seed=seed)
    alike, fair = draw(aligned, None, seed=seed), draw(aligned, None, seed=seed, all_alike=False)
    measured = features.features(aligned, fair, schema.target, schema.positive)
    found = tuple(feature for feature, _ in measured)
    paired, left_out = associations.associations(aligned, seed=seed)
    test = two_sample.two_sample(aligned, paired, seed=seed)
    near = draw(aligned, manifold.ROWS, seed=seed)
    dense = manifold.manifold(near)
    projected = projection.project(aligned, seed=seed)
    has_outcome = features.outcome(aligned, schema.target, schema.positive) is not None
    unavailable = [*everything.unavailable, *left_out, *_not_computed(found)]
    if not has_outcome:
        unavailable.append(Unavailable("Relation to the target", "needs a target with two classes"))
    elif all(None in (f.target_auc_real, f.synthetic.target_auc) for f in found):
        unavailable.append(Unavailable("Relation to the target", "needs both outcomes in real and in synthetic rows"))
    if isinstance(test, str):
        unavailable.append(Unavailable("Two-sample test", test))
    if dense is None:
        unavailable.append(Unavailable("Coverage and density", manifold.TOO_FEW))
    if projected is None:
        unavailable.append(Unavailable("Projection", "needs two varying features and two rows"))
    if not everything.holdout_rows:
        unavailable.append(Unavailable("Real holdout rows as a reference", "there are none"))
    return FidelityReport(
        headline=_headline(found, test if isinstance(test, TwoSample) else None),
        features=found,
        scores=scores(measured, paired, test, dense, alike, aligned.synthetic_rows),
        two_sample=test if isinstance(test, TwoSample) else None,
        associations=paired,
        projection=projected,
        unavailable=tuple(unavailable),
        sampling=(
            _columns_on(everything, aligned),
            sizes("Pairs of columns", associations.sampled(aligned, seed=seed)),
            sizes("Two-sample test", two_sample.sampled(aligned, seed=seed)),
            sizes("Coverage and density", near),
            sizes("Repeated rows", alike),
        ),
        formulas=FORMULAS,
        train_rows=everything.train_rows,
        holdout_rows=everything.holdout_rows,
        synthetic_rows=everything.synthetic_rows,
        target=schema.target,
        positive=schema.positive,
        seed=seed,
    )


def _columns_on(everything: Aligned, compared: Aligned) -> str:
    if everything.train_rows == compared.train_rows and everything.synthetic_rows == compared.synthetic_rows:
        return "Columns: all rows."
    return sizes("Columns", compared)


def _not_computed(found: tuple[FeatureFidelity, ...]) -> list[Unavailable]:
    reasons = []
    for feature in found:
        if feature.synthetic.shape is None:
            reasons.append(Unavailable(feature.name, "no values in one of the tables: only missing rates are compared"))
        elif feature.is_quantity and feature.synthetic.wasserstein is None:
            reasons.append(Unavailable(f"Wasserstein of {feature.name}", "half of the real rows share one value"))
    return reasons


def _headline(found: tuple[FeatureFidelity, ...], test: TwoSample | None) -> str:
    """Columns one by one, and whether rows as a whole can be told apart."""
    if not found or test is None or not test.told:
        return _columns(found)
    auc = test.auc_train if test.auc_fresh is None else test.auc_fresh
    return f"{_columns(found)} A model can tell the rows apart (AUC {auc:.2f})."


def _columns(found: tuple[FeatureFidelity, ...]) -> str:
    if not found:
        return "No column could be compared."
    worst = max(found, key=lambda f: f.synthetic.kl)
    far = sorted((f for f in found if f.synthetic.kl > kl.LOOSE), key=lambda f: -f.synthetic.kl)
    near = sum(f.synthetic.kl <= kl.STRICT for f in found)
    if far:
        named = ", ".join(f.name for f in far[:3]) + (" …" if len(far) > 3 else "")
        return f"{len(far)} of {len(found)} columns differ clearly from the real ones (KL over {kl.LOOSE}): {named}."
    if near < len(found):
        return (
            f"{near} of {len(found)} columns pass the strict line (KL {kl.STRICT}) and all pass the loose one "
            f"({kl.LOOSE}); the farthest is {worst.name} with {worst.synthetic.kl:.3f}."
        )
    return (
        f"All {len(found)} columns pass the strict line (KL {kl.STRICT}); the farthest is {worst.name} with "
        f"{worst.synthetic.kl:.3f}."
    )
