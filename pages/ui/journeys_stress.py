"""All models in all preset worlds: where each of them breaks."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, journeys_models, journeys_views, loaded, progress, text
from synth_core import charts as figures
from synth_core.charts.journey_stress import MEASURES
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.results import Stress


def section() -> None:
    """The latest stress test, and the button for one."""
    st.markdown(
        "Every model in every preset world: one in which all is easy, some with one difficulty each, and one with "
        "everything at once. A model that is good only in one column is a model for that world only."
    )
    run = journeys_views.pick_run("stress")
    if run is None:
        _form("Stress all presets", primary=True)
        return
    if progress.finished(run):
        _show(loaded.result(run))
    if run.state not in progress.ACTIVE:
        with st.expander("Stress again with other settings", icon=":material/add:"):
            _form("Stress again")
    with st.expander("What the presets are", icon=":material/description:"):
        st.markdown("\n".join(f"- **{w.name}**: {w.about}" for w in PRESETS.values()))


def _form(label: str, *, primary: bool = False) -> None:
    left, middle, right = st.columns(3)
    users = left.number_input("Users per simulation", 100, 200_000, 20_000, 1_000, key="stress-users")
    seeds = middle.number_input("Seeds", 1, 50, 3, key="stress-seeds",
                                help="Per preset. Ten or more for figures that you hand out.")  # fmt: skip
    seed = right.number_input("First seed", 0, 2**31 - 1, 7, key="stress-seed")
    models = journeys_models.choose("stress-models")
    if st.button(label, type="primary" if primary else "secondary", icon=":material/grid_on:", key="stress-start",
                 disabled=not models):  # fmt: skip
        spec = {"presets": list(PRESETS), "users": int(users), "seeds": int(seeds), "seed": int(seed), "models": models}
        journeys_views.submit("stress", spec, title=f"Stress: {len(PRESETS)} presets × {len(models)} models")


def _show(stress: Stress) -> None:
    measure = st.segmented_control("Measure", list(MEASURES), default="share_error", key="stress-measure",
                                   format_func=MEASURES.get, required=True, label_visibility="collapsed")  # fmt: skip
    charts.show(figures.journey_stress(stress, measure), "journeys-stress")
    several = f"{stress.seeds} seeds" if stress.seeds > 1 else "one seed, so that nothing can be said about noise"
    st.caption(
        f"{text.count(stress.users)} users per simulation, {several}, first seed {stress.seed}. Point at a cell for "
        "its standard error. Share MAE: mean absolute error of the channels' shares against the true Shapley shares. "
        "Budget regret: conversions lost when the budget follows the credit."
    )
    for note in stress.notes:
        st.info(text.literal(note))
