"""What the gates ask for, to be changed before a run."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.ui import text, voice_brief
from synth_core.errors import VoiceError
from synth_core.voice.channels import CHANNELS
from synth_core.voice.gates.settings import ALWAYS, GATES, POLICIES, GateSettings

_LIMITS = {
    "min_chars": "Least characters", "max_chars": "Most characters", "min_words": "Least words",
    "max_words": "Most words", "max_sentences": "Most sentences",
}  # fmt: skip
_POLICY = {
    "fresh": ("Fresh", "New lines, nothing close to an approved one."),
    "light": ("Light", "Variations that stay close to their original are let through."),
}


def edit(channel: str) -> GateSettings | None:
    """Limits and thresholds, beginning with those of the channel; None, with a sentence, where they are impossible."""
    preset = CHANNELS[channel]
    st.caption(f"Channel “{preset.name}”: {voice_brief.limits(preset)} Empty: as the channel says.")
    limits = {}
    for place, (name, label) in zip(st.columns(len(_LIMITS)), _LIMITS.items(), strict=True):
        value = place.number_input(label, 1, 5_000, None, key=f"voice-gate-{name}", persist_state="session",
                                   placeholder=str(getattr(preset, name)))  # fmt: skip
        limits[name] = None if value is None else int(value)
    policy = st.segmented_control(
        "Copies of approved lines", list(_POLICY), default="fresh", required=True, format_func=lambda k: _POLICY[k][0],
        key="voice-gate-policy", persist_state="session",
    )  # fmt: skip
    st.caption(_copying(policy))
    first, second, third = st.columns(3)
    rejects = first.number_input(
        "Voice: approved lines it may stop, in %", 0.0, 50.0, 10.0, 1.0, key="voice-gate-rejects", format="%g",
        persist_state="session",
        help="A line passes when it scores above this percentile of held-out approved lines. Higher is stricter.",
    )  # fmt: skip
    similar = second.number_input(
        "Near-duplicate from a similarity of", 50.0, 100.0, 80.0, 1.0, key="voice-gate-similar", format="%g",
        persist_state="session", help="Of two new lines, 0 to 100, order of words aside (token set ratio).",
    )  # fmt: skip
    family = third.number_input("Most new lines per approved line", 1, 1_000, 12, key="voice-gate-family",
                                persist_state="session")  # fmt: skip
    optional = [k for k in GATES if k not in ALWAYS and k != "judge"]
    off = st.multiselect("Gates to switch off", optional, format_func=GATES.get, key="voice-gate-off",
                         persist_state="session", placeholder="none")  # fmt: skip
    if off:
        st.warning("Lines that only these gates would stop come through: " + ", ".join(GATES[k] for k in off) + ".")
    extra = _expert()
    try:
        found = GateSettings(tuple(off), policy=policy, false_rejects=rejects / 100, similar=similar,
                             per_family=int(family), **limits)  # fmt: skip
        found = replace(found, **extra)
        final = found.channel(channel)
        if final.min_chars > final.max_chars or final.min_words > final.max_words:
            raise VoiceError("A least length is larger than the most that is allowed: no line could pass.")
        return found
    except VoiceError as error:
        st.error(text.literal(str(error)), icon=":material/error:")
        return None


def _copying(policy: str) -> str:
    copying = POLICIES[policy]
    return (
        f"{_POLICY[policy][1]} Stopped: similarity to an approved line of {copying.ratio:g} or more (of 100), more "
        f"than {100 * copying.coverage:.0f} % of its runs of four words in one approved line, or more than "
        f"{copying.run} words in a row in common."
    )


def _expert() -> dict[str, object]:
    left, right = st.columns(2)
    implausible = left.number_input(
        "Plausible wording: approved lines it may stop, in %", 0.0, 50.0, 2.0, 0.5, key="voice-gate-plausible",
        format="%g", persist_state="session", help="Asked of recombined lines only.",
    )  # fmt: skip
    allowed = right.text_input("Words that are no profanity here", key="voice-gate-profanity", persist_state="session",
                               placeholder="with commas between", help="Such as the name of a place.")  # fmt: skip
    words = tuple(dict.fromkeys(w.strip() for w in allowed.split(",") if w.strip()))
    return {"implausible": implausible / 100, "profanity_allowed": words}
