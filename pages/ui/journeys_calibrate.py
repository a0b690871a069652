"""A simulated world that looks like uploaded journeys, so that models can be graded in it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import journeys_views, loaded, progress, text
from pages.ui.journeys_credits import latest
from synth_core.charts.journey_marks import points
from synth_core.journeys.library import Info
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.results import Calibration
from synth_core.runs import Run


def section(info: Info) -> None:
    """The latest calibration, and the button for one."""
    st.header("Calibrate to this client", anchor=False)
    run = latest("calibrate", info.id)
    if run is None:
        st.markdown(
            "Fits reach, length of paths and conversion rates of a simulated world to these journeys. What journeys "
            "cannot tell, such as true effects and targeting, is taken from a preset that you choose, and listed."
        )
        _form(info, "Calibrate")
        return
    if progress.finished(run):
        show(run, loaded.result(run))
    if run.state not in progress.ACTIVE:
        with st.expander("Calibrate again from another preset", icon=":material/add:"):
            _form(info, "Calibrate again")


def _form(info: Info, label: str) -> None:
    left, right = st.columns([3, 1])
    base = left.selectbox("What journeys cannot tell is taken from", list(PRESETS), index=list(PRESETS).index("full"),
                          key="calibrate-base", format_func=lambda k: PRESETS[k].name)  # fmt: skip
    seed = right.number_input("Seed", 0, 2**31 - 1, 7, key="calibrate-seed")
    st.caption(PRESETS[base].about)
    organic = st.number_input(
        "Conversions that would come without any touch, in %, if you know it", 1.0, 99.0, None, 5.0,
        key="calibrate-organic", placeholder="as in the preset",
        help="From an experiment, such as a holdout group that saw no advertising. Journeys alone cannot tell it.",
    )  # fmt: skip
    if st.button(label, icon=":material/tune:", key="calibrate-start"):
        spec = {"journeys": info.id, "base": PRESETS[base].to_dict(), "seed": int(seed)}
        if organic is not None:
            spec["organic_share"] = organic / 100
        journeys_views.submit("calibrate", spec, title=f"Calibration to {info.name}")


def show(run: Run, found: Calibration) -> None:
    """How close the world comes, what was assumed, and the way to grade in it."""
    st.markdown(
        f"The calibrated world is off by **{text.share(found.distance)}** on average over {len(found.moments)} "
        f"figures, after {found.rounds} round{'s' * (found.rounds != 1)}."
    )
    st.dataframe(
        pd.DataFrame(
            {
                "Figure": [m.name for m in found.moments],
                "Client": [text.figure(m.client) for m in found.moments],
                "World": [text.figure(m.world) for m in found.moments],
                "Difference": [_apart(m.client, m.world) for m in found.moments],
            }
        ),
        hide_index=True,
        height="content" if len(found.moments) <= 16 else 600,
        column_config={
            "Figure": st.column_config.TextColumn(pinned=True, width="medium"),
            **{n: st.column_config.TextColumn(alignment="right") for n in ("Client", "World", "Difference")},
        },
        alt="Figures of the client's journeys and of the calibrated world",
    )
    if found.assumed:
        st.markdown("**Assumed, because journeys cannot tell it**")
        st.markdown("\n".join(f"- {text.literal(line)}" for line in found.assumed))
    if st.button("Grade models in this world", type="primary", icon=":material/play_arrow:", key="calibrate-grade"):
        journeys_views.show("simulate", world=run.id)
        st.rerun()


def _apart(client: float, world: float) -> str:
    return f"{points((world - client) / abs(client))} %" if client else "–"
