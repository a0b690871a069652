"""Described situations, and what the adviser must say of each."""

from __future__ import annotations

import pytest

from synth_core.advice import advise, facts_of
from synth_core.tables.overview import MIN_RARE
from tests.advice import makers


@pytest.fixture(scope="module")
def of():
    """The facts of a made table, counted once."""
    known = {}

    def find(make, *args):
        key = (make.__name__, args)
        if key not in known:
            known[key] = facts_of(make(*args))
        return known[key]

    return find


def figures(advice) -> str:
    return " ".join(" ".join((r.text, *r.evidence)) for r in (*advice.reasons, *advice.better))


SITUATIONS = [
    # situation, table, what is asked, answer, deciding rule, generator, what helps first, a figure of this table
    ("1,200 bookings, 18 features", makers.bookings, {}, "worth a try", "small", "trees", "real rows", "18 features"),
    ("0.3 % fraud, 120 of them", makers.fraud, {}, "worth a try", "small", "smotenc", "threshold", "120 of 40,000"),
    ("12 rows of the outcome", makers.twelve, {}, "not yet", "too few", "smotenc", "real rows", "38 more"),
    ("200,000 rows", makers.large, {}, "wrong tool", "probably enough", "trees", "real rows", "200,000 rows"),
    ("200,000 rows, flat curve", makers.large, {"learning": makers.learning(0.0005, 0.001, rows=160_000)},
     "wrong tool", "flat", "trees", None, "+0.001 AUC"),
    ("200,000 rows, curve still rising", makers.large, {"learning": makers.learning(0.02, rows=160_000)},
     "worth a try", "rising", "trees", "real rows", "+0.020 AUC"),
    ("steep curve", makers.bookings, {"learning": makers.learning(0.05)}, "not yet", "steep", "trees", "real rows",
     "+0.050 AUC"),
    ("a smaller model does it", makers.bookings, {"learning": makers.learning(0.01, simple=0.02)}, "worth a try",
     "rising", "trees", "simpler", "+0.020 AUC"),
    ("nothing to learn", makers.bookings, {"learning": makers.learning(0.001, score=0.51)}, "wrong tool", "no signal",
     "trees", "columns", "AUC 0.510"),
    ("right already", makers.bookings, {"learning": makers.learning(0.001, score=0.995, interval=0.001)}, "wrong tool",
     "no room", "trees", None, "AUC 0.995"),
    ("health data to share", makers.patients, {"goal": "share", "sensitive": True}, "right tool", "guarantee",
     "dp_mst", "aggregates", "smallest ε at which"),
    ("health data to explore", makers.patients, {"goal": "explore", "sensitive": True}, "right tool", "guarantee",
     "dp_mst", "aggregates", "5,000 rows that differ"),
    ("health data of 60 people", lambda: makers.patients(60), {"goal": "share", "sensitive": True}, "wrong tool",
     "too few people", None, "aggregates", "60 rows that differ"),
    ("customers who come back, to share", makers.visits, {"goal": "share", "sensitive": True}, "right tool",
     "guarantee", "dp_mst", "aggregates", "“customer_id” comes back"),
    ("bookings to share, not sensitive", makers.bookings, {"goal": "share"}, "right tool", "share", "trees", None,
     "1,200 rows"),
    ("bookings with e-mail addresses to share", makers.patients, {"goal": "share"}, "right tool", "share", "trees",
     "guarantee", "“email”"),
    ("rows for a test environment", makers.bookings, {"goal": "test"}, "right tool", "test", "trees", None, "1,200"),
    ("to see what is in the data", makers.bookings, {"goal": "explore"}, "wrong tool", "explore", "trees", None,
     "1,200 real rows"),
    ("ids only", makers.ids_only, {}, "not yet", "only ids", None, "blueprint", "2 id columns"),
    ("free text only", makers.text_only, {}, "wrong tool", "only text", None, "blueprint", "“review”"),
    ("a third of the cells missing", lambda: makers.with_gaps(0.35), {}, "worth a try", "small", "trees", "cleaning",
     "35 % of the cells"),
    ("most cells missing", lambda: makers.with_gaps(0.7), {}, "not yet", "hollow", "trees", "cleaning",
     "70 % of the cells"),
    ("the outcome has changed", makers.drifting, {}, "not yet", "moved", "trees", "recent", "before, "),
    ("a number to predict", makers.spending, {}, "worth a try", "small", "trees", "real rows", "1,200 rows"),
    ("no target", makers.untargeted, {}, "not yet", "no target", None, "target", "1,200 rows"),
    ("six rows", makers.tiny, {}, "not yet", "no rows", None, "blueprint", "6 rows"),
    ("40 rows copied 15 times", makers.repeated, {}, "not yet", "too few", "trees", "cleaning", "40 differ"),
    ("3,000 products", makers.crowded, {}, "worth a try", "small", "trees", "cleaning", "“product”: 2,8"),
    ("a column from after the outcome", makers.leaking, {}, "not yet", "leak", "trees", "cleaning", "“deposit” alone"),
]  # fmt: skip


