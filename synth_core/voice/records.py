"""What brand voice works on and what it finds: lines, briefs, candidates, verdicts."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from synth_core.records import build


def line_id(text: str) -> str:
    """Names a line by its text, white space and case of no account."""
    return hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Line:
    """One line of copy.

    Attributes
    ----------
    text : str
    source : str
        Who wrote it: the brand, or the name of a competitor or other voice.
    brief : str
        What it was written for, where that is known: ``"breakfast"``; else empty.
    """

    text: str
    source: str
    brief: str = ""

    @property
    def id(self) -> str:
        return line_id(self.text)


@dataclass(frozen=True)
class Brief:
    """What new lines are to be about: every list may be empty.

    Attributes
    ----------
    about : str
        One or two sentences for the writer.
    channel : str
        Key of :data:`synth_core.voice.channels.CHANNELS`.
    products, places, seasons, offers, actions : tuple of str
        Typed slots: what may be named, and calls to action.
    facts : tuple of str
        Numbers, prices, dates and names that may be claimed.
    """

    about: str = ""
    channel: str = "headline"
    products: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Compliance:
    """What no line may say, or must say.

    Attributes
    ----------
    banned : tuple of str
        Words and phrases.
    claims : tuple of str
        Words that make a claim somebody has to answer for: ``"guaranteed"``, ``"clinically proven"``.
    competitors : tuple of str
        Names.
    disclaimers : tuple of (trigger, text)
        A line with the trigger must hold the text.
    """

    banned: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    disclaimers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Brand:
    """A brand as it is stored: what it has approved, what it is told apart from, and its rules.

    Attributes
    ----------
    name : str
    approved : tuple of Line
    contrast : tuple of Line
        Competitors of the same category, best from several sources; may be empty.
    brief : Brief
    compliance : Compliance
    """

    name: str
    approved: tuple[Line, ...]
    contrast: tuple[Line, ...] = ()
    brief: Brief = field(default_factory=Brief)
    compliance: Compliance = field(default_factory=Compliance)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Brand:
        return build(Brand, data)


@dataclass(frozen=True)
class Prompt:
    """One request to a provider.

    Attributes
    ----------
    system, user : str
    parents : tuple of str
        Ids of the approved lines shown as examples.
    brief : str
        The brief in one line: the user turn of the fine-tuning set.
    """

    system: str
    user: str
    parents: tuple[str, ...]
    brief: str

    @property
    def hash(self) -> str:
        return hashlib.sha256(f"{self.system}\0{self.user}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Completion:
    """What a provider answered.

    Attributes
    ----------
    text : str
        Raw.
    index : int
        Among the answers to one prompt; with the prompt's hash it names the answer.
    tokens_in, tokens_out : int
        As billed; 0 where the provider does not say.
    parents : tuple of str
        Ids of the approved lines it was put together from (embedded provider); empty for those that write.
    """

    text: str
    index: int
    tokens_in: int = 0
    tokens_out: int = 0
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """One new line, before any gate.

    Attributes
    ----------
    text : str
    brief : str
        The brief in one line.
    parents : tuple of str
        Ids of the approved lines behind it: its seed family.
    kind : {"written", "recombined"}
    prompt : str
        Hash of the prompt.
    """

    text: str
    brief: str
    parents: tuple[str, ...]
    kind: Literal["written", "recombined"]
    prompt: str

    @property
    def id(self) -> str:
        return line_id(self.text)


@dataclass(frozen=True)
class Deviation:
    """One trait of a line that is unlike the brand.

    Attributes
    ----------
    trait : str
        In words: ``"exclamation marks"``.
    line, brand : float
        Its value in the line, and the brand's median.
    z : float
        Robust distance from the brand in its own spread.
    told : str
        A sentence.
    """

    trait: str
    line: float
    brand: float
    z: float
    told: str


@dataclass(frozen=True)
class Verdict:
    """What the gates said of one candidate.

    Attributes
    ----------
    candidate : Candidate
    gate : str or None
        Key of the gate that stopped it; None: passed all.
    reason : str
        In words, with the words of the line it is about; empty when passed.
    percentile : float or None
        Of its voice score among held-out approved lines, 0 to 100; None when an earlier gate stopped it.
    nearest : str
        Id of the approved line most like it; empty when never compared.
    similarity : float or None
        To that line, 0 to 100.
    deviations : tuple of Deviation
        Strongest first.
    """

    candidate: Candidate
    gate: str | None
    reason: str = ""
    percentile: float | None = None
    nearest: str = ""
    similarity: float | None = None
    deviations: tuple[Deviation, ...] = ()

    @property
    def passed(self) -> bool:
        return self.gate is None


@dataclass(frozen=True)
class GateCount:
    """One step of the funnel."""

    gate: str
    name: str
    reached: int
    stopped: int


@dataclass(frozen=True)
class Diversity:
    """How varied a set of lines is.

    Attributes
    ----------
    lines : int
    distinct_2 : float
        Distinct bigrams ÷ bigrams.
    self_bleu : float
        Mean BLEU-4 of a line against the others, 0 to 1; lower is more varied.
    compression : float
        Size ÷ compressed size; lower is more varied.
    """

    lines: int
    distinct_2: float
    self_bleu: float
    compression: float


@dataclass(frozen=True)
class Measure:
    """One line of the voice classifier's evaluation table.

    Attributes
    ----------
    key, name : str
    value : float or None
        None where it could not be measured.
    low, high : float or None
        95 % interval.
    target : float
    better : {"higher", "lower", "inside"}
    target_high : float or None
        Upper end of the target where ``better`` is ``"inside"``.
    baseline : float or None
        The same with words alone.
    told : str
        What it means, or why there is none.
    """

    key: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    target: float
    better: Literal["higher", "lower", "inside"]
    told: str
    target_high: float | None = None
    baseline: float | None = None


@dataclass(frozen=True)
class Trait:
    """What makes this voice: one style feature of the brand beside the contrast.

    Attributes
    ----------
    name : str
        In words.
    brand, contrast : float
        Medians; ``contrast`` is NaN-free and equals ``brand`` where there is no contrast.
    effect : float
        Cliff's delta, −1 to 1; positive: more of it in the brand.
    examples : tuple of str
        Approved lines that show it.
    told : str
    """

    name: str
    brand: float
    contrast: float
    effect: float
    examples: tuple[str, ...]
    told: str


@dataclass(frozen=True)
class Profile:
    """What makes a brand's voice, and how well it can be told; the result of a ``voice_check`` run.

    Attributes
    ----------
    brand : str
    approved, contrast, families : int
    sources : tuple of (name, lines)
        Of the contrast.
    traits : tuple of Trait
        Strongest first.
    measures : tuple of Measure
    provisional : bool
        Fewer than 50 approved lines.
    diversity : Diversity
        Of the approved lines.
    notes : tuple of str
    seed : int
    """

    brand: str
    approved: int
    contrast: int
    families: int
    sources: tuple[tuple[str, int], ...]
    traits: tuple[Trait, ...]
    measures: tuple[Measure, ...]
    provisional: bool
    diversity: Diversity
    notes: tuple[str, ...]
    seed: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Profile:
        return build(Profile, data)


@dataclass(frozen=True)
class Batch:
    """All candidates of one run with their verdicts; the result of a ``voice`` run.

    Attributes
    ----------
    brand, brand_id : str
    provider, model : str
    requested : int
        Lines asked for.
    verdicts : tuple of Verdict
        In the order the candidates came.
    funnel : tuple of GateCount
    accepted, seeds : Diversity
        Of the lines that passed, and of the approved ones.
    threshold : float
        Percentile below which the voice gate stops a line.
    settings : dict
        Of the gates, as used.
    tokens_in, tokens_out, requests, failed : int
    seed : int
    seed_hash : str
        SHA-256 of the approved lines.
    notes : tuple of str
    """

    brand: str
    brand_id: str
    provider: str
    model: str
    requested: int
    verdicts: tuple[Verdict, ...]
    funnel: tuple[GateCount, ...]
    accepted: Diversity
    seeds: Diversity
    threshold: float
    settings: dict[str, Any]
    tokens_in: int
    tokens_out: int
    requests: int
    failed: int
    seed: int
    seed_hash: str
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Batch:
        return build(Batch, data)


@dataclass(frozen=True)
class Decision:
    """What a person said of one line.

    Attributes
    ----------
    line : str
        Id of the candidate.
    verdict : {"keep", "edit", "reject"}
    text : str
        The new text of an edited line; else empty.
    reason : str
        Why it was rejected.
    at : float
        Unix time.
    """

    line: str
    verdict: Literal["keep", "edit", "reject"]
    text: str = ""
    reason: str = ""
    at: float = 0.0
