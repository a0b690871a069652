"""Names that somebody else chose, made safe for plain text, Markdown and file names."""

from __future__ import annotations

import re
import unicodedata

_MOST = 120


def plain(name: str, most: int = _MOST) -> str:
    """One line of printable text: no control signs, none that turn the direction of writing, at most ``most`` long."""
    text = "".join(c if unicodedata.category(c)[0] not in "CZ" or c == " " else " " for c in name[: 20 * most])
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def markdown(name: str, most: int = _MOST) -> str:
    """:func:`plain` text that Markdown shows as it is, in a table's cell, too."""
    return re.sub(r"([\\`*_\[\]#|<>$~&])", r"\\\1", plain(name, most)).replace("://", ":\\//")


def slug(name: str, most: int = 40) -> str:
    """ASCII letters, digits and hyphens, for a file's name; empty where the name has none."""
    ascii_only = unicodedata.normalize("NFKD", name[: 20 * most]).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_only)[:most].strip("-").lower()
