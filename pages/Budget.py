"""Privacy budget: what ε buys, what it costs, and what is left of it."""

import streamlit as st

from pages.ui import budget_account, budget_curve, budget_form, current_table, frame, loaded

with frame.page(
    "Privacy budget",
    "Rows with a mathematical bound on what they tell about any one person. Every private run on a table spends a part "
    "of its budget, and nothing gives it back.",
):
    budget_curve.follow()
    dataset = current_table.pick_dataset()
    table = loaded.table(dataset)
    current_table.about(table)
    account = budget_account.of(table, dataset)
    chosen = budget_form.form(table, dataset, account)
    st.divider()
    budget_account.section(account, table, dataset)
    st.divider()
    budget_curve.section(table, dataset, chosen)
