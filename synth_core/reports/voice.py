"""A brand's voice, and a batch of new lines, in words and for the report."""

from __future__ import annotations

from synth_core import charts
from synth_core.reports.document import Block, Finding, Grid, Pair, Part, Picture, Points
from synth_core.voice.gates.settings import GATES
from synth_core.voice.providers.registry import PROVIDERS
from synth_core.voice.records import Batch, Diversity, Measure, Profile
from synth_core.wording import count, share

#: Name, field of :class:`Diversity`, how it is computed, which way is more varied.
DIVERSITY = (
    ("Distinct word pairs", "distinct_2", "Different pairs of neighbouring words ÷ all pairs (distinct-2).", "higher"),
    ("Likeness of a line to the others", "self_bleu", "Mean BLEU-4 of each line against all others (Self-BLEU).",
     "lower"),
    ("Compression", "compression", "Bytes of all lines ÷ bytes after compression.", "lower"),
)  # fmt: skip
_EXAMPLES = 20  #: accepted lines that are shown
_TRAITS = 12
_SENSE = "The measures tell style. None of them says that a line makes sense: that takes a person who reads it."


def met(measure: Measure) -> bool:
    """Whether a measure that was taken reaches its target."""
    if measure.better == "higher":
        return measure.value >= measure.target
    if measure.better == "lower":
        return measure.value <= measure.target
    return measure.target <= measure.value <= measure.target_high


def aim(measure: Measure) -> str:
    """What a measure should be."""
    if measure.better == "inside":
        return f"{measure.target:.2f} to {measure.target_high:.2f}"
    return f"{'≥' if measure.better == 'higher' else '≤'} {measure.target:.2f}"


def profile_finding(profile: Profile) -> Finding:
    """How many measures reach their target."""
    taken = [m for m in profile.measures if m.value is not None]
    reached = sum(met(m) for m in taken)
    figures = (
        f"{count(profile.approved)} approved lines in {count(profile.families)} families",
        f"{count(profile.contrast)} competitor lines" if profile.contrast else "no competitor lines",
    )
    if not taken:
        return Finding("○", "Not measured", "neutral", "The voice could not be measured on these lines.", figures)
    said = (
        f"{reached} of {len(taken)} measures of how well the voice of {profile.brand} can be told reach their target."
    )
    if profile.provisional or not profile.contrast:
        why = "there are few approved lines" if profile.provisional else "there are no competitors to compare with"
        return Finding("◆", "Provisional", "warning", f"{said} It is provisional, as {why}.", figures)
    if reached == len(taken):
        return Finding("✓", "The voice can be told", "good", said, figures)
    return Finding("◆", "The voice can be told in part", "warning", said, figures)


def profile_part(profile: Profile, *, key: str = "voice") -> Part:
    """What makes a voice, and how well it can be told, for the report."""
    traits = profile.traits[:_TRAITS]
    blocks: list[Block] = []
    if traits and profile.contrast:
        blocks.append(Picture("What makes this voice", charts.voice_traits(profile)))
    if traits:
        blocks.append(
            Grid("Traits, strongest first", ("Trait", "Cliff's delta", "What was found"),
                 tuple((t.name, f"{t.effect:+.2f}".replace("-", "−"), t.told) for t in traits), words=(2,))
        )  # fmt: skip
    blocks.append(
        Grid(
            "How well it can be told",
            ("Measure", "Found", "95 % interval", "Target", "Reached", "What it means"),
            tuple(
                (m.name, "–" if m.value is None else f"{m.value:.3f}",
                 "–" if m.low is None else f"{m.low:.2f} to {m.high:.2f}", aim(m),
                 "not measured" if m.value is None else "✓ met" if met(m) else "✕ not met", m.told)
                for m in profile.measures
            ),
            words=(4, 5),
        )
    )  # fmt: skip
    listed = ", ".join(f"{name} ({count(n)})" for name, n in profile.sources)
    return Part(
        key,
        f"What makes the voice of {profile.brand}, and can it be told?",
        profile_finding(profile),
        tuple(blocks),
        (
            f"{count(profile.approved)} approved lines were compared with "
            + (f"{count(profile.contrast)} lines of {listed}" if profile.contrast else "their own lines made worse")
            + ", by countable traits of style and by a classifier. The classifier was scored on lines, subjects and "
            "competitors that it had not seen.",
        ),
        (_SENSE,),
        (
            ("Brand", profile.brand),
            ("Families of near-duplicates", count(profile.families)),
            ("Seed", str(profile.seed)),
            *([("Notes", " ".join(profile.notes))] if profile.notes else []),
        ),
    )


