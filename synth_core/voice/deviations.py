"""Where a line's style departs from a brand's, told in words."""

from __future__ import annotations

import numpy as np

from synth_core.voice.records import Deviation
from synth_core.voice.style import TRAITS, StyleTrait, style

#: Traits nearer than this, in the brand's own spread, are not worth telling.
NOTABLE = 2.0
#: Nor those that at least this share of the approved lines show as strongly.
USUAL = 0.05
_MOST = 5
_FARTHEST = 20.0


class BrandStyle:
    """The middle and the spread of every trait among approved lines.

    Parameters
    ----------
    traits : ndarray of float, shape (lines, traits)
    """

    def __init__(self, traits: np.ndarray) -> None:
        self._sorted = np.sort(traits, axis=0)
        self.median = np.median(traits, axis=0)
        quartiles = np.percentile(traits, [25, 75], axis=0)
        spread = (quartiles[1] - quartiles[0]) / 1.349  # of a normal distribution
        # Where most lines are alike the quartiles say nothing; the standard deviation still knows the exceptions.
        spread = np.where(spread > 0, spread, traits.std(axis=0))
        self.spread = np.maximum(spread, [t.unit for t in TRAITS])
        self.shown = (traits != 0).mean(axis=0)

    def deviations(self, text: str) -> tuple[Deviation, ...]:
        """The strongest departures of a line, one for each group of traits."""
        values = style([text])[0]
        z = np.clip((values - self.median) / self.spread, -_FARTHEST, _FARTHEST)
        found: dict[str, Deviation] = {}
        for n in np.argsort(-np.abs(z), kind="stable"):
            trait = TRAITS[n]
            if abs(z[n]) < NOTABLE or len(found) == _MOST:
                break
            as_far = self._as_far(n, values[n])
            if trait.group not in found and as_far < USUAL:
                told = _told(trait, values[n], self.median[n], self.shown[n], as_far)
                found[trait.group] = Deviation(trait.name, float(values[n]), float(self.median[n]), float(z[n]), told)
        return tuple(found.values())

    def _as_far(self, column: int, value: float) -> float:
        """Share of the approved lines that go as far from the median on the same side."""
        found = self._sorted[:, column]
        return float(((found >= value) if value > self.median[column] else (found <= value)).mean())


def _told(trait: StyleTrait, value: float, median: float, shown: float, as_far: float) -> str:
    name = trait.name[:1].upper() + trait.name[1:]
    if trait.kind == "flag":
        if value:
            return f"“{name}” holds for this line, and for {shown:.0%} of the approved lines."
        return f"“{name}” holds for {shown:.0%} of the approved lines, not for this one."
    here = f"{name}: {amount(trait, value)} in this line"
    if median == 0 and trait.kind != "size":
        if shown == 0:
            return f"{here}; no approved line has any."
        much = "many" if trait.kind == "count" else "much"
        few = "none" if as_far == 0 else "fewer than 1%" if as_far < 0.01 else f"only {as_far:.0%}"
        return f"{here}; {few} of the approved lines have as {much}."
    return f"{here}; usually {amount(trait, median)} in approved lines."


def amount(trait: StyleTrait, value: float) -> str:
    """A trait's value as people write it: shares in per cent, whole numbers without decimals."""
    if trait.kind == "share":
        return f"{value:.0%} of the words"
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
