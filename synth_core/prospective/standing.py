"""Where a prospective test stands: both arms on the leads whose outcome is known, and what may be concluded."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from synth_core.lift import delong
from synth_core.lift.results import Word
from synth_core.lift.scores import calibration_points
from synth_core.lift.verdict import SMALLEST_GAIN
from synth_core.prospective import sequential
from synth_core.prospective.cautions import cautions
from synth_core.prospective.comparison import compare
from synth_core.prospective.results import Card, Curve, Decile, Gain, Standing, Week

_FEWEST_ONCE = 10  #: leads of each outcome below which no interval is given at all
_LATELY = 4  #: weeks that tell how many outcomes come in
_FEWEST_DECILES = 10  #: leads with an outcome


def standing(joined: pd.DataFrame, card: Card) -> Standing:
    """What the leads with a known outcome say.

    Parameters
    ----------
    joined : DataFrame
        As :meth:`TestLog.joined` gives it; the order of its rows does not matter.
    card : Card

    Notes
    -----
    Leads without an outcome are left out, not counted as negative, unless the test has a maturity. The difference of
    two AUCs compares positives with negatives, so it does not suffer where one outcome is told sooner than the other,
    as long as the speed has nothing to do with the scores; base rate, calibration and lift do (see ``notes``).
    """
    joined = joined.sort_values(["week", "lead_id"], kind="stable", ignore_index=True)
    known = joined[joined["outcome"].notna()]
    tightest = sequential.tightest_at(card.base_rate)
    weeks = _weeks(joined, tightest)
    overall = gain(known, tightest)
    per_week = _per_week(weeks)
    word = decide(overall)
    return Standing(
        word=word,
        sentence=_sentence(word, overall, card, per_week, known["week"].nunique()),
        weeks=weeks,
        overall=overall,
        calibration_reference=_calibration(known, "score_reference"),
        calibration_arm=_calibration(known, "score_arm"),
        deciles=_deciles(known),
        weeks_needed=_weeks_needed(word, overall, per_week, tightest),
        waiting=int((joined["outcome"].isna() & ~joined["conflicting"]).sum()),
        conflicting=int(joined["conflicting"].sum()),
        per_week=per_week,
        notes=cautions(joined, weeks, word, tightest),
    )


def gain(known: pd.DataFrame, tightest: int | None) -> Gain:
    """Both arms on leads with an outcome.

    Parameters
    ----------
    known : DataFrame
        ``outcome`` (1, 0), ``score_reference``, ``score_arm``, ``week``.
    tightest : int or None
        See :func:`sequential.half_width`; None = no always-valid interval (of a week alone: it belongs to the whole
        course of a test).
    """
    y = known["outcome"].to_numpy(dtype=float)
    leads, positives = len(y), int(y.sum())
    rarer = min(positives, leads - positives)
    if not rarer:
        return Gain(leads, positives, None, None, None, None, None, None, None)
    reference, arm = known["score_reference"].to_numpy(dtype=float), known["score_arm"].to_numpy(dtype=float)
    found = compare(y, arm, reference, known["week"].to_numpy())
    low, high = delong.interval(found.delta, found.error) if rarer >= _FEWEST_ONCE else (None, None)
    safe_low = safe_high = None
    if tightest is not None and rarer >= sequential.FEWEST and found.weeks >= sequential.FEWEST_WEEKS:
        half = sequential.half_width(max(found.error, found.error_by_week), leads, tightest)
        safe_low, safe_high = found.delta - half, found.delta + half
    return Gain(leads, positives, found.auc_reference, found.auc_arm, found.delta, low, high, safe_low, safe_high)


def decide(gain: Gain) -> Word:
    """The same words as a lift study's, from the always-valid interval.

    "helps": the interval lies above 0 and the gain is worth one (0.005 or more); "hurts": the mirror image; "no
    verdict": fewer than ``sequential.FEWEST`` leads of the rarer outcome, or outcomes of fewer than
    ``sequential.FEWEST_WEEKS`` weeks.
    """
    if gain.safe_low is None or gain.safe_high is None or gain.delta is None:
        return "no verdict"
    if gain.safe_low > 0 and gain.delta >= SMALLEST_GAIN:
        return "helps"
    if gain.safe_high < 0 and gain.delta <= -SMALLEST_GAIN:
        return "hurts"
    return "no evidence"


def _weeks(joined: pd.DataFrame, tightest: int) -> tuple[Week, ...]:
    known = joined[joined["outcome"].notna()]
    ends = known["week"].searchsorted(names := joined["week"].unique(), side="right")
    scored = joined["week"].value_counts()
    return tuple(
        Week(week, int(scored[week]), gain(known[known["week"] == week], None), gain(known.iloc[:end], tightest))
        for week, end in zip(names, ends, strict=True)
    )


def _per_week(weeks: tuple[Week, ...]) -> float:
    """Leads with an outcome per calendar week, over the last weeks of which most outcomes are in."""
    some = [w for w in weeks if w.alone.leads]
    if not some:
        return 0.0
    mature = [w for w in some if 2 * w.alone.leads >= w.scored] or some
    last = pd.Timestamp(mature[-1].week)
    first = max(last - pd.Timedelta(weeks=_LATELY - 1), pd.Timestamp(weeks[0].week))
    leads = sum(w.alone.leads for w in weeks if first <= pd.Timestamp(w.week) <= last)
    return leads / ((last - first).days // 7 + 1)


def _calibration(known: pd.DataFrame, score: str) -> Curve:
    if not len(known):
        return ()
    return tuple(calibration_points(known["outcome"].to_numpy(), known[score].to_numpy()))


def _deciles(known: pd.DataFrame) -> tuple[Decile, ...]:
    """Lift by tenth of either model's score; empty where there are fewer leads than tenths."""
    if len(known) < _FEWEST_DECILES or not known["outcome"].any():
        return ()
    reference, arm = (_lift(known["outcome"].to_numpy(), known[s]) for s in ("score_reference", "score_arm"))
    return tuple(Decile(i + 1, leads, a, b) for i, ((leads, a), (_, b)) in enumerate(zip(reference, arm, strict=True)))


