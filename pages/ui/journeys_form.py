"""Choosing a world, changing it, and the button that simulates and grades."""

from __future__ import annotations

import re

import streamlit as st

from pages.ui import journeys_models, journeys_views, journeys_world, loaded, text, workspace
from pages.ui.stored_runs import distinct
from synth_core.errors import RunError, SynthError
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.world import World

RESAMPLES = 100
MOST_TOUCHES = 20_000_000  #: in all seeds: what a machine of the usual size holds and does in minutes
_FILE, _FAILED, _CHOICE = "journeys-world-file", "journeys-world-failed", "journeys-world"


def form() -> None:
    """Preset, parameters, size, and one button."""
    worlds = _worlds()
    asked = st.query_params.get("world")
    if asked in worlds and st.session_state.get("journeys-world-asked") != asked:
        st.session_state["journeys-world-asked"] = st.session_state[_CHOICE] = asked
    if st.session_state.get(_CHOICE) not in worlds:
        st.session_state[_CHOICE] = "full"
    names = distinct({key: world.name for key, world in worlds.items()})
    chosen = st.selectbox("World", list(worlds), key=_CHOICE, format_func=names.get)
    start = worlds[chosen]
    st.caption(text.literal(start.about) if start.about else "No description.")
    with st.expander("Edit parameters", icon=":material/tune:", key="journeys-parameters"):
        world = journeys_world.edit(start, chosen)
        _files(world)
    users, seeds, seed = _size()
    models = journeys_models.choose("journeys-models")
    if st.button("Simulate and grade", type="primary", icon=":material/play_arrow:", key="journeys-start",
                 disabled=world is None or not models):  # fmt: skip
        _start(world, users, seeds, seed, models, changed=world != start)


def _worlds() -> dict[str, World]:
    """Presets, the world of a calibration that the address names, and the one from a file."""
    found = dict(PRESETS)
    asked = st.query_params.get("world")
    if asked:
        try:
            run = workspace.store().get(asked)
            if run.task != "calibrate":
                raise RunError("This run calibrated no world.")
            found[asked] = loaded.result(run).world
        except SynthError:
            st.warning("The calibrated world in this address was not found: its run may have been deleted.")
            del st.query_params["world"]
    if _FILE in st.session_state:
        found["file"] = st.session_state[_FILE]
    return found


def _files(world: World | None) -> None:
    """Keeping the parameters, and loading them again."""
    left, right = st.columns(2, vertical_alignment="bottom")
    right.file_uploader("Load a world (JSON)", type=["json"], key="journeys-world-upload", on_change=_load,
                        max_upload_size=2)  # fmt: skip
    if _FAILED in st.session_state:
        st.error(text.literal(st.session_state[_FAILED]), icon=":material/error:")
    if world is not None:
        left.download_button(
            "Save this world (JSON)", world.to_json(), f"{stem(world.name)}.json", "application/json",
            icon=":material/download:", on_click="ignore", key="journeys-world-save",
        )  # fmt: skip


def _load() -> None:
    """Read the file at once, so that the world is in the list when the page is drawn."""
    file = st.session_state["journeys-world-upload"]
    st.session_state.pop(_FAILED, None)
    if file is None:
        return
    try:
        st.session_state[_FILE] = World.from_json(file.getvalue())
        st.session_state[_CHOICE] = "file"
        for key in [k for k in st.session_state if str(k).startswith("world-") and "-file" in str(k)]:
            del st.session_state[key]  # edits of the file before
    except SynthError as error:
        st.session_state[_FAILED] = str(error)


def _size() -> tuple[int, int, int]:
    left, middle, right = st.columns(3)
    users = left.number_input("Users per simulation", 100, 2_000_000, 20_000, 1_000, key="journeys-users")
    seeds = middle.number_input(
        "Seeds", 1, 100, 10, key="journeys-seeds",
        help="Simulations, each with other chance. Ten or more: with fewer, the standard errors themselves are too "
        "uncertain to tell models apart.",
    )  # fmt: skip
    seed = right.number_input("First seed", 0, 2**31 - 1, 7, key="journeys-seed",
                              help="The same seed gives the same numbers.")  # fmt: skip
    if seeds < 10:
        st.caption("Fewer than 10 seeds: standard errors are rough, and with one seed there are none.")
    return int(users), int(seeds), int(seed)


def _start(world: World, users: int, seeds: int, seed: int, models: list[str], *, changed: bool) -> None:
    per_user = sum(c.reach for c in world.channels) * world.horizon
    if per_user * users * seeds > MOST_TOUCHES:
        st.error(
            f"That is about {text.count(per_user * users * seeds)} touches; {text.count(MOST_TOUCHES)} is the limit "
            "here. Take fewer users or seeds, or lower the reach."
        )
        return
    named = world.name + (" (changed)" if changed and world.name in {w.name for w in PRESETS.values()} else "")
    spec = {"world": world.changed(name=named).to_dict(), "users": users, "seeds": seeds, "seed": seed,
            "models": models, "resamples": RESAMPLES}  # fmt: skip
    several = f"{seeds} seeds" if seeds > 1 else "1 seed"
    journeys_views.submit("journeys", spec, title=f"{named}: {text.count(users)} users × {several}")


def stem(name: str) -> str:
    """How files of a world begin."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower() or "world"
