"""Where a line will stand, and how long it may be there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Channel:
    """Limits of one place for copy; all ends inclusive.

    Attributes
    ----------
    key, name : str
    min_chars, max_chars, min_words, max_words, max_sentences : int
    about : str
        Where the limits come from.
    """

    key: str
    name: str
    min_chars: int
    max_chars: int
    min_words: int
    max_words: int
    max_sentences: int
    about: str


#: In the order in which they are offered. Limits of ads are the platforms'; the others are customs of the trade.
CHANNELS: dict[str, Channel] = {
    channel.key: channel
    for channel in (
        Channel("headline", "Website headline", 10, 90, 2, 18, 3, "Fits two lines of large type."),
        Channel("tagline", "Tagline", 5, 45, 2, 8, 2, "Fits beside a logo."),
        Channel("search_headline", "Search ad headline", 5, 30, 1, 6, 1, "Search ads cut headlines at 30 characters."),
        Channel("search_text", "Search ad description", 20, 90, 4, 18, 3, "Search ads cut texts at 90 characters."),
        Channel("social", "Social post", 20, 280, 4, 55, 6, "Fits the shortest common limit for posts."),
        Channel("email_subject", "E-mail subject", 8, 60, 2, 11, 2, "Telephones show about 60 characters."),
        Channel("push", "Push notification", 10, 110, 3, 20, 3, "Lock screens show about 110 characters."),
        Channel("product", "Product description", 60, 600, 10, 110, 10, "One paragraph on a product page."),
    )
}
