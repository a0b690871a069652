"""Fidelity: how close the synthetic rows are to the real ones, column by column and together."""

import streamlit as st

from pages.ui import (
    audit,
    budget_guarantee,
    current_table,
    fidelity,
    fidelity_compare,
    frame,
    imported,
    loaded,
    progress,
    report_link,
    settings,
    stored_runs,
    text,
    workspace,
)

TASKS = ("generate", "audit")


def result(run, others) -> None:
    """Headline, and everything that stands behind it."""
    found = loaded.generated(run)
    if not found.fidelity.features and found.release:  # out of a pack
        st.info(text.literal(found.fidelity.headline), icon=":material/visibility_lock:")
        return
    budget_guarantee.outside(run)
    st.markdown(f"## {text.literal(found.fidelity.headline)}")
    if found.fidelity.two_sample:  # columns may all be close where rows are not
        st.markdown(text.literal(found.fidelity.two_sample.sentence))
    if run.task == "audit":
        audit.about(run, found)
    fidelity.show(run, found.fidelity, others)


def next_steps(run) -> None:
    """On to the attacks, and to a verdict: that trains the generator anew in every fold, so an audit cannot get one."""
    table = imported.table_of(run)
    with st.container(horizontal=True, key="next-steps"):
        if st.button("Check privacy", icon=":material/shield_lock:", key="see-privacy"):
            frame.go("Privacy", run=run.id, dataset=run.dataset)
        report_link.button(run)
        if table is None or run.task == "audit" or current_table.why_no_verdict(table) is not None:
            return
        if st.button("Get a verdict", type="primary", icon=":material/trending_up:", key="get-verdict"):
            study = settings.submit_study(run, table)
            frame.go("Lift", run=study.id, dataset=run.dataset)


def audit_form(dataset: str, *, expanded: bool = False) -> None:
    """The form for a table made elsewhere; read only once it is opened."""
    box = st.expander(
        "Audit a table made elsewhere",
        expanded,
        icon=":material/fact_check:",
        key="audit-open",
        on_change="rerun",
    )
    if box.open:
        with box:
            audit.form(dataset)


with frame.page("Fidelity", "Close is not the same as useful: the verdict on the Lift page decides."):
    left, right = st.columns(2)
    with left:
        run = stored_runs.pick_run(TASKS, "Run")
    if run is None:
        if workspace.library().list():
            audit_form(current_table.current_dataset(), expanded=True)
        frame.empty("Nothing has been generated yet. Make synthetic rows first.", button="Generate", to="Generate")
    with right:
        others = fidelity_compare.pick(run, TASKS, fidelity.VIEW) if run.state == "succeeded" else []
    imported.about(run)
    if progress.finished(run):
        result(run, others)
        next_steps(run)
    if imported.has_table(run) and run.state not in progress.ACTIVE:
        st.divider()
        audit_form(run.dataset)
