"""All models in all preset worlds."""

from __future__ import annotations

from typing import Literal

from synth_core.charts.base import Chart, blank
from synth_core.charts.journey_grid import about, grid
from synth_core.charts.journey_marks import plus_minus
from synth_core.journeys.results import Mean, Stress

Measure = Literal["share_error", "regret"]
MEASURES: dict[Measure, str] = {"share_error": "Share MAE", "regret": "Budget regret"}
_UNIT = {"share_error": "percentage points", "regret": "% of conversions"}
_SCALE = [[0.0, "#FFFFFF"], [1.0, "#B48CCB"]]  #: light enough for dark figures


def journey_stress(stress: Stress, measure: Measure = "share_error") -> Chart:
    """Models by presets, the best of each preset in bold; darker is worse."""
    found = {(c.model, c.preset): value for c in stress.cells if (value := getattr(c, measure)) is not None}
    if not found:
        return blank(f"{MEASURES[measure]}: nothing could be measured.")
    least = {p: min(v.mean for (_, q), v in found.items() if q == p) for p in {q for _, q in found}}
    models, presets = dict(stress.models), dict(stress.presets)
    cells = [[found.get((m, p)) for p in presets] for m in models]
    low, top = min(least.values()), max(v.mean for v in found.values())
    figure = grid(
        list(models.values()), list(presets.values()),
        [[None if v is None else 100 * v.mean for v in line] for line in cells],
        [[_text(v, least.get(p)) for p, v in zip(presets, line, strict=True)] for line in cells],
        [[about(models[m], presets[p], _said(v, measure)) for p, v in zip(presets, line, strict=True)]
         for m, line in zip(models, cells, strict=True)],
        scale=_SCALE, low=100 * low, high=100 * max(top, low + 1e-6), name=MEASURES[measure],
    )  # fmt: skip
    (model, preset), worst = max(found.items(), key=lambda item: item[1].mean)
    first: dict[str, int] = {}
    for (m, p), v in found.items():
        if v.mean == least[p]:
            first[m] = first.get(m, 0) + 1
    leader = max(first, key=first.__getitem__)
    return Chart(
        figure,
        f"{MEASURES[measure]} in {_UNIT[measure]}, the best of each world in bold. Worst of all: {models[model]} in "
        f"“{presets[preset]}” with {plus_minus(worst, 100)}. {models[leader]} is best in {first[leader]} of "
        f"{len(least)} worlds.",
    )


def _text(value: Mean | None, best: float | None) -> str:
    if value is None:
        return "–"
    text = f"{100 * value.mean:.1f}".replace("-", "−")
    return f"<b>{text}</b>" if value.mean == best else text


def _said(value: Mean | None, measure: Measure) -> str:
    return "not measured" if value is None else f"{plus_minus(value, 100)} {_UNIT[measure]}"
