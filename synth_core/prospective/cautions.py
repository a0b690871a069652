"""What to keep in mind when reading where a prospective test stands."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import chi2

from synth_core.lift.results import Word
from synth_core.prospective.comparison import compare
from synth_core.prospective.identity import counted
from synth_core.prospective.results import Week
from synth_core.prospective.sequential import FEWEST_WEEKS

_DAY = 86_400
_TELLING = 20  #: leads of each outcome from which their delays are compared
_UNEVEN = 0.01  #: probability below which the difference between weeks is no chance
_SOONER = 2.0  #: days of difference of the median delay worth a note


def cautions(joined: pd.DataFrame, weeks: tuple[Week, ...], word: Word, tightest: int) -> tuple[str, ...]:
    """Sentences about missing, assumed, contradictory and unevenly late outcomes, and about earlier decisions."""
    notes = [_one_sided(joined), _speed(joined), *_counts(joined), _uneven(joined), _known_before(joined)]
    notes.append(_earlier(weeks, word))
    told = (
        f"The interval that is safe to look at any time is tightest near {tightest:,} leads; this was fixed beforehand."
    )
    return tuple(n for n in (*notes, told) if n)


def _one_sided(joined: pd.DataFrame) -> str:
    """Outcomes of one kind only: the absence of a booking is not yet a no."""
    known = joined["outcome"].dropna()
    if not len(known) or known.nunique() > 1:
        return ""
    if known.iloc[0] == 1:
        return (
            "Only positive outcomes were told so far. A lead without an outcome is not yet a no: upload the negative "
            "outcomes, too, or start the test with a number of days after which a silent lead counts as negative."
        )
    return "Only negative outcomes so far: nothing can be compared before the first positive one."


def _speed(joined: pd.DataFrame) -> str:
    """One outcome is told sooner than the other."""
    told = joined[joined["outcome"].notna() & ~joined["assumed"] & joined["received"].notna()]
    waiting = (joined["outcome"].isna() & ~joined["conflicting"]).any()
    delay = (told["received"] - told["date"].to_numpy().astype("datetime64[s]").astype("int64")) / _DAY
    groups = [delay[told["outcome"] == outcome] for outcome in (1.0, 0.0)]
    if not waiting or min(map(len, groups)) < _TELLING:
        return ""
    positive, negative = (float(np.median(g)) for g in groups)
    if abs(positive - negative) < _SOONER:
        return ""
    sooner, later = ("Positive", "negative") if positive < negative else ("Negative", "positive")
    first, second = sorted((positive, negative))
    bias = "too high" if positive < negative else "too low"
    return (
        f"{sooner} outcomes are told sooner than {later} ones (after {first:.0f} days against {second:.0f}, medians). "
        f"Until the rest is in, the share of positives looks {bias}, and calibration with it. The AUC difference stays "
        "fair unless leads with high scores are also told sooner."
    )


def _counts(joined: pd.DataFrame) -> list[str]:
    assumed, conflicting = int(joined["assumed"].sum()), int(joined["conflicting"].sum())
    notes = []
    if assumed:
        notes.append(
            f"{counted(assumed)} without an outcome {'counts' if assumed == 1 else 'count'} as negative, as the time "
            "that was set for an outcome has passed. Of younger leads only told outcomes count, so their share of "
            "positives looks too high if a yes is told sooner than a no."
        )
    if conflicting:
        notes.append(
            f"{counted(conflicting)} with contradictory outcomes {'is' if conflicting == 1 else 'are'} left out until "
            "a correction is uploaded."
        )
    return notes


def _uneven(joined: pd.DataFrame) -> str:
    """The gain is not the same in every week."""
    known = joined[joined["outcome"].notna()]
    if known["outcome"].nunique() < 2 or known["week"].nunique() < FEWEST_WEEKS:
        return ""
    y, arm, reference = (known[c].to_numpy(dtype=float) for c in ("outcome", "score_arm", "score_reference"))
    found = compare(y, arm, reference, known["week"].to_numpy())
    if not found.error:
        return ""
    ratio = found.error_by_week / found.error
    if chi2.sf((found.weeks - 1) * ratio**2, found.weeks - 1) > _UNEVEN:
        return ""
    return (
        "The gain differs between weeks by more than chance explains. The interval that is safe to look at any time is "
        f"{ratio:.1f} times as wide for that; the ordinary one is too narrow."
    )


def _known_before(joined: pd.DataFrame) -> str:
    """Leads that were scored when their outcome was known already."""
    late = int((joined["received"] < joined["scored"]).sum())
    if not late:
        return ""
    return (
        f"{counted(late)} {'was' if late == 1 else 'were'} scored after the outcome had come in. The models were "
        "frozen before, so this is fair unless such leads were chosen by their outcome."
    )


def _earlier(weeks: tuple[Week, ...], word: Word) -> str:
    """The interval left out 0 after an earlier week and does not any more."""
    if word in ("helps", "hurts"):
        return ""
    for week in weeks:
        low, high = week.so_far.safe_low, week.so_far.safe_high
        if low is not None and (low > 0 or high < 0):
            side = "above" if low > 0 else "below"
            return (
                f"Up to the week of {week.week} the interval lay {side} 0; with the leads since then it no longer does."
            )
    return ""
