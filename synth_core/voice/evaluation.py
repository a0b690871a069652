"""How well a brand's voice can be told: six measures taken on the user's own lines, with targets and intervals."""

from __future__ import annotations

import math

import numpy as np

from synth_core.progress import SILENT, Progress
from synth_core.voice.classifier import wilson
from synth_core.voice.corpus import CONTRAST, THIN, Corpus, corpus
from synth_core.voice.records import Brand, Measure
from synth_core.voice.trials import Trial, auc_interval, other_topics, unseen_source

#: Working threshold, and the one at which false accepts are counted: percentiles of held-out approved lines.
WORKING, STRICT = 10.0, 20.0
#: Sources tested one by one; the largest first.
_MOST_SOURCES = 6

_ONE = "Add competitor copy from a second source: a source is tested by leaving it out, and the others must teach."
_NONE = "There is no competitor copy to test on. Add lines of at least two competitors of the same category."
_TOPICS = (
    "Name the brief of each line (at least three, the same names for approved and competitor lines) to measure this."
)


def measures(brand: Brand, *, seed: int, progress: Progress = SILENT) -> tuple[Measure, ...]:
    """Measure the classifier on a brand's own lines.

    Every fit is tested on families, sources and topics that it did not see; thresholds come from a cross-validation
    inside its training lines.

    Parameters
    ----------
    brand : Brand
    seed : int
    progress : Progress
        Phase ``"testing"``.

    Returns
    -------
    tuple of Measure
        Always six, in the order of the design; ``value`` is None where a measure cannot be taken, ``told`` says why.

    Raises
    ------
    VoiceError
        Too few different approved lines.
    """
    return measured(corpus(brand.approved, brand.contrast, seed=seed), seed=seed, progress=progress)


def measured(lines: Corpus, *, seed: int, progress: Progress = SILENT) -> tuple[Measure, ...]:
    """The same on lines already cleaned and counted."""
    sources, every = tested_sources(lines), sorted(set(lines.sources[lines.rows(CONTRAST)]))
    leave_out = sources if len(every) > 1 else []
    steps, unseen, topics = 1 + 2 * len(leave_out), {}, {}
    progress.report("testing", 0, steps)
    plain = unseen_source(lines, None, seed=seed)
    for n, source in enumerate(leave_out):
        progress.report("testing", 1 + 2 * n, steps, source=source)
        unseen[source] = unseen_source(lines, source, seed=seed)
        progress.report("testing", 2 + 2 * n, steps, source=source)
        if found := other_topics(lines, source, seed=seed):
            topics[source] = found
    alone = next(iter(topics.values()), None) or other_topics(lines, None, seed=seed)
    progress.report("testing", steps, steps)
    lacking = _NONE if not every else _ONE
    if len(every) > 1 and not sources:
        lacking = f"No contrast source has {THIN} lines. Add more lines of each competitor."
    return (
        _unseen_auc(unseen, lacking),
        _style_over_content(topics, lacking if not leave_out else _TOPICS),
        _same_style(alone),
        _other_style(topics, lacking if not leave_out else _TOPICS),
        _false_rejects(plain),
        _false_accepts(unseen, lacking),
    )


def tested_sources(lines: Corpus) -> list[str]:
    """Contrast sources with enough lines to be tested on, the largest first."""
    names, counts = np.unique(lines.sources[lines.kind == CONTRAST].astype(str), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [str(names[n]) for n in order if counts[n] >= THIN][:_MOST_SOURCES]


def _unseen_auc(trials: dict[str, Trial], lacking: str) -> Measure:
    base = ("auc_unseen", "Tells the brand from a competitor it has not seen")
    if not trials:
        return Measure(*base, None, None, None, 0.92, "higher", lacking)
    source, worst = min(trials.items(), key=lambda item: item[1].auc)
    low, high = auc_interval(worst.auc, worst.own_lines, worst.other_lines)
    told = (
        f"An approved line scores above a line of {source}, the competitor hardest to tell from the brand, in "
        f"{worst.auc:.0%} of pairs, though {source} was left out of the training (words alone: {worst.word_auc:.0%})."
    )
    return Measure(*base, worst.auc, low, high, 0.92, "higher", told, baseline=worst.word_auc)


def _style_over_content(trials: dict[str, Trial], lacking: str) -> Measure:
    base = ("style_over_content", "Style counts for more than subject")
    known = {name: t for name, t in trials.items() if not math.isnan(t.auc)}
    if not known:
        return Measure(*base, None, None, None, 0.95, "higher", lacking)
    source, worst = min(known.items(), key=lambda item: item[1].auc)
    low, high = auc_interval(worst.auc, worst.own_lines, worst.other_lines)
    told = (
        f"An approved line on a subject the training never had scores above a line of {source} on a subject it had, "
        f"in {worst.auc:.0%} of pairs (words alone: {worst.word_auc:.0%})."
    )
    return Measure(*base, worst.auc, low, high, 0.95, "higher", told, baseline=worst.word_auc)


def _same_style(trial: Trial | None) -> Measure:
    base = ("same_style_accept", "Accepts the brand's style on new subjects")
    if trial is None:
        return Measure(*base, None, None, None, 0.80, "higher", _TOPICS)
    hits = int((trial.own >= WORKING).sum())
    low, high = wilson(hits, len(trial.own))
    told = f"{hits} of {len(trial.own)} approved lines pass although no approved line on their subject was in training."
    return Measure(*base, hits / len(trial.own), low, high, 0.80, "higher", told)


def _other_style(trials: dict[str, Trial], lacking: str) -> Measure:
    base = ("other_style_accept", "Lets another style pass on the brand's subjects")
    if not trials:
        return Measure(*base, None, None, None, 0.10, "lower", lacking)
    source, worst = max(trials.items(), key=lambda item: float((item[1].other >= WORKING).mean()))
    hits = int((worst.other >= WORKING).sum())
    low, high = wilson(hits, len(worst.other))
    told = f"{hits} of {len(worst.other)} lines of {source}, the worst source, pass on subjects the brand wrote about."
    told += _most_like(worst)
    return Measure(*base, hits / len(worst.other), low, high, 0.10, "lower", told)


def _false_rejects(trial: Trial) -> Measure:
    hits, count = int((trial.own < WORKING).sum()), len(trial.own)
    low, high = wilson(hits, count)
    told = f"{hits} of {count} approved lines, unseen by the fit that judged them, fall below the 10% threshold."
    told += f" Least like the others: “{trial.worst_own[0][0]}”"
    name = "Stops approved lines when told to stop one in ten"
    return Measure("false_rejects", name, hits / count, low, high, 0.05, "inside", told, target_high=0.15)


def _false_accepts(trials: dict[str, Trial], lacking: str) -> Measure:
    base = ("false_accepts", "Lets an unseen competitor pass when told to stop one in five")
    if not trials:
        return Measure(*base, None, None, None, 0.10, "lower", lacking)
    shares = {name: float((t.other >= STRICT).mean()) for name, t in trials.items()}
    source = max(shares, key=lambda name: shares[name])
    count = trials[source].other_lines
    low, high = wilson(shares[source] * count, count)
    told = f"{shares[source]:.0%} of the lines of {source}, the worst source, pass; the training had none of them."
    told += _most_like(trials[source])
    return Measure(*base, shares[source], low, high, 0.10, "lower", told)


def _most_like(trial: Trial) -> str:
    return f" Most like the brand: “{trial.best_other[0][0]}”" if trial.best_other else ""
