"""Do the meters work on this table? They are tried on rows whose answer is known."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui import charts, loaded, privacy_runs, progress, text
from pages.ui.privacy_runs import Outsider
from synth_core import charts as figures
from synth_core.privacy.results import Scenario, SelfTest
from synth_core.runs import Run

_ABOUT = (
    "A meter that cannot see a copy says nothing when it sees nothing. This tries all of them on your own real rows: a "
    "verbatim copy and a noisy copy must read bad, an independent sample of other real rows must not."
)
_EXPECTED = {"bad": "must read bad", "neutral": "must read neutral"}


def section(run: Run, outsider: Outsider | None) -> None:
    """The latest self-test on the table of ``run``, and a button for a new one."""
    st.header("Do the meters work on this table?", anchor=False)
    st.caption(_ABOUT)
    test = privacy_runs.self_test_of(run.dataset)
    if test is not None and progress.finished(test):
        _show(loaded.result(test))
    if outsider is None or (test is not None and test.state in progress.ACTIVE):
        return
    label = "Test the meters" if test is None else "Test them again"
    if st.button(label, icon=":material/experiment:", key="self-test"):
        privacy_runs.start_self_test(run, outsider)


def _show(test: SelfTest) -> None:
    icon, word, colour = ("✓", "Can be trusted", "#00795C") if test.passed else ("!", "Take care", "#9A5B00")
    st.html(
        f'<div class="verdict" role="status" style="border-color:{colour}"><span class="word" style="color:{colour}">'
        f"{icon} {word}</span>{escape(test.headline)}</div>"
    )
    for place, scenario in zip(st.columns(max(len(test.scenarios), 1)), test.scenarios, strict=False):
        with place:
            _scenario(scenario)
    charts.show(figures.self_test_risks(test), "self-test-risks")
    st.caption(
        f"The real rows divided anew: {text.count(test.train_rows)} play training rows, "
        f"{text.count(test.holdout_rows)} unseen ones, {text.count(test.synthetic_rows)} an independent "
        f"sample; seed {test.seed}."
    )
    if test.unavailable:
        st.markdown("**Not measured**")
        st.markdown("\n".join(f"- {text.literal(u.name)}: {text.literal(u.reason)}" for u in test.unavailable))


def _scenario(scenario: Scenario) -> None:
    """Expected and found, side by side with the others."""
    with st.container(border=True, key=f"scenario-{scenario.key}", height="stretch"):
        st.markdown(f"**{text.literal(scenario.title)}**: {_EXPECTED[scenario.expected]}")
        st.markdown(f":material/{'check' if scenario.passed else 'close'}: {_found(scenario)}")
        st.caption(text.literal(scenario.sentence))


def _found(scenario: Scenario) -> str:
    if not scenario.meters:
        return "Could not be read"
    flagged = [m.flagged for m in scenario.meters]
    if not any(flagged):
        return "Reads **neutral**"
    if scenario.passed or scenario.expected == "neutral":
        return "Reads **bad**"
    return "Reads **bad**, but some meters could not be read" if all(flagged) else "Reads **only partly bad**"
