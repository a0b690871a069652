"""How new leads differ from the training rows: one file by feature, and all files together."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from synth_core.charts.base import BAND, LEGEND, QUIET, TEXT, Chart, blank, cut, plain, short, styled
from synth_core.prospective.drift import SOME, STRONG
from synth_core.prospective.results import Cohort, Drift, Leads

#: Level → mark, word, colour, colour of a cell.
LEVELS = {
    "none": ("", "no drift", QUIET, BAND),
    "some": ("◆", "some drift", "#9A5B00", "#F6DFB5"),
    "strong": ("▲", "strong drift", "#B23A00", "#F0B295"),
}
_SCORE = "Score (real rows only)"
_MOST, _COHORTS = 12, 26
_END = 1.0  #: of the axis; longer bars leave the picture, and their figure is written beside the name
_LINE, _BAR, _GAP, _CELL = 17, 9, 9, 30  # pixels


def prospective_drift(leads: Leads) -> Chart:
    """PSI of every feature and of the score itself, strongest first, in words."""
    rows = [(_SCORE, leads.drift_score), *((d.name, d) for d in leads.drift[:_MOST])]
    figure, y, seen = go.Figure(), 0.0, set()
    end = min(max(1.15 * max(d.psi for _, d in rows), 1.2 * STRONG), _END)
    for name, drift in rows:
        mark, word, colour, _ = LEVELS[drift.level]
        for x, anchor, text in ((0, "left", short(name, 34)), (1, "right", f"{mark} {word} {drift.psi:.2f}".strip())):
            figure.add_annotation(x=x, y=y - _LINE / 2, xref="paper", xanchor=anchor, yanchor="middle", text=text,
                                  showarrow=False, bgcolor="#FFFFFF", borderpad=0,
                                  font={"size": 12, "color": TEXT if not x else colour})  # fmt: skip
        y -= _LINE + _BAR / 2
        figure.add_bar(
            x=[drift.psi], y=[y], width=[_BAR], orientation="h", marker={"color": colour}, name=word.capitalize(),
            legendgroup=word, showlegend=word not in seen,
            hovertemplate=f"{plain(cut(name, 60))}<br>PSI {drift.psi:.3f}, KL {drift.kl:.3f}<extra></extra>",
        )  # fmt: skip
        seen.add(word)
        y -= _BAR / 2 + _GAP
    for line in (SOME, STRONG):
        figure.add_vline(line, line={"color": QUIET, "width": 1, "dash": "dot"}, layer="below")
    ticks = [0, SOME, STRONG, *([0.5] * (end > 0.55)), *([1.0] * (end >= _END))]
    styled(figure, height=round(-y) + 60, bargap=0, showlegend=False,
           xaxis={"range": [0, end], "showgrid": False, "tickvals": ticks,
                  "tickformat": ".2~f", "title": {"text": "Population stability index (PSI)"}},
           yaxis={"range": [y, 0], "visible": False})  # fmt: skip
    return Chart(figure, _told(leads))


def _told(leads: Leads) -> str:
    found = [d for d in leads.drift if d.level != "none"]
    left = f" The {_MOST} features that differ most of {len(leads.drift)} are drawn." * (len(leads.drift) > _MOST)
    lines = (
        f"Usual lines (dotted): {SOME} for some drift, {STRONG} for strong. In a small file a PSI beyond them may be "
        "chance; then it is not called drift."
    )
    if not found:
        return f"No feature drifts among {leads.rows:,} leads. {lines}{left}"
    names = ", ".join(f"{cut(d.name, 40)} ({LEVELS[d.level][1]}, PSI {d.psi:.2f})" for d in found[:3])
    more = f" and {len(found) - 3} more" * (len(found) > 3)
    drifts = "1 feature differs" if len(found) == 1 else f"{len(found)} features differ"
    return f"{drifts} from the training rows: {names}{more}. {lines}{left}"


def prospective_drift_strip(cohorts: Sequence[Cohort]) -> Chart:
    """Drift of every feature, file by file: a strip of cells, each with a mark, for those that drifted most."""
    if not cohorts:
        return blank("No leads yet.")
    shown = list(cohorts)[-_COHORTS:]
    by_name = [{_SCORE: c.leads.drift_score, **{d.name: d for d in c.leads.drift}} for c in shown]
    names = _strongest(by_name)
    grid = [[found.get(name) for found in by_name] for name in names]
    places = list(LEVELS)
    figure = go.Figure()
    figure.add_heatmap(
        x=list(range(1, len(shown) + 1)), y=list(range(len(names))),
        z=[[None if d is None else places.index(d.level) for d in row] for row in grid],
        text=[[LEVELS[d.level][0] if d else "" for d in row] for row in grid], texttemplate="%{text}",
        textfont={"size": 11, "color": TEXT},
        customdata=[[_cell(name, c, d) for c, d in zip(shown, row, strict=True)]
                    for name, row in zip(names, grid, strict=True)],
        hovertemplate="%{customdata}<extra></extra>", zmin=-0.5, zmax=2.5, xgap=2, ygap=2, showscale=False,
        colorscale=[[(i + s) / 3, LEVELS[level][3]] for i, level in enumerate(places) for s in (0, 1)],
        name="Drift", hoverongaps=False,
    )  # fmt: skip
    ticks = list(range(1, len(shown) + 1, max(1, -(-len(shown) // 12))))
    first = len(cohorts) - len(shown)
    styled(
        figure, height=len(names) * _CELL + 60 + LEGEND // 2, margin_t=LEGEND // 2,
        xaxis={"tickvals": ticks, "ticktext": [str(t + first) for t in ticks], "showgrid": False,
               "title": {"text": "File of leads, earliest first"}},
        yaxis={"tickvals": list(range(len(names))), "ticktext": [short(n, 24) for n in names], "autorange": "reversed",
               "showgrid": False},
    )  # fmt: skip
    legend = "   ".join(f"{mark} {word}" for mark, word, *_ in LEVELS.values() if mark)
    figure.add_annotation(
        text=legend, x=0, y=1,
        xref="paper", yref="paper", xanchor="left", yanchor="bottom", showarrow=False,
        font={"size": 12, "color": QUIET},
    )  # fmt: skip
    return Chart(figure, _strip_told(by_name, len(cohorts)))


def _strongest(by_name: list[dict[str, Drift]]) -> list[str]:
    """The score, then the features that ever drifted most."""
    most: dict[str, float] = {}
    for found in by_name:
        for name, drift in found.items():
            most[name] = max(most.get(name, 0.0), drift.psi)
    rest = sorted((n for n in most if n != _SCORE), key=lambda n: -most[n])
    return [_SCORE, *rest[:_MOST]]


def _cell(name: str, cohort: Cohort, drift: Drift | None) -> str:
    head = f"{plain(cut(cohort.label, 40))}<br>{plain(cut(name, 50))}<br>"
    return f"{head}not compared" if drift is None else f"{head}{LEVELS[drift.level][1]}, PSI {drift.psi:.3f}"


def _strip_told(by_name: list[dict[str, Drift]], count: int) -> str:
    strong = {n for found in by_name for n, d in found.items() if d.level == "strong"}
    some = {n for found in by_name for n, d in found.items() if d.level == "some"} - strong
    files = "the only file" if count == 1 else f"{count} files"
    cut_off = f" The last {_COHORTS} are drawn." * (count > _COHORTS)
    if not strong and not some:
        return f"No drift in {files} of leads.{cut_off}"
    parts = [f"{word}: {', '.join(cut(n, 40) for n in sorted(names)[:4])}{' and more' * (len(names) > 4)}"
             for word, names in (("strong", strong), ("some", some)) if names]  # fmt: skip
    return f"Drift in {files} of leads at least once; {'; '.join(parts)}.{cut_off}"
