"""The classifier on the demo brand: it learns, says why, refuses what it cannot learn from, and is repeatable."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import kstest

from synth_core.errors import VoiceError
from synth_core.voice.classifier import VoiceClassifier, percentiles, wilson
from synth_core.voice.corpus import APPROVED, CONTRAST, NEGATIVE, corpus
from synth_core.voice.demo import demo
from synth_core.voice.records import Line
from synth_core.voice.trials import auc

BRAND = demo()
HOUSE, RIVALS = BRAND.approved, BRAND.contrast
EVEN, ODD = HOUSE[::2], HOUSE[1::2]


def texts(lines) -> list[str]:
    return [line.text for line in lines]


@pytest.fixture(scope="module")
def voice() -> VoiceClassifier:
    return VoiceClassifier.fit(EVEN, RIVALS[::2], seed=0)


def test_new_lines_of_the_brand_score_above_new_lines_of_its_rivals(voice):
    assert auc(voice.score(texts(ODD)), voice.score(texts(RIVALS[1::2]))) > 0.95


def test_trained_on_shuffled_labels_it_knows_nothing():
    found = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        mixed = [Line(line.text, "x") for line in (*EVEN, *RIVALS[::2])]
        order = rng.permutation(len(mixed))
        half = [mixed[n] for n in order[:90]], [mixed[n] for n in order[90:]]
        fitted = VoiceClassifier.fit(*half, seed=seed)
        found.append(auc(fitted.score(texts(ODD)), fitted.score(texts(RIVALS[1::2]))))
    assert 0.3 < np.mean(found) < 0.7


def test_percentiles_of_unseen_approved_lines_are_spread_evenly():
    places = []
    for n in range(4):
        fit = [line for k, line in enumerate(HOUSE) if k % 4 != n]
        places.append(VoiceClassifier.fit(fit, RIVALS, seed=n).percentile(texts(HOUSE[n::4])))
    assert kstest(np.concatenate(places) / 100, "uniform").pvalue > 0.01


def test_percentiles_of_training_lines_would_not_be(voice):
    assert voice.percentile(texts(EVEN)).mean() > 60  # which is why held-out scores are the reference


def test_percentile_counts_ties_half_and_never_says_0_or_100():
    assert percentiles(np.array([-9.0, 1.0, 9.0]), np.array([0.0, 1.0, 2.0])) == pytest.approx([12.5, 50.0, 87.5])


def test_threshold_is_the_percentile_of_the_share(voice):
    assert voice.threshold() == 10 and voice.threshold(0.2) == pytest.approx(20)
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        voice.threshold(1.2)


def test_interval_holds_the_percentile_and_narrows_with_lines(voice):
    few = VoiceClassifier.fit(EVEN[:20], RIVALS, seed=0)
    for fitted in (few, voice):
        low, high = fitted.interval(30)
        assert 0 <= low < 30 < high <= 100
    assert np.diff(few.interval(30)) > 1.5 * np.diff(voice.interval(30))
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=1e-3)


CHANGES = {
    "exclamation marks": lambda t: t.rstrip(".") + "!!",
    "emoji": lambda t: t + " 🎉🎉",
    "prices": lambda t: t.rstrip(".") + ", from £9 or £12.",
    "words in capitals": lambda t: t.upper(),
    "slang (gonna, mate)": lambda t: "Hey mate, you're gonna love it. " + t,
    "stock words of advertising (unforgettable, elevate)": lambda t: (
        t.rstrip(".") + ", a luxurious, unforgettable escape."
    ),
    "ends with a full stop": lambda t: t.rstrip("."),
    "hashtags and @ names": lambda t: t + " #stay #home",
}


@pytest.mark.parametrize("trait", CHANGES)
def test_explanation_names_the_trait_that_was_changed(voice, trait):
    named = total = 0
    for line in ODD[:20]:
        before = {d.trait for d in voice.explain(line.text)}
        found = voice.explain(CHANGES[trait](line.text))
        if trait not in before:
            total += 1
            named += trait in {d.trait for d in found}
    assert total >= 15 and named >= 0.9 * total


def test_explanation_gives_the_lines_value_the_brands_median_and_a_sentence(voice):
    (first, *_rest) = voice.explain("The ferry waits!!!! Nobody minds.")
    assert (first.trait, first.line, first.brand) == ("exclamation marks", 4, 0)
    assert first.z > 5 and first.told == "Exclamation marks: 4 in this line; no approved line has any."
    (mate,) = [d for d in voice.explain("The ferry waits, mate.") if d.trait.startswith("slang")]
    assert mate.told.startswith("Slang (gonna, mate): 1 in this line; ")
    strengths = [abs(d.z) for d in voice.explain("BUY NOW!! Only £9 🎉 at www.x.com mate")]
    assert strengths == sorted(strengths, reverse=True) and 2 < len(strengths) <= 5


def test_lines_of_the_brand_are_seldom_found_to_depart_from_it(voice):
    assert np.mean([len(voice.explain(line.text)) for line in ODD]) < 1.5
    assert np.mean([len(voice.explain(line.text)) for line in RIVALS[1::2]]) > 2.5


def test_same_seed_same_result():
    a, b = (VoiceClassifier.fit(EVEN, RIVALS, seed=3) for _ in range(2))
    assert np.array_equal(a.score(texts(ODD)), b.score(texts(ODD))) and np.array_equal(a.held_out, b.held_out)


@pytest.mark.parametrize(
    "text", ["Breakfast", "🎉🎉", "湖のホテル", "\u202eabc", "...", "a" * 3000, "Ünïcödé №5 — Straße"]
)
def test_odd_lines_have_a_finite_score_and_a_percentile(voice, text):
    assert np.isfinite(voice.score([text])).all() and 0 < voice.percentile([text])[0] < 100
    assert all(np.isfinite([d.z, d.line, d.brand]).all() for d in voice.explain(text))


def test_an_empty_line_scores_below_every_approved_one(voice):
    assert (voice.percentile(["", "  \n"]) < 1).all()
    assert voice.score([]).shape == (0,) and voice.percentile([]).shape == (0,)


def test_five_approved_lines_are_refused_in_plain_words():
    with pytest.raises(VoiceError, match=r"There are 5 different approved lines; at least 10 are needed"):
        VoiceClassifier.fit([*HOUSE[:5], *HOUSE[:5], Line(" ", "house")], RIVALS, seed=0)


def test_the_same_line_over_and_over_is_refused():
    same = [Line(f"The tide sets the table at {n}.", "house") for n in range(12)]
    with pytest.raises(VoiceError, match="nearly all the same line"):
        VoiceClassifier.fit(same, RIVALS, seed=0)


def test_lines_both_approved_and_contrast_are_named_and_left_out():
    fitted = VoiceClassifier.fit(EVEN, [*RIVALS, Line(EVEN[4].text.upper(), "Meridane")], seed=0)
    (note,) = [n for n in fitted.notes if "also approved" in n]
    assert EVEN[4].text.upper() in note and "Meridane" in note
    assert fitted.contrast == len(RIVALS)


def test_lines_that_come_twice_count_once_and_are_named():
    fitted = VoiceClassifier.fit([*EVEN, EVEN[0]], RIVALS, seed=0)
    assert fitted.approved == len(EVEN) and any(EVEN[0].text in note for note in fitted.notes)


def test_few_lines_are_provisional():
    fitted = VoiceClassifier.fit(HOUSE[:49], RIVALS, seed=0)
    assert fitted.provisional and any("Provisional: 49" in note for note in fitted.notes)
    assert not VoiceClassifier.fit(HOUSE[:50], RIVALS, seed=0).provisional


def test_one_source_is_said_to_be_too_few():
    fitted = VoiceClassifier.fit(EVEN, [line for line in RIVALS if line.source == "promo"], seed=0)
    assert any("One contrast source (promo)" in note for note in fitted.notes)


def test_without_contrast_it_warns_and_still_tells_shouting_from_the_brand():
    fitted = VoiceClassifier.fit(EVEN, [], seed=0)
    assert any("No competitor copy" in note for note in fitted.notes)
    assert auc(fitted.score(texts(ODD)), fitted.score([t.text for t in RIVALS if t.source == "promo"])) > 0.95
    assert fitted._head.encoder(fitted._counting(["x"])).shape[1] < 100  # style traits alone


def test_lines_in_another_language_are_learned_and_the_limit_is_said():
    verbs, things = (
        ("Prenez", "Gardez", "Suivez", "Ouvrez"),
        ("votre fenêtre", "cette lampe", "leur chemin", "son jardin"),
    )
    french = [Line(f"{v} {t} dès ce soir, sans hâte {n}.", "h") for n, (v, t) in enumerate(product(verbs, things))]
    fitted = VoiceClassifier.fit(french, RIVALS, seed=0)
    assert any("another language" in note for note in fitted.notes)
    assert not any("another language" in note for note in VoiceClassifier.fit(EVEN, RIVALS, seed=0).notes)
    assert fitted.score(["Prenez leur lampe dès ce soir, sans bruit."]) > fitted.score(["Book now, only £9!"])


def test_no_family_is_in_training_and_held_out():
    from synth_core.voice.classifier import folds

    lines = corpus(HOUSE, RIVALS, seed=0)
    rows = np.arange(len(lines.lines))
    parts = folds(lines, rows, seed=0)
    assert sorted(np.concatenate([test for _, test in parts]).tolist()) == rows.tolist()
    for fit, test in parts:
        assert not set(lines.family[fit]) & set(lines.family[test])
        share = [(lines.kind[test] == k).sum() / (lines.kind == k).sum() for k in (APPROVED, CONTRAST, NEGATIVE)]
        assert share == pytest.approx([0.2] * 3, abs=0.04)


def test_a_negative_belongs_to_the_family_of_its_line():
    lines = corpus(HOUSE, RIVALS, seed=0)
    families = set(lines.family[lines.kind == APPROVED])
    assert set(lines.family[lines.kind == NEGATIVE]) <= families
    assert not set(lines.family[lines.kind == CONTRAST]) & families