def _lift(y: np.ndarray, score: pd.Series) -> list[tuple[int, float]]:
    """Leads and lift per tenth; leads with the same score share their outcomes, so that their order does not matter."""
    shared = pd.Series(y).groupby(score.to_numpy()).transform("mean").to_numpy()
    ranked = shared[np.argsort(-score.to_numpy(), kind="stable")]
    return [(len(part), float(part.mean() / y.mean())) for part in np.array_split(ranked, 10)]


def _weeks_needed(word: Word, overall: Gain, per_week: float, tightest: int) -> int | None:
    if word in ("helps", "hurts"):
        return 0
    if word == "no verdict" or abs(overall.delta) < SMALLEST_GAIN:
        return None
    half = (overall.safe_high - overall.safe_low) / 2
    error = half / sequential.half_width(1.0, overall.leads, tightest)
    return sequential.weeks_needed(overall.delta, error, overall.leads, per_week, tightest)


def _sentence(word: Word, overall: Gain, card: Card, per_week: float, weeks: int) -> str:
    if word == "no verdict":
        return _no_verdict(overall, card, per_week, weeks)
    leads = f"{overall.leads:,} leads with an outcome"
    arms = f"the model with synthetic rows ({card.arm_title})", f"the model on real rows only ({card.reference_title})"
    between = f"{_signed(overall.safe_low)} to {_signed(overall.safe_high)}"
    if word == "helps":
        return (
            f"Synthetic rows help: on {leads}, {arms[0]} ranks better than {arms[1]}, by {overall.delta:.3f} AUC "
            f"({between}, however often you look)."
        )
    if word == "hurts":
        return (
            f"Synthetic rows hurt: on {leads}, {arms[0]} ranks worse than {arms[1]}, by {-overall.delta:.3f} AUC "
            f"({between}, however often you look)."
        )
    if overall.safe_low == overall.safe_high == 0:
        return f"No evidence either way: on {leads} both models rank alike."
    if overall.safe_low > 0 or overall.safe_high < 0:
        return (
            f"No evidence of a difference that matters: on {leads} the models differ by {_signed(overall.delta)} AUC "
            f"({between}, however often you look), and below {SMALLEST_GAIN} is not worth calling one."
        )
    return (
        f"No evidence either way yet: on {leads} the models differ by {_signed(overall.delta)} AUC, and anything from "
        f"{between} is possible."
    )


def _no_verdict(overall: Gain, card: Card, per_week: float, weeks: int) -> str:
    positives, negatives = overall.positives, overall.leads - overall.positives
    rarer = min(positives, negatives)
    if not overall.leads:
        return "No verdict: no lead has an outcome yet."
    which = f"“{card.positive}”" if positives <= negatives else f"other than “{card.positive}”"
    reasons, more = [], sequential.FEWEST_WEEKS - weeks
    if rarer < sequential.FEWEST:
        reasons.append(
            f"only {rarer} lead{'' if rarer == 1 else 's'} with the outcome {which} so far; {sequential.FEWEST} of "
            "each outcome are needed"
        )
        more = max(more, math.ceil((sequential.FEWEST - rarer) / (per_week * rarer / overall.leads))) if rarer else 0
    if weeks < sequential.FEWEST_WEEKS:
        reasons.append(
            f"outcomes of only {weeks} week{'' if weeks == 1 else 's'} of leads; {sequential.FEWEST_WEEKS} weeks are "
            "needed, as one week can be lucky"
        )
    pace = f" At this pace that takes about {more} more week{'' if more == 1 else 's'}." if more > 0 else ""
    return f"No verdict: {', and '.join(reasons)}.{pace}"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
