"""Runs of one table side by side."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import charts, loaded, number_table, text, workspace
from synth_core import charts as figures
from synth_core.fidelity import FidelityReport, Score
from synth_core.reports.fidelity import BETTER, value
from synth_core.runs import Run

MOST = 4  #: runs side by side, the chosen one included
TITLE = "Side by side"
BEST = "★ best"


def pick(run: Run, tasks: tuple[str, ...], view: str) -> list[Run]:
    """Other finished runs of the same table to compare with, tied to ``?with=``; ``view`` is the tabs' key."""
    others = {
        r.id: r
        for r in workspace.store().list()
        if r.task in tasks and r.dataset == run.dataset and r.state == "succeeded" and r.id != run.id
    }
    asked = [i for i in st.query_params.get_all("with") if i != run.id]
    if lost := [i for i in asked if i not in others]:
        st.warning(f"{len(lost)} of the runs to compare with in this address cannot be: not found, or another table.")
    if not others:
        return []
    key = "compare-with"
    st.session_state[key] = [i for i in asked if i in others][: MOST - 1]
    named = dict(zip(others, labels(list(others.values())), strict=True))
    st.multiselect(
        "Compare with",
        list(others),
        key=key,
        max_selections=MOST - 1,
        placeholder="Other runs of this table",
        format_func=named.get,
        on_change=_follow,
        args=(key, view),
    )
    return [others[i] for i in st.session_state[key]]


def _follow(key: str, view: str) -> None:
    st.query_params["with"] = st.session_state[key]
    st.session_state[view] = TITLE  # falls back to the first tab where nothing is left to compare with


def labels(runs: Sequence[Run]) -> list[str]:
    """A name for each run that tells it from the others: its title, and as much more as is needed."""
    names = [r.title.rsplit(" · ", 1)[0] for r in runs]
    for more in (_split, lambda r: text.when(r.started or r.created), lambda r: r.id[:6]):
        said = [more(r) for r in runs]
        alike = {name: {s for n, s in zip(names, said, strict=True) if n == name} for name in names}
        names = [f"{n}, {s}" if len(alike[n]) > 1 else n for n, s in zip(names, said, strict=True)]
    return names


def show(runs: Sequence[Run]) -> None:
    """Scores of ``runs`` in one table, and the divergence of every feature in one picture."""
    reports = dict(zip(labels(runs), (loaded.generated(r).fidelity for r in runs), strict=True))
    same_split = len({_split(r) for r in runs}) == 1
    if not same_split:
        st.info(
            "These runs did not see the same real rows ("
            + "; ".join(n if _split(r) in n else f"{n}: {_split(r)}" for n, r in zip(reports, runs, strict=True))
            + "), so each has a reference of its own, written below its value.",
            icon=":material/info:",
        )
    if len({r.synthetic_rows for r in reports.values()}) > 1:
        st.caption("They have different numbers of rows: in the picture, fewer rows stray farther by chance.")
    st.caption(f"{BEST}: as good as real rows are, or the nearest to that. There is none where all are equal.")
    titles = {s.key: s for report in reports.values() for s in report.scores}
    number_table.show(
        [*reports, *(["Real holdout"] if same_split else [])],
        [_row(score, list(reports.values()), same_split=same_split) for score in titles.values()],
        about="Scores of the runs side by side",
    )
    charts.show(figures.comparison(reports), "comparison")


def _split(run: Run) -> str:
    if run.spec.get("saw") == "all":
        return "every real row seen"
    return f"seed {run.spec['seed']}, {text.share(run.spec['holdout'])} locked away"


def _row(title: Score, reports: Sequence[FidelityReport], *, same_split: bool) -> number_table.Row:
    scores = [next((s for s in r.scores if s.key == title.key), None) for r in reports]
    best = _best(scores)
    cells = []
    for place, score in enumerate(scores):
        cell = value(score.value if score else None)
        cell += f"\n{BEST}" if place in best else ""
        with_own = not same_split and score is not None and score.reference is not None
        cells.append(f"{cell}\nreal {value(score.reference)}" if with_own else cell)
    if same_split:
        cells.append(value(next((s.reference for s in scores if s and s.reference is not None), None)))
    return number_table.Row(title.title, title.formula, tuple(cells), BETTER[title.better])


def _best(scores: Sequence[Score | None]) -> set[int]:
    """Places of the best scores; none where all are equal or fewer than two are known.

    Better than real rows is not better still: it is luck, or copying. So scores are told apart only by how far they
    fall short of their reference; a run without one takes part only where none has any.
    """
    known = {i: s for i, s in enumerate(scores) if s is not None and s.value is not None}
    fair = {i: s for i, s in known.items() if s.reference is not None}
    far = {i: max(_off(s.value, s.better) - _off(s.reference, s.better), 0) for i, s in fair.items()}
    far = {i: round(v, 3) for i, v in (far or {i: _off(s.value, s.better) for i, s in known.items()}).items()}
    best = {i for i, v in far.items() if v == min(far.values())}
    return set() if len(best) == len(far) else best


def _off(number: float, better: str) -> float:
    """The lower, the better."""
    signs = {"lower": 1, "higher": -1}
    return signs[better] * number if better in signs else abs(number - float(better))
