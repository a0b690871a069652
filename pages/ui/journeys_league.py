"""The league table of models, and which of its differences are noise."""

from __future__ import annotations

import streamlit as st

from pages.ui import journeys_models, loaded, number_table, text, workspace
from synth_core.charts.journey_marks import plus_minus
from synth_core.journeys import scoring
from synth_core.journeys.results import Graded, Grades, League, Mean, TruthName
from synth_core.reports.journeys import ours_loses
from synth_core.runs import Run

COLUMNS = ["Share MAE ↓", "Total variation ↓", "Spearman ↑", "Kendall ↑", "Coverage → 95 %", "Regret ↓"]
_FORMULAS = {
    "Share MAE (percentage points, lower is better)": "mean over the channels of |share of credit − true share|.",
    "Total variation (percentage points, lower is better)": "half the sum over the channels of |share of credit − true "
    "share|: the part of the credit that would have to move to be right.",
    "Spearman, Kendall (higher is better, 1 is the right order)": "rank correlation of credit and truth over the "
    "channels. “–” where all channels are alike.",
    "Coverage (near 95 % is right)": "how many of the model's 95 % bootstrap intervals, over channels and seeds, hold "
    "the true share. An interval knows chance, not bias: a biased model with much data covers nothing.",
    "Regret (lower is better)": "conversions lost when the budget follows the credit, as a share of what the best "
    "budget found brings. “–” where no channel costs anything.",
    "±": "one standard error over the seeds. With one seed there is none.",
}


def of(run: Run, truth: TruthName = "shapley") -> League:
    """The league of a finished run against one truth."""
    return _league(str(workspace.workspace()), run.id, truth, run)


@st.cache_resource(max_entries=64, show_spinner=False)
def _league(folder: str, run: str, truth: TruthName, _run: Run) -> League:
    return scoring.league(loaded.result(_run), truth)


def show(run: Run, grades: Grades) -> None:
    """All models, best first, and what may be said about their order."""
    truth = journeys_models.select_truth()
    league = of(run, truth)
    st.markdown(text.literal(league.told))
    if lost := ours_loses(league):
        st.warning(lost, icon=":material/thumb_down:")
    table(league.models)
    st.caption("Open a model's name for its definition. Each cell is a mean over the seeds ± one standard error.")
    with st.expander("How the figures are computed", icon=":material/function:"):
        st.markdown("\n".join(f"- **{name}**: {formula}" for name, formula in _FORMULAS.items()))


def table(models: tuple[Graded, ...] | list[Graded]) -> None:
    """One line for each model."""
    rows = [_row(n, m) for n, m in enumerate(models, 1)]
    with st.container(key="league"):  # names stay in sight while a phone scrolls through the figures
        number_table.show(COLUMNS, rows, about="Attribution models by distance to the truth", better=False)


def _row(place: int, model: Graded) -> number_table.Row:
    cells = (
        cell(model.share_error, 100),
        cell(model.total_variation, 100),
        cell(model.spearman, 1, 2),
        cell(model.kendall, 1, 2),
        "–" if model.coverage is None else text.share(model.coverage),
        cell(model.regret, 100, unit=" %"),
    )
    return number_table.Row(f"{place}. {model.name}", journeys_models.about(model.model), cells, "")


def cell(mean: Mean | None, scale: float = 1.0, digits: int = 1, unit: str = "") -> str:
    """A mean, its standard error below it."""
    if mean is None:
        return "–"
    figure, *error = plus_minus(mean, scale, digits).split(" ± ")
    return f"{figure}{unit}" + "".join(f"\n± {e}" for e in error)
