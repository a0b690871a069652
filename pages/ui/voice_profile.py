"""What makes a brand's voice, and how well it can be told."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, loaded, number_table, progress, report_link, text, voice_views
from pages.ui.frame import guard
from synth_core import charts as figures
from synth_core.charts.base import cut
from synth_core.reports.voice import aim, met
from synth_core.runs import Run
from synth_core.voice.library import Info
from synth_core.voice.records import Measure, Profile, Trait

_NO_TRAIT = "No countable trait stands out in these lines."
_COLUMNS = ["Found", "Target", "Words alone"]
#: Key of a measure → how it is taken.
_HOW = {
    "auc_unseen": "Each source of competitor lines is left out of the training in turn, and its lines are scored with "
    "approved lines that were left out too. AUC: in how many pairs the approved line scores higher. The worst source "
    "counts.",
    "style_over_content": "AUC of approved lines on subjects the training never had, against lines in another voice on "
    "subjects it had. A classifier that only knows words fails here. The worst source counts.",
    "same_style_accept": "Share of approved lines that pass at the working threshold when no approved line on their "
    "subject was in the training.",
    "other_style_accept": "Share of lines in another voice that pass although they are about the brand's subjects. The "
    "worst source counts.",
    "false_rejects": "Share of approved lines below a threshold that is meant to stop 10 %, by a fit that has not seen "
    "them or their near-duplicates.",
    "false_accepts": "Share of an unseen competitor's lines that pass at a threshold that stops 20 % of approved "
    "lines. The worst source counts.",
}


def section() -> None:
    """The latest profile of the brand, and the button for one."""
    info = voice_views.need_brand()
    run = voice_views.pick_run("voice_check", info, "Profile")
    if run is None:
        st.markdown(
            "Measures what sets your approved lines apart from the competitors', and how far a classifier of that "
            "voice can be trusted on lines, subjects and competitors it has not seen. Takes about a minute."
        )
        _form(info, "Check this voice", primary=True)
        return
    if progress.finished(run):
        _outdated(run, info)
        with guard():
            show(loaded.result(run))
        report_link.button(run)
        voice_views.go("Next: write new lines", "write", key="voice-next")
    if info.version and run.state not in progress.ACTIVE:
        with st.expander("Check again", icon=":material/replay:"):
            _form(info, "Check this voice again")


def _form(info: Info, label: str, *, primary: bool = False) -> None:
    seed = st.number_input("Seed", 0, 2**31 - 1, 7, key="voice-check-seed", persist_state="session",
                           help="The same seed gives the same numbers.", width=160)  # fmt: skip
    if st.button(label, type="primary" if primary else "secondary", icon=":material/play_arrow:",
                 key="voice-check-start"):  # fmt: skip
        voice_views.submit("voice_check", {"brand": info.exact, "seed": int(seed)}, title=f"Voice of {info.name}")


def _outdated(run: Run, info: Info) -> None:
    if info.version and run.spec["brand"] != info.exact:
        version = run.spec["brand"].partition("@")[2] or "unknown"
        st.warning(f"This profile was made of version {version}; the brand is at version {info.version}. Check again.",
                   icon=":material/history:")  # fmt: skip


def show(found: Profile) -> None:
    """Warnings, traits, measures."""
    _counts(found)
    if not found.contrast:
        st.warning(
            "**No contrast.** The voice was compared with its own lines made worse, not with real competitors. The "
            "figures are weak: a competitor with a similar style may pass. Add competitor lines in step 1.",
            icon=":material/warning:",
        )
    if found.provisional:
        st.warning(
            f"**Provisional.** There are {found.approved} approved lines; with fewer than 50 every figure can change a "
            "lot with a few more lines.",
            icon=":material/warning:",
        )
    for note in found.notes:
        st.caption(text.literal(note))
    st.header("What makes this voice", anchor=False)
    if found.contrast:
        left, right = st.columns([5, 6], gap="large")
        with left:
            charts.show(figures.voice_traits(found), "voice-traits")
        with right:
            _traits(found.traits)
    else:
        st.markdown("\n".join(f"- **{_capital(t.name)}**: {text.literal(_told(t))}" for t in found.traits) or _NO_TRAIT)
    st.header("How well it can be told", anchor=False)
    number_table.show(_COLUMNS, [_measure(m) for m in found.measures], about="Measures of the voice classifier",
                      better=False)  # fmt: skip
    st.caption(
        "Each with its 95 % interval. “Words alone”: a classifier that knows words only; a voice that is more than its "
        "subject does better than that. These measure style. **None of them says that a line makes sense.**"
    )


def _counts(found: Profile) -> None:
    listed = ", ".join(f"{text.literal(name)} ({text.count(n)})" for name, n in found.sources)
    st.markdown(
        f"**{text.count(found.approved)}** approved lines in **{text.count(found.families)}** families · "
        + (f"**{text.count(found.contrast)}** competitor lines: {listed}" if found.contrast else "no competitor lines")
    )


def _traits(traits: tuple[Trait, ...]) -> None:
    """What each trait is in the brand and in the contrast, with an approved line that shows it."""
    if not traits:
        st.caption(_NO_TRAIT)
        return
    rows = [
        number_table.Row(
            _capital(trait.name),
            " ".join(f"“{line}”" for line in trait.examples),
            (f"{trait.effect:+.2f}".replace("-", "−"),),
            "",
            _told(trait),
        )
        for trait in traits
    ]
    number_table.show(["Cliff's delta"], rows, about="Traits of the voice, strongest first", better=False)
    st.caption("Open a trait for more approved lines that show it, or, where the brand has less of it, usual ones.")


def _told(trait: Trait) -> str:
    return trait.told + (f" For example: “{cut(trait.examples[0], 140)}”" if trait.examples else "")


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _measure(measure: Measure) -> number_table.Row:
    if measure.value is None:
        cells = ("– not\nmeasured", aim(measure), "–")
        return number_table.Row(measure.name, _HOW.get(measure.key, ""), cells, "", measure.told)
    interval = "" if measure.low is None else f"\n{measure.low:.2f} to {measure.high:.2f}"
    return number_table.Row(
        measure.name,
        _HOW.get(measure.key, ""),
        (
            f"{measure.value:.3f}{interval}",
            f"{aim(measure)}\n{'✓ met' if met(measure) else '✕ not met'}",
            "–" if measure.baseline is None else f"{measure.baseline:.3f}",
        ),
        "",
        measure.told,
    )
