"""Page Guide: every lesson opens, and every example moves with its control."""

from __future__ import annotations

import pytest

from pages.ui.guide_lessons import LESSONS
from tests.pages.opening import alt_texts, open_page, press, words


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


@pytest.mark.parametrize("view", LESSONS)
def test_every_lesson_opens_by_its_address(view):
    app = open_page("Guide", view=view)
    assert not app.error and app.header
    assert app.segmented_control(key="lesson").value == view


def test_an_unknown_lesson_is_the_first():
    assert "Three payments in a thousand" in words(open_page("Guide", view="no such"))


@pytest.mark.parametrize(
    "view, kind, key, value, told",
    [
        ("smote", "slider", "guide-k", 18, "With k = 18"),
        ("generators", "segmented_control", "guide-fast", "trees", "Trees: "),
        ("generators", "segmented_control", "guide-shape", "moons", "Statistical simulation: "),
        ("simulation", "slider", "guide-uplift", 100, "Stated: +4.00 percentage points"),
        ("privacy", "select_slider", "guide-epsilon", 10.0, "With ε = 10 "),
        ("leak", "slider", "guide-added", 9, "pure noise score 0.9"),
        ("verdict", "slider", "guide-gain", 0.05, ": helps."),
    ],
)
def test_an_example_moves_with_its_control(view, kind, key, value, told):
    app = open_page("Guide", view=view)
    (before,) = alt_texts(app)
    getattr(app, kind)(key=key).set_value(value).run()
    assert not app.exception
    (after,) = alt_texts(app)
    assert told in after and after != before


def test_noise_is_drawn_again():
    app = open_page("Guide", view="privacy")
    seen = {alt_texts(press(app, "Draw the noise again"))[0] for _ in range(4)}
    assert len(seen) > 1


def test_a_network_is_trained_on_demand_only():
    app = open_page("Guide", view="networks")
    assert not alt_texts(app)
    (alt,) = alt_texts(press(app, "Train it now"))
    assert alt.startswith("GAN: after 30 updates")


def test_the_glossary_is_searched():
    app = open_page("Guide", view="words")
    assert "**Holdout.**" in words(app)
    app.text_input(key="guide-word").set_value("removal").run()
    assert "**Removal effect.**" in words(app) and "**Holdout.**" not in words(app)
    app.text_input(key="guide-word").set_value("xyzzy").run()
    assert "Not in the glossary" in words(app)
