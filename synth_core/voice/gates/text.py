"""Words, sentences and quotations, as all gates cut them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOKEN = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_BREAK = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+")
_MOST_QUOTED = 60


def list_of(text: str) -> list[str]:
    """The words of ``text``; for word lists that are read more easily so."""
    return text.split()


def listed(text: str) -> frozenset[str]:
    """The same as a set."""
    return frozenset(list_of(text))


#: Words too common to say anything of a line.
STOP = listed(
    "a an and are as at be been but by for from had has have he her his i if in into is it its me my no not of on "
    "or our out she so than that the their them then there they this to up us was we were what when which who "
    "will with would you your"
)


def tokens(text: str) -> list[str]:
    """Words and numbers in lower case; curly apostrophes straightened."""
    return [found.casefold().replace("’", "'") for found in _TOKEN.findall(text)]


def words(text: str) -> list[re.Match[str]]:
    """The same with case and place."""
    return list(_TOKEN.finditer(text))


def sentences(text: str) -> list[str]:
    """Cut after a full stop, question mark, exclamation mark or ellipsis that white space follows."""
    return [part for part in _BREAK.split(text.strip()) if part]


def ngrams(items: list[str], n: int) -> Iterable[tuple[str, ...]]:
    """All runs of ``n`` items."""
    return zip(*(items[i:] for i in range(n)), strict=False)


def quoted(text: str) -> str:
    """In quotation marks, shortened where long."""
    short = " ".join(text.split())
    return f"“{short if len(short) <= _MOST_QUOTED else short[: _MOST_QUOTED - 1].rstrip() + '…'}”"


def phrase(text: str) -> re.Pattern[str]:
    """Finds a word or phrase of a list: whole words, any case, any white space, also in the plural or genitive."""
    parts = [re.escape(part) for part in text.split()]
    return re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?:['’]?s|['’])?(?!\w)", re.IGNORECASE)
