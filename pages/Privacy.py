"""Privacy: what the synthetic rows give away about the rows they were learned from."""

import streamlit as st

from pages.ui import (
    budget_guarantee,
    frame,
    imported,
    loaded,
    privacy_form,
    privacy_result,
    privacy_runs,
    privacy_self_test,
    progress,
    report_link,
    stored_runs,
)
from pages.ui.privacy_runs import Outsider


def rows(run) -> Outsider | None:
    """The latest check of the rows of ``run``, or the form for one; what an outsider is taken to know."""
    check = privacy_runs.check_of(run)
    if check is None and not imported.has_table(run):
        st.caption(f"{imported.ABSENT}, nor is a privacy check of these rows. A new one needs the real rows.")
        return None
    if check is None:
        return privacy_form.form(run)
    if progress.finished(check):
        budget_guarantee.outside(run)
        privacy_result.show(loaded.result(check))
        report_link.button(check)
    if imported.has_table(run) and check.state not in progress.ACTIVE:
        with st.expander("Check again with other settings", icon=":material/add:"):
            privacy_form.form(run)
    return Outsider(check.spec["known"], check.spec["secret_columns"], check.spec["seed"])


with frame.page(
    "Privacy",
    "Attacks on the real rows through the synthetic ones, each beside the same attack on rows no generator saw.",
):
    orphan = privacy_runs.follow()
    if orphan is not None:
        st.warning("The rows that this check is about have been deleted.")
        if progress.finished(orphan):
            privacy_result.show(loaded.result(orphan))
        st.stop()
    run = stored_runs.pick_run(("generate", "audit"), "Run")
    if run is None:
        frame.empty("Nothing has been generated yet. Make synthetic rows first.", button="Generate", to="Generate")
    imported.about(run)
    if progress.finished(run):
        outsider = rows(run)
        if imported.has_table(run):
            st.divider()
            privacy_self_test.section(run, outsider)
