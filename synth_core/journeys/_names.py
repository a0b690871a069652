"""Names of channels as they stand in a file, brought to one spelling each."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from synth_core.errors import JourneyError

MOST = 62  #: channels


def folded(name: str) -> str:
    """What two spellings of one channel have in common: neither case nor spaces."""
    return " ".join(name.split()).casefold()


def merged(names: list[str], counts: np.ndarray) -> tuple[tuple[str, ...], np.ndarray, list[str]]:
    """One channel for all spellings that differ in case or spaces only.

    Parameters
    ----------
    names : list of str
        Distinct spellings, none blank.
    counts : numpy.ndarray
        How often each occurs.

    Returns
    -------
    channels : tuple of str
        In alphabetical order, each as it is spelt most often, or first.
    index : numpy.ndarray
        int16 (names,); the channel of each spelling.
    notes : list of str

    Raises
    ------
    JourneyError
        More than 62 channels, or one whose name contains “>”.
    """
    spellings: dict[str, list[int]] = defaultdict(list)
    for position, name in enumerate(names):
        spellings[folded(name)].append(position)
    chosen = {key: names[max(at, key=lambda i: (counts[i], -i))] for key, at in spellings.items()}
    order = sorted(chosen, key=lambda key: (key, chosen[key]))
    if len(order) > MOST:
        sizes = {key: int(sum(counts[i] for i in at)) for key, at in spellings.items()}
        small = sorted(order, key=lambda key: sizes[key])[:3]
        shown = ", ".join(f"“{chosen[key]}” ({sizes[key]:,} touch{'es' * (sizes[key] != 1)})" for key in small)
        raise JourneyError(
            f"There are {len(order):,} different channels; {MOST} is the limit. Merge the smallest ones, such as "
            f"{shown}, into one called “Other”. If these are campaigns, use the column with their channel instead."
        )
    arrow = next((chosen[key] for key in order if ">" in chosen[key]), None)
    if arrow is not None:
        raise JourneyError(
            f"The channel name “{arrow}” contains “>”, which separates the steps of a path. If the column holds "
            "whole paths, name it “path”; otherwise write another sign."
        )
    index = np.empty(len(names), "int16")
    for place, key in enumerate(order):
        index[spellings[key]] = place
    several = [key for key in order if len(spellings[key]) > 1]
    notes = []
    if several:
        told = "; ".join(
            f"“{chosen[key]}” ({', '.join(f'“{names[i]}”' for i in spellings[key] if names[i] != chosen[key])})"
            for key in several[:3]
        )
        notes.append(
            f"{len(several)} channel{'s were' if len(several) > 1 else ' was'} spelt in several ways and merged: {told}"
            f"{' …' if len(several) > 3 else ''}."
        )
    return tuple(chosen[key] for key in order), index, notes
