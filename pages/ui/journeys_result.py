"""A graded world, from the headline down to what a wrong model costs."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui import (
    journeys_form,
    journeys_league,
    journeys_money,
    journeys_seen,
    journeys_truth,
    journeys_vendor,
    text,
    workspace,
)
from synth_core.charts.journey_marks import plus_minus
from synth_core.journeys.results import Grades, League, Mean
from synth_core.runs import Run

VIEW = "journeys-part"  #: key of the tabs
_PARTS = {
    "Journeys": journeys_seen.show,
    "Truth and models": journeys_truth.show,
    "League table": journeys_league.show,
    "Money": journeys_money.show,
    "Grade a vendor": journeys_vendor.show,
}


def show(run: Run) -> None:
    """Headline, and what stands behind it in tabs, of which only the open one is drawn."""
    grades = workspace.result(run)
    league = journeys_league.of(run)
    _banner(grades, league)
    seeds, world = len(grades.samples), grades.world
    st.caption(
        f"**{text.literal(world.name)}** · {text.count(grades.users)} users × {seeds} seed{'s' * (seeds > 1)} · "
        f"{len(world.channels)} channels · first seed {grades.samples[0].seed} · {grades.resamples} bootstrap "
        f"resamples. {text.literal(world.about)}"
    )
    for note in grades.notes:
        st.info(text.literal(note), icon=":material/info:")
    tabs = st.tabs(list(_PARTS), key=VIEW, on_change="rerun")
    for tab, draw in zip(tabs, _PARTS.values(), strict=True):
        if tab.open:
            with tab:
                draw(run, grades)
    st.caption(journeys_form.MEANING)


def _banner(grades: Grades, league: League) -> None:
    """The closest model, how far off it is, and what following another one would cost."""
    if not any(any(s.truth.shapley) for s in grades.samples):
        _verdict("○ Nothing to grade", "#52606D", "No channel caused a conversion. Simulate more users, or give "
                 "channels more reach or effect.", [])  # fmt: skip
        return
    best = league.models[0]
    said = f"Its shares are off by {_points(best.share_error)} percentage points on average over the channels."
    facts = []
    if len(league.models) > 1:
        worst = league.models[-1]
        facts.append(f"Farthest from the truth: {worst.name}, off by {_points(worst.share_error)}.")
    costly = [m for m in league.models if m.lost is not None]
    if costly:
        most = max(costly, key=lambda m: m.lost.mean)
        facts.append(
            f"If the budget followed {most.name}, {plus_minus(most.lost, digits=0)} of "
            f"{text.count(grades.budget.best.conversions)} conversions would be lost ({text.share(most.regret.mean)}), "
            "the highest mean loss of all models."
        )
    if lost := journeys_league.ours_loses(league):
        facts.append(lost)
    _verdict(f"◆ Closest to the truth: {best.name}", "#00795C", said, facts)


def _verdict(word: str, colour: str, said: str, facts: list[str]) -> None:
    st.html(
        f'<div class="verdict" role="status" style="border-color:{colour}"><span class="word" style="color:{colour}">'
        f'{escape(word)}</span>{escape(said)}<span class="figures">{escape(" ".join(facts))}</span></div>'
    )


def _points(mean: Mean) -> str:
    return f"{100 * mean.mean:.1f}" + (f" ± {100 * mean.se:.1f}" if mean.se is not None else "")
