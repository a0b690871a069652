"""Graded attribution models, and credits on uploaded journeys, in words and for the report."""

from __future__ import annotations

from synth_core import charts
from synth_core.charts.journey_marks import plus_minus
from synth_core.journeys.attribution import MODELS
from synth_core.journeys.results import TRUTHS, Attributed, Grades, League, Mean
from synth_core.journeys.scoring import league as scored
from synth_core.reports.document import Block, Finding, Grid, Part, Picture, Points, Prose
from synth_core.wording import count, share

OURS = "additive_hazard"  #: how the keys of our own models begin
MEANING = (
    "What the truth here means: it is what the channels did in the simulated world, by its stated rules. It grades a "
    "model in that world. It does not say what the channels of a client really did; choose or calibrate a world that "
    "resembles the client's before you draw conclusions."
)


def finding(grades: Grades, league: League) -> Finding:
    """The closest model, how far off it is, and what following another one would cost."""
    if not any(any(s.truth.shapley) for s in grades.samples):
        return Finding(
            "○", "Nothing to grade", "neutral", "No channel caused a conversion. Simulate more users, or give "
            "channels more reach or effect.",
        )  # fmt: skip
    best = league.models[0]
    said = f"Its shares are off by {_points(best.share_error)} percentage points on average over the channels."
    facts = []
    if len(league.models) > 1:
        worst = league.models[-1]
        facts.append(f"Farthest from the truth: {worst.name}, off by {_points(worst.share_error)}.")
    costly = [m for m in league.models if m.lost is not None]
    if costly:
        most = max(costly, key=lambda m: m.lost.mean)
        facts.append(
            f"If the budget followed {most.name}, {plus_minus(most.lost, digits=0)} of "
            f"{count(grades.budget.best.conversions)} conversions would be lost ({share(most.regret.mean)}), "
            "the highest mean loss of all models."
        )
    if lost := ours_loses(league):
        facts.append(lost)
    return Finding("◆", f"Closest to the truth: {best.name}", "good", said, (" ".join(facts),) if facts else ())


def ours_loses(league: League) -> str | None:
    """A sentence where none of our own models is the best one."""
    models = league.models
    ours = next((n for n, m in enumerate(models) if m.model.startswith(OURS)), None)
    if not ours:  # first, or not among them
        return None
    return (
        f"Our own model does not win here: {models[ours].name} comes {_place(ours + 1)} of {len(models)}, behind "
        f"{models[0].name}."
    )


def grades_part(grades: Grades, *, key: str = "journeys") -> Part:
    """Graded models for the report, against the Shapley values of the true function."""
    league, world = scored(grades, "shapley"), grades.world
    seeds = len(grades.samples)
    return Part(
        key,
        f"Which attribution model comes close to the truth in the simulated world “{world.name}”?",
        finding(grades, league),
        _grades_evidence(grades, league),
        (
            f"{count(grades.users)} users were simulated in a stated market, {seeds} time{'s' * (seeds > 1)} over. "
            f"There it is known what every channel caused ({TRUTHS['shapley']}), so that the credit of each model can "
            "be held against it.",
            *([world.about] if world.about else []),
            "A mean stands with its standard error over the seeds. A bootstrap interval knows chance, not bias: a "
            "biased model with much data covers nothing.",
        ),
        (MEANING,),
        (
            ("World", world.name),
            ("Users", f"{count(grades.users)} × {seeds} seed{'s' * (seeds > 1)}"),
            ("Seeds", ", ".join(str(s.seed) for s in grades.samples)),
            ("Bootstrap resamples", count(grades.resamples)),
            ("Channels", str(len(world.channels))),
            *([("Notes", " ".join(grades.notes))] if grades.notes else []),
        ),
    )


