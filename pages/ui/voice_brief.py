"""Forms of the brief and of what no line may say."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from synth_core.voice.channels import CHANNELS, Channel
from synth_core.voice.records import Brief, Compliance

#: Field of the brief → label, example.
_SLOTS = {
    "products": ("Products", "the corner room"),
    "places": ("Places", "the jetty"),
    "seasons": ("Seasons", "spring"),
    "offers": ("Offers", "three nights for two"),
    "actions": ("Calls to action", "Write to us"),
    "facts": ("Facts that may be claimed", "nine rooms"),
}
_RULES = {
    "banned": ("Words that must not appear", "luxury"),
    "claims": ("Words that make a claim", "guaranteed"),
    "competitors": ("Names of competitors", "BaySaver"),
}


def brief(old: Brief, key: str) -> Brief:
    """Fields that begin with ``old``; what they hold now."""
    about = st.text_area(
        "What the lines are about", old.about, height=80, key=f"voice-about-{key}", persist_state="session",
        placeholder="One or two sentences for the writer.",
    )  # fmt: skip
    keys = list(CHANNELS)
    channel = st.selectbox(
        "Channel", keys, index=keys.index(old.channel) if old.channel in keys else 0, key=f"voice-channel-{key}",
        format_func=lambda k: CHANNELS[k].name, persist_state="session",
    )  # fmt: skip
    st.caption(f"{limits(CHANNELS[channel])} {CHANNELS[channel].about} Other limits can be set in step 3.")
    st.markdown("One entry per row. All may be empty; a number, price or name that stands nowhere here is stopped.")
    return Brief(" ".join(about.split()), channel, **_lists(old, _SLOTS, key))


def compliance(old: Compliance, key: str) -> Compliance:
    """As :func:`brief`, for the rules."""
    st.markdown("One entry per row. A line that breaks one of these is stopped, with the entry as the reason.")
    lists = _lists(old, _RULES, key)
    st.markdown("**Required texts**: a line with the words on the left must hold those on the right.")
    edited = st.data_editor(
        pd.DataFrame(list(old.disclaimers), columns=["If a line says", "it must also say"], dtype="object"),
        key=f"voice-disclaimers-{key}",
        num_rows="dynamic",
        hide_index=True,
        height="content",
        alt="Words and the text that they require",
    )
    pairs = [(" ".join(str(a).split()), " ".join(str(b).split())) for a, b in edited.fillna("").itertuples(index=False)]
    return Compliance(disclaimers=tuple(dict.fromkeys(p for p in pairs if all(p))), **lists)


def limits(channel: Channel) -> str:
    """``10 to 90 characters, 2 to 18 words, at most 3 sentences.``"""
    return (
        f"{channel.min_chars} to {channel.max_chars} characters, {channel.min_words} to {channel.max_words} words, at "
        f"most {channel.max_sentences} sentence{'s' * (channel.max_sentences != 1)}."
    )


def _lists(old: Brief | Compliance, fields: dict[str, tuple[str, str]], key: str) -> dict[str, tuple[str, ...]]:
    places, found = [], {}
    for i, (name, (label, example)) in enumerate(fields.items()):
        if i % 3 == 0:  # row by row: on a phone they come in their order
            places = st.columns(3)
        typed = places[i % 3].text_area(
            label, "\n".join(getattr(old, name)), height=140, key=f"voice-{name}-{key}", persist_state="session",
            placeholder=f"for example: {example}",
        )  # fmt: skip
        found[name] = tuple(dict.fromkeys(" ".join(row.split()) for row in typed.splitlines() if row.strip()))
    return found
