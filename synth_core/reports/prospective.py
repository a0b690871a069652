"""Where a prospective test stands, in words and for the report."""

from __future__ import annotations

from collections.abc import Sequence

from synth_core import charts
from synth_core.prospective.results import Card, Cohort, Standing
from synth_core.reports.document import Block, Finding, Grid, Pair, Part, Picture, Points
from synth_core.reports.lift_words import LOOK
from synth_core.wording import count, day, score, share, signed, signed_range


def finding(standing: Standing) -> Finding:
    """The same look as a study's verdict."""
    gain, parts = standing.overall, []
    if gain.delta is not None:
        parts.append(f"AUC {score(gain.auc_arm)} with synthetic rows, {score(gain.auc_reference)} without")
    if gain.safe_low is not None:
        parts.append(
            f"difference {signed(gain.delta)}, 95 % interval {signed_range(gain.safe_low, gain.safe_high)} however "
            "often you look"
        )
    if gain.low is not None:
        parts.append(f"{signed_range(gain.low, gain.high)} if this were the only look")
    return Finding(*LOOK[standing.word], standing.sentence, tuple(parts))


def needed(standing: Standing) -> str:
    """Further weeks until a decision."""
    if standing.weeks_needed is None:
        return "> 2 years" if standing.overall.safe_low is not None else "not known yet"
    return "decided" if standing.weeks_needed == 0 else count(standing.weeks_needed)


def part(standing: Standing, card: Card, cohorts: Sequence[Cohort], *, name: str, key: str = "prospective") -> Part:
    """A prospective test for the report.

    Parameters
    ----------
    cohorts : sequence of Cohort
        The files of leads, for their drift.
    name : str
        Of the test.
    """
    return Part(
        key,
        f"On leads that came later, which model was right (“{name}”)?",
        finding(standing),
        _evidence(standing, cohorts),
        (
            f"Two models were frozen: one trained on {count(card.train_rows)} real rows ({card.reference_title}), one "
            f"on the same rows and {count(card.added_rows)} synthetic ones ({card.arm_title}). Both scored every new "
            f"lead before its outcome ({card.target} = {card.positive}) was known.",
            "The interval holds at all looks together, so that a verdict does not become likelier by looking every "
            "week. The price is that it is wider than one for a single look.",
        ),
        (
            "Leads without an outcome are not counted. Where one outcome is told sooner than the other, calibration "
            "and lift suffer; the difference of the two models does not.",
            "The verdict is about these two models on these leads, not about synthetic rows in general.",
        ),
        (
            ("Test", name),
            ("Training table", f"{card.table}, fingerprint {card.data_hash[:12]}"),
            ("Frozen", day(card.created)),
            ("Scorer", card.id[:12]),
            ("Seed", str(card.seed)),
            ("AUC on the locked rows when frozen", f"{score(card.auc_arm)} with synthetic rows, "
             f"{score(card.auc_reference)} without"),
            ("Versions", ", ".join(f"{k} {v}" for k, v in card.versions) or "not stored"),
        ),
    )  # fmt: skip


def _evidence(standing: Standing, cohorts: Sequence[Cohort]) -> tuple[Block, ...]:
    gain = standing.overall
    counts = (
        ("Leads with an outcome", count(gain.leads)),
        ("Of them positive", f"{count(gain.positives)} ({share(gain.positives / gain.leads)})" if gain.leads else "0"),
        ("Waiting for an outcome", count(standing.waiting)),
        ("With contradictory outcomes", count(standing.conflicting)),
        ("Outcomes per week, lately", count(standing.per_week)),
        ("Weeks still needed, at this pace", needed(standing)),
    )
    blocks: list[Block] = [Grid("Where it stands", ("", "Leads"), counts)]
    if standing.notes:
        blocks.append(Points(standing.notes))
    if gain.leads:
        blocks += [
            Picture("The difference, week by week", charts.prospective_gain(standing)),
            Picture("Both models in each week", charts.prospective_auc(standing)),
            Pair(
                Picture("Do the probabilities hold?", charts.prospective_calibration(standing)),
                Picture("Lift by tenth of the leads", charts.prospective_deciles(standing)),
            ),
            _weeks(standing),
        ]
    if cohorts:
        blocks.append(Picture("Drift of the leads", charts.prospective_drift_strip(cohorts)))
    return tuple(blocks)


def _weeks(standing: Standing) -> Grid:
    return Grid(
        "Weeks in figures",
        ("Week of", "Leads", "With outcome", "AUC, real only", "AUC, with synthetic", "Difference so far",
         "95 % interval at all looks"),
        tuple(
            (w.week, count(w.scored), count(w.alone.leads), score(w.alone.auc_reference), score(w.alone.auc_arm),
             signed(w.so_far.delta), signed_range(w.so_far.safe_low, w.so_far.safe_high))
            for w in standing.weeks
        ),
    )  # fmt: skip
