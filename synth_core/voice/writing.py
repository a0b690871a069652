"""Many new lines from a provider: what is asked, what a log answers already, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synth_core.errors import VoiceError
from synth_core.progress import SILENT, Progress
from synth_core.voice.asking import Job, Patience, State, ask_all, lines_in, take
from synth_core.voice.log import RequestLog
from synth_core.voice.prompting import Template, brief_line, named_in, prompts
from synth_core.voice.providers.base import Provider, ProviderError, run
from synth_core.voice.records import Brand, Candidate


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    candidates : tuple of Candidate
        In the order of their requests, however the answers came in.
    tokens_in, tokens_out : int
        As billed, of every answer in the log.
    requests, failed : int
        Requests of the run, and those that brought no answer in the end: a run again asks for these only.
    notes : tuple of str
    """

    candidates: tuple[Candidate, ...]
    tokens_in: int
    tokens_out: int
    requests: int
    failed: int
    notes: tuple[str, ...]


def write(
    brand: Brand,
    provider: Provider,
    *,
    count: int,
    per_request: int = 10,
    temperature: float = 0.9,
    concurrency: int = 4,
    rate: float | None = None,
    seed: int = 0,
    log_path: Path,
    progress: Progress = SILENT,
    template: Template | None = None,
    shots: int = 8,
    patience: Patience | None = None,
) -> Written:
    """Ask for ``count`` lines.

    Every request and every raw answer goes to ``log_path`` before it is read. What is answered there already is not
    asked again, so the same call after a crash, a kill or a cancel goes on where it was; requests that were under way
    at that moment, at most ``concurrency``, are asked once more, since their answers were never received.

    Parameters
    ----------
    brand : Brand
    provider : Provider
    count, per_request : int
        Lines in all, and lines asked for in one request.
    temperature : float
    concurrency : int
        Requests under way at once.
    rate : float or None
        Most requests a minute; None: as fast as they are answered.
    seed : int
    log_path : Path
        One per kind of request (provider, model, prompts, seed); created if missing.
    progress : Progress
    template, shots
        See :func:`synth_core.voice.prompting.prompts`.
    patience : Patience or None

    Returns
    -------
    Written

    Raises
    ------
    Cancelled
        Within a second of the user's wish; what was answered stays in the log.
    VoiceError
        Nothing was answered at all; or another run holds the log.
    """
    if min(count, per_request, concurrency) < 1 or (rate is not None and rate <= 0):
        raise VoiceError("Lines, lines per request, requests at once and requests a minute must each be at least 1.")
    patience = patience or Patience()
    jobs = _jobs(brand, provider, count, per_request, template, shots, seed)
    with RequestLog(Path(log_path)) as log:
        state = _resume(jobs, provider, log)
        started = len(state.answers)
        run(lambda: ask_all(state, len(jobs), provider, log, temperature, seed, concurrency, rate, patience, progress))
    if not state.answers and state.failures:
        raise VoiceError(state.stopped or state.failures.most_common(1)[0][0])
    candidates, empty = _candidates(brand, provider, jobs, state)
    notes = _notes(provider, state, len(jobs), started, count, len(candidates), empty)
    failed = len(jobs) - len(state.answers)
    return Written(candidates, state.tokens_in, state.tokens_out, len(jobs), failed, notes)


def _jobs(
    brand: Brand, provider: Provider, count: int, per_request: int, template: Template | None, shots: int, seed: int
) -> list[Job]:
    asked = prompts(
        brand,
        -(-count // per_request),
        template=template,
        shots=shots,
        seed=seed,
        per_request=per_request,
        focused=provider.kind == "written",  # one that recombines says itself which lines it used
    )
    seen: Counter[str] = Counter()
    jobs = []
    for position, prompt in enumerate(asked):
        lines = min(per_request, count - position * per_request)
        jobs.append(Job(position, prompt, seen[prompt.hash], lines))
        seen[prompt.hash] += 1
    return jobs


def _resume(jobs: Sequence[Job], provider: Provider, log: RequestLog) -> State:
    """The state with everything that the log answers already."""
    state = State([], {})
    raws = log.responses()
    for job in jobs:
        for raw in raws.get(job.name, ()):
            try:
                take(state, job, provider, raw)
            except ProviderError:
                continue  # could not be read then either
            break
        else:
            state.waiting.append(job)
    state.waiting.reverse()  # popped from its end
    return state


def _candidates(
    brand: Brand, provider: Provider, jobs: Sequence[Job], state: State
) -> tuple[tuple[Candidate, ...], Counter[str]]:
    """Every line of every answer, and why answers held none."""
    subjects = {line.id: line.brief for line in brand.approved}
    found: list[Candidate] = []
    empty: Counter[str] = Counter()
    for job in jobs:
        if job.name not in state.answers:
            continue
        completions, told = state.answers[job.name]
        reasons = [told] if told else []
        some = False
        for completion in completions:
            lines, reason = lines_in(provider, completion)
            reasons += [reason] if reason else []
            some = some or bool(lines)
            parents = completion.parents or job.prompt.parents
            for text in lines:
                brief = job.prompt.brief
                if provider.kind == "recombined":  # such a line was made before it had a brief
                    subject = subjects.get(parents[0], "") if parents else ""
                    brief = brief_line(brand, named_in(brand.brief, text), subject)
                found.append(Candidate(text, brief, parents, provider.kind, job.prompt.hash))
        if not some and provider.kind == "written":  # one that recombines has simply run out
            empty[reasons[0] if reasons else "The answer was empty."] += 1
    return tuple(found), empty


def _notes(
    provider: Provider, state: State, requests: int, resumed: int, wanted: int, got: int, empty: Counter[str]
) -> tuple[str, ...]:
    notes = []
    if resumed:
        notes.append(f"{resumed:,} of {requests:,} requests had been answered before and were not asked again.")
    if state.stopped:
        left = requests - len(state.answers)
        notes.append(f"Asking was stopped with {left:,} requests open: {state.stopped} Run again to ask for these.")
    elif state.failed:
        told, times = state.failures.most_common(1)[0]
        notes.append(
            f"{state.failed:,} of {requests:,} requests failed, {times:,} of them so: {told} "
            "Run again to ask for these."
        )
    for reason, times in empty.most_common(2):
        notes.append(f"{times:,} {'answer' if times == 1 else 'answers'} brought no line: {reason}")
    if got < wanted:
        notes.append(f"{wanted:,} lines were asked for, {got:,} came.")
    return (*notes, *provider.notes())
