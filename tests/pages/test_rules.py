"""Rules between columns on the Data page, and what a result says of them."""

from __future__ import annotations

import datetime as dt

import pytest

from pages.ui import rules, workspace
from synth_core.tables import load_sample, set_target, table_from_frame
from synth_core.tables.rules import Inequality, Ratio, set_rules
from tests.generators.ads import ads_frame
from tests.pages.opening import buttons, open_page, said
from tests.pages.test_states import own_workspace  # noqa: F401 - a fixture

CLICKS = "clicks ≤ impressions"


@pytest.fixture
def ads():
    return set_target(table_from_frame(ads_frame(600), "report"), "segment")


@pytest.fixture
def dataset(ads):
    return workspace.library().add(ads)


def ticks(app) -> dict:
    return {c.label: c for c in app.checkbox if (c.key or "").startswith("rule-") and "strict" not in c.key}


def box(app, short: str):
    return next(c for label, c in ticks(app).items() if label.replace("\\", "").startswith(short))


def open_now(app) -> str:
    """The dataset in the address."""
    value = app.query_params["dataset"]
    return value if isinstance(value, str) else value[0]


def stored(app):
    return workspace.library().get(open_now(app))


def test_a_table_without_proposals_says_so_and_goes_on():
    app = open_page("Data", dataset=workspace.library().add(load_sample("travel")))
    assert "Nothing in these rows suggests a rule" in said(app)
    assert not ticks(app) and not app.error
    assert "Generate synthetic rows" in buttons(app)


def test_proposals_are_offered_with_support_and_nothing_is_ticked(dataset):
    app = open_page("Data", dataset=dataset)
    assert len(ticks(app)) >= 10 and not any(c.value for c in ticks(app).values())
    assert " rows · **5 break it**" in box(app, CLICKS).label
    assert "Generate synthetic rows" in buttons(app)


def test_ticked_rules_are_stored_and_can_be_unticked(dataset):
    app = open_page("Data", dataset=dataset)
    box(app, CLICKS).check().run()
    box(app, "ctr =").check().run()
    assert "Generate synthetic rows" not in buttons(app)
    app.button(key="save-roles").click().run()
    assert not app.exception
    assert {r.short for r in stored(app).schema.rules} == {CLICKS, "ctr = 100 × clicks / impressions"}
    assert box(app, CLICKS).value and "Generate synthetic rows" in buttons(app)
    box(app, CLICKS).uncheck().run()
    app.button(key="save-roles").click().run()
    assert {r.short for r in stored(app).schema.rules} == {"ctr = 100 × clicks / impressions"}


def test_all_at_once(dataset):
    app = open_page("Data", dataset=dataset)
    app.button(key="rules-Tick all").click().run()
    assert all(c.value for c in ticks(app).values()) and not app.error
    app.button(key="rules-Tick none").click().run()
    assert not any(c.value for c in ticks(app).values()) and "Generate synthetic rows" in buttons(app)


def test_a_rule_of_ones_own_is_added_changed_and_removed(dataset):
    app = open_page("Data", dataset=dataset)
    start = f"{dataset}-a new rule-One column never exceeds another"
    app.selectbox(key=f"rule-The smaller (or earlier)-{start}").select("spend").run()
    app.selectbox(key=f"rule-The larger (or later)-{start}").select("impressions").run()
    app.button(key=f"rule-add-{dataset}").click().run()
    assert not app.exception and not app.error
    assert box(app, "spend ≤ impressions").value

    app.selectbox(key=f"rule-start-{dataset}").select("spend ≤ impressions").run()
    app.checkbox(key=f"rule-strict-{dataset}-spend ≤ impressions-One column never exceeds another").check().run()
    app.button(key=f"rule-add-{dataset}").click().run()
    shown = [label.split(" · ")[0] for label in ticks(app)]
    assert "spend \\< impressions" in shown and "spend ≤ impressions" not in shown
    app.button(key="save-roles").click().run()
    assert [r.short for r in stored(app).schema.rules] == ["spend < impressions"]

    saved = open_now(app)
    app.selectbox(key=f"rule-start-{saved}").select("spend < impressions").run()
    app.button(key=f"rule-remove-{saved}").click().run()
    assert not any("spend \\< impressions" in label for label in ticks(app))
    app.button(key=f"rules-back-{saved}").click().run()
    assert box(app, "spend < impressions").value
    app.selectbox(key=f"rule-start-{saved}").select("spend < impressions").run()
    app.button(key=f"rule-remove-{saved}").click().run()
    app.button(key="save-roles").click().run()
    assert stored(app).schema.rules == ()


