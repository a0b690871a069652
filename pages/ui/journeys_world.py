"""The parameters of a simulated world, each in a grid or a field."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
import streamlit as st

from pages.ui import journeys_matrix, text
from synth_core.errors import JourneyError
from synth_core.journeys.world import Channel, World

#: Field → header, what it means.
CHANNEL = {
    "reach": ("Reach", "Touches per user and day that the channel starts by itself."),
    "effect": ("Effect", "Conversion hazard per day that a first touch adds (β). 0: it causes nothing."),
    "decay": ("Decay", "Days in which the effect falls to 37 % (τ)."),
    "saturation": ("Saturation", "Factor on the effect for each earlier touch on the channel; 1: repeats count fully."),
    "targeting": ("Targeting", "How much more often people with high intent are reached (γ): selection, not effect."),
    "cost": ("Cost", "Of one touch that the channel starts; 0: not paid for."),
}  # fmt: skip
#: Field → label, help, step.
NUMBERS = {
    "baseline": ("Baseline hazard per day", "Conversions per user and day without any touch.", 1e-4),
    "intent": ("Spread of intent (δ)", "How much users differ in that hazard. Targeting finds the same intent.", 0.1),
    "horizon": ("Days observed", None, 1.0),
    "value": ("Value of a conversion", "On average.", 10.0),
    "value_spread": ("Spread of the value", "Standard deviation of its logarithm.", 0.1),
    "delay": ("Delay of effects", "1: effects fall at once. Above 1 they rise first: no model here assumes that.",
              0.5),
    "lost": ("Share of touches not recorded", "0 to 1.", 0.05),
    "split": ("Share of users with two ids", "0 to 1.", 0.05),
}  # fmt: skip
_FIRST = {"reach": 0.02, "effect": 0.002, "decay": 3.0, "saturation": 1.0, "targeting": 0.0, "cost": 0.0}


def edit(start: World, key: str) -> World | None:
    """Grids and fields that begin with ``start``; None, with a sentence beside them, where the world is impossible."""
    st.markdown("**Channels**: one row each. Add a row below the last one; tick a row to delete it.")
    grid = st.data_editor(
        channel_frame(start),
        key=f"world-channels-{key}",
        num_rows="dynamic",
        hide_index=True,
        height="content",
        column_config={
            "Channel": st.column_config.TextColumn(pinned=True, required=True),
            **{
                title: st.column_config.NumberColumn(help=told, format="%.4g", default=_FIRST[field])
                for field, (title, told) in CHANNEL.items()
            },
        },
        alt="Channels of the world with their parameters",
    )
    st.caption(" ".join(f"**{title}**: {told}" for title, told in CHANNEL.values()))
    names = tuple(str(n or "").strip() for n in grid["Channel"].fillna(""))
    matrices = journeys_matrix.edit(start, names, key)
    numbers = _numbers(start, key)
    try:
        return world_of(start, grid, matrices, numbers)
    except JourneyError as error:
        st.error(text.literal(str(error)), icon=":material/error:")
        return None


def channel_frame(world: World) -> pd.DataFrame:
    """One row per channel."""
    return pd.DataFrame(
        {"Channel": list(world.names), **{title: world.of(field) for field, (title, _) in CHANNEL.items()}}
    )


def world_of(
    start: World, grid: pd.DataFrame, matrices: dict[str, pd.DataFrame], numbers: dict[str, float | str]
) -> World:
    """The world that the grids describe.

    Raises
    ------
    JourneyError
        A cell is empty, or its number impossible; the text names it.
    """
    channels = []
    for n, row in enumerate(grid.to_dict("records"), 1):
        name = str(row["Channel"] or "").strip() if pd.notna(row["Channel"]) else ""
        found = {}
        for field, (title, _) in CHANNEL.items():
            if pd.isna(row[title]):
                raise JourneyError(f"{title} of “{name or f'row {n}'}” is empty. Write a number.")
            found[field] = float(row[title])
        channels.append(Channel(name, **found))
    made = {
        kind: tuple(tuple(0.0 if pd.isna(v) else float(v) for v in line) for line in frame.to_numpy(object))
        for kind, frame in matrices.items()
    }
    kept = {f.name: getattr(start, f.name) for f in fields(World)}
    return World(**{**kept, **numbers, **made, "channels": tuple(channels)})


def _numbers(start: World, key: str) -> dict[str, float | str]:
    name = st.text_input("Name of this world", start.name, key=f"world-name-{key}", max_chars=80).strip()
    found: dict[str, float | str] = {"name": name or start.name}
    columns = st.columns(4)
    for i, (field, (label, told, step)) in enumerate(NUMBERS.items()):
        found[field] = float(
            columns[i % 4].number_input(
                label, value=float(getattr(start, field)), step=step, format="%g", help=told, key=f"world-{field}-{key}"
            )
        )
    return found
