"""What each ε leaves of the rows' usefulness: measured on real rows, for the analyst's eyes only."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import charts, current_table, frame, loaded, progress, settings, text, workspace
from pages.ui.budget_guarantee import one_in
from synth_core import charts as figures
from synth_core.generators.dp.utility import Measured, Utility, UtilityCurve
from synth_core.runs import Run
from synth_core.tables import Table

EPSILONS = (0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
REPEATS = 3
_ABOUT = (
    f"Makes private rows at ε = {', '.join(f'{e:g}' for e in EPSILONS)}, {REPEATS} times each, beside Trees (no "
    "privacy) and columns that are shuffled one by one, and compares all of them with the real rows."
)


def follow() -> None:
    """Show the table of the curve that the address names."""
    asked = st.query_params.get("run")
    run = next((r for r in workspace.store().list() if r.id == asked), None)
    if run is not None and run.task == "dp_curve":
        current_table.remember(run.dataset)
    elif asked:
        del st.query_params["run"]


def section(table: Table, dataset: str, chosen: dict[str, Any]) -> None:
    """The curve that the address names or the latest one, and a button for one with the settings ``chosen`` now."""
    st.header("Usefulness against ε", anchor=False)
    run = _latest(dataset)
    if run is not None and progress.finished(run):
        _show(loaded.result(run), run, table)
    if run is not None and run.state in progress.ACTIVE:
        return
    if run is None:
        st.markdown(_ABOUT)
    label = "Measure usefulness" if run is None else "Measure again"
    if st.button(label, icon=":material/show_chart:", key="measure-curve"):
        spec = {"dataset": dataset, "epsilons": list(EPSILONS), "repeats": REPEATS, "seed": 7, "holdout": 0.2,
                "settings": {k: v for k, v in chosen.items() if k != "epsilon"}}  # fmt: skip
        with frame.guard():
            made = workspace.store().submit("dp_curve", spec, title=f"Usefulness against ε · {table.name}",
                                            dataset=dataset)  # fmt: skip
            st.query_params["run"] = made.id
            st.rerun()


def _latest(dataset: str) -> Run | None:
    found = [r for r in workspace.store().list() if r.task == "dp_curve" and r.dataset == dataset]
    asked = st.query_params.get("run")
    return next((r for r in found if r.id == asked), found[0] if found else None)


def _show(curve: UtilityCurve, run: Run, table: Table) -> None:
    st.warning(
        "**Outside the guarantee:** computed from the real rows without noise, for your eyes. Do not hand these "
        "figures out with private rows.",
        icon=":material/visibility_lock:",
    )
    left, right = st.columns(2, gap="large")
    with left:
        charts.show(figures.utility_curve(curve, "two_way"), "curve-two-way")
    with right:
        charts.show(figures.utility_curve(curve, "transfer"), "curve-transfer")
    with st.expander("Worst column, and all figures", icon=":material/table:"):
        charts.show(figures.utility_curve(curve, "worst_kl"), "curve-worst-kl")
        _figures(curve)
    for missing in curve.unavailable:
        st.caption(f"{text.literal(missing.name)}: {text.literal(missing.reason)}")
    _verdict(curve, run, table)


def _figures(curve: UtilityCurve) -> None:
    lines: list[tuple[str, Utility]] = [(f"ε = {p.epsilon:g}", p.utility) for p in curve.points]
    lines += [("Trees (no privacy)", curve.without_noise), ("Independent columns", curve.independent)]
    st.dataframe(
        pd.DataFrame(
            {
                "Rows": [name for name, _ in lines],
                "Mean error of pairs": [_range(u.two_way) for _, u in lines],
                "KL of the worst column": [_range(u.worst_kl) for _, u in lines],
                f"{curve.metric or 'Score'}, trained on them": [_range(u.transfer) for _, u in lines],
            }
        ),
        hide_index=True,
        height="content",
        alt="All figures of the curve with their range over the repeats",
    )
    st.caption(
        f"Mean (lowest to highest of {curve.repeats} repeats). Error of pairs: half the summed difference of the joint "
        "shares of two columns, numbers cut at the real deciles, averaged over all pairs; 0 = none. Each time "
        f"{text.count(curve.train_rows)} rows were made, as many as there are training rows; the models are scored on "
        f"{text.count(curve.holdout_rows)} real rows that nothing learned from. δ = {one_in(curve.delta)}, "
        f"seed {curve.seed}."
    )


def _range(found: Measured) -> str:
    if not found.values:
        return "–"
    return f"{found.mean:.3f} ({found.low:.3f} to {found.high:.3f})"


def _verdict(curve: UtilityCurve, run: Run, table: Table) -> None:
    """A study with the private generator as an arm."""
    obstacle = current_table.why_no_verdict(table)
    if obstacle or not curve.points:
        return
    offered = [p.epsilon for p in curve.points]
    with st.container(horizontal=True, vertical_alignment="bottom", key="curve-verdict"):
        epsilon = st.selectbox(
            "Do they help a model?", offered, offered.index(1.0) if 1.0 in offered else 0,
            format_func=lambda e: f"private rows at ε = {e:g}", key=f"verdict-epsilon-{run.id}", width=280,
        )  # fmt: skip
        if st.button("Get a verdict at this ε", icon=":material/trending_up:", key="private-verdict"):
            study = settings.submit_private_study(run.dataset, table, {**run.spec["settings"], "epsilon": epsilon})
            frame.go("Lift", run=study.id, dataset=run.dataset)
