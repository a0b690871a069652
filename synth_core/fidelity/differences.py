"""What differs between the real and the synthetic values of one column, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np

from synth_core.fidelity import shape
from synth_core.fidelity.words import percent, quoted, show
from synth_core.tables import Kind
from synth_core.tables.alignment import Values, distinct, is_missing, known

ALIKE = "As close as real rows are."

_LEAST = 0.01  #: smaller differences in share are not told
_SIGMAS = 4  #: nor are those that chance explains
_NEW = 0.10  #: values that no real row has, beyond what fresh real rows would bring
_SHIFT = 0.05  #: gap between two cumulative distributions
_DECIMALS = 8
_EXACT = 0.99  #: share of values that have no more decimals than that


@dataclass(frozen=True)
class Difference:
    """``weight`` is about the share of rows that give it away; ``text`` is without a capital and a stop."""

    weight: float
    text: str


def differences(values: Values) -> list[Difference]:
    """Everything that differs clearly, gravest kind first."""
    if not len(values.real) or not len(values.synthetic):
        return []
    real, made = known(values.real), known(values.synthetic)
    found = list(_missing(values))
    if len(real) and len(made):
        others = float((real != made[0]).mean())
        if (made == made[0]).all() and _clear(others, 0.0, len(real), len(made), least=0.0):
            always = f"always {quoted(values, made[0])} (real: {distinct(real):,} different values)"
            return [Difference(1.0, always), *found]
        found += _of_numbers(values, real, made) if values.levels is None else _of_levels(values, real, made)
    return found


def sentence(values: Values) -> str:
    """The one thing to know about this column."""
    if not len(values.synthetic):
        return "No synthetic rows to compare."
    found = differences(values)
    return _told(found[0].text) if found else ALIKE


def worst(values: Values) -> str | None:
    """The one or two differences that touch most rows; None where the column alone differs in nothing."""
    found = sorted(differences(values), key=lambda d: -d.weight)[:2]
    if not found:
        return None
    return _told("; ".join(d.text for d in found if d.weight >= found[0].weight / 2))


def _told(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _missing(values: Values) -> Iterator[Difference]:
    n, m = len(values.real), len(values.synthetic)
    p, q = float(is_missing(values.real).mean()), float(is_missing(values.synthetic).mean())
    if not _clear(p, q, n, m):
        return
    if q == 0 or p == 0:
        text = f"never missing (real {percent(p)})" if q == 0 else f"missing in {percent(q)} of rows (real: never)"
    elif q == 1:
        text = f"no values at all (real: {percent(1 - p)} of rows have one)"
    else:
        text = f"missing in {percent(q)} of rows (real {percent(p)})"
    yield Difference(abs(p - q), text)


def _of_numbers(values: Values, real: np.ndarray, made: np.ndarray) -> Iterator[Difference]:
    for beyond, word in ((made > real.max(), "larger"), (made < real.min(), "smaller")):
        share = float(beyond.mean())
        if beyond.sum() >= 5 and _clear(1 / len(real), share, len(real), len(made), least=0.002):
            yield Difference(share, f"{word} than any real value in {percent(share)} of rows")
    yield from _decimals(values, real, made)
    yield from _repeated(values, real, made)
    gap = 1 - shape.ks_complement(real, made)
    if gap > max(_SHIFT, 1.95 * sqrt(1 / len(real) + 1 / len(made))):  # 1.95: one in a thousand by chance
        yield Difference(gap, _shift(values, real, made))
    yield from _new_values(real, made)


def _decimals(values: Values, real: np.ndarray, made: np.ndarray) -> Iterator[Difference]:
    if values.column.kind is Kind.DATE:
        return
    p, q = _places(real), _places(made)
    finer, coarser = (1 - float(_exact(v, min(p, q)).mean()) for v in ((made, real) if q > p else (real, made)))
    if p == q or not _clear(finer, coarser, len(real), len(made)):
        return
    count = f"{abs(p - q)} decimal{'s' if abs(p - q) > 1 else ''}"
    text = f"has {count} {'more' if q > p else 'fewer'} than real values" if p else "has fractions (real: whole)"
    yield Difference(finer, text)


def _places(values: np.ndarray) -> int:
    """Decimals that almost all values do with."""
    return next((d for d in range(_DECIMALS) if _exact(values, d).mean() >= _EXACT), _DECIMALS)


def _exact(values: np.ndarray, decimals: int) -> np.ndarray:
    """Which values have no more decimals, but for what a float cannot hold."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.abs(values - np.round(values, decimals)) <= 1e-9 * np.maximum(1, np.abs(values))


