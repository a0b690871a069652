"""What journeys cannot tell about the world they came from, in plain words."""

from __future__ import annotations

import numpy as np

from synth_core.journeys._likeness import Likeness, is_direct
from synth_core.journeys._moments import kept
from synth_core.journeys.observed import Journeys
from synth_core.journeys.world import World


def told(
    journeys: Journeys, base: World, likeness: Likeness, world: World, *, share: float | None, stated: bool,
    converting: bool, timed: bool, valued: bool,
) -> tuple[str, ...]:  # fmt: skip
    """One sentence or two for each thing that was taken from elsewhere."""
    said = [
        "What a touch causes: journeys show who was reached and who converted, not what would have happened otherwise. "
        f"The channels' effects keep the proportions of “{base.name}”; only their common size was fitted.",
    ]
    if share is not None:
        source = "as you stated" if stated else f"as in “{base.name}”"
        said.append(f"Conversions that would have come without any touch: {share:.0%} of those with a touch, {source}.")
    added = world.triggers[0][0] - likeness.world.triggers[0][0]
    said.append(
        "Why some people have many touches: keener people are reached more often (targeting), or a touch brings about "
        f"the next one (triggers). Lengths and repeats of paths say little about which: targeting was moved by "
        f"{_moved(likeness, world):+.2f}, and each touch brings about {added:.2f} more on its channel."
    )
    strangers = [n for n, known in zip(world.names, likeness.known, strict=True) if not known and not is_direct(n)]
    if strangers:
        said.append(
            f"“{base.name}” has no channel called {_listed(strangers)}: effect, decay, saturation, targeting and cost "
            "are the averages of its channels, without synergy and triggers between channels."
        )
    direct = [n for n in world.names if is_direct(n) and next(c for c in world.channels if c.name == n).effect == 0]
    if direct:
        said.append(f"{_listed(direct)} causes nothing: such visits are a sign of intent.")
    if not timed:
        said.append(
            f"How long an effect lasts: the decays of “{base.name}” (the journeys "
            + ("note conversions on the row of a touch)." if journeys.timed else "have no times).")
        )
    if not journeys.timed:
        said.append(f"The time observed: {world.horizon:g} days, as in “{base.name}”.")
    if converting:
        said.append(
            f"The conversion rate: all paths convert, so the hazards of “{base.name}” were kept and only converting "
            "paths were compared."
        )
    if not valued:
        said.append(f"The value of a conversion: the journeys have none, so it is that of “{base.name}”.")
    said.append(
        f"Saturation, synergy, costs, the shape of the delay and what tracking loses: as in “{base.name}”. People whom "
        "no channel reached are in no table of paths; their number follows from the fitted reach."
    )
    touched = journeys.lengths > 0
    later = int((touched & ~kept(journeys, converting=False)).sum())
    if later:
        said.append(f"{later:,} paths after a person's first conversion were left out of the comparison.")
    return tuple(said)


def _moved(likeness: Likeness, world: World) -> float:
    return float(np.mean(world.of("targeting") - likeness.world.of("targeting")))


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"“{n}”" for n in names[:6])
    return shown + (f" and {len(names) - 6} more" if len(names) > 6 else "")
