"""What makes a voice, told with numbers and examples; the run that measures it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from synth_core.errors import RunError, VoiceError
from synth_core.progress import SILENT
from synth_core.tasks import voice_check
from synth_core.tasks.places import brands
from synth_core.tasks.results import load_profile
from synth_core.voice.corpus import corpus
from synth_core.voice.demo import demo
from synth_core.voice.profile import cliffs_delta, profile, traits
from synth_core.voice.records import Brand, Line, Profile
from synth_core.voice.style import TRAITS

BRAND = demo()


@pytest.fixture(scope="module")
def found() -> Profile:
    return profile(BRAND, seed=0)


def test_counts_sources_and_families(found):
    assert (found.approved, found.contrast, found.families) == (200, 160, 200)
    assert dict(found.sources) == dict.fromkeys(("promo", "riot", "corporate", "cliche_luxury"), 40)
    assert not found.provisional and found.diversity.lines == 200 and len(found.measures) == 6


def test_survives_json(found):
    assert Profile.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_traits_are_strongest_first_one_of_a_group_with_approved_examples(found):
    strengths = [abs(t.effect) for t in found.traits]
    assert strengths == sorted(strengths, reverse=True) and min(strengths) >= 0.147
    groups = {t.name: t.group for t in TRAITS}
    assert len({groups[t.name] for t in found.traits}) == len(found.traits) >= 6
    own = {line.text for line in BRAND.approved}
    assert all(t.examples and set(t.examples) <= own and t.told for t in found.traits)


def test_a_trait_put_into_the_brand_is_found():
    asked = tuple(
        Line(line.text.rstrip(".") + "?", line.source, line.brief) if n % 2 else line
        for n, line in enumerate(BRAND.approved)
    )
    first = {t.name: t for t in traits(corpus(asked, BRAND.contrast, seed=0))}
    assert 0.3 < first["question marks"].effect < 0.6
    assert all("?" in text for text in first["question marks"].examples)
    assert not any("!" in text for text in first["exclamation marks"].examples)
    assert "question marks" not in {t.name for t in traits(corpus(BRAND.approved, BRAND.contrast, seed=0))}


def test_no_trait_is_told_where_both_sides_write_alike():
    lines = corpus(BRAND.approved[::2], [replace(line, source="Twin") for line in BRAND.approved[1::2]], seed=0)
    assert len(traits(lines)) <= 6 and all(abs(t.effect) < 0.35 for t in traits(lines))


def test_without_contrast_the_steady_traits_are_told_with_no_effect():
    told = traits(corpus(BRAND.approved, (), seed=0))
    assert told and all(t.effect == 0 and t.brand == t.contrast and "no contrast" in t.told for t in told)
    assert told[0].name == "ends with a full stop"


def test_cliffs_delta_is_what_its_definition_says():
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 5, 30).astype(float), rng.integers(1, 6, 40).astype(float)
    plain = np.mean([np.sign(x - y) for x in a for y in b])
    assert cliffs_delta(a, b) == pytest.approx(plain)
    assert cliffs_delta(a, a) == 0 and cliffs_delta(a + 9, b) == 1


def test_few_lines_make_a_provisional_profile():
    small = profile(Brand("small", BRAND.approved[:12], BRAND.contrast[:40]), seed=0)
    assert small.provisional and any("Provisional: 12" in note for note in small.notes)


def test_the_run_leaves_a_profile(tmp_path, found):
    folder = tmp_path / "runs" / "r"
    folder.mkdir(parents=True)
    small = Brand("small", BRAND.approved[:60], BRAND.contrast[::4])
    key = brands(folder).add(small)
    voice_check.run({"brand": key, "seed": 4}, folder, SILENT)
    assert load_profile(folder) == profile(small, seed=4)


def test_the_run_refuses_a_brand_with_five_lines(tmp_path):
    folder = tmp_path / "runs" / "r"
    folder.mkdir(parents=True)
    key = brands(folder).add(Brand("tiny", BRAND.approved[:5]))
    with pytest.raises(VoiceError, match="at least 10"):
        voice_check.run({"brand": key, "seed": 0}, folder, SILENT)


def test_a_damaged_profile_is_said_to_be(tmp_path):
    (tmp_path / "profile.json").write_text("{", "utf-8")
    with pytest.raises(RunError, match="damaged"):
        load_profile(tmp_path)
