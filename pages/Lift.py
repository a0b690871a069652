"""Lift: does training with synthetic rows do better on real rows nobody trained on?"""

import streamlit as st

from pages.ui import (
    budget_guarantee,
    current_table,
    frame,
    imported,
    lift_form,
    lift_result,
    loaded,
    progress,
    stored_runs,
)

with frame.page("Lift", "Models are compared on real rows only. Synthetic rows never enter a score."):
    asked = (
        stored_runs.pick_run(("lift",), "Study")
        if "dataset" not in st.query_params or "run" in st.query_params
        else None
    )
    dataset = asked.dataset if asked else current_table.current_dataset()
    table = imported.table_of(asked) if asked else loaded.table(dataset)
    if asked:
        imported.about(asked)
    else:
        current_table.about(table)
    obstacle = current_table.why_no_verdict(table) if table is not None else imported.ABSENT
    if asked is None:
        if obstacle:
            frame.empty(f"No verdict on “{table.name}” yet. {obstacle}", button="Choose a target", to="Data")
        lift_form.form(table, dataset)
    else:
        if progress.finished(asked):
            budget_guarantee.outside(asked)
            lift_result.show(asked, loaded.result(asked), freezable=table is not None)
        if asked.state not in progress.ACTIVE and not obstacle:
            st.divider()
            with st.expander("New study on this table", icon=":material/add:"):
                lift_form.form(table, dataset)
