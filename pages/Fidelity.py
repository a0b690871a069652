"""Fidelity: how close the synthetic rows are to the real ones, column by column and together."""

import streamlit as st

from pages.ui import charts, fidelity, frame, progress, settings, workspace
from synth_core import charts as figures

SHOWN = 12


def marginals(report) -> None:
    """Twelve columns at a time."""
    pages = -(-len(report.features) // SHOWN)
    page = st.pagination(pages, key="marginals-page") if pages > 1 else 1
    charts.show(figures.marginals(report, limit=SHOWN, offset=SHOWN * (page - 1)), "marginals")


def result(run) -> None:
    """Headline, pictures and the full table of a finished run."""
    report = workspace.generated(run).fidelity
    st.markdown(f"#### {report.headline}")
    st.subheader("Divergence per feature", anchor=False)
    charts.show(figures.kl_bars(report), "kl")
    st.subheader("Columns, worst first", anchor=False)
    marginals(report)
    st.subheader("Columns together", anchor=False)
    charts.show(figures.correlations(report), "correlations")
    left, right = st.columns(2)
    with left:
        charts.show(figures.projection(report), "projection")
    with right:
        charts.show(figures.target_relation(report), "target")
    st.subheader("Every feature", anchor=False)
    fidelity.features(report)
    fidelity.unavailable(report)


with frame.page("Fidelity", "Close is not the same as useful: the verdict on the Lift page decides."):
    run = workspace.pick_run(("generate", "audit"), "Run")
    if run is None:
        frame.empty("Nothing has been generated yet. Make synthetic rows first.", button="Generate", to="Generate")
    workspace.about(workspace.table(run.dataset))
    if progress.finished(run):
        result(run)
        if workspace.why_no_verdict(workspace.table(run.dataset)) is None and st.button(
            "Get a verdict", type="primary", icon=":material/trending_up:", key="get-verdict"
        ):
            study = settings.submit_study(run, workspace.table(run.dataset))
            frame.go("Lift", run=study.id, dataset=run.dataset)
