"""Is synthetic data the right tool here? The adviser's answer on page Data, and the learning curve behind it."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui import charts, frame, loaded, progress, text, workspace
from synth_core.advice import GOALS, Advice, Choice, Facts, Learning, advise, facts_of
from synth_core.advice.facts import HOLDOUT, SEED
from synth_core.charts import real_rows
from synth_core.runs import Run
from synth_core.tables import Table

NAMES = {"predict": "Predict", "share": "Share", "test": "Test", "explore": "Explore"}
ABOUT = {
    "predict": "A model trained with them should do better on new real rows.",
    "share": "They go to people who may not see the real ones.",
    "test": "Code, a dashboard or a hand-over needs rows that look real.",
    "explore": "You want to see what is in the data.",
}
LOOK = {
    "right tool": ("✓", "Right tool", "#00795C"),
    "worth a try": ("◐", "Worth a try", "#0072B2"),
    "wrong tool": ("✕", "Wrong tool", "#B23A00"),
    "not yet": ("○", "Not yet", "#52606D"),
}
_FEWEST = 10  # rows of the rarer outcome below which five folds cannot each hold some


def section(table: Table, dataset: str) -> None:
    """Ask what the rows are for, and say what the adviser makes of it."""
    facts = _facts(dataset, table)
    st.header("Is synthetic data the right tool here?", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        goal = st.segmented_control(
            "What are the rows for?", GOALS, default="predict", required=True, format_func=NAMES.get, key="advice-goal"
        )
        sensitive = st.toggle(
            "The data are sensitive",
            bool(facts.sensitive),
            key=f"advice-sensitive-{dataset}",
            help="They say something about people that must not come out: health, money, beliefs, private life.",
        )
    st.caption(ABOUT[goal])
    run = _newest(dataset)
    found = loaded.result(run).measured if run and run.state == "succeeded" else None
    advice = advise(facts, goal=goal, sensitive=sensitive, learning=found)
    banner(advice)
    why, more = st.columns(2, gap="large")
    with why:
        _reasons(advice)
    with more:
        _better(advice, dataset)
    if advice.choice is not None:
        _choice(advice, advice.choice, dataset)
    if goal == "predict" and facts.task is not None and facts.rare_distinct >= _FEWEST:
        _curve(facts, found, run, dataset, table, sensitive=sensitive)


def without_a_table() -> None:
    """The advice where there are no data yet."""
    advice = advise(None)
    st.header("No data yet?", anchor=False)
    st.markdown(advice.reasons[0].text)
    st.page_link(frame.path_of("Blueprint"), label="Describe the table", icon=frame.ICONS["Blueprint"])


@st.cache_data(max_entries=64, show_spinner="Looking at the table …")
def _facts(dataset: str, _table: Table) -> Facts:
    return facts_of(_table)


def _newest(dataset: str) -> Run | None:
    """The run that measured last; a measurement that exists is kept while another one fails."""
    runs = [r for r in workspace.store().list() if r.task == "advise" and r.dataset == dataset]
    asked = st.query_params.get("run")
    done = (r for r in runs if r.state in ("succeeded", *progress.ACTIVE))
    return next((r for r in runs if r.id == asked), None) or next(done, None) or next(iter(runs), None)


def banner(advice: Advice) -> None:
    """Icon, word and headline."""
    icon, word, colour = LOOK[advice.answer]
    st.html(
        f'<div class="verdict" role="status" style="border-color:{colour}"><span class="word" style="color:{colour}">'
        f"{icon} {word}</span>{escape(advice.headline)}</div>"
    )


def _reasons(advice: Advice) -> None:
    st.markdown("**Why**")
    for reason in advice.reasons:
        _point(text.literal(reason.text), reason.evidence, reason.line)


def _better(advice: Advice, dataset: str) -> None:
    if not advice.better:
        return
    st.markdown("**What would help more**" if advice.answer != "right tool" else "**Also worth knowing**")
    for item in advice.better:
        _point(f"**{item.title}.** {text.literal(item.text)}", item.evidence)
        if item.page:
            st.page_link(
                frame.path_of(item.page),
                label=item.page,
                icon=frame.ICONS[item.page],
                query_params={"dataset": dataset},
            )


def _point(said: str, evidence: tuple[str, ...], line: str = "") -> None:
    """A sentence (Markdown), the figures it rests on, and what they are judged by."""
    st.markdown(said)
    lines = [f"This table: {text.literal(' · '.join(evidence))}"] if evidence else []
    lines += [f"Judged by: {text.literal(line)}"] if line else []
    if lines:
        st.caption("  \n".join(lines))


def _choice(advice: Advice, choice: Choice, dataset: str) -> None:
    """The generator with its reasons, and the button that goes there."""
    go_on = advice.answer in ("right tool", "worth a try")
    with st.container(border=True):
        st.markdown(f"**{'Use' if go_on else 'If you try it anyway:'} {choice.title}, {text.count(choice.rows)} rows**")
        st.markdown(text.literal(f"{choice.why} {choice.why_rows}"))
        st.caption(text.literal(" · ".join(choice.evidence)))
        private = choice.generator == "dp_mst"
        if st.button(
            "Choose ε on page Budget" if private else f"Generate with {choice.title}",
            type="primary" if go_on else "secondary",
            icon=":material/arrow_forward:",
            key="advice-generate",
        ):
            preset = {"generator": choice.generator, "rows": str(choice.rows), **choice.settings}
            frame.go("Budget" if private else "Generate", dataset=dataset, **({} if private else preset))
        with st.expander("Why not another one?"):
            st.markdown("\n".join(f"- **{p.title}.** {text.literal(p.text)}" for p in choice.passed_over))


def _curve(
    facts: Facts, found: Learning | None, run: Run | None, dataset: str, table: Table, *, sensitive: bool
) -> None:
    """The learning curve: how to measure it, its progress, the picture."""
    if run is not None and progress.finished(run):
        charts.show(real_rows(found.points, found.metric, found.some.rows if found.some else 500, found.some), "advice")
        st.caption(
            f"Measured on {text.count(found.rows)} training rows in {found.folds} folds, seed {found.seed}; the locked "
            "holdout was not looked at."
        )
        return
    if run is not None and run.state in progress.ACTIVE:
        return
    if st.button(
        "Measure the learning curve",
        icon=":material/show_chart:",
        key="advice-measure",
        help=f"Trains models on more and more of the {text.count(facts.train_rows)} training rows: up to a minute. The "
        "locked holdout is not looked at.",
    ):
        spec = {"dataset": dataset, "seed": SEED, "holdout": HOLDOUT, "goal": "predict", "sensitive": sensitive}
        title = f"Learning curve · {table.name}"
        workspace.store().submit("advise", spec, title=title, dataset=dataset)
        st.rerun()
