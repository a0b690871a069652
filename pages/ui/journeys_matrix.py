"""Synergy and triggers between channels, as grids that follow the list of channels."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from synth_core.journeys.world import World

KINDS = {
    "synergy": (
        "Synergy",
        "A touch on the channel of the row makes a later touch on the channel of the column stronger: 0.5 means half "
        "as strong again, −0.5 half as strong.",
    ),
    "triggers": (
        "Triggers",
        "A touch on the channel of the row brings about this many touches on the channel of the column, about a day "
        "later.",
    ),
}


def edit(start: World, names: tuple[str, ...], key: str) -> dict[str, pd.DataFrame]:
    """Both matrices for the channels ``names``, as they are edited now."""
    found = {}
    tabs = st.tabs([title for title, _ in KINDS.values()])
    for tab, (kind, (title, told)) in zip(tabs, KINDS.items(), strict=True):
        with tab:
            st.caption(told)
            found[kind] = _grid(start, names, f"world-{kind}-{key}", kind, title)
    return found


def _grid(start: World, names: tuple[str, ...], key: str, kind: str, title: str) -> pd.DataFrame:
    """A new grid whenever the channels change, filled with what the one before held."""
    state = st.session_state.setdefault(
        f"{key}-state", {"names": start.names, "frame": frame(start.names, getattr(start, kind)), "version": 0}
    )
    if state["names"] != names:
        last = state.get("edited", state["frame"])
        state.update(names=names, frame=resized(last, names), version=state["version"] + 1)
    if len(set(names)) < len(names) or "" in names:
        st.info("Give every channel a name of its own first.")
        return state["frame"].set_axis(list(map(str, range(len(names)))), axis=1)
    state["edited"] = st.data_editor(
        state["frame"],
        key=f"{key}-{state['version']}",
        height="content",
        column_config={n: st.column_config.NumberColumn(format="%.3g") for n in names},
        alt=f"{title} of each channel (row) on each other one (column)",
    )
    return state["edited"]


def frame(names: tuple[str, ...], matrix) -> pd.DataFrame:
    """Rows: the earlier touch; columns: the later one."""
    return pd.DataFrame(
        [list(map(float, line)) for line in matrix],
        index=pd.Index(list(names), name="From ↓ to →"),
        columns=list(names),
        dtype=float,
    )


def resized(last: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """``last`` for other channels: by position where one was renamed, else by name; zeros for new ones."""
    values = last.to_numpy(float)
    if len(names) == len(last):
        return frame(names, values)
    place = {n: i for i, n in enumerate(last.index)}
    return frame(names, [[values[place[a], place[b]] if a in place and b in place else 0.0 for b in names]
                         for a in names])  # fmt: skip
