"""Hard negatives: a brand's own lines with their style taken away and their subject kept.

Used to teach a classifier that the subject is not the voice; the only contrast there is when no competitor's copy was
given. Only moves that the brand itself seldom makes are used: a brand that shouts is not told apart by shouting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from synth_core.voice.lexicon import CONTRACTIONS
from synth_core.voice.masking import sentences, straight
from synth_core.voice.style import TRAITS, style

#: A move is left out where more than this share of the brand's own lines shows its trait.
SELDOM = 0.25

_OPENERS = ("Discover", "Introducing", "Experience", "Enjoy", "Indulge in", "Explore", "Unlock", "Embrace")
_SUPERLATIVES = ("the ultimate", "the best", "an unforgettable", "a truly amazing", "the finest", "a stunning")
_TAILS_URGENT = (
    "Book now",
    "Hurry, offer ends soon",
    "Don't miss out",
    "Order today",
    "Limited time only",
    "Shop the sale",
)
_TAILS_CLICHE = (
    "An unforgettable experience awaits",
    "Luxury redefined",
    "Perfect for every occasion",
    "Made just for you",
    "Elevate your everyday",
    "The perfect choice",
)
_TAILS_FORMAL = (
    "while supplies last",
    "in accordance with our service standards",
    "available on request",
    "provided to all customers",
    "as part of our comprehensive offering",
)
_TAILS_SLANG = ("Trust us, mate", "How cool is that?", "It's gonna be epic", "Yep, really", "Just sayin'", "Love it")
_LONG_WORDS = {
    "get": "obtain", "use": "utilise", "help": "assist", "start": "commence", "buy": "purchase", "give": "provide",
    "room": "accommodation", "ask": "request", "show": "demonstrate", "make": "produce", "food": "culinary selection",
    "good": "exceptional", "old": "historic", "new": "innovative", "home": "residence", "quiet": "tranquil",
    "small": "intimate", "need": "require", "keep": "maintain", "stay": "accommodation", "about": "regarding",
}  # fmt: skip


@dataclass(frozen=True)
class _Move:
    """One way to lose a style: the trait it brings in, and how."""

    trait: str
    make: Callable[[str, np.random.Generator], str]


def _pick(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _body(text: str) -> str:
    return text.rstrip(" .!?…")


def _lower_first(text: str) -> str:
    keep = len(text) < 2 or text[:2].isupper() or text.startswith(("I ", "I'"))
    return text if keep else text[0].lower() + text[1:]


def _expand(text: str, rng: np.random.Generator) -> str:
    for short, full in CONTRACTIONS.items():
        text = re.sub(
            re.escape(short) + r"\b",
            lambda m, f=full: f.capitalize() if m.group()[0].isupper() else f,
            text,
            flags=re.I,
        )
    return text


def _contract(text: str, rng: np.random.Generator) -> str:
    text = re.sub(r"\b(is|are|was|were|do|does|did|would|should|could|has|have) not\b", r"\1n't", text)
    text = re.sub(r"\b(will not|cannot)\b", lambda m: "won't" if m.group() == "will not" else "can't", text)
    text = re.sub(r"\b([Ii]t|[Tt]hat|[Tt]here|[Hh]ere) is\b", r"\1's", text)
    text = re.sub(r"\b([Ww]e|[Yy]ou|[Tt]hey) are\b", r"\1're", text)
    text = re.sub(r"\b([Ww]e|[Yy]ou|[Tt]hey|[Ii]t) will\b", r"\1'll", text)
    return re.sub(r"\b([Ww]e|[Yy]ou|[Tt]hey) have\b", r"\1've", text)


def _shout(text: str, rng: np.random.Generator) -> str:
    return re.sub(r"[.…]+(?=\s|$)", "!", text) if re.search(r"[.…]\s*$", text) else _body(text) + "!"


def _capitals(text: str, rng: np.random.Generator) -> str:
    words = [w for w in re.findall(r"\b[a-z]{4,}\b", text)]
    return re.sub(rf"\b{_pick(words, rng)}\b", lambda m: m.group().upper(), text, count=1) if words else text


def _tail(tails: Sequence[str], end: str) -> Callable[[str, np.random.Generator], str]:
    def make(text: str, rng: np.random.Generator) -> str:
        tail = _pick(tails, rng)
        return f"{text} {tail}{'' if tail[-1] in '?!' else end}"

    return make


def _price(text: str, rng: np.random.Generator) -> str:
    amount = int(rng.integers(2, 60)) * 5 - 1
    return f"{_body(text)}, {_pick(('from only', 'now just', 'from'), rng)} {_pick('£$€', rng)}{amount}."


def _opener(text: str, rng: np.random.Generator) -> str:
    what = _pick(("experience", "choice", "moment"), rng)
    return f"{_pick(_OPENERS, rng)} {_pick(_SUPERLATIVES, rng)} {what}: {_lower_first(text)}"


def _office(text: str, rng: np.random.Generator) -> str:
    joined = " and ".join(_lower_first(_body(s)) if n else _body(s) for n, s in enumerate(sentences(text)))
    joined = re.sub(r"\b[a-z]+\b", lambda m: _LONG_WORDS.get(m.group(), m.group()), joined)
    return f"{joined}, {_pick(_TAILS_FORMAL, rng)}."


def _question(text: str, rng: np.random.Generator) -> str:
    return f"{_pick(('Ready for more?', 'Looking for something special?', 'Need a treat?', 'Why wait?'), rng)} {text}"


def _title(text: str, rng: np.random.Generator) -> str:
    return re.sub(r"\b[a-z]{4,}\b", lambda m: m.group().capitalize(), text)


def _open_end(text: str, rng: np.random.Generator) -> str:
    return _body(text)


def _stop(text: str, rng: np.random.Generator) -> str:
    return _body(text) + "."


_MOVES = (
    _Move("contractions", _contract), _Move("exclamations", _shout), _Move("capitals", _capitals),
    _Move("urgency", _tail(_TAILS_URGENT, "!")), _Move("cliches", _tail(_TAILS_CLICHE, ".")), _Move("prices", _price),
    _Move("superlatives", _opener), _Move("formal", _office), _Move("slang", _tail(_TAILS_SLANG, ".")),
    _Move("questions", _question), _Move("title_case", _title), _Move("ends_open", _open_end),
    _Move("ends_stop", _stop),
)  # fmt: skip
_COLUMN = {trait.key: n for n, trait in enumerate(TRAITS)}


def hard_negatives(texts: Sequence[str], *, seed: int) -> tuple[list[str], list[int]]:
    """``texts`` de-styled: contractions expanded or made, exclamation, price, superlatives, stock and office words.

    Parameters
    ----------
    texts : sequence of str
        A brand's own lines.
    seed : int

    Returns
    -------
    made : list of str
        One for each line, after two or three moves. None where the moves leave a line as it was, or make it another
        of ``texts``. Contractions are expanded where the brand uses them.
    parents : list of int
        Which of ``texts`` each was made from.
    """
    if not texts:
        return [], []
    shown = (np.abs(style(texts)) > 0).mean(axis=0)
    moves = [move for move in _MOVES if shown[_COLUMN[move.trait]] <= SELDOM]
    if shown[_COLUMN["contractions"]] > SELDOM:
        moves.append(_Move("contractions", _expand))
    rng = np.random.default_rng([seed, 11])
    own, made, parents = {straight(t) for t in texts}, [], []
    for n, text in enumerate(texts):
        new = straight(text)
        for chosen in sorted(rng.permutation(len(moves))[: int(rng.integers(2, 4))]):
            new = moves[chosen].make(new, rng)
        if new not in own:
            made.append(new)
            parents.append(n)
    return made, parents
