"""Generate: pick a generator, make rows, look at them, take them away."""

import streamlit as st

from pages.ui import (
    budget_account,
    budget_release,
    columns,
    conditions,
    current_table,
    downloads,
    frame,
    imported,
    loaded,
    pack_section,
    progress,
    report_link,
    rules,
    saved,
    settings,
    stored_runs,
    text,
    top_up,
    training,
    workspace,
)
from synth_core.tables import Table


def form(table: Table, dataset: str) -> None:
    """Generator, settings, rows, seed; submits a run."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        entry = settings.pick_generator(table)
    with right:
        holdout = st.slider(
            "Locked holdout (% of rows)",
            5,
            50,
            20,
            5,
            key="holdout",
            help="Real rows put away before anything is learned. No generator and no model ever sees them in training.",
        )
    with st.expander("Settings", icon=":material/tune:"):
        chosen = settings.settings(entry, table)
        where = conditions.pick(table)
        seed = st.number_input("Seed", 0, 2**31 - 1, 7, key="seed", help="The same seed gives the same rows.")
    settings.cost(entry, chosen, table, dataset, holdout / 100)
    rows = settings.rows(entry, chosen, table, holdout / 100, int(seed))
    spendable = not entry.private or budget_account.can_spend(table, dataset, chosen)
    if st.button(
        "Generate", type="primary", icon=":material/play_arrow:", key="generate", disabled=rows < 1 or not spendable
    ):
        run = workspace.store().submit(
            "generate",
            {
                "dataset": dataset,
                "generator": entry.name,
                "settings": chosen,
                "rows": rows,
                "seed": int(seed),
                "holdout": holdout / 100,
                "where": where,
            },
            title=f"{text.count(rows)} rows by {entry.title} · {table.name}",
            dataset=dataset,
        )
        st.query_params["run"] = run.id
        st.rerun()


def latest(dataset: str) -> None:
    """Links to what was generated from this table before."""
    runs = [r for r in workspace.store().list() if r.task == "generate" and r.dataset == dataset][:5]
    if runs:
        st.header("Made from this table", anchor=False)
    for run in runs:
        stored_runs.link(run)


def result(run, table: Table | None) -> None:
    """What a finished run delivered, and where to go next; ``table`` is None where it is not stored here."""
    found = loaded.generated(run)
    st.success(
        f"{top_up.delivered(run, found)} made by {settings.title(run.spec['generator'])}, seed {run.spec['seed']}.",
        icon=":material/check_circle:",
    )
    with st.container(horizontal=True, key="next-steps"):
        if st.button("See fidelity", icon=":material/compare_arrows:", key="see-fidelity"):
            frame.go("Fidelity", run=run.id, dataset=run.dataset)
        if st.button("Check privacy", icon=":material/shield_lock:", key="see-privacy"):
            frame.go("Privacy", run=run.id, dataset=run.dataset)
        report_link.button(run)
        obstacle = current_table.why_no_verdict(table) if table is not None else None
        if table is not None and st.button(
            "Get a verdict",
            type="primary",
            icon=":material/trending_up:",
            key="get-verdict",
            disabled=obstacle is not None,
            help=obstacle,
        ):
            study = settings.submit_study(run, table)
            frame.go("Lift", run=study.id, dataset=run.dataset)
    rules.outcome(found.summary)
    top_up.offer(run, found, table)
    for note in found.notes:
        st.caption(text.literal(note))
    training.result(found.training)
    st.header("First synthetic rows", anchor=False)
    columns.preview(found.synthetic, found.schema, height=300, alt="First synthetic rows")
    (budget_release if found.release else downloads).offer(run, found)
    imported.siblings(run)
    pack_section.link(run)


with frame.page("Generate"):
    asked = st.query_params.get("run")
    current = workspace.store().get(asked) if asked else None
    if current and current.task != "generate":
        frame.go(stored_runs.PAGE_OF[current.task], run=current.id, dataset=current.dataset)
    if current:
        current_table.remember(current.dataset)
        table = imported.table_of(current)
        imported.about(current)
    else:
        table = loaded.table(current_table.current_dataset())
        current_table.about(table)
    dataset = st.query_params["dataset"]
    if current is None:
        form(table, dataset)
        with st.expander("Sample from a saved generator", icon=":material/inventory_2:"):
            saved.sample()
        latest(dataset)
    else:
        if progress.finished(current):
            result(current, table)
        if table is not None and current.state not in progress.ACTIVE:
            st.divider()
            with st.expander("Generate again with other settings", icon=":material/add:"):
                form(table, dataset)
