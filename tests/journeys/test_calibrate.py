"""Worlds fitted to journeys: every figure comes near, and what is known is found again."""

from dataclasses import replace

import numpy as np
import pytest

from synth_core.errors import JourneyError
from synth_core.journeys import export
from synth_core.journeys._moments import MEAN_LENGTH, RATE, kept, measure, touches_on
from synth_core.journeys._target import organic_share
from synth_core.journeys.calibrate import calibrate
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.reading import read_journeys
from synth_core.journeys.results import Calibration
from synth_core.journeys.simulate import simulate
from synth_core.journeys.world import Channel, World
from tests.journeys.makers import paths
from tests.tables.makers import REAL, needs_real


class Heard:
    """Remembers the distances that were reported."""

    def __init__(self):
        self.distances, self.steps = [], []

    def report(self, phase, step, total, **metrics):
        self.steps.append((phase, step, total))
        if metrics.get("distance", "") != "":
            self.distances.append(metrics["distance"])


def moments(found):
    return {m.name: m for m in found.moments}


@pytest.fixture(scope="module")
def client():
    """A world that differs from every base: other reach, hazards, decay, value, repeats and targeting."""
    base = PRESETS["targeting"]
    return replace(
        base,
        channels=tuple(
            replace(c, reach=c.reach * f, effect=c.effect * 1.6, decay=c.decay * 1.5)
            for c, f in zip(base.channels, (0.4, 0.9, 0.3, 1.5, 1.0, 0.7, 0.8, 1.3), strict=True)
        ),
        triggers=tuple(tuple(0.25 * (i == j) for j in range(8)) for i in range(8)),
        baseline=0.002, value=40.0, value_spread=0.9, horizon=45.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def journeys(client):
    return simulate(client, 50_000, seed=11).observed


@pytest.fixture(scope="module")
def fitted(journeys):
    heard = Heard()
    return calibrate(journeys, base=PRESETS["targeting"], seed=3, progress=heard), heard


def test_every_figure_comes_near(fitted):
    found, heard = fitted
    assert found.distance < 0.04 and found.distance < heard.distances[0] / 2
    near = {name: abs(m.world - m.client) / max(abs(m.client), 0.02) for name, m in moments(found).items()}
    for name, off in near.items():
        assert off < (0.12 if name.startswith(f"{RATE} at") else 0.08), (name, moments(found)[name])
    assert near[RATE] < 0.05 and near[MEAN_LENGTH] < 0.05
    assert heard.distances[-1] <= min(heard.distances[:3]), "the search goes on from the best"
    assert heard.steps[-1] == ("fitting", 18, 18) and 5 < found.rounds <= 18


def test_what_is_known_is_found_again(fitted, client):
    world = fitted[0].world
    assert world.horizon == pytest.approx(45, abs=0.1)
    assert world.value == pytest.approx(40, rel=0.03) and world.value_spread == pytest.approx(0.9, rel=0.03)
    assert np.diag(world.triggers).mean() == pytest.approx(0.25, abs=0.06)
    np.testing.assert_allclose(world.of("reach"), client.of("reach"), rtol=0.2)
    assert world.of("decay")[0] == pytest.approx(6.0, rel=0.3)
    assert world.names == client.names and (world.of("effect") > 0).tolist() == [True] * 7 + [False]


def test_the_organic_share_is_that_of_the_base_or_as_stated(journeys, fitted):
    def share(world):
        return organic_share(simulate(world, 60_000, seed=1))

    base = PRESETS["targeting"]
    assert share(fitted[0].world) == pytest.approx(share(base), abs=0.05)
    said = calibrate(journeys, base=base, seed=3, organic_share=0.7, rounds=12)
    assert share(said.world) == pytest.approx(0.7, abs=0.06)
    assert moments(said)[RATE].world == pytest.approx(moments(said)[RATE].client, rel=0.08)
    assert any("as you stated" in line for line in said.assumed)
    for wrong in (0, 1, -0.2, 3):
        with pytest.raises(JourneyError, match="must lie between 0 and 1"):
            calibrate(journeys, base=base, organic_share=wrong)


def test_the_same_seed_gives_the_same_world(journeys):
    few = {"base": PRESETS["clean"], "rounds": 4}
    one = calibrate(journeys, seed=5, **few)
    assert calibrate(journeys, seed=5, **few) == one
    assert Calibration.from_dict(one.to_dict()) == one
    assert calibrate(journeys, seed=6, **few) != one


def test_strange_channels_get_averages_and_direct_causes_nothing():
    rows = [
        ("TikTok > Direct > Email", 30, 60),
        ("Direct", 20, 90),
        ("TikTok", 10, 80),
        ("EMAIL > TikTok > TikTok", 9, 20),
    ]
    found = calibrate(paths(*rows), base=PRESETS["targeting"], rounds=6)
    by_name = {c.name: c for c in found.world.channels}
    base = PRESETS["targeting"]
    acting = [c for c in base.channels if c.effect > 0]
    assert by_name["Direct"].effect == 0 and by_name["Direct"].cost == 0
    ratio = by_name["TikTok"].effect / by_name["Email"].effect
    assert ratio == pytest.approx(np.mean([c.effect for c in acting]) / base.channels[3].effect)
    assert by_name["TikTok"].decay == pytest.approx(np.mean([c.decay for c in acting]))
    told = " ".join(found.assumed)
    assert "no channel called “TikTok”" in told and "“Direct” causes nothing" in told
    assert "the journeys have no times" in told and "30 days, as in “Targeting”" in told


def test_paths_that_all_convert_are_compared_with_those_that_convert():
    seen = simulate(PRESETS["high_organic"], 30_000, seed=2).observed
    won = export.paths(seen).query("total_conversions > 0 and path != '(no touch)'")
    only = read_journeys(won.drop(columns="total_null").to_csv(index=False).encode(), name="won.csv")
    found = calibrate(only, base=PRESETS["high_organic"], rounds=5)
    assert RATE not in moments(found)
    assert moments(found)[MEAN_LENGTH].world == pytest.approx(moments(found)[MEAN_LENGTH].client, rel=0.05)
    assert any("all paths convert" in line for line in found.assumed)


def test_only_the_first_path_of_a_person_counts():
    log = (
        "user,time,channel,conversion\n"
        + "".join(f"u{i},2024-01-0{1 + i % 9},A,0\nu{i},2024-01-20,,{int(i % 4 == 0)}\n" for i in range(80))
        + "".join(f"u{i},2024-01-25,B,0\n" for i in range(0, 80, 4))
    )
    seen = read_journeys(log.encode(), name="log.csv")
    keep = kept(seen, converting=False)
    figures = measure(seen, keep, converting=False, timed=True)
    assert keep.sum() == 80 and figures.values[RATE] == 0.25
    assert figures.values[touches_on("A")] == 1 and figures.values[touches_on("B")] == 0
    found = calibrate(seen, base=PRESETS["clean"], rounds=3)
    assert found.world.names == ("A",), "no compared path has the other channel"
    assert any("20 paths after a person's first conversion were left out" in line for line in found.assumed)


def test_conversions_on_the_row_of_a_touch_tell_no_waiting_time():
    log = "user,time,channel,conversion\n" + "".join(
        f"u{i},2024-01-0{1 + i % 5},A,0\nu{i},2024-01-0{2 + i % 7},B,{int(i % 3 == 0)}\n" for i in range(90)
    )
    found = calibrate(read_journeys(log.encode(), name="log.csv"), base=PRESETS["clean"], rounds=3)
    assert not any("Days from" in m.name for m in found.moments)
    assert any("note conversions on the row of a touch" in line for line in found.assumed)
    assert found.world.horizon == 7


def test_too_little_is_refused():
    with pytest.raises(JourneyError, match=r"Only 4 paths have a touch; at least 30"):
        calibrate(paths(("A > B", 1, 3)), base=PRESETS["clean"])
    with pytest.raises(JourneyError, match="No path with a touch converts"):
        calibrate(paths(("A > B", 0, 90), ("", 5, 0)), base=PRESETS["clean"])


@pytest.mark.parametrize(
    "base",
    [
        World("Nothing works", (Channel("A", 0.1, 0.0, 1.0),), ((0.0,),), ((0.0,),), 0.001, delay=3.0),
        World("No baseline", (Channel("B", 0.1, 0.01, 1.0),), ((0.0,),), ((0.5,),), 0.0, lost=0.2, split=0.2),
    ],
)  # fmt: skip
def test_any_base_will_do(base):
    found = calibrate(paths(("A", 40, 400), ("A > A", 20, 100), ("A > A > A", 9, 50)), base=base, rounds=8)
    assert moments(found)[RATE].world == pytest.approx(moments(found)[RATE].client, rel=0.15)
    assert moments(found)[MEAN_LENGTH].world == pytest.approx(moments(found)[MEAN_LENGTH].client, rel=0.1)


@needs_real
def test_a_world_like_the_real_paths():
    seen = read_journeys((REAL / "attribution_paths.csv.gz").read_bytes(), name="attribution_paths.csv.gz")
    heard = Heard()
    found = calibrate(seen, base=PRESETS["clean"], seed=3, progress=heard)
    assert found.distance < 0.06 < heard.distances[0]
    assert moments(found)[RATE].world == pytest.approx(0.22385, rel=0.05)
    assert moments(found)[MEAN_LENGTH].world == pytest.approx(4.279, rel=0.07)
    for name in ("alpha", "beta", "eta", "iota", "lambda", "theta"):
        figure = moments(found)[touches_on(name)]
        assert figure.world == pytest.approx(figure.client, rel=0.1), name
