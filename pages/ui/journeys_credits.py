"""What each model credits on uploaded journeys; no truth, so no grades."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import (
    charts,
    journeys_form,
    journeys_models,
    journeys_views,
    loaded,
    progress,
    report_link,
    text,
    workspace,
)
from synth_core import charts as figures
from synth_core.journeys.library import Info
from synth_core.journeys.results import Attributed
from synth_core.runs import Run

_RESAMPLES = 200


def latest(task: str, journeys_id: str) -> Run | None:
    """The run of ``task`` on these journeys that the address names, else the latest."""
    found = [r for r in workspace.store().list() if r.task == task and r.spec["journeys"] == journeys_id]
    asked = st.query_params.get("run")
    return next((r for r in found if r.id == asked), found[0] if found else None)


def section(info: Info) -> None:
    """The latest credits, and the button for new ones."""
    st.header("Credits per model", anchor=False)
    run = latest("attribute", info.id)
    if run is None:
        _form(info, "Credit these journeys", primary=True)
        return
    if progress.finished(run):
        show(loaded.result(run), info.name)
        report_link.button(run)
    if run.state not in progress.ACTIVE:
        with st.expander("Credit again with other settings", icon=":material/add:"):
            _form(info, "Credit again")


def _form(info: Info, label: str, *, primary: bool = False) -> None:
    models = journeys_models.choose("own-models")
    left, right = st.columns(2)
    resamples = left.number_input("Bootstrap resamples", 0, 2_000, _RESAMPLES, 50, key="own-resamples",
                                  help="Users are drawn anew this often; 0: no intervals.")  # fmt: skip
    seed = right.number_input("Seed", 0, 2**31 - 1, 7, key="own-seed", help="The same seed gives the same intervals.")
    if st.button(label, type="primary" if primary else "secondary", icon=":material/play_arrow:", key="own-start",
                 disabled=not models):  # fmt: skip
        spec = {"journeys": info.id, "models": models, "resamples": int(resamples), "seed": int(seed)}
        journeys_views.submit("attribute", spec, title=f"Credits of {len(models)} models · {info.name}")


def show(found: Attributed, name: str) -> None:
    """Shares of one model among all, every figure, and the download."""
    if found.notes:
        st.info("\n".join(f"- {text.literal(note)}" for note in found.notes))
    if not found.credits:
        return
    model = journeys_models.select([c.model for c in found.credits], "Highlighted model")
    st.caption(journeys_models.about(model))
    charts.show(figures.journey_credits(found, model), "own-credits")
    st.dataframe(
        pd.DataFrame({"Channel": list(found.credits[0].channels), **{c.name: list(c.credit) for c in found.credits}}),
        hide_index=True,
        height="content" if len(found.credits[0].channels) <= 15 else 560,
        column_config={
            "Channel": st.column_config.TextColumn(pinned=True),
            **{c.name: st.column_config.NumberColumn(format="%.1f") for c in found.credits},
        },
        alt="Conversions credited to each channel by each model",
    )
    untouched = f" {text.count(found.untouched)} conversions had no touch." if found.untouched else ""
    st.caption(
        f"Conversions out of {text.count(found.conversions)} with a touch, of {text.count(found.paths)} paths."
        f"{untouched} Intervals: 95 %, users resampled {found.resamples} times, seed {found.seed}. Narrow intervals "
        "mean much data, not a right model."
    )
    for credits in found.credits:
        for note in credits.notes:
            st.caption(f"{text.literal(credits.name)}: {text.literal(note)}")
    st.download_button(
        "Credits (CSV)", table(found).to_csv(index=False), f"{journeys_form.stem(name)}-credits.csv", "text/csv",
        icon=":material/download:", on_click="ignore", key="own-credits-csv",
    )  # fmt: skip


def table(found: Attributed) -> pd.DataFrame:
    """One row for each model and channel, and one for what a model credits to no channel."""
    rows = []
    for credits, interval in zip(found.credits, found.intervals, strict=True):
        for i, channel in enumerate(credits.channels):
            rows.append({
                "model": credits.name,
                "channel": channel,
                "credit": credits.credit[i],
                "share": credits.share[i],
                "share_low": interval.low[i] if interval else None,
                "share_high": interval.high[i] if interval else None,
                "value": credits.value[i] if credits.value else None,
            })  # fmt: skip
        if credits.organic is not None:
            rows.append({"model": credits.name, "channel": "(organic)", "credit": credits.organic})
    return pd.DataFrame(rows)