def _repeated(values: Values, real: np.ndarray, made: np.ndarray) -> Iterator[Difference]:
    """The single values that lost and won most."""
    (a, counts_a), (b, counts_b) = (np.unique(v, return_counts=True) for v in (real, made))
    every = np.union1d(a, b)
    p, q = np.zeros(len(every)), np.zeros(len(every))
    p[np.searchsorted(every, a)], q[np.searchsorted(every, b)] = counts_a / len(real), counts_b / len(made)
    for at in (int((q - p).argmin()), int((q - p).argmax())):
        if not _clear(p[at], q[at], len(real), len(made)):
            continue
        value, shares = show(values, every[at]), f"(real {percent(p[at])})"
        if q[at] == 0:
            text = f"no exact zeros {shares}" if every[at] == 0 else f"never exactly {value} {shares}"
        elif q[at] > p[at]:
            text = f"repeats the value {value} in {percent(q[at])} of rows {shares}"
        else:
            text = f"is exactly {value} in {percent(q[at])} of rows {shares}"
        yield Difference(abs(p[at] - q[at]), text)


def _new_values(real: np.ndarray, made: np.ndarray) -> Iterator[Difference]:
    """Values between the real ones, or real ones only where fresh rows would bring new ones."""
    every, counts = np.unique(real, return_counts=True)
    expected = float((counts == 1).sum() / len(real))  # Good and Turing: the chance that the next real value is new
    share = float((~np.isin(made, every)).mean())
    if share - expected > _NEW and _clear(expected, share, len(real), len(made)):
        yield Difference(
            (share - expected) / 2,  # single ones among many
            f"values between the real ones: {percent(share)} of them do not occur in the real column (of fresh real "
            f"ones about {percent(expected)} would not)",
        )
    elif share == 0 and expected > 2 * _NEW and len(made) >= 50:
        yield Difference(
            expected,
            f"holds only values that occur in the real column (of fresh real ones {percent(expected)} would be new)",
        )


def _shift(values: Values, real: np.ndarray, made: np.ndarray) -> str:
    (low, middle, high), (low_made, middle_made, high_made) = (np.quantile(v, [0.25, 0.5, 0.75]) for v in (real, made))
    if abs(middle - middle_made) >= abs((high - low) - (high_made - low_made)) / 2:
        way = "higher" if middle_made > middle else "lower"
        return f"{way}: median {show(values, middle_made)} (real {show(values, middle)})"
    way = "wider" if high_made - low_made > high - low else "narrower"
    return (
        f"{way} spread: half of the values lie between {show(values, low_made)} and {show(values, high_made)} "
        f"(real {show(values, low)} and {show(values, high)})"
    )


def _of_levels(values: Values, real: np.ndarray, made: np.ndarray) -> Iterator[Difference]:
    p, q = (np.bincount(codes, minlength=len(values.levels)) / len(codes) for codes in (real, made))
    unseen = float(q[p == 0].sum())
    expected = float((p * len(real) == 1).sum() / len(real))  # as for new values of a number
    if unseen > expected and _clear(expected, unseen, len(real), len(made)):
        example = quoted(values, int(np.where(p == 0, q, -1).argmax()))
        yield Difference(unseen, f"levels no real row has in {percent(unseen)} of rows, such as {example}")
    lost = [code for code in np.flatnonzero((q == 0) & (p > 0)) if _clear(p[code], 0.0, len(real), len(made))]
    if lost:
        code = max(lost, key=lambda c: p[c])
        more = f", and {len(lost) - 1} more level{'s' if len(lost) > 2 else ''} lost" if lost[1:] else ""
        yield Difference(float(p[lost].sum()), f"level {quoted(values, code)} never (real {percent(p[code])}){more}")
    at = int(np.where((p > 0) & (q > 0), np.abs(p - q), 0).argmax())
    if q[at] and p[at] and _clear(p[at], q[at], len(real), len(made)):
        text = f"level {quoted(values, at)} in {percent(q[at])} of rows (real {percent(p[at])})"
        yield Difference(abs(p[at] - q[at]), text)


def _clear(p: float, q: float, n: int, m: int, least: float = _LEAST) -> bool:
    """Whether two shares differ by more than chance and by enough to matter."""
    pooled = (p * n + q * m) / (n + m)
    return bool(abs(p - q) >= least and abs(p - q) > _SIGMAS * sqrt(pooled * (1 - pooled) * (1 / n + 1 / m)))
