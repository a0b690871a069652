"""Numbers and times in words, the same on screen and in reports."""

from __future__ import annotations

from datetime import datetime


def count(value: float) -> str:
    """``1200`` → ``1,200``."""
    return f"{value:,.0f}"


def share(value: float) -> str:
    """``0.0034`` → ``0.34 %``; ``0.3`` → ``30 %``."""
    percent = 100 * value
    return f"{percent:.0f} %" if percent >= 10 or percent == 0 else f"{percent:.2g} %"


def score(value: float | None) -> str:
    """Three decimals, a dash for none."""
    return "–" if value is None or value != value else f"{value:.3f}"


def figure(value: float | None) -> str:
    """Four digits that count, for scores of any size: ``12,340``, ``0.08123``."""
    return "–" if value is None or value != value else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def signed(value: float | None) -> str:
    """Three decimals with a sign."""
    return "–" if value is None or value != value else f"{value:+.3f}".replace("-", "−")


def signed_range(low: float | None, high: float | None) -> str:
    """``−0.004 to +0.028``; a dash for none."""
    return "–" if low is None else f"{signed(low)} to {signed(high)}"


def probability(value: float) -> str:
    """``0.71`` → ``71 %``; never “0 %” or “100 %” of what is not certain."""
    return "< 1 %" if value < 0.01 else "> 99 %" if value > 0.99 else f"{100 * value:.0f} %"


def duration(seconds: float | None) -> str:
    """``75`` → ``1 min 15 s``."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def when(timestamp: float | None) -> str:
    """Local time of a Unix timestamp."""
    return "–" if timestamp is None else datetime.fromtimestamp(timestamp).strftime("%d %b %Y, %H:%M")


def day(timestamp: float) -> str:
    """Local date of a Unix timestamp: ``7 March 2026``."""
    return f"{datetime.fromtimestamp(timestamp):%d %B %Y}".lstrip("0")


def quoted(names: tuple[str, ...] | list[str], most: int = 6) -> str:
    """``“age”, “income” and 3 more``."""
    shown = ", ".join(f"“{n}”" for n in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
