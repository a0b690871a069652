"""The grammar checker, opened once: which dialect a brand writes, what is a word, what is wrong in a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

try:
    import harper
except ImportError:  # the gates that need it say so
    harper = None  # type: ignore[assignment]

#: Kinds of finding that are taste, not mistakes.
_TASTE = frozenset(
    {"Enhancement", "Readability", "Style", "Regionalism", "Redundancy", "Formatting", "Eggcorn", "Nonstandard"}
)
#: Rules that call established compounds wrong (“wellbeing”, “back seat”).
_OPINIONS = frozenset({"SplitWords", "CompoundNouns"})
_KEPT = 20_000  #: texts whose findings are remembered: approved lines are asked for again and again
_SAMPLE = 200  #: approved lines that choose the dialect


@dataclass(frozen=True)
class Mistake:
    """One finding of the checker.

    Attributes
    ----------
    rule, kind : str
    text : str
        The words it is about.
    told : str
        What is wrong.
    better : str
        What to write instead; may be empty.
    """

    rule: str
    kind: str
    text: str
    told: str
    better: str


class Checker:
    """Harper's rules in one dialect.

    Parameters
    ----------
    dialect : {"British", "American"}

    Raises
    ------
    ImportError
        The checker is not installed; ask :func:`available` first.
    """

    def __init__(self, dialect: str = "British") -> None:
        if harper is None:
            raise ImportError("harper-py is not installed")
        self.dialect = dialect
        self._linter = harper.Linter(getattr(harper.Dialect, dialect.upper()))
        self._words: dict[str, bool] = {}
        self._seen: dict[str, tuple[Mistake, ...]] = {}
        self._lock = Lock()  # a linter refuses two threads at once, and pages of two people share this one

    def mistakes(self, text: str) -> tuple[Mistake, ...]:
        """All findings that are mistakes, in the order of the text."""
        if text not in self._seen:
            if len(self._seen) >= _KEPT:
                self._seen.clear()
            self._seen[text] = self._mistakes(text)
        return self._seen[text]

    def _mistakes(self, text: str) -> tuple[Mistake, ...]:
        found = []
        for rule, lints in self._lints(text).items():
            for lint in lints:
                if lint.lint_kind not in _TASTE and rule not in _OPINIONS:
                    better = lint.suggestions[0].replacement_text if lint.suggestions else ""
                    found.append(
                        (lint.span.start, Mistake(rule, lint.lint_kind, lint.problem_text, lint.message, better or ""))
                    )
        return tuple(mistake for _, mistake in sorted(found, key=lambda item: (item[0], item[1].rule)))

    def is_english(self, text: str) -> bool:
        """Whether most of its words are English."""
        with self._lock:
            return bool(self._linter.is_likely_english(text))

    def _lints(self, text: str) -> dict[str, list]:
        with self._lock:
            return self._linter.organized_lints(text)

    def is_word(self, word: str) -> bool:
        """Whether the dictionary has it as a common word, written small."""
        word = word.lower().replace("’", "'").removesuffix("'s")
        if word not in self._words:
            lints = self._lints(f"the {word} is here")
            self._words[word] = not lints.get("SpellCheck")
        return self._words[word]


def available() -> bool:
    """Whether the checker is installed."""
    return harper is not None


@lru_cache(maxsize=2)
def checker(dialect: str = "British") -> Checker:
    """The checker of a dialect; opening one takes a second, so it is kept."""
    return Checker(dialect)


def of_brand(texts: Sequence[str]) -> Checker:
    """The checker of the dialect in which these lines have fewer spelling mistakes; British where they have as many."""
    sample = list(texts)[:_SAMPLE]
    american = checker("American")
    found = _misspelt(american, sample)
    british = checker("British")
    return american if len(found) < len(_misspelt(british, sample)) else british


def english(texts: Sequence[str]) -> bool:
    """Whether at least half of the lines are English; the checker knows no other language."""
    sample = list(texts)[:_SAMPLE]
    return 2 * sum(checker().is_english(text) for text in sample) >= len(sample)


def _misspelt(one: Checker, texts: Iterable[str]) -> list[Mistake]:
    return [m for text in texts for m in one.mistakes(text) if m.rule == "SpellCheck"]
