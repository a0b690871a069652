"""Small worlds for tests, and hypothesis strategies for any."""

from __future__ import annotations

from hypothesis import strategies as st

from synth_core.journeys.world import Channel, World


def world(*channels: Channel, synergy=None, triggers=None, baseline: float = 0.002, **fields) -> World:
    """A world; matrices as ``{(row name, column name): value}``."""
    names = [c.name for c in channels]

    def matrix(entries):
        return tuple(tuple(float((entries or {}).get((a, b), 0.0)) for b in names) for a in names)

    return World("Test", channels, matrix(synergy), matrix(triggers), baseline, **fields)


def entangled() -> World:
    """Everything at once, strong enough to show in a test."""
    return world(
        Channel("A", 0.05, 0.010, 3.0, saturation=0.7, targeting=0.5, cost=0.1),
        Channel("B", 0.04, 0.008, 5.0, cost=0.2),
        Channel("C", 0.03, 0.012, 2.0, saturation=0.8, targeting=-0.3, cost=0.1),
        Channel("Direct", 0.03, 0.0, 1.0, targeting=1.0),
        synergy={("A", "B"): 0.9, ("B", "C"): -0.5},
        triggers={("A", "C"): 0.4, ("C", "Direct"): 0.3, ("B", "A"): 0.2},
        intent=0.8,
    )


@st.composite
def worlds(draw: st.DrawFn, *, most: int = 4) -> World:
    """Any world of up to ``most`` channels, small enough to compute by hand."""
    size = draw(st.integers(1, most))
    part = st.sampled_from([0.0, 0.02, 0.1])
    channels = tuple(
        Channel(
            f"c{k}",
            draw(part),
            draw(part),
            draw(st.sampled_from([0.5, 3.0, 20.0])),
            draw(st.sampled_from([1.0, 0.5])),
            draw(st.sampled_from([0.0, 1.0, -0.5])),
            draw(st.sampled_from([0.0, 0.1])),
        )
        for k in range(size)
    )

    def matrix(values):
        return tuple(tuple(draw(st.sampled_from(values)) for _ in range(size)) for _ in range(size))

    return World(
        "Any",
        channels,
        matrix([0.0, 0.0, 0.8, -0.6]),
        matrix([0.0, 0.0, 0.0, 0.2]),
        draw(st.sampled_from([0.0, 0.003])),
        horizon=20.0,
        delay=draw(st.sampled_from([1.0, 2.5])),
        lost=draw(st.sampled_from([0.0, 0.3])),
        split=draw(st.sampled_from([0.0, 0.5])),
    )
