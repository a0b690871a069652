"""Brands, profiles and batches written by hand: plausible figures, nothing fitted."""

from __future__ import annotations

from dataclasses import replace
from math import sin

from synth_core.runs import Run, Store
from synth_core.voice.gates.settings import GATES, GateSettings
from synth_core.voice.library import seed_hash
from synth_core.voice.records import (
    Batch,
    Brand,
    Brief,
    Candidate,
    Compliance,
    Deviation,
    Diversity,
    GateCount,
    Line,
    Measure,
    Profile,
    Trait,
    Verdict,
)
from tests.pages.stored_journeys import store_result, store_run

__all__ = ["MARKUP", "batch", "brand", "profile", "store_batch", "store_profile", "store_run"]

MARKUP = "<b>*bold* &amp; $x$ [link](http://x)</b>"
_THINGS = ("lamp", "boat", "kettle", "gate", "oar", "stove", "coat", "bell")
_DOES = ("waits", "leaks", "hums", "sticks", "floats", "turns", "dries", "rings")


def brand(approved: int = 60, contrast: int = 40, *, name: str = "Test House", **changes) -> Brand:
    """Short lines, four subjects, two competitors."""
    own = tuple(
        Line(f"The {_THINGS[i % 8]} {_DOES[i // 8 % 8]} on day {i}.", name, f"subject {i % 4}") for i in range(approved)
    )
    other = tuple(
        Line(f"AMAZING {_THINGS[i % 8]} deals number {i}! Book now!", f"Rival {i % 2}", f"subject {i % 4}")
        for i in range(contrast)
    )
    brief = Brief("A house by the water.", "headline", products=("the boat",), facts=("nine rooms",))
    rules = Compliance(banned=("luxury",), disclaimers=(("two nights", "until May"),))
    return replace(Brand(name, own, other, brief, rules), **changes)


def profile(found: Brand, **changes) -> Profile:
    """All six measures, the last not taken."""
    keys = ("auc_unseen", "style_over_content", "same_style_accept", "other_style_accept", "false_rejects")
    measures = tuple(
        Measure(key, f"Measure {key}", (0.962, 0.93, 0.9, 0.0, 0.2)[i], 0.9, 0.99, (0.92, 0.95, 0.8, 0.1, 0.05)[i],
                ("higher", "higher", "higher", "lower", "inside")[i], f"What {key} says.",
                0.15 if key == "false_rejects" else None, 0.882 if i < 2 else None)
        for i, key in enumerate(keys)
    )  # fmt: skip
    measures += (Measure("false_accepts", "Measure false_accepts", None, None, None, 0.1, "lower", "Only one source."),)
    traits = tuple(
        Trait(f"trait {i}", 1.0 + i, 2.0, 0.9 - 0.2 * i, (found.approved[0].text,), f"Told of trait {i}.")
        for i in range(6)
    )
    if not found.contrast:
        traits = tuple(replace(t, effect=0.0, contrast=t.brand) for t in traits)
    sources = {x.source: sum(y.source == x.source for y in found.contrast) for x in found.contrast}
    count = len(found.approved)
    return replace(
        Profile(found.name, count, len(found.contrast), count, tuple(sources.items()), traits, measures, count < 50,
                Diversity(count, 0.8, 0.1, 2.0), (), 7),
        **changes,
    )  # fmt: skip


def batch(found: Brand, brand_id: str, count: int = 12, *, kind: str = "recombined", **changes) -> Batch:
    """Every third line is stopped by one of three gates; the others pass at percentiles from 10 to 100."""
    verdicts = tuple(_verdict(found, i, kind) for i in range(count))
    return replace(
        Batch(
            found.name, brand_id, "embedded" if kind == "recombined" else "openai", "recombiner", count, verdicts,
            funnel(verdicts), Diversity(8, 0.7, 0.2, 2.5), Diversity(8, 0.8, 0.1, 2.0), 10.0, GateSettings().to_dict(),
            0, 0, 2, 0, 7, seed_hash(found), ("A note of the run.",),
        ),
        **changes,
    )  # fmt: skip


def funnel(verdicts: tuple[Verdict, ...]) -> tuple[GateCount, ...]:
    """What the verdicts add up to."""
    reached, counts = len(verdicts), []
    for key, name in GATES.items():
        if key == "judge":
            continue
        stopped = sum(v.gate == key for v in verdicts)
        counts.append(GateCount(key, name, reached, stopped))
        reached -= stopped
    return tuple(counts)


def _verdict(found: Brand, i: int, kind: str) -> Verdict:
    parents = (found.approved[i % len(found.approved)], found.approved[(i + 1) % len(found.approved)])
    candidate = Candidate(f"The new {_THINGS[i % 8]} {_DOES[i % 7]} at number {i}.", "Write a headline.",
                          tuple(p.id for p in parents), kind, "p")  # fmt: skip
    if i % 3 == 2:
        gate = ("length", "voice", "similar")[i // 3 % 3]
        return Verdict(candidate, gate, f"Stopped by {gate} because of “number {i}”.", 4.0 if gate == "voice" else None)
    deviation = Deviation("characters in the line", 60.0, 50.0, 2.5, "Characters in the line: 60, usually 50.")
    return Verdict(candidate, None, "", 55 + 45 * sin(2.1 * i), parents[0].id, 71.0, (deviation,) if i % 2 else ())


def store_profile(store: Store, found: Profile, exact: str) -> Run:
    """``found`` as the result of a ``voice_check`` run."""
    return store_result(store, "voice_check", "profile.json", found, {"brand": exact, "seed": 7})


def store_batch(store: Store, found: Batch) -> Run:
    """``found`` as the result of a ``voice`` run."""
    spec = {"brand": found.brand_id, "provider": {"key": found.provider, "model": "", "base_url": ""},
            "count": found.requested, "gates": found.settings, "judge": None, "seed": 7}  # fmt: skip
    return store_result(store, "voice", "batch.json", found, spec)
