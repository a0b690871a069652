"""What makes a brand's voice, in numbers and examples, and how well it can be told."""

from __future__ import annotations

import numpy as np

from synth_core.progress import SILENT, Progress
from synth_core.voice.corpus import APPROVED, CONTRAST, PROVISIONAL, Corpus, corpus
from synth_core.voice.deviations import amount
from synth_core.voice.diversity import diversity
from synth_core.voice.evaluation import measured
from synth_core.voice.records import Brand, Profile, Trait
from synth_core.voice.style import TRAITS, StyleTrait

_MOST_TRAITS = 10
_EXAMPLES = 3
#: Weaker differences are not told: Cliff's delta calls less than .147 negligible (Romano et al. 2006).
_NEGLIGIBLE = 0.147


def profile(brand: Brand, *, seed: int, progress: Progress = SILENT) -> Profile:
    """Traits, measures and variety of a brand's approved lines.

    Parameters
    ----------
    brand : Brand
    seed : int
    progress : Progress
        Phases ``"fitting"`` and ``"testing"``.

    Raises
    ------
    VoiceError
        Too few different approved lines.
    """
    progress.report("fitting", 0, 1)
    lines = corpus(brand.approved, brand.contrast, seed=seed)
    own, other = lines.rows(APPROVED), lines.rows(CONTRAST)
    names, counts = np.unique(lines.sources[other].astype(str), return_counts=True)
    progress.report("fitting", 1, 1)
    return Profile(
        brand=brand.name,
        approved=len(own),
        contrast=len(other),
        families=len(np.unique(lines.family[own])),
        sources=tuple((str(names[n]), int(counts[n])) for n in np.argsort(-counts, kind="stable")),
        traits=traits(lines),
        measures=measured(lines, seed=seed, progress=progress),
        provisional=len(own) < PROVISIONAL,
        diversity=diversity([lines.lines[n].text for n in own]),
        notes=lines.notes,
        seed=seed,
    )


def traits(lines: Corpus) -> tuple[Trait, ...]:
    """What sets the approved lines apart from the contrast, strongest first, one for each group of traits.

    Without contrast: how the approved lines are, steadiest first; their ``effect`` is 0.
    """
    own = lines.raw.traits[lines.rows(APPROVED)]
    other = lines.raw.traits[lines.rows(CONTRAST)]
    texts = [lines.lines[n].text for n in lines.rows(APPROVED)]
    if not len(other):
        return _steady(own, texts)
    effects = np.array([cliffs_delta(own[:, n], other[:, n]) for n in range(len(TRAITS))])
    found: dict[str, Trait] = {}
    for n in np.argsort(-np.abs(effects), kind="stable"):
        trait = TRAITS[n]
        if abs(effects[n]) < _NEGLIGIBLE or len(found) == _MOST_TRAITS:
            break
        if trait.group not in found:
            found[trait.group] = _apart(trait, own[:, n], other[:, n], float(effects[n]), texts)
    return tuple(found.values())


def cliffs_delta(own: np.ndarray, other: np.ndarray) -> float:
    """How often a value of ``own`` is above one of ``other``, less how often it is below: −1 to 1 (Cliff 1993)."""
    ordered = np.sort(other)
    below, above = np.searchsorted(ordered, own, "left"), len(ordered) - np.searchsorted(ordered, own, "right")
    return float((below.sum() - above.sum()) / (len(own) * len(ordered)))


def _apart(trait: StyleTrait, own: np.ndarray, other: np.ndarray, effect: float, texts: list[str]) -> Trait:
    first, second = float(np.median(own)), float(np.median(other))
    name = trait.name[:1].upper() + trait.name[1:]
    if trait.kind == "flag":
        told = f"“{name}” holds for {own.mean():.0%} of the approved lines and {other.mean():.0%} of the contrast."
    elif first == second:
        told = (
            f"{name}: in {(own != 0).mean():.0%} of the approved lines, in {(other != 0).mean():.0%} of the contrast."
        )
    else:
        told = f"{name}: usually {amount(trait, first)}; in the contrast {amount(trait, second)}."
    # The lines to show: those that have most of it, or, where the brand has less than others, those at its own middle.
    return Trait(
        trait.name, first, second, effect, _lowest(-own if effect > 0 else np.abs(own - first), texts, trait), told
    )


def _steady(own: np.ndarray, texts: list[str]) -> tuple[Trait, ...]:
    """Traits that most lines show, those with the least spread around their middle first."""
    middle = np.median(own, axis=0)
    spread = np.abs(own - middle).mean(axis=0) / np.maximum(np.abs(middle), [t.unit for t in TRAITS])
    found: dict[str, Trait] = {}
    for n in np.argsort(spread, kind="stable"):
        trait, value = TRAITS[n], float(middle[n])
        if value == 0 or trait.group in found or len(found) == _MOST_TRAITS:
            continue
        name = trait.name[:1].upper() + trait.name[1:]
        told = f"{name}: usually {amount(trait, value)}."
        if trait.kind == "flag":
            told = f"“{name}” holds for {own[:, n].mean():.0%} of the approved lines."
        examples = _lowest(np.abs(own[:, n] - value), texts, trait)
        told = f"{told} There is no contrast to compare with."
        found[trait.group] = Trait(trait.name, value, value, 0.0, examples, told)
    return tuple(found.values())


def _lowest(values: np.ndarray, texts: list[str], trait: StyleTrait) -> tuple[str, ...]:
    """The lines with the lowest values; among equals other lines for each trait, lest one line stand for them all."""
    rng = np.random.default_rng([len(texts), *trait.key.encode()])
    order = np.lexsort((rng.permutation(len(texts)), values))
    return tuple(texts[n] for n in order[:_EXAMPLES])
