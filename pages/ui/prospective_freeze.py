"""Freezing both models of a study, and the test that starts with them."""

from __future__ import annotations

import streamlit as st

from pages.ui import (
    frame,
    imported,
    loaded,
    progress,
    prospective_card,
    prospective_start,
    stored_runs,
    text,
    workspace,
)
from pages.ui import prospective_views as views
from synth_core.lift.results import Study
from synth_core.runs import Run

_ABOUT = (
    "Both models of one study are frozen: the one trained on real rows only, and the one with synthetic rows added. "
    "Both score every new lead, so that later their ranking can be compared on the same leads. A model that is tracked "
    "alone shows how good it is, but never what the synthetic rows were worth."
)


def section() -> None:
    """A frozen scorer and the form of its test; or the form that freezes."""
    run = _run()
    if run is None:
        _offer()
        return
    if progress.finished(run):
        _frozen(run)
    if run.state not in progress.ACTIVE:
        st.divider()
        with st.expander("Freeze the models of another study", icon=":material/add:"):
            _offer()


def _run() -> Run | None:
    """The freeze run in the address; the latest where none is asked for, unless a study is."""
    asked = st.query_params.get("run")
    found = views.run_asked()
    if found is None and asked:
        st.warning("The run in this address was not found: it may have been deleted.")
        del st.query_params["run"]
    if found is None and "study" not in st.query_params:
        found = next((r for r in workspace.store().list() if r.task == "freeze"), None)
    if found is not None:
        st.query_params["run"] = found.id
        _pick(found)
    return found


def _pick(chosen: Run) -> None:
    runs = {r.id: r for r in workspace.store().list() if r.task == "freeze"}
    if len(runs) < 2:
        return
    names = stored_runs.distinct({i: stored_runs.run_name(r) for i, r in runs.items()})
    st.session_state["prospective-run"] = chosen.id
    st.selectbox("Frozen models", list(runs), key="prospective-run", on_change=_follow, format_func=names.get)


def _follow() -> None:
    st.query_params["run"] = st.session_state["prospective-run"]


def _frozen(run: Run) -> None:
    path = workspace.store().folder(run.id) / "scorer.zip"
    with frame.guard():
        scorer = loaded.scorer(path)
        st.header(text.literal(scorer.card.name), anchor=False)
        prospective_card.show(scorer, path, run.id)
        prospective_start.section(run, scorer.card, path)


def _offer() -> None:
    """What freezing is for, and the form; the way to a study where none can be frozen."""
    st.markdown(_ABOUT)
    runs = [
        r for r in workspace.store().list() if r.task == "lift" and r.state == "succeeded" and imported.has_table(r)
    ]
    studies = {r.id: (r, loaded.result(r)) for r in runs}
    fit = {i: pair for i, pair in studies.items() if views.why_not(pair[1]) is None}
    if not fit:
        _nothing(list(studies.values()))
        return
    asked = st.query_params.get("study")
    if asked in studies and asked not in fit:
        st.warning(views.why_not(studies[asked][1]))
    names = stored_runs.distinct({i: f"{r.title} · {text.when(r.finished or r.created)}" for i, (r, _) in fit.items()})
    chosen = st.selectbox(
        "Study", list(fit), index=list(fit).index(asked) if asked in fit else 0, format_func=names.get,
        key=f"prospective-study-{asked}",
    )  # fmt: skip
    _form(*fit[chosen])


def _form(run: Run, study: Study) -> None:
    candidates = {a.key: a for a in study.arms if a.role == "candidate"}
    best = study.holdout.arm if study.holdout and study.holdout.arm in candidates else study.verdict.arm
    left, right = st.columns(2, gap="large")
    arm = left.selectbox(
        "Model with synthetic rows", list(candidates), key=f"prospective-arm-{run.id}",
        index=list(candidates).index(best) if best in candidates else 0,
        format_func=lambda k: f"{candidates[k].title} ({text.signed(candidates[k].delta)} {study.metric})",
        help="The one that the study scored on its locked holdout, unless you choose another.",
    )  # fmt: skip
    name = right.text_input("Name", f"{study.target} · {text.when(run.created)[:11]}", max_chars=80,
                            key=f"prospective-name-{run.id}")  # fmt: skip
    st.caption(
        f"Measured against: {text.literal(study.arm(study.reference).title)}, real rows only. Both are trained once "
        f"more on all {text.count(study.train_rows)} training rows, with the study's seed, and checked against the "
        "study's own scores."
    )
    if st.button("Freeze both models", type="primary", icon=":material/ac_unit:", key=f"prospective-freeze-{run.id}",
                 disabled=not name.strip()):  # fmt: skip
        spec = {"study": run.id, "arm": arm, "name": name.strip()}
        views.submit("freeze", spec, title=f"Freeze {name.strip()}", dataset=run.dataset)


def _nothing(studies: list[tuple[Run, Study]]) -> None:
    with st.container(border=True):
        if not studies:
            st.markdown(
                "**No finished study yet.** A study on the page Lift trains both models; then they can be frozen."
            )
        else:
            lines = [f"- {text.literal(run.title)}: {views.why_not(study)}" for run, study in studies[:5]]
            st.markdown("**None of the finished studies can be tested.**\n" + "\n".join(lines))
        if st.button("Start a study", type="primary", icon=":material/arrow_forward:", key="prospective-to-lift"):
            frame.go("Lift", dataset=st.session_state.get("dataset", ""))
