"""What a budget that follows a model's credit would lose."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, journeys_league, journeys_models, text
from synth_core import charts as figures
from synth_core.charts.journey_marks import plus_minus
from synth_core.journeys.results import Grades
from synth_core.runs import Run

_MANY = 10


def show(run: Run, grades: Grades) -> None:
    """Conversions lost, where the money would go, and what the next of it brings."""
    budget = grades.budget
    if budget is None:
        st.info(
            "No channel of this world costs anything, so that there is no budget to move. Give some channels a cost "
            "under “Edit parameters”.",
            icon=":material/info:",
        )
        return
    league = journeys_league.of(run)
    model = journeys_models.select([c.model for c in grades.samples[0].credits], "If budget followed")
    line = next(m for m in league.models if m.model == model)
    share = text.share(max(0.0, line.regret.mean)).replace(" ", "\N{NO-BREAK SPACE}")
    st.markdown(
        f"## If budget followed {line.name}, you would lose {plus_minus(line.lost, digits=0)} of "
        f"{text.count(budget.best.conversions)} conversions ({share})"
    )
    st.markdown(
        f"The best budget found brings **{text.count(budget.best.conversions)}** conversions, today's "
        f"**{text.count(budget.today.conversions)}**, one that follows the true Shapley credit "
        f"**{text.count(budget.truth.conversions)}**. All spend the same {text.count(budget.total)}."
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Conversions lost per model", anchor=False)
        charts.show(figures.journey_lost(league), "journeys-lost")
    with right:
        st.header("Where the money goes", anchor=False)
        charts.show(figures.journey_allocations(grades, model), "journeys-allocations")
    with left if len(grades.world.channels) > _MANY else right:  # columns of about the same height
        st.header("Return of the next money", anchor=False)
        charts.show(figures.journey_marginal(grades), "journeys-marginal")
    st.caption(
        f"Per {text.count(budget.users)} users, measured on {text.count(budget.simulated)} simulated ones with the "
        f"same chance for every budget. Money goes to the channels with most credited conversions per unit of money "
        f"first. No channel gets more than {budget.most:g} times its budget of today, or less than one part in "
        f"{budget.most:g} of it: farther from what was seen, even the true world says little about real media. The "
        "best budget is the best one found by a search, so that another may be a little better."
    )