def test_a_range_has_a_form_for_numbers_and_one_for_dates(dataset):
    app = open_page("Data", dataset=dataset)
    kind, name = f"rule-kind-{dataset}-a new rule", "Lowest and highest value"
    app.selectbox(key=kind).select(name).run()
    start = f"{dataset}-a new rule-{name}"
    app.selectbox(key=f"rule-Column-{start}").select("clicks").run()
    app.number_input(key=f"rule-Highest-clicks-{start}").set_value(900.0).run()
    app.button(key=f"rule-add-{dataset}").click().run()
    assert not app.exception and box(app, "clicks ≤ 900").value
    app.selectbox(key=f"rule-Column-{start}").select("start").run()
    app.date_input(key=f"rule-Lowest-start-{start}").set_value(dt.date(2025, 1, 2)).run()
    app.button(key=f"rule-add-{dataset}").click().run()
    assert not app.exception and box(app, "start ≥ 2025-01-02").value
    app.selectbox(key=f"rule-start-{dataset}").select("clicks ≤ 900").run()
    assert app.number_input(key=f"rule-Highest-clicks-{dataset}-clicks ≤ 900-{name}").value == 900
    app.button(key="save-roles").click().run()
    assert [r.short for r in stored(app).schema.rules] == ["clicks ≤ 900", "start ≥ 2025-01-02"]


def test_every_kind_of_rule_has_its_form(dataset):
    app = open_page("Data", dataset=dataset)
    kind = f"rule-kind-{dataset}-a new rule"
    for name in app.selectbox(key=kind).options:
        app.selectbox(key=kind).select(name).run()
        assert not app.exception and not app.error
        assert app.button(key=f"rule-add-{dataset}").disabled  # nothing is chosen yet
    app.selectbox(key=kind).select("Columns combine only as in this table").run()
    together = f"rule-together-{dataset}-a new rule-Columns combine only as in this table"
    app.multiselect(key=together).select("city").select("region").run()
    app.button(key=f"rule-add-{dataset}").click().run()
    assert box(app, "city + region as in the real table").value


def test_a_rule_that_contradicts_another_is_refused_in_a_sentence(dataset):
    app = open_page("Data", dataset=dataset)
    box(app, CLICKS).check().run()
    start = f"{dataset}-a new rule-One column never exceeds another"
    app.selectbox(key=f"rule-The smaller (or earlier)-{start}").select("impressions").run()
    app.selectbox(key=f"rule-The larger (or later)-{start}").select("clicks").run()
    app.button(key=f"rule-add-{dataset}").click().run()
    (error,) = app.error
    assert "round in a circle" in error.value


def test_a_change_of_target_names_the_rule_that_falls():
    table = set_target(table_from_frame(ads_frame(600, missing=0), "report"), "segment")
    table = set_rules(table, [Inequality("clicks", "impressions"), Ratio("roas", "revenue", "spend")])
    app = open_page("Data", dataset=workspace.library().add(table))
    assert box(app, CLICKS).value and box(app, "roas =").value and "was dropped" not in said(app)
    app.selectbox(key="target").select("roas").run()
    assert "The rule “roas = revenue / spend” was dropped\\: “roas” is the target" in said(app)
    app.button(key="save-roles").click().run()
    assert [r.short for r in stored(app).schema.rules] == [CLICKS]


def test_a_result_says_how_its_rules_were_kept(monkeypatch):
    shown = []
    monkeypatch.setattr(rules.st, "info", lambda said, **_: shown.append(said))
    monkeypatch.setattr(rules.st, "warning", lambda said, **_: shown.append(said))
    kept = {"short": CLICKS, "real_tested": 900, "real_broken": 12, "synthetic_tested": 4_000, "synthetic_broken": 0}
    broken = {**kept, "short": "spend ≥ 0", "real_broken": 0, "synthetic_broken": 1}
    rules.outcome({"delivered": 4_000, "rules": [kept]})
    rules.outcome({"delivered": 4_000, "rules": [kept, broken]})
    rules.outcome({"delivered": 4_000, "rules": []})
    rules.outcome({"delivered": 4_000})  # from before there were rules
    assert [s.replace("\\", "") for s in shown] == [
        "Rules: 1 kept by all 4,000 synthetic rows; 12 real rows break clicks ≤ impressions.",
        "Rules: 1 of 2 kept by all 4,000 synthetic rows; 1 synthetic row breaks spend ≥ 0; "
        "12 real rows break clicks ≤ impressions.",
    ]
