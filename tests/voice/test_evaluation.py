"""The six measures on a brand's own lines: what they find, and what they say when they cannot be taken."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from synth_core.errors import Cancelled
from synth_core.voice.corpus import APPROVED, CONTRAST, NEGATIVE, corpus
from synth_core.voice.demo import demo
from synth_core.voice.evaluation import measures
from synth_core.voice.records import Brand, Line, Measure
from synth_core.voice.trials import auc, auc_interval, other_topics, unseen_source

BRAND = demo()
SMALL = replace(BRAND, approved=BRAND.approved[::3])
KEYS = ["auc_unseen", "style_over_content", "same_style_accept", "other_style_accept", "false_rejects", "false_accepts"]


@pytest.fixture(scope="module")
def found() -> dict[str, Measure]:
    return {m.key: m for m in measures(BRAND, seed=0)}


def test_all_six_are_measured_on_the_demo_brand(found):
    assert list(found) == KEYS
    for measure in found.values():
        assert measure.low <= measure.value <= measure.high and measure.told
    assert any(f"“{line.text}”" in found["false_accepts"].told for line in BRAND.contrast)
    assert any(f"“{line.text}”" in found["false_rejects"].told for line in BRAND.approved)


def test_the_demo_brand_meets_the_targets(found):
    assert found["auc_unseen"].value > 0.92 and found["auc_unseen"].value > found["auc_unseen"].baseline + 0.03
    assert found["style_over_content"].value > found["style_over_content"].baseline + 0.1
    assert found["same_style_accept"].value >= 0.8
    assert 0.03 < found["false_rejects"].value < 0.17


def test_a_rival_that_writes_like_the_brand_is_not_told_apart():
    """Half of the house lines under another name: nothing can tell them, and the figures must say so."""
    twin = tuple(Line(line.text, "Twin", line.brief) for line in BRAND.approved[1::2])
    other = tuple(line for line in BRAND.contrast if line.source in ("promo", "corporate"))
    brand = Brand("b", BRAND.approved[::2], (*twin, *other))
    found = {m.key: m for m in measures(brand, seed=0)}
    assert 0.35 < found["auc_unseen"].value < 0.65 and "Twin" in found["auc_unseen"].told
    assert found["false_accepts"].value > 0.6 and found["other_style_accept"].value > 0.6
    assert found["style_over_content"].value < 0.7


def test_same_seed_same_measures():
    brand = replace(SMALL, contrast=tuple(line for line in BRAND.contrast if line.source in ("promo", "riot")))
    assert measures(brand, seed=2) == measures(brand, seed=2)


def test_without_contrast_only_what_needs_none_is_measured():
    found = {m.key: m for m in measures(replace(BRAND, contrast=()), seed=0)}
    assert {k for k, m in found.items() if m.value is not None} == {"same_style_accept", "false_rejects"}
    assert all("no competitor copy" in found[k].told for k in ("auc_unseen", "other_style_accept", "false_accepts"))


def test_one_source_cannot_be_left_out():
    one = tuple(line for line in BRAND.contrast if line.source == "promo")
    found = {m.key: m for m in measures(replace(SMALL, contrast=one), seed=0)}
    assert found["auc_unseen"].value is None and "second source" in found["auc_unseen"].told
    assert found["false_rejects"].value is not None


def test_without_briefs_subjects_cannot_be_told_from_style():
    def bare(lines):
        return tuple(replace(line, brief="") for line in lines)

    brand = Brand("b", bare(SMALL.approved), bare(line for line in BRAND.contrast if line.source in ("promo", "riot")))
    found = {m.key: m for m in measures(brand, seed=0)}
    for key in ("style_over_content", "same_style_accept", "other_style_accept"):
        assert found[key].value is None and "brief" in found[key].told
    assert found["auc_unseen"].value > 0.9


def test_sources_with_a_handful_of_lines_are_not_tested():
    few = tuple(line for source in ("promo", "riot") for line in [c for c in BRAND.contrast if c.source == source][:8])
    found = {m.key: m for m in measures(replace(BRAND, contrast=few), seed=0)}
    assert found["auc_unseen"].value is None and "20 lines" in found["auc_unseen"].told


def test_nothing_of_the_left_out_source_or_of_tested_families_is_in_a_fit(monkeypatch):
    from synth_core.voice import trials

    # A near-copy of a line under another brief, and of a rival's line under another name: families reach across both.
    copies = [replace(BRAND.approved[0], text=BRAND.approved[0].text[:-1] + ", then.", brief=BRAND.approved[-1].brief)]
    riot = [line for line in BRAND.contrast if line.source == "riot"]
    stolen = [replace(line, text=line.text + " Ha", source="promo") for line in riot[::5]]
    lines, fits, plain = corpus([*BRAND.approved, *copies], [*BRAND.contrast, *stolen], seed=0), [], trials.run

    def watched(lines, fit, own, other, *, seed):
        fits.append((fit, own, other))
        return plain(lines, fit, own, other, seed=seed)

    monkeypatch.setattr(trials, "run", watched)
    unseen_source(lines, "riot", seed=0)
    tested = np.concatenate([own for _, own, _ in fits])
    assert sorted(tested.tolist()) == lines.rows(APPROVED).tolist()
    for fit, own, other in fits:
        assert len(other) == 40 and "riot" not in set(lines.sources[fit])
        assert not set(lines.family[fit]) & (set(lines.family[own]) | set(lines.family[other]))
    fits.clear()
    other_topics(lines, "riot", seed=0)
    for fit, own, other in fits:
        kind, brief = lines.kind[fit], lines.briefs[fit]
        assert not set(lines.family[fit]) & (set(lines.family[own]) | set(lines.family[other]))
        assert not set(brief[(kind == APPROVED) | (kind == NEGATIVE)]) & set(lines.briefs[own])
        assert not set(brief[kind == CONTRAST]) & set(lines.briefs[other])
        assert set(lines.briefs[other]) <= set(brief[kind == APPROVED])
        assert "riot" not in set(lines.sources[fit][kind == CONTRAST])


def test_progress_is_told_and_can_cancel():
    class Stops:
        def __init__(self) -> None:
            self.seen: list[tuple[str, float, float]] = []

        def report(self, phase, step, total, **metrics):
            self.seen.append((phase, step, total))
            if step >= 2:
                raise Cancelled("stop")

    progress = Stops()
    with pytest.raises(Cancelled):
        measures(SMALL, seed=0, progress=progress)
    assert {phase for phase, _, _ in progress.seen} == {"testing"} and len({total for *_, total in progress.seen}) == 1


def test_auc_and_its_interval():
    assert auc(np.array([1.0, 2.0]), np.array([0.0, 1.0])) == pytest.approx(0.875)
    assert math.isnan(auc(np.array([]), np.array([1.0])))
    low, high = auc_interval(0.9, 200, 40)
    assert 0.8 < low < 0.9 < high < 1 and auc_interval(1.0, 200, 40)[0] < 1
    wide = auc_interval(0.9, 20, 20)
    assert wide[1] - wide[0] > high - low


def test_auc_interval_covers_the_truth():
    """Normal scores one standard deviation apart: AUC .760."""
    rng, inside = np.random.default_rng(0), 0
    for _ in range(300):
        value = auc(rng.normal(1, 1, 40), rng.normal(0, 1, 40))
        low, high = auc_interval(value, 40, 40)
        inside += low <= 0.7602 <= high
    assert inside >= 0.91 * 300
