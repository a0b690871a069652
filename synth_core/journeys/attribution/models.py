"""The attribution models by key, in the order in which they are shown."""

from __future__ import annotations

from synth_core.journeys.attribution import heuristics
from synth_core.journeys.attribution.additive_hazard import additive_hazard, intent_hazard
from synth_core.journeys.attribution.base import Model
from synth_core.journeys.attribution.markov import markov
from synth_core.journeys.attribution.person_time import logistic
from synth_core.journeys.attribution.shapley import shapley_ordered, shapley_sets

_MARKOV = (
    "Journeys as a chain that remembers {memory}. A channel's credit follows the share of conversions that would be "
    "lost if every step through it led nowhere. Solved exactly."
)

MODELS: dict[str, Model] = {
    model.key: model
    for model in (
        Model("first", "First touch", "All credit to the first touch.", heuristics.first_touch),
        Model("last", "Last touch", "All credit to the last touch.", heuristics.last_touch),
        Model(
            "last_non_direct", "Last non-direct",
            "All credit to the last touch that is not Direct; to Direct where there is no other.",
            heuristics.last_non_direct,
        ),
        Model("linear", "Linear", "The same credit to every touch; repeats count.", heuristics.linear),
        Model(
            "position", "Position 40/20/40",
            "40 % to the first touch, 40 % to the last, 20 % shared by those between.", heuristics.position_based,
        ),
        Model(
            "time_decay", "Time decay (7 days)",
            "A touch counts half as much for every 7 days that it lies before the conversion.", heuristics.time_decay,
            timed=True,
        ),
        Model(
            "w_shaped", "W-shaped",
            "30 % each to the first, the middle and the last touch, 10 % shared by the rest.", heuristics.w_shaped,
        ),
        Model("markov1", "Markov, order 1", _MARKOV.format(memory="only the last touch"), markov(1)),
        Model("markov2", "Markov, order 2", _MARKOV.format(memory="the last two touches"), markov(2)),
        Model("markov3", "Markov, order 3", _MARKOV.format(memory="the last three touches"), markov(3)),
        Model(
            "shapley", "Shapley (sets)",
            "Each conversion split equally over the different channels of its path: the Shapley value of the observed "
            "paths, not of what channels really do.", shapley_sets,
        ),
        Model(
            "shapley_ordered", "Shapley (ordered)",
            "The same by channel and position in the path. Summed over positions it gives the totals of the sets.",
            shapley_ordered,
        ),
        Model(
            "logistic", "Logistic (person-days)",
            "A regression of converting on a day on the touches of the 7 days before. Credit is what the fitted model "
            "takes away without a channel; what remains without any is organic.", logistic, timed=True, organic=True,
        ),
        Model(
            "additive_hazard", "Additive hazard",
            "Every touch adds to the rate of conversion and fades. Effects, fading and the organic rate are fitted; "
            "each conversion is shared out by what made up the rate at that moment.", additive_hazard, timed=True,
            organic=True,
        ),
        Model(
            "additive_hazard_intent", "Additive hazard with intent",
            "The same, but people who meet a channel more often than others may also be likelier to buy anyway: that "
            "part stays with the person instead of fading, and is organic. Simulated worlds treat intent much the same "
            "way: this model is at home in them.", intent_hazard, timed=True, organic=True,
        ),
    )
}  # fmt: skip
