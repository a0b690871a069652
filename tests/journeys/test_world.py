"""Parameters: saved, loaded, refused in words."""

import json

import pytest
from hypothesis import given

from synth_core.errors import JourneyError
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.world import World
from tests.journeys.worlds import entangled, worlds


@given(worlds())
def test_a_saved_world_comes_back_as_it_was(world):
    assert World.from_json(world.to_json()) == world


@pytest.mark.parametrize("key", PRESETS)
def test_presets_are_worlds_of_their_own(key):
    assert World.from_json(PRESETS[key].to_json()) == PRESETS[key]
    assert PRESETS[key].about and PRESETS[key].paid.any()
    assert sum(p.to_dict() == PRESETS[key].to_dict() for p in PRESETS.values()) == 1


def edited(**changes):
    return {**entangled().to_dict(), **changes}


def channel(**changes):
    first, *others = entangled().to_dict()["channels"]
    return edited(channels=[{**first, **changes}, *others])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (edited(channels=[]), "at least one channel"),
        (channel(name="B"), "“B” is there twice"),
        (channel(name=" "), "has no name"),
        (channel(name="A > B"), "separates the steps"),
        (channel(reach=-0.1), "The reach of “A” is -0.1"),
        (channel(saturation=1.5), "saturation of “A” is 1.5"),
        (channel(decay=0), "decay of “A” is 0"),
        (channel(effect="much"), "effect of “A” is 'much'"),
        (channel(effect=None), "effect of “A” is None"),
        (channel(effect=float("nan")), "effect of “A” is nan"),
        (edited(baseline=-1), "baseline hazard per day is -1"),
        (edited(lost=1.2), "share of lost touches is 1.2"),
        (edited(triggers=[[0.0] * 4] * 3), "trigger matrix must have one row"),
        (edited(triggers=[[0.5, 0.5, 0, 0], [0.5, 0.5, 0, 0], [0] * 4, [0] * 4]), "feed on themselves"),
        (edited(synergy=[[-2, 0, 0, 0]] + [[0] * 4] * 3), "synergy of “A” on “A” is -2"),
        (edited(colour="red"), "a world in it has “colour”"),
        ({"name": "x"}, "a world in it lacks “channels”"),
        (edited(channels=[{"name": "A"}]), "a channel in it lacks “reach”"),
        (edited(channels=["A"]), "no channel in it"),
        (edited(channels=3), "no list"),
        (edited(synergy=3), "not a saved world"),
    ],
)
def test_an_impossible_world_is_refused_by_name(data, words):
    with pytest.raises(JourneyError, match=words):
        World.from_dict(data)


@pytest.mark.parametrize("text", ["", "{", "[1]", "3", "null", json.dumps({"channels": 4})])
def test_a_file_that_is_no_world_is_refused(text):
    with pytest.raises(JourneyError, match=r"not JSON|not a saved world"):
        World.from_json(text)
