"""Runs attribution models on journeys: one, or all with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from synth_core.errors import JourneyError
from synth_core.journeys.attribution.base import Answer, Model, Split
from synth_core.journeys.attribution.bootstrap import occurrences, percentiles, resampled, share
from synth_core.journeys.attribution.models import MODELS
from synth_core.journeys.observed import Journeys
from synth_core.journeys.results import Attributed, Credits
from synth_core.progress import SILENT, Progress


def unavailable(model: Model, journeys: Journeys) -> str | None:
    """Why the model cannot be used on these journeys, as a sentence; None if it can."""
    if model.timed and not journeys.timed:
        return (
            f"{model.name} needs the times of touches, and these journeys have none. Upload event rows (one row per "
            "touch, with its time) to use it."
        )
    return None


def credit(journeys: Journeys, model_key: str) -> Credits:
    """What one model gives to each channel.

    Raises
    ------
    JourneyError
        There is no such model, or it cannot be used on these journeys.
    """
    model = _model(model_key)
    if reason := unavailable(model, journeys):
        raise JourneyError(reason)
    return _credits(model, journeys, model.prepare(journeys)(np.ones(len(journeys))))


def attribute(
    journeys: Journeys, models: Sequence[str] | None = None, *, resamples: int = 200, seed: int = 7,
    progress: Progress = SILENT,
) -> Attributed:  # fmt: skip
    """Credits of several models, with bootstrap intervals of their shares.

    Parameters
    ----------
    journeys : Journeys
    models : sequence of str or None
        Keys of :data:`MODELS`; None: all.
    resamples : int
        Bootstrap resamples of people, the same for all models; 0: no intervals.
    seed : int
    progress : Progress

    Returns
    -------
    Attributed
        Models that cannot be used on these journeys are named in its notes.

    Raises
    ------
    JourneyError
        There is no such model, or none of them can be used, or there are no journeys.
    Cancelled
        By ``progress``.
    """
    if not len(journeys):
        raise JourneyError("There are no journeys to attribute. Upload a file with at least one path.")
    asked = [_model(key) for key in (MODELS if models is None else models)]
    reasons = [reason for m in asked if (reason := unavailable(m, journeys))]
    usable = [m for m in asked if not unavailable(m, journeys)]
    if not usable:
        raise JourneyError(" ".join(reasons) or "No model was chosen. Choose at least one.")
    apart = occurrences(journeys)
    total = len(usable) + resamples
    answers: list[Answer] = []
    credits: list[Credits] = []
    for step, model in enumerate(usable):
        progress.report("attributing", step, total, model=model.name)
        answers.append(model.prepare(apart))
        credits.append(_credits(model, journeys, answers[-1](np.ones(len(apart)))))
    shares = np.empty((len(usable), resamples, len(journeys.channels)))
    for step, weights in enumerate(resampled(apart, resamples, seed)):
        progress.report("attributing", len(usable) + step, total)
        for row, answer in enumerate(answers):
            shares[row, step] = share(answer(weights).credit)
    progress.report("attributing", total, total)
    return Attributed(
        credits=tuple(credits),
        intervals=tuple(percentiles(s) if resamples else None for s in shares),
        paths=len(journeys), touches=journeys.touches, conversions=journeys.converted, untouched=journeys.untouched,
        resamples=resamples, seed=seed, notes=(*journeys.notes, *reasons),
    )  # fmt: skip


def _model(key: str) -> Model:
    if key not in MODELS:
        raise JourneyError(f"There is no attribution model “{key}”. There are: {', '.join(MODELS)}.")
    return MODELS[key]


def _credits(model: Model, journeys: Journeys, split: Split) -> Credits:
    notes = ()
    if not model.organic and journeys.untouched:
        notes = (f"{journeys.untouched:,.0f} conversions without any touch are credited to no channel.",)
    return replace(model.credits(split, journeys.channels), notes=notes)
