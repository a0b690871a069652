"""The form that starts a verdict on chosen generators, or an Autopilot search."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import frame, settings, text, workspace
from synth_core.tables import Kind, Table
from synth_core.tasks.sizes import STUDY_ROWS

COMPARE, AUTOPILOT = "Compare generators", "Autopilot"
LABELS = {
    "own": "The generator's own",
    "committee": "A committee of models trained on the real rows",
    "curated": "The generator's own, checked by the committee",
}
LEARNERS = {"lightgbm": "LightGBM", "logistic": "Linear model"}
MINUTES = (1, 2, 5, 15, 30)
HOLM = (
    "The more candidates are tried, the easier it is for one to look good by luck. Holm's correction asks for stronger "
    "evidence with each one."
)
ABOUT = {
    COMPARE: "The generators you pick are compared with real rows only, in the same folds, with the number of rows you "
    "choose.",
    AUTOPILOT: "Searches generator × labels × number of rows × weight × size of the model by cross-validation on the "
    "training rows only, and looks at the locked holdout once, for the best; each candidate tried raises the bar for "
    "calling it a gain (Holm).",
}


def form(table: Table, dataset: str) -> None:
    """Asks for everything a ``lift`` run needs, and submits it."""
    way = st.segmented_control(
        "Two ways to an answer", [COMPARE, AUTOPILOT], default=COMPARE, required=True, key="way", help=HOLM
    )
    st.caption(ABOUT[way])
    if len(table) > STUDY_ROWS:
        st.caption(
            f"The table has {text.count(len(table))} rows: the study works on {text.count(STUDY_ROWS)} of them, with "
            "the same share of every outcome. With so many real rows, synthetic ones seldom matter."
        )
    search = way == AUTOPILOT
    budget = _budget() if search else None
    arms = st.multiselect(
        "Generators to try" if search else "Generators to test",
        settings.offered(table),
        default=settings.suggested(table, search=search),
        format_func=settings.title,
        key=f"arms-{way}-{dataset}",
        help=f"Each one is one more test. {HOLM}",
    )
    labels = st.pills(
        "Outcome of the synthetic rows",
        list(LABELS),
        selection_mode="multi",
        default=list(LABELS) if search else ["own", "committee"],
        format_func=LABELS.get,
        key=f"labels-{way}",
        help="Who says which outcome a synthetic row has. Checked: rows that the committee finds confidently wrong are "
        "left out.",
    )
    if not search and settings.is_rare(table) and _balance():
        arms = [*arms, *settings.balanced(table)]
    spec = {"dataset": dataset, "arms": arms, "labels": list(labels), "folds": 5}
    with st.expander("Settings", icon=":material/tune:"):
        left, right = st.columns(2, gap="large")
        spec |= _shared(table, left, right)
        spec |= {"repeats": 5, "budget": budget} if search else _study(arms, left, right, by_date="by_date" in spec)
    if st.button(
        "Start Autopilot" if search else "Get a verdict",
        type="primary",
        icon=":material/play_arrow:",
        key="start-study",
        disabled=not (arms and labels),
    ):
        _submit(table, spec, f"Autopilot on {table.name}" if search else settings.study_title(arms, table.name))


def _budget() -> int:
    """Seconds."""
    minutes = st.segmented_control(
        "Time budget",
        MINUTES,
        default=2,
        required=True,
        format_func=lambda m: f"{m} minute{'s' * (m > 1)}",
        key="budget",
        help="For the search. What has begun is finished, and scoring the locked holdout comes on top. More time means "
        "more folds for each candidate, so a narrower interval.",
    )
    return 60 * minutes


def _balance() -> bool:
    return st.toggle(
        "Also balance the classes",
        True,
        key="balance",
        help="Fewer than one row in ten has the outcome. Adds a candidate whose new rows are all of that outcome, as "
        "many as make both classes equally common.",
    )


def _shared(table: Table, left: DeltaGenerator, right: DeltaGenerator) -> dict[str, Any]:
    """Model, seed, holdout and split."""
    learner = left.selectbox(
        "Model",
        list(LEARNERS),
        format_func=LEARNERS.get,
        key="learner",
        help="The model that is trained with and without synthetic rows.",
    )
    seed = left.number_input("Seed", 0, 2**31 - 1, 7, key="lift-seed", help="The same seed splits the same way.")
    holdout = right.slider(
        "Locked holdout (% of rows)",
        5,
        50,
        20,
        5,
        key="lift-holdout",
        help="Real rows put away before anything is trained; only the best candidate is scored on them, once.",
    )
    spec = {"learner": learner, "seed": int(seed), "holdout": holdout / 100}
    dates = [c.name for c in table.schema if c.kind is Kind.DATE and c.name != table.target]
    if dates:
        how = right.segmented_control(
            "Split",
            ["At random", "By date"],
            default="At random",
            required=True,
            key="split",
            help="By date: the last period is locked away and the folds follow the calendar, so that models are always "
            "scored on rows later than those they learned from.",
        )
        if how == "By date":
            spec["by_date"] = right.selectbox("Date column", dates, key=f"by-date-{'-'.join(dates)}")
    return spec


def _study(arms: list, left: DeltaGenerator, right: DeltaGenerator, *, by_date: bool) -> dict[str, Any]:
    """Rows, folds and curves: what an Autopilot decides by itself."""
    costly = any(settings.CATALOGUE[a].expensive for a in arms if isinstance(a, str))
    plan = "5 × 1" if costly else "5 × 5"
    rows = left.number_input("Synthetic rows per candidate", 1, 1_000_000, 4_000, 500, key="lift-rows")
    if by_date:
        right.caption("Folds: later and later periods of the training rows, each scored once.")
    else:
        plan = right.segmented_control(
            "Folds",
            ["5 × 5", "5 × 1"],
            default=plan,
            required=True,
            key=f"plan-{costly}",
            help="The training rows are cut into 5 parts, and each is scored by models that did not see it; × 5: five "
            "times over. 5 × 1 is a quick look with wider intervals. CTGAN and TVAE start there: they train in each "
            "fold.",
        )
    curves = right.toggle(
        "Curves",
        plan == "5 × 5",
        key=f"curves-{plan}",
        help="Also measures how the score moves with more synthetic rows and with more real ones. Adds about half a "
        "minute.",
    )
    repeats = 5 if plan == "5 × 5" and not by_date else 1
    return {"rows": int(rows), "repeats": repeats, "curves": curves}


def _submit(table: Table, spec: dict[str, Any], title: str) -> None:
    """Start the run; a split that cannot be made is said here and not by a failed run."""
    with frame.guard():
        table.split(spec["holdout"], seed=spec["seed"], by_date=spec.get("by_date"))
        run = workspace.store().submit("lift", spec, title=title, dataset=spec["dataset"])
        st.query_params["run"] = run.id
        st.rerun()
