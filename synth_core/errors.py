"""The one exception tree. Every message is a plain sentence that can be shown to an analyst as it stands."""

from __future__ import annotations

import re

_QUOTED = re.compile(r"“([^“”]{121,})”")
_UNBROKEN = re.compile(r"[^\s“”]{121,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_SHOWN = 80  #: characters of a value that is too long to be shown
_MOST = 900  #: characters of a message


class SynthError(Exception):
    """Root of everything this package raises on purpose.

    The text names the column where there is one, shows an example value and says what to do. Values of a file are
    quoted in it, whatever they hold: control characters are left out and overlong values cut.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__(_shown(str(text)))


def _shown(text: str) -> str:
    text = _CONTROL.sub(" ", text)
    text = _QUOTED.sub(lambda m: f"“{m[1][:_SHOWN]}…”", text)
    text = _UNBROKEN.sub(lambda m: f"{m[0][:_SHOWN]}…", text)
    # What to do comes last, so the middle goes.
    return text if len(text) <= _MOST else f"{text[: _MOST - 300]} … {text[-280:]}"


class TableError(SynthError):
    """A file or table cannot be used as it is."""


class SchemaError(TableError):
    """A column's role, or the target, does not fit the data."""


class GeneratorError(SynthError):
    """A generator refuses these data or settings."""


class StudyError(SynthError):
    """A lift study cannot be run on these data."""


class BlueprintError(SynthError):
    """A blueprint contradicts itself, lacks something or cannot be read."""


class JourneyError(SynthError):
    """Journeys, credits or the parameters of a simulated world cannot be used as they are."""


class VoiceError(SynthError):
    """Brand lines, a brief or a provider of variations cannot be used as they are."""


class ScorerError(SynthError):
    """A frozen scorer, its leads or their outcomes cannot be used as they are."""


class ReportError(SynthError):
    """A report, its branding or a hand-over pack cannot be made or read as asked."""


class PackError(SynthError):
    """A hand-over pack cannot be made, or a file is none that can be opened."""


class RunError(SynthError):
    """A run cannot be submitted, read or changed."""


class Cancelled(SynthError):
    """The user asked for the work to stop. Raised by ``Progress.report``; never a failure."""
