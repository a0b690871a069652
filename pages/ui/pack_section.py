"""Making a hand-over pack of a run's rows, and taking it away."""

from __future__ import annotations

import streamlit as st

from pages.ui import budget_guarantee, current_table, frame, imported, loaded, progress, text, views, workspace
from synth_core.reports.pack_names import slug
from synth_core.runs import Run

_ABOUT = (
    "One ZIP for somebody else: the synthetic rows (CSV and Parquet, marked is_synthetic), a data card, the report, "
    "and what shows this run again in another copy of this app. No real row, no holdout, no fitted generator."
)
_PRIVATE = (
    "Private rows go with their certificate. Figures that compare them with real rows are outside the guarantee and "
    "stay out of the pack."
)


def link(run: Run) -> None:
    """Leads to the pack of the ``generate`` run ``run``; nothing for rows that came out of one."""
    if not imported.is_imported(run) and st.button(
        "Hand over as a pack", icon=":material/inventory_2:", key=f"hand-over-{run.id}"
    ):
        frame.go("Report", view="pack", run=run.id, dataset=run.dataset)


def page(asked: Run | None) -> None:
    """Which rows, and their pack; ``asked`` is the run in the address: rows, or something that is about rows."""
    st.caption(_ABOUT)
    stored = workspace.store().list()
    runs = {r.id: r for r in stored if r.task == "generate" and r.state == "succeeded"}
    if not runs:
        frame.empty("Nothing has been generated yet. Make synthetic rows first.", button="Generate", to="Generate")
    dataset = asked.dataset if asked else st.session_state.get("dataset")
    near = [r.id for r in runs.values() if r.dataset == dataset] or list(runs)
    about = (asked.id, asked.spec.get("run")) if asked else ()
    st.query_params["run"] = next((i for i in about if i in runs), near[0])
    run = views.pick_run("Rows", runs.values(), key="pack-rows")
    current_table.remember(run.dataset)
    imported.about(run)
    section(run)


def section(run: Run) -> None:
    """The latest pack of the ``generate`` run ``run``, and a form for a new one."""
    if imported.is_imported(run):
        st.caption("These rows came out of a hand-over pack: hand that pack on as it is.")
        return
    made = next((r for r in workspace.store().list() if r.task == "handover" and r.spec["run"] == run.id), None)
    if made is not None and progress.finished(made):
        _download(run, made)
    if made is None or made.state not in progress.ACTIVE:
        _form(run, again=made is not None)


def _download(run: Run, made: Run) -> None:
    path = workspace.store().folder(made.id) / "pack.zip"
    st.download_button(
        f"Download pack ({_size(path.stat().st_size)})", path.read_bytes, file_name(run), "application/zip",
        key=f"download-pack-{made.id}", icon=":material/download:", on_click="ignore", type="primary",
    )  # fmt: skip
    inside = [name for name in ("privacy", "lift") if made.spec.get(name)]
    said = {(): "rows, card and report", ("privacy",): "rows, card, report and the privacy check",
            ("lift",): "rows, card, report and the verdict"}  # fmt: skip
    st.caption(f"Made {text.when(made.finished)}: {said.get(tuple(inside), 'rows, card, report, check and verdict')}.")


def file_name(run: Run) -> str:
    """Of the pack of ``run``: ASCII, whatever the table is called."""
    table = loaded.table(run.dataset).name if run.dataset in workspace.library() else ""
    parts = ["synthetic", slug(table), slug(run.spec["generator"]), run.id[:8], "pack"]
    return "-".join(p for p in parts if p) + ".zip"


def _form(run: Run, *, again: bool) -> None:
    spec = {"run": run.id}
    if budget_guarantee.is_private(run):
        st.caption(_PRIVATE)
    else:
        done = [r for r in workspace.store().list() if r.state == "succeeded" and not imported.is_imported(r)]
        checks = [r for r in done if r.task == "privacy" and r.spec["run"] == run.id]
        studies = [
            r for r in done if r.task == "lift" and r.dataset == run.dataset and not budget_guarantee.is_private(r)
        ]
        left, right = st.columns(2)
        with left:
            spec["privacy"] = _pick("Privacy check", checks, "No finished check of these rows yet (page Privacy).", run)
        with right:
            spec["lift"] = _pick("Verdict", studies, "No finished study of this table yet (page Lift).", run)
    label = "Make a new pack" if again else "Make pack"
    if st.button(label, icon=":material/inventory_2:", key=f"make-pack-{run.id}"):
        workspace.store().submit("handover", spec, title=f"Hand-over pack of {run.title}", dataset=run.dataset)
        st.rerun()


def _pick(label: str, runs: list[Run], none: str, run: Run) -> str | None:
    """The newest of ``runs`` unless another, or none, is chosen."""
    if not runs:
        st.caption(none)
        return None
    named = {r.id: f"{r.title} · {text.when(r.finished)}" for r in runs} | {"": "Leave out"}
    chosen = st.selectbox(f"{label} in the pack", list(named), format_func=named.get, key=f"pack-{label}-{run.id}")
    return chosen or None


def _size(size: int) -> str:
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(size >> 10, 1)} kB"