def _grades_evidence(grades: Grades, league: League) -> tuple[Block, ...]:
    if not any(any(s.truth.shapley) for s in grades.samples):
        return ()
    channels = tuple(c.name for c in grades.world.channels)
    best = league.models[0].model
    blocks: list[Block] = [
        Prose(league.told, "Who is close, and which differences are noise"),
        Grid(
            "League table",
            ("Model", "Share error, points ↓", "Rank correlation ↑", "Coverage → 95 %", "Regret ↓"),
            tuple(
                (f"{n}. {m.name}", plus_minus(m.share_error, 100), "–" if m.spearman is None else
                 plus_minus(m.spearman, 1, 2), "–" if m.coverage is None else share(m.coverage),
                 "–" if m.regret is None else f"{plus_minus(m.regret, 100)} %")
                for n, m in enumerate(league.models, 1)
            ),
            note="Share error: mean over the channels of |share of credit − true share|. Regret: conversions lost "
            "when the budget follows the credit, as a share of what the best budget found brings.",
        ),
        Picture(f"Credit beside the truth: {league.models[0].name}", charts.journey_shares(grades, best)),
        Picture("Error by channel", charts.journey_errors(league, channels)),
    ]  # fmt: skip
    if grades.budget is not None:
        blocks.append(Picture("What following a model would lose", charts.journey_lost(league)))
    return tuple(blocks)


def attributed_part(found: Attributed, *, name: str = "", key: str = "credits") -> Part:
    """Credits on uploaded journeys for the report; no truth, so no grades."""
    of = f" of “{name}”" if name else ""
    return Part(
        key,
        f"What do attribution models credit on the journeys{of}?",
        attributed_finding(found),
        _credits(found),
        (
            f"{count(len(found.credits))} models shared {count(found.conversions)} conversions out among the channels "
            f"of {count(found.paths)} paths. Intervals are at 95 %, users drawn anew {count(found.resamples)} times."
            if found.resamples
            else f"{count(len(found.credits))} models shared {count(found.conversions)} conversions out among the "
            f"channels of {count(found.paths)} paths.",
            *(f"{c.name}: {MODELS[c.model].about}" for c in found.credits if c.model in MODELS),
        ),
        (
            "Nobody knows what would have happened without a touch, so credits on real journeys cannot be checked. "
            "Where models disagree, only an experiment tells which is right.",
            "Narrow intervals mean much data, not a right model.",
        ),
        (
            ("Paths", count(found.paths)),
            ("Touches", count(found.touches)),
            ("Conversions without a touch", count(found.untouched)),
            ("Seed", str(found.seed)),
            *([("Notes", " ".join(found.notes))] if found.notes else []),
        ),
    )


def attributed_finding(found: Attributed) -> Finding:
    """How far the models are apart."""
    if not found.credits:
        return Finding("○", "Nothing credited", "neutral", "No model could be used on these journeys.")
    first = found.credits[0]
    if len(found.credits) == 1:
        top = max(range(len(first.share)), key=first.share.__getitem__)
        return Finding("◆", "One model's view", "neutral", f"{first.name} credits most to {first.channels[top]}: "
                       f"{share(first.share[top])}.")  # fmt: skip
    spans = [(min(s), max(s)) for s in zip(*(c.share for c in found.credits), strict=True)]
    widest = max(range(len(spans)), key=lambda i: spans[i][1] - spans[i][0])
    channel, (low, high) = first.channels[widest], spans[widest]
    return Finding(
        "◆",
        "Models disagree",
        "warning",
        f"The models differ most on {channel}: from {share(low)} to {share(high)} of the credit.",
        (f"{count(len(found.credits))} models", f"{count(found.conversions)} conversions with a touch"),
    )


def _credits(found: Attributed) -> tuple[Block, ...]:
    if not found.credits:
        return ()
    channels = found.credits[0].channels
    rows = tuple((channel, *(f"{c.credit[i]:,.1f}" for c in found.credits[:6])) for i, channel in enumerate(channels))
    left_out = f" The first 6 of {len(found.credits)} models." if len(found.credits) > 6 else ""
    blocks: list[Block] = [
        Picture("Credits side by side", charts.journey_credits(found, found.credits[0].model)),
        Grid("Conversions credited", ("Channel", *(c.name for c in found.credits[:6])), rows, note=left_out.strip()),
    ]
    if notes := tuple(f"{c.name}: {n}" for c in found.credits for n in c.notes):
        blocks.append(Points(notes, "Notes of the models"))
    return tuple(blocks)


def _points(mean: Mean) -> str:
    return f"{100 * mean.mean:.1f}" + (f" ± {100 * mean.se:.1f}" if mean.se is not None else "")


def _place(n: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(n, f"{n}th")
