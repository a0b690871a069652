"""Compare synthetic rows with the real training rows, and the real holdout as a yardstick."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations, pairwise

import numpy as np
import pandas as pd

from synth_core.fidelity import coverage, kl, pairs, projection, shape, target
from synth_core.fidelity.results import (
    Associations,
    FeatureFidelity,
    FidelityReport,
    Marginal,
    Measures,
    PairFidelity,
    Projection,
    Unavailable,
)
from synth_core.tables import Column, Holdout, Kind, Role, Schema, Train
from synth_core.tables.schema import LEVELS, QUANTITIES

_MOST_COLUMNS = 40  #: columns whose pairs are compared
_PAIR_ROWS = 5_000  #: rows used for pairs


FORMULAS = {
    "kl": kl.FORMULA,
    "kl_reverse": "The same with real and synthetic exchanged.",
    "kl_noise": kl.NOISE_FORMULA,
    "shape": shape.FORMULA,
    "jensen_shannon": shape.JENSEN_SHANNON_FORMULA,
    "wasserstein": shape.WASSERSTEIN_FORMULA,
    "coverage": coverage.FORMULA,
    "adherence": coverage.ADHERENCE_FORMULA,
    "missing": "Share of rows without a value. Should equal that of the real rows.",
    "distinct": "Number of different values. Should be near that of the real rows.",
    "target_auc": target.FORMULA,
    "missing_real": "Share of real training rows without a value.",
    "distinct_real": "Number of different values in the real training rows.",
    "target_auc_real": target.FORMULA,
}


def report(train: Train, holdout: Holdout | None, synthetic: pd.DataFrame, *, seed: int) -> FidelityReport:
    """Compare synthetic rows with the real training rows, and the real holdout as a yardstick.

    Parameters
    ----------
    train : Train
    holdout : Holdout or None
    synthetic : pandas.DataFrame, shape (n_rows, n_columns)
        The training columns.
    seed : int
        For the rows drawn into pairs and pictures.
    """
    schema = train.schema
    names = [c.name for c in schema if c.role in QUANTITIES or c.role in LEVELS or c.role is Role.TARGET]
    frames = [_comparable(frame, schema, names) for frame in (train.frame, synthetic)]
    held = _comparable(holdout.frame, schema, names) if holdout is not None else None
    outcomes = _outcomes(schema, train.frame, synthetic, holdout.frame if holdout is not None else None)
    features = tuple(
        _feature(
            schema[name],
            frames[0][name],
            frames[1][name],
            held[name] if held is not None else None,
            outcomes if name != schema.target else None,
        )
        for name in names
    )
    projected = projection.project(train, synthetic, seed=seed)
    paired, left_out = _associations(frames[0], frames[1], held, seed)
    unavailable = [*_set_aside(schema), *left_out, *_not_computed(features)]
    if outcomes is None:
        unavailable.append(Unavailable("Relation to the target", "needs a target with two classes"))
    if projected is None:
        unavailable.append(Unavailable("Projection", "needs two varying features and two rows"))
    return FidelityReport(
        headline=_headline(features),
        features=features,
        scores=(),
        two_sample=None,
        associations=paired,
        projection=Projection(*projected) if projected else None,
        unavailable=tuple(unavailable),
        sampling=(),
        formulas=FORMULAS,
        train_rows=len(train),
        holdout_rows=len(holdout) if holdout is not None else 0,
        synthetic_rows=len(synthetic),
        target=schema.target,
        positive=schema.positive,
        seed=seed,
    )


def _comparable(frame: pd.DataFrame, schema: Schema, names: list[str]) -> pd.DataFrame:
    """Quantities as float64 (dates as days), levels as text; missing as NaN and None."""
    out = {}
    for name in names:
        values, role = frame[name], schema[name].role
        if str(values.dtype).startswith("datetime64"):
            days = values.to_numpy().astype("datetime64[s]").astype("float64") / 86_400
            out[name] = np.where(values.isna().to_numpy(), np.nan, days)
        elif role in QUANTITIES or (role is Role.TARGET and schema.positive is None and values.dtype != object):
            out[name] = values.to_numpy(dtype="float64", na_value=np.nan)
        else:
            out[name] = values.astype(str).astype(object).where(values.notna(), None)
    return pd.DataFrame(out, index=range(len(frame)))


def _outcomes(schema: Schema, *frames: pd.DataFrame | None) -> tuple[np.ndarray | None, ...] | None:
    """0/1 outcomes of train, synthetic and holdout rows; None without a two-class target."""
    if schema.target is None or schema.positive is None:
        return None
    return tuple(
        None if frame is None else frame[schema.target].astype(str).eq(schema.positive).to_numpy().astype(int)
        for frame in frames
    )


def _feature(
    column: Column, real: pd.Series, synthetic: pd.Series, held: pd.Series | None, outcomes: tuple | None
) -> FeatureFidelity:
    cells = kl.cells(real, len(synthetic))
    score = target.FeatureScore(real, outcomes[0]) if outcomes and real.notna().any() else None

    def measures(other: pd.Series, y: np.ndarray | None) -> Measures:
        p, q = cells.count(real), cells.count(other)
        return Measures(
            kl=kl.divergence(p, q),
            kl_reverse=kl.divergence(q, p),
            kl_noise=kl.noise(p, q),
            shape=shape.complement(real, other),
            jensen_shannon=shape.jensen_shannon(p, q),
            wasserstein=shape.wasserstein(real, other),
            coverage=coverage.coverage(real, other),
            adherence=coverage.adherence(real, other),
            missing=_missing(other),
            distinct=other.nunique(),
            target_auc=score.auc(other, y) if score and len(other) else None,
        )

    ys = outcomes or (None, None, None)
    found = measures(synthetic, ys[1])
    return FeatureFidelity(
        name=column.name,
        is_quantity=pairs.is_quantity(real),
        missing_real=_missing(real),
        distinct_real=real.nunique(),
        target_auc_real=score.auc(real, ys[0]) if score else None,
        synthetic=found,
        holdout=measures(held, ys[2]) if held is not None else None,
        sentence=f"KL {found.kl:.3f}, {found.kl_noise:.3f} by chance.",
        marginal=_marginal(
            cells, real, cells.count(real), cells.count(synthetic), _day if column.kind is Kind.DATE else _short
        ),
    )


def _missing(values: pd.Series) -> float:
    return float(values.isna().mean()) if len(values) else 0.0


def _short(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}"


def _day(value: float) -> str:
    return str(np.datetime64(round(value), "D"))


def _marginal(cells: kl.Cells, real: pd.Series, p: np.ndarray, q: np.ndarray, show: Callable[[float], str]) -> Marginal:
    """Cells in reading order: intervals and frequent values by size, levels by real share; empty ones left out."""
    if cells.edges is None:
        labels = [*map(str, cells.own), "other", "missing"]
        order = [*np.argsort(-p[: len(cells.own)], kind="stable"), len(cells.own), len(cells.own) + 1]
    else:
        ends = list(pairwise([real.min(), *cells.edges, real.max()]))
        spans = [
            f"{show(a)} – {show(b)}" + (" (others)" if any(a <= v <= b for v in cells.own) else "") for a, b in ends
        ]
        labels = [*(f"= {show(v)}" for v in cells.own), *spans, "missing"]
        order = np.argsort([*cells.own, *((a + b) / 2 for a, b in ends), math.inf], kind="stable")
    kept = [i for i in order if p[i] or q[i]]
    return Marginal(
        tuple(labels[i] for i in kept),
        tuple(float(p[i] / p.sum()) for i in kept),
        tuple(float(q[i] / max(q.sum(), 1)) for i in kept),
    )


def _associations(
    real: pd.DataFrame, synthetic: pd.DataFrame, held: pd.DataFrame | None, seed: int
) -> tuple[Associations | None, list[Unavailable]]:
    fits = [n for n in real if pairs.comparable(real[n])]
    names, left_out = fits[:_MOST_COLUMNS], []
    if odd := [n for n in real if n not in fits]:
        left_out.append(Unavailable("Pairs", f"{', '.join(odd)}: one value only, or more than 50 levels"))
    if fits[_MOST_COLUMNS:]:
        left_out.append(Unavailable("Pairs", f"only the first {_MOST_COLUMNS} of {len(fits)} columns are paired"))
    if len(names) < 2 or not len(synthetic):
        return None, [*left_out, Unavailable("Pairs", "needs two features that vary")]
    samples = [
        None if f is None else f[names].sample(min(len(f), _PAIR_ROWS), random_state=seed)
        for f in (real, synthetic, held)
    ]
    real, other, fresh = samples
    found = sorted(
        (_pair(real, other, fresh, list(two)) for two in combinations(names, 2)),
        key=lambda pair: 1.0 if pair.similarity is None else pair.similarity,
    )
    return (
        Associations(
            tuple(names),
            pairs.matrix(real),
            pairs.matrix(other),
            _mean([pair.similarity for pair in found]),
            _mean([pair.similarity_holdout for pair in found]),
            tuple(found),
        ),
        left_out,
    )


def _pair(real: pd.DataFrame, other: pd.DataFrame, fresh: pd.DataFrame | None, two: list[str]) -> PairFidelity:
    held = pairs.pair_similarity(real[two], fresh[two]) if fresh is not None else None
    return PairFidelity(*two, pairs.pair_similarity(real[two], other[two]), held)


def _mean(values: list[float | None]) -> float | None:
    found = [v for v in values if v is not None]
    return float(np.mean(found)) if found else None


def _set_aside(schema: Schema) -> list[Unavailable]:
    reasons = {
        Role.IDENTIFIER: "an identifier: new ones are made",
        Role.SENSITIVE: "sensitive: left blank on purpose",
        Role.FREE_TEXT: "free text: left blank on purpose",
        Role.CONSTANT: "one value only",
        Role.EMPTY: "no values",
    }
    return [Unavailable(c.name, reasons[c.role]) for c in schema if c.role in reasons]


def _not_computed(features: tuple[FeatureFidelity, ...]) -> list[Unavailable]:
    found = []
    for feature in features:
        if feature.synthetic.shape is None:
            found.append(Unavailable(feature.name, "no values in one of the tables: only missing rates are compared"))
        elif feature.is_quantity and feature.synthetic.wasserstein is None:
            found.append(Unavailable(f"Wasserstein of {feature.name}", "half of the real rows share one value"))
    return found


def _headline(features: tuple[FeatureFidelity, ...]) -> str:
    if not features:
        return "No column could be compared."
    worst = max(features, key=lambda f: f.synthetic.kl)
    far = sorted((f for f in features if f.synthetic.kl > kl.LOOSE), key=lambda f: -f.synthetic.kl)
    near = sum(f.synthetic.kl <= kl.STRICT for f in features)
    if far:
        named = ", ".join(f.name for f in far[:3]) + (" …" if len(far) > 3 else "")
        return f"{len(far)} of {len(features)} columns differ clearly from the real ones (KL over {kl.LOOSE}): {named}."
    if near < len(features):
        return (
            f"{near} of {len(features)} columns pass the strict line (KL {kl.STRICT}) and all pass the loose one "
            f"({kl.LOOSE}); the farthest is {worst.name} with {worst.synthetic.kl:.3f}."
        )
    return (
        f"All {len(features)} columns pass the strict line (KL {kl.STRICT}); the farthest is {worst.name} with "
        f"{worst.synthetic.kl:.3f}."
    )
