"""Lift: does training with synthetic rows do better on real rows nobody trained on?"""

import streamlit as st

from pages.ui import charts, frame, progress, settings, text, verdict, workspace
from synth_core import charts as figures
from synth_core.lift import default_arms
from synth_core.tables import Table

LABELS = {
    "own": "The generator's own",
    "committee": "A committee of models trained on the real rows",
}
LEARNERS = {"lightgbm": "LightGBM", "logistic": "Logistic regression"}


def form(table: Table, dataset: str) -> None:
    """Arms, labels, rows, folds, seed; submits a study."""
    names = list(settings.CATALOGUE)
    arms = st.multiselect(
        "Generators to test",
        names,
        default=default_arms(table),
        format_func=settings.title,
        key="arms",
        help="Each one more test: the more you try, the stronger the evidence has to be (Holm).",
    )
    labels = st.pills(
        "Outcome of the synthetic rows",
        list(LABELS),
        selection_mode="multi",
        default=list(LABELS),
        format_func=LABELS.get,
        key="labels",
    )
    costly = any(settings.CATALOGUE[a].expensive for a in arms)
    with st.expander("Settings", icon=":material/tune:"):
        rows = st.number_input("Synthetic rows per arm", 1, 1_000_000, 4_000, 500, key="lift-rows")
        plan = st.segmented_control(
            "Folds",
            ["5 × 5", "5 × 1"],
            default="5 × 1" if costly else "5 × 5",
            required=True,
            key=f"plan-{costly}",
            help="5 × 1 is a quick look with wider intervals. CTGAN and TVAE start there: they train in each fold.",
        )
        learner = st.selectbox("Model", list(LEARNERS), format_func=LEARNERS.get, key="learner")
        holdout = st.slider("Locked holdout (% of rows)", 5, 50, 20, 5, key="lift-holdout")
        seed = st.number_input("Seed", 0, 2**31 - 1, 7, key="lift-seed")
    if st.button(
        "Get a verdict",
        type="primary",
        icon=":material/play_arrow:",
        key="start-study",
        disabled=not (arms and labels),
    ):
        run = workspace.store().submit(
            "lift",
            {
                "dataset": dataset,
                "arms": arms,
                "labels": list(labels),
                "rows": int(rows),
                "folds": 5,
                "repeats": 5 if plan == "5 × 5" else 1,
                "seed": int(seed),
                "holdout": holdout / 100,
                "learner": learner,
            },
            title=settings.study_title(arms, table.name),
            dataset=dataset,
        )
        st.query_params["run"] = run.id
        st.rerun()


def result(run) -> None:
    """A finished study."""
    study = workspace.study(run)
    verdict.banner(study.verdict)
    verdict.record(study)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("Conditions of the verdict", anchor=False)
        verdict.checks(study.verdict)
    with right:
        verdict.advice(study.verdict)
    if study.rare:
        verdict.rare(study)
        return
    st.subheader("Gain over real rows only", anchor=False)
    charts.show(figures.arms_forest(study), "forest")
    st.subheader("Fold by fold", anchor=False)
    charts.show(figures.fold_differences(study), "folds")
    if study.holdout:
        st.subheader("The locked holdout", anchor=False)
        st.markdown(
            f"Real rows put away before anything was trained, scored for the best candidate only (look "
            f"{study.holdout.look}): AUC {text.score(study.holdout.auc_arm)} with synthetic rows, "
            f"{text.score(study.holdout.auc_reference)} without."
        )
        roc, pr = st.columns(2)
        with roc:
            charts.show(figures.roc(study.holdout), "roc")
        with pr:
            charts.show(figures.precision_recall(study.holdout), "pr")
    st.subheader("All arms", anchor=False)
    verdict.arms(study)


with frame.page("Lift", "Models are compared on real rows only. Synthetic rows never enter a score."):
    asked = (
        workspace.pick_run("lift", "Study") if "dataset" not in st.query_params or "run" in st.query_params else None
    )
    dataset = workspace.current_dataset()
    table = workspace.table(dataset)
    workspace.about(table)
    if asked is None:
        if not table.is_binary:
            frame.empty(
                f"“{table.name}” has no target with two classes, so there is nothing to get a verdict on.",
                button="Choose a target",
                to="Data",
            )
        form(table, dataset)
    else:
        if progress.finished(asked):
            result(asked)
        if asked.state not in progress.ACTIVE and table.is_binary:
            st.divider()
            with st.expander("New study on this table", icon=":material/add:"):
                form(table, dataset)
