"""What a run of requests will take, told before it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synth_core.errors import VoiceError
from synth_core.voice.records import Prompt

_CHARACTERS = 4.0  # a token, for English text and common tokenizers
_OFF = 0.25  # share by which that may be wrong for English; more for other languages
_TURN = 8  # tokens of wrapping a request
_FORMAT = 6  # tokens a line that JSON adds: quotes, comma, line break


@dataclass(frozen=True)
class Prices:
    """Prices of a million tokens, as the user read them off the provider's own page; None: not known.

    Attributes
    ----------
    tokens_in, tokens_out : float or None
    currency : str
    """

    tokens_in: float | None = None
    tokens_out: float | None = None
    currency: str = "$"


@dataclass(frozen=True)
class Estimate:
    """What a run will take.

    Attributes
    ----------
    requests : int
    tokens_in, tokens_out : int
        Middle of the range.
    low, high : float or None
        Cost, in the currency of the prices; None without prices.
    told : str
        All of it in words.
    """

    requests: int
    tokens_in: int
    tokens_out: int
    low: float | None
    high: float | None
    told: str


def tokens(text: str) -> int:
    """Tokens of a text, by its length."""
    return round(len(text) / _CHARACTERS)


def estimate(
    prompts: Sequence[Prompt], *, per_request: int, line_characters: float, prices: Prices | None = None
) -> Estimate:
    """Tokens and cost of asking these prompts once each.

    Parameters
    ----------
    prompts : sequence of Prompt
    per_request : int
        Lines in each answer.
    line_characters : float
        Length of a line, for example the mean of the approved ones.
    prices : Prices or None

    Raises
    ------
    VoiceError
        A price is negative.
    """
    prices = prices or Prices()
    given = (prices.tokens_in, prices.tokens_out)
    if any(price is not None and price < 0 for price in given):
        raise VoiceError("A price is below zero. Enter the price of a million tokens, for example 0.50.")
    tokens_in = sum(tokens(p.system) + tokens(p.user) + _TURN for p in prompts)
    tokens_out = round(len(prompts) * per_request * (line_characters / _CHARACTERS + _FORMAT))
    told = (
        f"{len(prompts):,} requests, about {tokens_in:,} tokens in and {tokens_out:,} out, "
        f"give or take {_OFF:.0%} (counted as four characters a token). Failed requests that are asked again, and "
        "models that reason before they write, add to this."
    )
    low = high = None
    if None not in given:
        middle = (tokens_in * given[0] + tokens_out * given[1]) / 1e6
        low, high = middle * (1 - _OFF), middle * (1 + _OFF)
        told += f" At your prices: {_money(low, prices.currency)} to {_money(high, prices.currency)}."
    else:
        told += " Enter the provider's prices to see the cost: they change, so none are assumed."
    return Estimate(len(prompts), tokens_in, tokens_out, low, high, told)


def _money(value: float, currency: str) -> str:
    return f"{currency}{value:,.2f}" if value >= 0.01 or value == 0 else f"less than {currency}0.01"