def batch_finding(batch: Batch) -> Finding:
    """How many lines passed the gates; a person still has to read them."""
    came, passed = len(batch.verdicts), sum(v.passed for v in batch.verdicts)
    if not passed:
        return Finding("○", "No line passed", "neutral", f"None of {count(came)} lines passed all gates.")
    return Finding(
        "◆",
        f"{count(passed)} lines to review",
        "neutral",
        f"{count(passed)} of {count(came)} new lines passed all gates. Each needs a person who reads it before it is "
        "used.",
        (f"{share(passed / came)} passed", f"{count(batch.requested)} asked for"),
    )


def batch_part(batch: Batch, *, key: str = "lines") -> Part:
    """A batch of new lines for the report."""
    accepted = [v for v in batch.verdicts if v.passed]
    provider = PROVIDERS[batch.provider].name if batch.provider in PROVIDERS else batch.provider
    blocks: list[Block] = []
    if batch.verdicts:
        blocks.append(
            Pair(
                Picture("Where lines stop", charts.voice_funnel(batch.funnel)),
                Picture("Voice of accepted lines", charts.voice_percentiles(batch)),
            )
        )
    if batch.accepted.lines >= 2:
        blocks.append(
            Grid("Variety", ("Measure", "Accepted", "Approved", "More varied"),
                 tuple((n, _value(batch.accepted, f), _value(batch.seeds, f), w) for n, f, _, w in DIVERSITY),
                 words=(3,), note=f"Both at {count(batch.accepted.lines)} lines.")
        )  # fmt: skip
    if accepted:
        title = "Accepted lines" + (f", the first {_EXAMPLES}" if len(accepted) > _EXAMPLES else "")
        blocks.append(Points(tuple(f"“{v.candidate.text}”" for v in accepted[:_EXAMPLES]), title))
    stopped = {GATES.get(g.gate, g.name): g.stopped for g in batch.funnel if g.stopped}
    if stopped:
        blocks.append(Grid("Stopped lines", ("Gate", "Lines"), tuple((name, count(n)) for name, n in stopped.items())))
    recombined = any(v.candidate.kind == "recombined" for v in batch.verdicts)
    return Part(
        key,
        f"Which new lines of {batch.brand} pass the gates?",
        batch_finding(batch),
        tuple(blocks),
        (
            f"{provider} was asked for {count(batch.requested)} lines. Every line went through the gates in order; the "
            "first that objects stops it, with a reason.",
            *(
                ["These lines are recombined: put together from approved lines, not written anew."]
                if recombined
                else []
            ),
        ),
        (
            "The gates stop lines that break a rule or leave the voice. None of them knows whether a line makes sense "
            "or is true.",
        ),
        (
            ("Brand", batch.brand),
            ("Writer", f"{provider} {batch.model if batch.provider != 'embedded' else ''}".strip()),
            ("Threshold of the voice gate", f"percentile {batch.threshold:g}"),
            ("Seed", str(batch.seed)),
            ("Fingerprint of the approved lines", batch.seed_hash[:12]),
            *([("Notes", " ".join(batch.notes))] if batch.notes else []),
        ),
    )


def _value(found: Diversity, field: str) -> str:
    return f"{getattr(found, field):.3f}"