@pytest.mark.parametrize(
    "make, asked, answer, rule, generator, first, figure", [s[1:] for s in SITUATIONS], ids=[s[0] for s in SITUATIONS]
)
def test_situation(of, make, asked, answer, rule, generator, first, figure):
    found = advise(of(make) if make.__name__ != "<lambda>" else facts_of(make()), **asked)
    assert (found.answer, found.reasons[0].rule) == (answer, rule)
    assert (found.choice.generator if found.choice else None) == generator
    assert (found.better[0].rule if found.better else None) == first
    assert figure in figures(found)
    assert found.headline.endswith(".") and all(r.text.endswith(".") for r in (*found.reasons, *found.better))


def test_without_a_table_it_points_to_the_blueprint():
    found = advise(None)
    assert found.answer == "right tool" and found.better[0].page == "Blueprint" and found.choice is None


def test_every_reason_that_decides_has_figures(of):
    for _, make, asked, *_ in SITUATIONS:
        found = advise(of(make) if make.__name__ != "<lambda>" else facts_of(make()), **asked)
        assert found.reasons[0].evidence, found.reasons[0].rule


def test_rows_and_settings_come_from_the_table(of):
    assert advise(of(makers.bookings)).choice.rows == 4_000, "four for each of 960 training rows"
    rare = advise(of(makers.fraud)).choice
    table = makers.fraud()
    counts = table.split(0.2, seed=7).train.frame["booked"].value_counts()
    assert rare.rows == counts["no"] - counts["yes"] and rare.settings == {"classes": "minority"}
    private = advise(of(makers.patients), goal="share", sensitive=True).choice
    assert private.rows == 5_000 and private.settings == {"epsilon": 1.0}
    visits = advise(of(makers.visits), goal="share", sensitive=True).choice
    assert visits.rows == 5_000 != of(makers.visits).rows, "the exact number of rows is a secret"


def test_few_people_need_a_larger_epsilon_to_be_of_use():
    few = advise(makers.patients(800), goal="share", sensitive=True)
    assert few.answer == "right tool" and 1.0 < few.choice.settings["epsilon"] <= 3.0
    assert f"ε = {few.choice.settings['epsilon']:g}" in few.headline


def test_plainest_generator_for_a_few_dozen_rows():
    few = advise(makers.table(makers.leads(110, 55)))
    assert few.choice.generator == "simulation" and {r.rule for r in few.reasons} >= {"small", "few rows"}


def test_networks_are_passed_over_below_their_rows(of):
    def why(make):
        return next(p.text for p in advise(of(make)).choice.passed_over if p.generator == "ctgan")

    assert "here are 960" in why(makers.bookings) and "Slower" in why(makers.large)


def test_the_number_of_rows_that_are_missing_for_a_verdict(of):
    assert f"{MIN_RARE - 12} more rows" in figures(advise(of(makers.twelve)))
    enough = makers.table(makers.leads(600, MIN_RARE, numbers=5, levels=2))
    assert advise(enough).answer == "worth a try"


def test_a_shifted_column_weighs_in_without_deciding():
    calm, shifted = advise(makers.steady()), advise(makers.steady(1.5))
    assert calm.answer == shifted.answer == "worth a try"
    assert "shifted" not in {r.rule for r in calm.reasons}
    reason = next(r for r in shifted.reasons if r.rule == "shifted")
    assert "“n2”" in reason.evidence[0] and shifted.better[0].rule == "recent"


def test_an_imbalance_shows_the_threshold_with_its_gain(of):
    plain, measured = advise(of(makers.fraud)), advise(of(makers.fraud), learning=makers.learning(0.02))
    threshold = next(b for b in measured.better if b.rule == "threshold")
    assert "F1 0.10 at 50 %, 0.40 at the tuned threshold" in threshold.evidence
    assert "F1" not in figures(plain)


def test_sensitive_rows_for_a_model_stay_inside(of):
    found = advise(of(makers.bookings), sensitive=True)
    assert found.choice.generator == "trees" and "inside" in {r.rule for r in found.reasons}


def test_a_learning_curve_counts_for_prediction_only(of):
    found = advise(of(makers.bookings), goal="share", learning=makers.learning(0.05))
    assert found.reasons[0].rule == "share" and found.measured is None


def test_an_unknown_goal_is_refused(of):
    with pytest.raises(ValueError, match="no goal"):
        advise(of(makers.bookings), goal="win")
