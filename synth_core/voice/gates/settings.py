"""What the gates ask for: everything a user may change, and what is stored with a run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from synth_core.errors import VoiceError
from synth_core.records import build
from synth_core.voice.channels import CHANNELS, Channel

#: Key and name of every gate, in the order in which they are asked.
GATES: dict[str, str] = {
    "duplicate": "Exact duplicate",
    "complete": "Complete line",
    "length": "Length for the channel",
    "copy": "Copy of an approved line",
    "compliance": "Brand rules",
    "facts": "Unsupported facts",
    "profanity": "Profanity",
    "personal": "Personal data",
    "grammar": "Grammar and spelling",
    "repetition": "Repetition",
    "plausible": "Plausible wording",
    "voice": "Brand voice",
    "similar": "Near-duplicate of an accepted line",
    "family": "Lines per approved line",
    "judge": "Judge model",
}

#: Without these two the others do not know what they judge.
ALWAYS = ("duplicate", "complete")


@dataclass(frozen=True)
class Copying:
    """From where on a line is a copy of an approved one.

    Attributes
    ----------
    ratio : float
        Edit similarity, 0 to 100 (rapidfuzz ``ratio``, any case).
    coverage : float
        Share of the line's runs of four words that stand in one approved line.
    run : int
        Longest run of words in common that is still allowed.
    """

    ratio: float
    coverage: float
    run: int


#: ``fresh`` wants new lines; ``light`` lets through variations that stay close to their original.
POLICIES = {"fresh": Copying(88, 0.6, 8), "light": Copying(96, 0.95, 30)}


@dataclass(frozen=True)
class GateSettings:
    """Settings of all gates.

    Attributes
    ----------
    off : tuple of str
        Keys of :data:`GATES` that are not asked.
    min_chars, max_chars, min_words, max_words, max_sentences : int or None
        Instead of the channel's own; None: the channel's.
    policy : {"fresh", "light"}
    profanity_allowed : tuple of str
    implausible : float
        Share of the held-out approved lines that the plausibility gate would stop, 0 to 0.5.
    false_rejects : float
        Share of held-out approved lines that the voice gate may stop, 0 to 0.5.
    voice : float or None
        Percentile below which the voice gate stops; None: taken from ``false_rejects``.
    similar : float
        ``token_set_ratio`` from which two accepted lines are the same, 50 to 100.
    per_family : int
        Most accepted lines behind which one approved line may stand.
    judge_minimum : float
        Lowest score of the judge model that passes, 1 to 5.
    """

    off: tuple[str, ...] = ()
    min_chars: int | None = None
    max_chars: int | None = None
    min_words: int | None = None
    max_words: int | None = None
    max_sentences: int | None = None
    policy: Literal["fresh", "light"] = "fresh"
    profanity_allowed: tuple[str, ...] = ()
    implausible: float = 0.02
    false_rejects: float = 0.10
    voice: float | None = None
    similar: float = 80.0
    per_family: int = 12
    judge_minimum: float = 3.5

    def __post_init__(self) -> None:
        """Refuses what no gate can work with.

        Raises
        ------
        VoiceError
        """
        for key in self.off:
            if key not in GATES or key in ALWAYS:
                raise VoiceError(f"The gate {key!r} cannot be switched off. Choose among: {', '.join(_optional())}.")
        if self.policy not in POLICIES:
            raise VoiceError(f"The copy policy {self.policy!r} is not known. Choose 'fresh' or 'light'.")
        _inside("implausible", self.implausible, 0, 0.5)
        _inside("false_rejects", self.false_rejects, 0, 0.5)
        if self.voice is not None:
            _inside("voice", self.voice, 0, 100)
        _inside("similar", self.similar, 50, 100)
        _inside("judge_minimum", self.judge_minimum, 1, 5)
        if self.per_family < 1:
            raise VoiceError(f"per_family is {self.per_family}; at least one line per approved line must be allowed.")
        for low, high in (("min_chars", "max_chars"), ("min_words", "max_words")):
            least, most = getattr(self, low), getattr(self, high)
            if least is not None and most is not None and least > most:
                raise VoiceError(f"{low} ({least}) is larger than {high} ({most}): no line could pass.")

    def channel(self, key: str) -> Channel:
        """The channel with this key under these settings.

        Raises
        ------
        VoiceError
            No channel has this key.
        """
        if key not in CHANNELS:
            raise VoiceError(f"The channel {key!r} is not known. Choose one of: {', '.join(CHANNELS)}.")
        preset = CHANNELS[key]
        limits = {f.name: getattr(preset, f.name) for f in fields(Channel)}
        own = {name: value for name in limits if (value := getattr(self, name, None)) is not None}
        return Channel(**(limits | own))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> GateSettings:
        """Read what :meth:`to_dict` wrote; missing keys take their defaults.

        Raises
        ------
        VoiceError
            A key or value is not known.
        """
        try:
            return build(GateSettings, data)
        except (TypeError, ValueError, KeyError) as error:
            raise VoiceError(f"The gate settings cannot be read: {error}. Set them anew on the page.") from error


def _optional() -> list[str]:
    return [key for key in GATES if key not in ALWAYS]


def _inside(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise VoiceError(f"{name} is {value:g}; it must lie between {low:g} and {high:g}.")
