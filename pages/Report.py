"""Report: what goes to the client, in one file."""

import streamlit as st

from pages.ui import (
    frame,
    pack_open,
    pack_section,
    progress,
    report_branding,
    report_form,
    report_result,
    stored_runs,
    text,
    views,
    workspace,
)

VIEWS = {"report": "Report", "pack": "Hand-over pack", "open": "Open a pack"}


def asked_run():
    """The run in the address: a report to show, or a result to report on; None with a word where it is gone."""
    asked = st.query_params.get("run")
    found = next((r for r in workspace.store().list() if r.id == asked), None)
    if asked and found is None:
        st.warning("The run in this address was not found: it may have been deleted.")
        st.query_params.pop("run")
    return found


def view(asked) -> str:
    """What is to be done; a pack in the address comes with its own view."""
    named = "pack" if asked is not None and asked.task == "handover" else st.query_params.get("view")
    shown = named if named in VIEWS else "report"
    return views.choose("What to do", VIEWS, shown, key="report-view", show=lambda v: views.address(v, (), {}))


def earlier() -> None:
    """Links to reports that were made before."""
    made = [r for r in workspace.store().list() if r.task == "report"][:8]
    if made:
        st.header("Reports made so far", anchor=False)
    for run in made:
        stored_runs.link(run)


with frame.page(
    "Report",
    "What goes to the client: the verdict first, then evidence, method and limits, in one file that opens without "
    "network.",
):
    asked = asked_run()
    chosen = view(asked)
    if chosen == "pack":
        pack_section.page(asked)
        st.stop()
    if chosen == "open":
        pack_open.section()
        st.stop()
    look = report_branding.current()
    if asked is not None and asked.task == "report":
        st.caption(text.literal(asked.title))
        if progress.finished(asked):
            report_result.show(asked)
        if asked.state not in progress.ACTIVE:
            st.divider()
            if st.button("Make another report", icon=":material/add:", key="another-report"):
                about = next(iter(asked.spec["runs"]), "")
                frame.go("Report", run=about, dataset=asked.dataset or "")
    else:
        report_form.form(look, asked)
        report_branding.form(look)
        earlier()
