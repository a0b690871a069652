"""All gates in order: each line is stopped by the first that objects, and every stop has its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from synth_core.errors import VoiceError
from synth_core.progress import SILENT, Progress
from synth_core.voice.gates.base import Context, Gate
from synth_core.voice.gates.complete import Complete
from synth_core.voice.gates.compliance import Rules
from synth_core.voice.gates.copy import Copy
from synth_core.voice.gates.duplicate import Duplicate
from synth_core.voice.gates.facts import Facts
from synth_core.voice.gates.grammar import Grammar
from synth_core.voice.gates.length import Length
from synth_core.voice.gates.personal import Personal
from synth_core.voice.gates.plausible import Plausible
from synth_core.voice.gates.profanity import Profanity
from synth_core.voice.gates.repetition import Repetition
from synth_core.voice.gates.settings import ALWAYS, GATES, GateSettings
from synth_core.voice.gates.similar import Family, Similar
from synth_core.voice.gates.voice import Scorer, Voice
from synth_core.voice.records import Brand, Candidate, Deviation, GateCount, Verdict

_BATCH = 50  #: candidates between two reports of progress; no result depends on it

_ALONE: tuple[type[Gate], ...] = (
    Duplicate, Complete, Length, Copy, Rules, Facts, Profanity, Personal, Grammar, Repetition, Plausible,
)  # fmt: skip

#: Gives a reason for each line that the judge model stops, None for the others.
Judge = Callable[[Sequence[Candidate]], list[str | None]]


@dataclass(frozen=True)
class Judged:
    """What the gates said of all candidates.

    Attributes
    ----------
    verdicts : tuple of Verdict
        In the order of the candidates.
    funnel : tuple of GateCount
        One per gate that was asked, in order.
    threshold : float or None
        Percentile of the voice gate; None where it is off.
    notes : tuple of str
        What gates could not do.
    """

    verdicts: tuple[Verdict, ...]
    funnel: tuple[GateCount, ...]
    threshold: float | None
    notes: tuple[str, ...]


@dataclass
class _Draft:
    """A verdict in the making."""

    candidate: Candidate
    gate: str | None = None
    reason: str = ""
    percentile: float | None = None
    nearest: str = ""
    similarity: float | None = None
    deviations: tuple[Deviation, ...] = field(default=())

    def verdict(self) -> Verdict:
        return Verdict(
            self.candidate, self.gate, self.reason, self.percentile, self.nearest, self.similarity, self.deviations
        )


def judge(
    candidates: Sequence[Candidate],
    brand: Brand,
    classifier: Scorer,
    *,
    settings: GateSettings | None = None,
    seed: int = 0,
    progress: Progress = SILENT,
) -> tuple[tuple[Verdict, ...], tuple[GateCount, ...]]:
    """Verdicts and funnel of :func:`ask_gates`."""
    judged = ask_gates(candidates, brand, classifier, settings=settings, seed=seed, progress=progress)
    return judged.verdicts, judged.funnel


def ask_gates(
    candidates: Sequence[Candidate],
    brand: Brand,
    classifier: Scorer | None,
    *,
    settings: GateSettings | None = None,
    seed: int = 0,
    judge_model: Judge | None = None,
    progress: Progress = SILENT,
) -> Judged:
    """Ask all gates about all candidates.

    Parameters
    ----------
    candidates : sequence of Candidate
    brand : Brand
    classifier : VoiceClassifier or None
        None: only where the voice gate is off.
    settings : GateSettings or None
        None: the defaults.
    seed : int
    judge_model : callable or None
        Asked last, about the lines that passed everything else; see :mod:`synth_core.voice.judging`.
    progress : Progress
        Phase ``checking``.

    Returns
    -------
    Judged

    Raises
    ------
    VoiceError
        The brand has no approved lines, or the voice gate is on without a classifier.
    Cancelled
    """
    settings = settings or GateSettings()
    if not brand.approved:
        raise VoiceError("This brand has no approved lines yet. Add some: every gate compares with them.")
    if classifier is None and "voice" not in settings.off:
        raise VoiceError("The voice gate needs a classifier. Give one, or switch the gate off.")
    context = Context(brand, settings, seed)
    wanted = [cls for cls in _ALONE if cls.key in ALWAYS or cls.key not in settings.off]
    alone: list[Gate] = [cls(context) for cls in wanted]
    voice = None if "voice" in settings.off else Voice(context, classifier)
    if voice is not None:
        alone.append(voice)
    ordered = [cls(context) for cls in (Similar, Family) if cls.key not in settings.off]
    drafts = [_Draft(candidate) for candidate in candidates]
    accepted = 0
    progress.report("checking", 0, max(len(drafts), 1), accepted=0)
    for start in range(0, len(drafts), _BATCH):
        batch = drafts[start : start + _BATCH]
        for gate in alone:
            _ask(gate, [draft for draft in batch if draft.gate is None])
        for draft in batch:
            if draft.gate is None:
                accepted += _in_order(ordered, draft)
        progress.report("checking", min(start + _BATCH, len(drafts)), len(drafts), accepted=accepted)
    keys = [gate.key for gate in (*alone, *ordered)]
    if judge_model is not None and "judge" not in settings.off:
        keys.append("judge")
        passed = [draft for draft in drafts if draft.gate is None]
        _note(passed, "judge", judge_model([draft.candidate for draft in passed]))
    notes = tuple(note for gate in (*alone, *ordered) for note in gate.notes)
    funnel = _funnel(keys, [draft.gate for draft in drafts])
    return Judged(tuple(draft.verdict() for draft in drafts), funnel, voice and voice.threshold, notes)


class Recheck:
    """The gates for single lines that a person writes or edits: without voice and without other candidates.

    A person may overrule them: the page shows the reason, and the manifest names such lines.

    Parameters
    ----------
    brand : Brand
    settings : GateSettings or None
    """

    def __init__(self, brand: Brand, settings: GateSettings | None = None) -> None:
        self._context = Context(brand, settings or GateSettings())
        off = self._context.settings.off
        asked = [cls for cls in _ALONE if cls not in (Duplicate, Plausible)]
        self._gates = [cls(self._context) for cls in asked if cls.key in ALWAYS or cls.key not in off]

    def __call__(self, text: str) -> Verdict:
        draft = _Draft(Candidate(text, "", (), "written", ""))
        for gate in (Duplicate(self._context), *self._gates):  # a new one each time: it remembers what it saw
            if draft.gate is None:
                _ask(gate, [draft])
        return draft.verdict()


def _ask(gate: Gate, drafts: Sequence[_Draft]) -> None:
    if not drafts:
        return
    _note(drafts, gate.key, gate.check([draft.candidate for draft in drafts]))
    if isinstance(gate, Copy):
        for draft, (nearest, similarity) in zip(drafts, gate.nearest, strict=True):
            draft.nearest, draft.similarity = nearest, similarity
    if isinstance(gate, Voice):
        for draft, percentile, deviations in zip(drafts, gate.percentiles, gate.deviations, strict=True):
            draft.percentile, draft.deviations = percentile, deviations


def _note(drafts: Sequence[_Draft], key: str, reasons: Sequence[str | None]) -> None:
    for draft, reason in zip(drafts, reasons, strict=True):
        if reason is not None:
            draft.gate, draft.reason = key, reason


def _in_order(gates: Sequence[Similar | Family], draft: _Draft) -> bool:
    """Gates that compare with the lines accepted so far; True where they accept this one too."""
    for gate in gates:
        _ask(gate, [draft])
        if draft.gate is not None:
            return False
    for gate in gates:
        gate.accept(draft.candidate)
    return True


def _funnel(keys: Sequence[str], stops: Sequence[str | None]) -> tuple[GateCount, ...]:
    reached, counts = len(stops), []
    for key in keys:
        stopped = stops.count(key)
        counts.append(GateCount(key, GATES[key], reached, stopped))
        reached -= stopped
    return tuple(counts)
